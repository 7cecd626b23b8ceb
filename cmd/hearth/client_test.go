package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// The unchanged Python clients of Debian, as a user runs them. To start one takes a second
// or more of computing, so testdata/clients/driver.py keeps one warm process from which
// every command is forked.

// python is Debian's, that its clients are installed for.
const python = "/usr/bin/python3"

var clientDriver struct {
	once   sync.Once
	socket string
	err    error
}

// driver starts the process of the clients, which ends with this one, and gives its address.
func driver(t testing.TB) string {
	t.Helper()
	d := &clientDriver
	d.once.Do(func() {
		d.socket = filepath.Join(binary.dir, "clients")
		cmd := exec.Command(python, "testdata/clients/driver.py", d.socket)
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		var says bytes.Buffer
		cmd.Stderr = &says
		out, err := cmd.StdoutPipe()
		if d.err = errors.Join(err, cmd.Start()); d.err != nil {
			return
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
			d.err = fmt.Errorf("the clients do not start: %w\n%s", err, &says)
		}
	})
	if d.err != nil {
		t.Fatal(d.err)
	}
	return d.socket
}

// runClient runs a client program with the installation's login in a directory. Interrupt
// stands for Control-C, pressed when the program has looked twice.
func (s *site) runClient(dir, program string, interrupt bool, args ...string) (code int, out, says string) {
	s.t.Helper()
	path := "/usr/bin/" + program
	if _, err := os.Stat(path); err != nil {
		text := path + " is missing: install Debian's python3-openstackclient, python3-heatclient and python3-muranoclient"
		if os.Getenv("HEARTH_TEST_ALL") != "" {
			s.t.Fatal(text)
		}
		s.t.Skip(text)
	}
	request := map[string]any{"argv": append([]string{path}, args...), "env": s.clientEnv(), "dir": dir, "interrupt": interrupt}
	conn, err := net.Dial("unix", driver(s.t))
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if err := json.NewEncoder(conn).Encode(request); err != nil {
		s.t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		s.t.Fatal(err)
	}
	var result struct {
		Code int
		Out  string
		Err  string
	}
	if err := json.Unmarshal(answer, &result); err != nil {
		s.t.Fatalf("%s %v: %v: %s", program, args, err, answer)
	}
	return result.Code, result.Out, result.Err
}

// clientScripts are the scripts of a directory of testdata.
func clientScripts(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	return files
}

// clientCommands are the commands of an entry-point group of the openstack client, or of the
// murano client, with their options.
func clientCommands(t *testing.T, of string) map[string][]string {
	t.Helper()
	driver(t) // says what is missing where there is no client
	out, err := exec.Command(python, "testdata/clients/commands.py", of).Output()
	if err != nil {
		t.Fatal(err)
	}
	var commands map[string][]string
	if err := json.Unmarshal(out, &commands); err != nil {
		t.Fatal(err)
	}
	return commands
}

// clientEnv is what a user's shell has after openrc.
func (s *site) clientEnv() map[string]string {
	env := map[string]string{"PATH": "/usr/bin:/bin", "HOME": s.dir, "LANG": "C.UTF-8", "PYTHONWARNINGS": "ignore"}
	maps.Copy(env, s.env)
	return env
}

// client runs a client program and gives its standard output.
func (s *site) client(program string, args ...string) string {
	s.t.Helper()
	code, out, says := s.runClient(s.dir, program, false, args...)
	if code != 0 {
		s.t.Fatalf("%s %s: exit code %d\n%s\n%s", program, strings.Join(args, " "), code, out, says)
	}
	return out
}

// openstack runs an openstack command.
func (s *site) openstack(args ...string) string { s.t.Helper(); return s.client("openstack", args...) }

// show runs an openstack command that shows one thing.
func (s *site) show(args ...string) map[string]any {
	s.t.Helper()
	return decode[map[string]any](s.t, s.openstack(append(args, "-f", "json")...))
}

// list runs an openstack command that lists things.
func (s *site) list(args ...string) []map[string]any {
	s.t.Helper()
	return decode[[]map[string]any](s.t, s.openstack(append(args, "-f", "json")...))
}

// decode reads JSON that may stand behind lines of progress.
func decode[T any](t testing.TB, text string) T {
	t.Helper()
	var v T
	if i := strings.IndexAny(text, "[{"); i >= 0 {
		for ; i >= 0 && i < len(text); i++ {
			if (text[i] == '[' || text[i] == '{') && json.Unmarshal([]byte(text[i:]), &v) == nil {
				return v
			}
		}
	}
	t.Fatalf("no JSON in %q", text)
	return v
}

// example is the path of a file under examples/.
func example(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// publicTemplate is the path of a public template; the test is skipped where they are not.
func publicTemplate(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../../shared/templates/hot", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("the public templates are not beside the project")
	}
	return path
}
