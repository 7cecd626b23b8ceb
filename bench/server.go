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
	"syscall"
	"time"
)

// server is a running hearth and a client that has logged in.
type server struct {
	cmd    *exec.Cmd
	dir    string
	client http.Client
	token  string
	base   string // of Heat, with the project
	stack  string // the path of the stack at hand
}

var ports = []int{5000, 8004, 8082, 8080}

func startServer(hearth, dsn string) (*server, error) {
	dir, err := os.MkdirTemp("", "hearth-bench-")
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir}
	offset, err := freeOffset()
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	args := []string{"serve", "--data", dir, "--port-offset", fmt.Sprint(offset), "--log-level", "error"}
	if dsn != "" {
		args = append(args, "--database", dsn)
	}
	s.cmd = exec.Command(hearth, args...)
	s.cmd.Stderr = os.Stderr
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if err := s.login(offset); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

func (s *server) stop() error {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		_ = s.cmd.Wait()
	}
	return os.RemoveAll(s.dir)
}

// freeOffset finds a port offset at which every port is free.
func freeOffset() (int, error) {
	for offset := 20000; offset < 50000; offset += 137 {
		free := true
		for _, p := range ports {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p+offset))
			if err != nil {
				free = false
				break
			}
			l.Close()
		}
		if free {
			return offset, nil
		}
	}
	return 0, errors.New("no free ports")
}

func (s *server) login(offset int) error {
	deadline := time.Now().Add(20 * time.Second)
	for {
		err := s.tryLogin(offset)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *server) tryLogin(offset int) error {
	rc, err := os.ReadFile(filepath.Join(s.dir, "openrc"))
	if err != nil {
		return err
	}
	env := map[string]string{}
	for _, l := range strings.Split(string(rc), "\n") {
		if k, v, ok := strings.Cut(strings.TrimPrefix(l, "export "), "="); ok {
			env[k] = strings.Trim(v, "'")
		}
	}
	domain := map[string]string{"name": env["OS_USER_DOMAIN_NAME"]}
	body, err := json.Marshal(map[string]any{"auth": map[string]any{
		"identity": map[string]any{"methods": []string{"password"}, "password": map[string]any{
			"user": map[string]any{"name": env["OS_USERNAME"], "domain": domain, "password": env["OS_PASSWORD"]}}},
		"scope": map[string]any{"project": map[string]any{"name": env["OS_PROJECT_NAME"], "domain": domain}}}})
	if err != nil {
		return err
	}
	resp, err := s.client.Post(env["OS_AUTH_URL"]+"/auth/tokens", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Token struct {
			Project struct {
				ID string `json:"id"`
			} `json:"project"`
		} `json:"token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusCreated {
		return fmt.Errorf("log in: %s", resp.Status)
	}
	s.token = resp.Header.Get("X-Subject-Token")
	s.base = fmt.Sprintf("http://127.0.0.1:%d/v1/%s", 8004+offset, answer.Token.Project.ID)
	return nil
}

// call sends a request; after a create it remembers the stack.
func (s *server) call(method, path string, body any, want int) error {
	b, err := s.send(method, path, body, want)
	if err != nil || want != http.StatusCreated {
		return err
	}
	var answer struct {
		Stack struct {
			ID string `json:"id"`
		} `json:"stack"`
	}
	if err := json.Unmarshal(b, &answer); err != nil {
		return err
	}
	s.stack = "/stacks/" + body.(map[string]any)["stack_name"].(string) + "/" + answer.Stack.ID
	return nil
}

func (s *server) send(method, path string, body any, want int) ([]byte, error) {
	var reader io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		reader = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, s.base+path, reader)
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-Auth-Token", s.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != want {
		err = fmt.Errorf("%s %s: %s: %.300s", method, path, resp.Status, b)
	}
	return b, err
}

// until polls the stack until it is in the state; what polling adds is a few milliseconds.
func (s *server) until(state string) error {
	for {
		b, err := s.send("GET", s.stack+"?resolve_outputs=false", nil, http.StatusOK)
		if err != nil {
			return err
		}
		var answer struct {
			Stack struct {
				Status string `json:"stack_status"`
				Reason string `json:"stack_status_reason"`
			} `json:"stack"`
		}
		if err := json.Unmarshal(b, &answer); err != nil {
			return err
		}
		if answer.Stack.Status == state {
			return nil
		}
		if strings.HasSuffix(answer.Stack.Status, "FAILED") {
			return errors.New(answer.Stack.Reason)
		}
		time.Sleep(2 * time.Millisecond)
	}
}
