package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hearth/core/httpapi/exchangetest"
	"hearth/core/store/storetest"
)

// These tests run the program as a user does: as processes that are started, killed and
// started again. The program is the test's own binary, which holds its answers to the
// documents that it serves.

// The environment of what the tests start: asProgram makes the binary the program, and
// answersFile is where it writes down which answers are not as documented.
const (
	asProgram   = "HEARTH_TEST_AS_PROGRAM"
	answersFile = "HEARTH_TEST_ANSWERS"
)

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		aroundSite = documented
		os.Exit(command())
	}
	if err := os.Setenv(asProgram, "1"); err != nil {
		panic(err)
	}
	dir, err := os.MkdirTemp("", "hearth-test-")
	if err != nil {
		panic(err)
	}
	binary.dir = dir
	defer os.RemoveAll(dir)
	storetest.Main(m)
}

// binary has what all tests share.
var binary struct{ dir string }

// prefixes are those of the APIs on each listener.
var prefixes = map[string][]string{"heat": {""}, "cfn": {""}, "murano": {""}, "main": {"/heat", "/cfn", "/murano"}}

// documented holds what a listener serves to the documents of its APIs.
func documented(name string, h http.Handler) http.Handler {
	for _, prefix := range prefixes[name] {
		checked, err := exchangetest.Check(h, prefix, undocumented)
		if err != nil {
			undocumented(fmt.Errorf("%s%s: %w", name, prefix, err))
			continue
		}
		h = checked
	}
	return h
}

// undocumented writes down an answer that is not as the document says.
func undocumented(err error) {
	f, openErr := os.OpenFile(os.Getenv(answersFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if openErr != nil {
		return // a program that no test looks after
	}
	defer f.Close()
	_, _ = fmt.Fprintf(f, "not as documented: %v\n", err)
}

// hearth gives the path of the program.
func hearth(t testing.TB) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// site is an installation: a data directory with free ports, and its processes.
type site struct {
	t      testing.TB
	dir    string
	offset int
	args   []string // of every process
	env    map[string]string
	token  string
	heat   string // with the project
	murano string
	cloud  map[string]string // service type → address
}

var basePorts = []int{5000, 8004, 8000, 8082, 8080}

var offsets struct {
	sync.Mutex
	next int
}

// newSite prepares an installation; nothing runs yet.
func newSite(t testing.TB, args ...string) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir(), args: args}
	offsets.Lock()
	defer offsets.Unlock()
	// Above 32767 are the ports that the system gives to whoever connects.
	for offset := max(offsets.next, 10000+os.Getpid()%100*100); offset < 24600; offset += 23 {
		if portsFree(offset) {
			s.offset, offsets.next = offset, offset+23
			return s
		}
	}
	t.Fatal("no free ports")
	return nil
}

func portsFree(offset int) bool {
	for _, p := range basePorts {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p+offset))
		if err != nil {
			return false
		}
		l.Close()
	}
	return true
}

// process is one running hearth.
type process struct {
	t   testing.TB
	cmd *exec.Cmd
	log *bytes.Buffer
}

// start runs a sub-command on the installation.
func (s *site) start(sub string, more ...string) *process {
	s.t.Helper()
	args := append([]string{sub, "--data", s.dir, "--port-offset", fmt.Sprint(s.offset), "--log-level", "warn"}, s.args...)
	p := &process{t: s.t, cmd: exec.Command(hearth(s.t), append(args, more...)...), log: new(bytes.Buffer)}
	answers := filepath.Join(s.t.TempDir(), "answers")
	p.cmd.Env = append(os.Environ(), answersFile+"="+answers)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			_ = p.cmd.Process.Kill()
			_ = p.cmd.Wait()
		}
		if wrong, err := os.ReadFile(answers); err == nil {
			s.t.Errorf("%s: %s", sub, wrong)
		}
		if s.t.Failed() {
			s.t.Logf("%s:\n%s", sub, p.log)
		}
	})
	return p
}

// kill ends a process as a crash does.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	_ = p.cmd.Wait()
}

// terminate ends a process politely; it must be gone within two seconds.
func (p *process) terminate() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			p.t.Errorf("ended with %v:\n%s", err, p.log)
		}
	case <-time.After(10 * time.Second):
		p.t.Fatalf("still there after SIGTERM:\n%s", p.log)
	}
}

// serve starts a serving process and logs in.
func (s *site) serve(more ...string) *process {
	s.t.Helper()
	p := s.start("serve", more...)
	s.login()
	return p
}

// login reads openrc, as a user's shell does, and gets a token.
func (s *site) login() {
	s.t.Helper()
	s.eventually("log in", func() error { return s.tryLogin() })
}

func (s *site) tryLogin() error {
	rc, err := os.ReadFile(filepath.Join(s.dir, "openrc"))
	if err != nil {
		return err
	}
	s.env = map[string]string{}
	for _, l := range strings.Split(string(rc), "\n") {
		if k, v, ok := strings.Cut(strings.TrimPrefix(l, "export "), "="); ok {
			s.env[k] = strings.Trim(v, "'")
		}
	}
	domain := map[string]any{"name": s.env["OS_USER_DOMAIN_NAME"]}
	body, _ := json.Marshal(map[string]any{"auth": map[string]any{
		"identity": map[string]any{"methods": []string{"password"}, "password": map[string]any{
			"user": map[string]any{"name": s.env["OS_USERNAME"], "domain": domain, "password": s.env["OS_PASSWORD"]}}},
		"scope": map[string]any{"project": map[string]any{"name": s.env["OS_PROJECT_NAME"], "domain": domain}}}})
	resp, err := http.Post(s.env["OS_AUTH_URL"]+"/auth/tokens", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Token struct {
			Catalog []struct {
				Type      string
				Endpoints []struct{ URL, Interface string }
			}
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusCreated {
		return errors.New(resp.Status)
	}
	s.token = resp.Header.Get("X-Subject-Token")
	s.cloud = map[string]string{}
	for _, service := range answer.Token.Catalog {
		for _, e := range service.Endpoints {
			if e.Interface == "public" {
				s.cloud[service.Type] = strings.TrimSuffix(e.URL, "/")
			}
		}
	}
	s.heat, s.murano = s.cloud["orchestration"], s.cloud["application-catalog"]+"/v1"
	return nil
}

// eventually repeats fn until it succeeds, for a minute at most.
func (s *site) eventually(what string, fn func() error) {
	s.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		err := fn()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%s: %v", what, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// call sends JSON and decodes the answer into answer, unless that is nil. It gives the status.
func (s *site) call(method, url string, body, answer any) (int, error) {
	var reader io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		reader = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, url, reader)
	if err != nil {
		return 0, err
	}
	req.Header.Set("X-Auth-Token", s.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode >= 400 {
		return resp.StatusCode, fmt.Errorf("%s %s: %s: %.300s", method, url, resp.Status, b)
	}
	if answer != nil && len(b) > 0 {
		return resp.StatusCode, json.Unmarshal(b, answer)
	}
	return resp.StatusCode, nil
}

// must is call that fails the test.
func (s *site) must(method, url string, body, answer any) {
	s.t.Helper()
	if _, err := s.call(method, url, body, answer); err != nil {
		s.t.Fatal(err)
	}
}

// stackState is a stack's status and reason; GONE when there is none.
func (s *site) stackState(path string) (state, reason string, err error) {
	var answer struct {
		Stack struct {
			Status string `json:"stack_status"`
			Reason string `json:"stack_status_reason"`
		}
	}
	code, err := s.call(http.MethodGet, s.heat+path, nil, &answer)
	if code == http.StatusNotFound {
		return "GONE", "", nil
	}
	return answer.Stack.Status, answer.Stack.Reason, err
}

// awaitStack waits until a stack is in the state; another end of its action fails the test.
func (s *site) awaitStack(path, state string) {
	s.t.Helper()
	s.eventually("wait for "+state, func() error {
		got, reason, err := s.stackState(path)
		if err != nil {
			return err
		}
		if got != state && strings.HasSuffix(got, "_FAILED") {
			s.t.Fatalf("%s: %s", got, reason)
		}
		if got != state {
			return errors.New(got)
		}
		return nil
	})
}

// createStack creates a stack and gives its path.
func (s *site) createStack(name string, template map[string]any) string {
	s.t.Helper()
	var answer struct{ Stack struct{ ID string } }
	s.must(http.MethodPost, s.heat+"/stacks", map[string]any{"stack_name": name, "template": template, "disable_rollback": true}, &answer)
	return "/stacks/" + name + "/" + answer.Stack.ID
}
