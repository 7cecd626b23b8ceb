package simcloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// agents answer in the place of the agents in servers that boot with Hearth's script for
// Murano's execution plans. They speak its protocol and run nothing: what each step comes to,
// rules say.
type agents struct {
	allowed string // the start of the addresses that are called; "" for none
	rules   rules[AgentRule]
	client  http.Client
	ctx     context.Context
	stop    context.CancelFunc
	mu      sync.Mutex // guards running against agents that begin while close waits
	running sync.WaitGroup
}

const (
	// agentLook is how soon a server that is not active, or an address that does not answer,
	// is looked at again, at first and at most.
	agentLook, agentLookMost = 50 * time.Millisecond, 2 * time.Second
	maxStep                  = 64 << 20
)

func newAgents(allowed string) *agents {
	a := &agents{allowed: strings.TrimSuffix(allowed, "/"), client: http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second}}}
	a.ctx, a.stop = context.WithCancel(context.Background())
	return a
}

func (a *agents) close() {
	a.mu.Lock()
	a.stop()
	a.mu.Unlock()
	a.running.Wait()
	a.client.CloseIdleConnections()
}

// startAgent has a server's agent answer, if the server boots with one, until the server is
// gone or its agent let in no more.
func (c *Cloud) startAgent(server *record) {
	m, ok := agentOf(server.str("user_data"))
	if !ok || c.agents.allowed == "" || !strings.HasPrefix(m.url, c.agents.allowed+"/") {
		return
	}
	id := server.id
	c.agents.mu.Lock()
	defer c.agents.mu.Unlock()
	if c.agents.ctx.Err() != nil {
		return
	}
	c.agents.running.Go(func() {
		pause := agentLook
		for {
			name, status := c.serverNow(id)
			if status == "" {
				return
			}
			if status == "ACTIVE" {
				switch more, err := c.agents.turn(m, name); {
				case !more:
					return
				case err == nil:
					pause = agentLook
					continue
				}
				pause = min(2*pause, agentLookMost)
			}
			if !wait(c.agents.ctx, pause) {
				return
			}
		}
	})
}

// serverNow gives a server's name and status; "" when it is gone.
func (c *Cloud) serverNow(id string) (name, status string) {
	_ = c.store.read(func(t *tx) error { // which fails for nothing but what is done in it
		if r := t.get("server", id); r != nil {
			r = (&call{tx: t, cloud: c, now: c.now().UTC()}).current(r)
			name, status = r.str("name"), r.str("status")
		}
		return nil
	})
	return name, status
}

// turn asks for a step and answers it. more is false when the agent is let in no more.
func (a *agents) turn(m agentAddress, server string) (more bool, err error) {
	status, step, err := a.call(m, "GET", "/next", "", nil)
	switch {
	case a.ctx.Err() != nil || status == http.StatusForbidden:
		return false, nil
	case err != nil || status == http.StatusNoContent:
		return true, err
	case status != http.StatusOK:
		return true, fmt.Errorf("the agent of %s is answered %d", server, status)
	}
	plan, number, name, script, err := readStep(step)
	if err != nil {
		return true, err
	}
	rule := answerOf(&a.rules, server, name, script)
	if rule.Hang {
		<-a.ctx.Done()
	}
	if !wait(a.ctx, rule.Latency) || a.ctx.Err() != nil {
		return false, nil
	}
	if rule.ExitCode != 0 || rule.Log != "" {
		if _, _, err := a.call(m, "POST", "/log", "text/plain", strings.NewReader(rule.Log+rule.Stderr)); err != nil {
			return true, err
		}
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, field := range [][2]string{{"code", strconv.Itoa(rule.ExitCode)}, {"stdout", rule.Stdout}, {"stderr", rule.Stderr}} {
		err = errors.Join(err, form.WriteField(field[0], field[1]))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		return true, err
	}
	_, _, err = a.call(m, "POST", "/plans/"+url.PathEscape(plan)+"/steps/"+url.PathEscape(number), form.FormDataContentType(), &body)
	return true, err
}

func (a *agents) call(m agentAddress, method, path, kind string, body io.Reader) (status int, answer []byte, err error) {
	r, err := http.NewRequestWithContext(a.ctx, method, m.url+path, body)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+m.token)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	res, err := a.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, maxStep))
	return res.StatusCode, answer, err
}

// readStep reads the first lines of a step.
func readStep(step []byte) (plan, number, name, script string, err error) {
	lines := strings.SplitN(string(step), "\n", 4)
	if len(lines) == 4 {
		f := strings.Fields(lines[0])
		escaped, isPlan := strings.CutPrefix(lines[1], "# plan ")
		script, isScript := strings.CutPrefix(lines[2], "# script ")
		name, err := url.QueryUnescape(escaped)
		if len(f) == 4 && f[1] == "hearth-step" && isPlan && isScript && err == nil {
			return f[2], f[3], name, script, nil
		}
	}
	return "", "", "", "", errors.New("the agent is offered what is no step")
}
