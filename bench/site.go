package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// site is an installation on a fresh directory and a fresh database: its processes and a
// client that has logged in.
type site struct {
	hearth    string
	dir       string
	offset    int
	dsn       string   // "" for SQLite
	args      []string // of every process
	processes []*exec.Cmd

	client   http.Client
	token    string
	identity string // with the version
	heat     string // with the project
	murano   string
	metrics  string
}

// ports are what a serving process listens on; the last gives its metrics.
var ports = []int{5000, 8004, 8000, 8082, 8080, 9100}

// newSite prepares an installation; nothing runs yet.
func (b *bench) newSite(db string) (s *site, err error) {
	s = &site{hearth: b.hearth, client: http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	if s.dir, err = os.MkdirTemp("", "hearth-bench-"); err != nil {
		return nil, err
	}
	s.dsn, err = b.database(db)
	if err == nil {
		s.offset, err = freeOffset()
	}
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.args = []string{"--data", s.dir, "--port-offset", fmt.Sprint(s.offset), "--log-level", "error"}
	if s.dsn != "" {
		s.args = append(s.args, "--database", s.dsn)
	}
	return s, nil
}

// start runs a sub-command of hearth on the installation.
func (s *site) start(sub string, more ...string) error {
	cmd := exec.Command(s.hearth, append(append([]string{sub}, s.args...), more...)...)
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "HEARTH_LIMITS__RESOURCES=-1", "HEARTH_LIMITS__STACKS_PER_TENANT=-1", fmt.Sprintf("HEARTH_LISTEN__METRICS=%d", ports[5]))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.processes = append(s.processes, cmd)
	return nil
}

// serve starts a serving process and logs in.
func (s *site) serve(more ...string) error {
	if err := s.start("serve", more...); err != nil {
		return err
	}
	s.metrics = fmt.Sprintf("http://127.0.0.1:%d", ports[5]+s.offset)
	deadline := time.Now().Add(20 * time.Second)
	for {
		err := s.login()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *site) stop() error {
	for _, p := range s.processes {
		_ = p.Process.Signal(syscall.SIGTERM)
	}
	for _, p := range s.processes {
		_ = p.Wait()
	}
	return os.RemoveAll(s.dir)
}

// freeOffset finds a port offset at which every port is free.
func freeOffset() (int, error) {
	for offset := 20000; offset < 50000; offset += 137 {
		if free(offset) {
			return offset, nil
		}
	}
	return 0, errors.New("no free ports")
}

func free(offset int) bool {
	for _, p := range ports {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p+offset))
		if err != nil {
			return false
		}
		l.Close()
	}
	return true
}
