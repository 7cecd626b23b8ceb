package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the database/sql driver "pgx"
)

// Cluster is a private PostgreSQL server: its own data directory, its own port on
// loopback, nothing kept. It is as fast as PostgreSQL gets, for it need not survive the
// machine; it does survive Restart and a crash of its own.
type Cluster struct {
	dir  string
	bin  string
	port int
	cred *syscall.Credential // PostgreSQL refuses to run as root
	cmd  *exec.Cmd
	out  bytes.Buffer
}

// ErrNoPostgres says that no PostgreSQL server is installed.
var ErrNoPostgres = errors.New("no PostgreSQL server programs found: install Debian's package postgresql")

// StartCluster makes and starts a cluster from the locally installed programs.
func StartCluster() (*Cluster, error) {
	c := &Cluster{}
	var err error
	if c.bin, err = findPrograms(); err != nil {
		return nil, err
	}
	if c.dir, err = os.MkdirTemp("", "hearth-pg-"); err != nil {
		return nil, err
	}
	if os.Getuid() == 0 {
		if err := c.dropRoot(); err != nil {
			return nil, errors.Join(err, c.Stop())
		}
	}
	data := filepath.Join(c.dir, "data")
	if out, err := c.command("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C").CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), c.Stop())
	}
	if c.port, err = FreePort(); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	if err := c.start(); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

func (c *Cluster) start() error {
	c.cmd = c.command("postgres", "-D", filepath.Join(c.dir, "data"), "-p", strconv.Itoa(c.port), "-k", c.dir,
		"-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200",
		"-c", "shared_buffers=64MB", "-c", "log_min_messages=error")
	c.cmd.Stdout, c.cmd.Stderr = &c.out, &c.out
	c.cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	if err := c.cmd.Start(); err != nil {
		return err
	}
	db, err := sql.Open("pgx", c.DSN("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	deadline := time.Now().Add(30 * time.Second)
	for {
		if err = db.Ping(); err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// DSN is the address of a database of the cluster.
func (c *Cluster) DSN(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", c.port, database)
}

// CreateDatabase makes a database, a copy of template when that is not "".
func (c *Cluster) CreateDatabase(ctx context.Context, name, template string) (dsn string, err error) {
	db, err := sql.Open("pgx", c.DSN("postgres"))
	if err != nil {
		return "", err
	}
	defer db.Close()
	q := "CREATE DATABASE " + name
	if template != "" {
		q += " TEMPLATE " + template
	}
	_, err = db.ExecContext(ctx, q)
	return c.DSN(name), err
}

// Restart stops the server the hard way and starts it again.
func (c *Cluster) Restart() error { return c.restart(syscall.SIGQUIT) }

// RestartCleanly ends every session, writes everything down and starts the server again.
func (c *Cluster) RestartCleanly() error { return c.restart(syscall.SIGINT) }

func (c *Cluster) restart(stop syscall.Signal) error {
	if err := c.cmd.Process.Signal(stop); err != nil {
		return err
	}
	// The exit status of a server that was told to quit says nothing.
	_ = c.cmd.Wait()
	return c.start()
}

// Stop ends the server and removes its files.
func (c *Cluster) Stop() error {
	if c.cmd != nil && c.cmd.Process != nil {
		_ = c.cmd.Process.Signal(syscall.SIGQUIT)
		_ = c.cmd.Wait()
	}
	return os.RemoveAll(c.dir)
}

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred}
	return cmd
}

func (c *Cluster) dropRoot() error {
	u, err := user.Lookup("postgres")
	if err != nil {
		return fmt.Errorf("PostgreSQL does not run as root and there is no user postgres: %w", err)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	c.cred = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(c.dir, uid, gid)
}

func findPrograms() (string, error) {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.Sort(dirs)
	for _, dir := range slices.Backward(dirs) {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return dir, nil
		}
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", ErrNoPostgres
}

// FreePort gives a port of loopback that nothing listens on.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
