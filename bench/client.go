package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// login reads openrc, as a user's shell does, and gets a token.
func (s *site) login() error {
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
	s.identity = env["OS_AUTH_URL"]
	domain := map[string]string{"name": env["OS_USER_DOMAIN_NAME"]}
	body, err := json.Marshal(map[string]any{"auth": map[string]any{
		"identity": map[string]any{"methods": []string{"password"}, "password": map[string]any{
			"user": map[string]any{"name": env["OS_USERNAME"], "domain": domain, "password": env["OS_PASSWORD"]}}},
		"scope": map[string]any{"project": map[string]any{"name": env["OS_PROJECT_NAME"], "domain": domain}}}})
	if err != nil {
		return err
	}
	resp, err := s.client.Post(s.identity+"/auth/tokens", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Token struct{ Project struct{ ID string } }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusCreated {
		return fmt.Errorf("log in: %s", resp.Status)
	}
	s.token = resp.Header.Get("X-Subject-Token")
	s.heat = fmt.Sprintf("http://127.0.0.1:%d/v1/%s", ports[1]+s.offset, answer.Token.Project.ID)
	s.murano = fmt.Sprintf("http://127.0.0.1:%d/v1", ports[3]+s.offset)
	return nil
}

// send sends JSON and gives the answer's body; another status than the one wanted is an error.
func (s *site) send(method, url string, body any, want int) ([]byte, error) {
	return s.sendWith(method, url, body, nil, want)
}

// sendWith is send with more headers.
func (s *site) sendWith(method, url string, body any, header http.Header, want int) ([]byte, error) {
	var reader io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		reader = bytes.NewReader(b)
	}
	return s.request(method, url, "application/json", reader, header, want)
}

// request sends a body of any kind.
func (s *site) request(method, url, kind string, body io.Reader, header http.Header, want int) ([]byte, error) {
	req, err := http.NewRequest(method, url, body)
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, header)
	req.Header.Set("X-Auth-Token", s.token)
	req.Header.Set("Content-Type", kind)
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != want {
		err = fmt.Errorf("%s %s: %s: %.300s", method, url, resp.Status, b)
	}
	return b, err
}

// begin asks for a stack and gives its path.
func (s *site) begin(body map[string]any) (path string, err error) {
	b, err := s.send(http.MethodPost, s.heat+"/stacks", body, http.StatusCreated)
	if err != nil {
		return "", err
	}
	var answer struct{ Stack struct{ ID string } }
	if err := json.Unmarshal(b, &answer); err != nil {
		return "", err
	}
	return fmt.Sprintf("/stacks/%s/%s", body["stack_name"], answer.Stack.ID), nil
}

// create makes a stack, waits until it is complete and gives its path.
func (s *site) create(body map[string]any) (path string, err error) {
	if path, err = s.begin(body); err != nil {
		return "", err
	}
	return path, s.until(path, "CREATE_COMPLETE")
}

// until polls a stack until it is in the state. Polling adds some milliseconds, or one
// per cent.
func (s *site) until(path, state string) error {
	began := time.Now()
	for {
		b, err := s.send(http.MethodGet, s.heat+path+"?resolve_outputs=false", nil, http.StatusOK)
		if err != nil {
			return err
		}
		var answer struct {
			Stack struct {
				Status string `json:"stack_status"`
				Reason string `json:"stack_status_reason"`
			}
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
		time.Sleep(max(2*time.Millisecond, time.Since(began)/100))
	}
}
