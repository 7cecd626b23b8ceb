package native

import (
	"context"
	"errors"
	"strings"
	"time"

	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

const (
	agentTimeout = 3600 // seconds, of upstream's configuration
	readyTimeout = 100
)

// agentClass is io.murano.system.Agent (murano/engine/system/agent.py): what a program has the
// agent in a server do. Plans are offered to the server instead of sent over a broker.
var agentClass = &muranopl.Native{Name: "io.murano.system.Agent",
	New: &yaql.Function{Name: "__init__", Params: []yaql.Param{yaql.P("host", object)}, Body: newAgent},
	Methods: []muranopl.NativeMethod{
		agentMethod("queueName", nil, func(a *agent, _ *yaql.Call, _ *muranopl.Thread) (any, error) { return a.queue, nil }),
		agentMethod("enabled", nil, func(a *agent, _ *yaql.Call, _ *muranopl.Thread) (any, error) { return a.session.Agents != nil, nil }),
		// Plans are not signed: the server asks for them over HTTPS, and only its own.
		agentMethod("signingKey", []yaql.Param{yaql.Opt("linePrefix", yaql.String, "")}, func(*agent, *yaql.Call, *muranopl.Thread) (any, error) { return "", nil }),
		agentMethod("call", []yaql.Param{yaql.P("template", yaql.Any), yaql.P("resources", object), yaql.Opt("timeout", yaql.Number, nil)},
			func(a *agent, c *yaql.Call, th *muranopl.Thread) (any, error) {
				plan, err := a.build(c, th)
				if err != nil {
					return nil, err
				}
				return a.carryOut(c, th, plan, c.Args[2])
			}),
		agentMethod("send", []yaql.Param{yaql.P("template", yaql.Any), yaql.P("resources", object)}, func(a *agent, c *yaql.Call, th *muranopl.Thread) (any, error) {
			plan, err := a.build(c, th)
			if err != nil {
				return nil, err
			}
			return nil, a.offer(th, plan)
		}),
		agentMethod("callRaw", []yaql.Param{yaql.P("plan", yaql.Any), yaql.Opt("timeout", yaql.Number, nil)}, func(a *agent, c *yaql.Call, th *muranopl.Thread) (any, error) {
			plan, err := a.raw(c)
			if err != nil {
				return nil, err
			}
			return a.carryOut(c, th, plan, c.Args[1])
		}),
		agentMethod("sendRaw", []yaql.Param{yaql.P("plan", yaql.Any)}, func(a *agent, c *yaql.Call, th *muranopl.Thread) (any, error) {
			plan, err := a.raw(c)
			if err != nil {
				return nil, err
			}
			return nil, a.offer(th, plan)
		}),
		agentMethod("isReady", []yaql.Param{yaql.Opt("timeout", yaql.Number, int64(readyTimeout))}, func(a *agent, c *yaql.Call, th *muranopl.Thread) (any, error) {
			err := a.waitReady(c, th)
			if muranopl.IsError(err, timeoutException) {
				return false, nil
			}
			return err == nil, err
		}),
		agentMethod("waitReady", []yaql.Param{yaql.Opt("timeout", yaql.Number, int64(readyTimeout))}, func(a *agent, c *yaql.Call, th *muranopl.Thread) (any, error) {
			return nil, a.waitReady(c, th)
		}),
		agentMethod("bootstrap", nil, func(a *agent, _ *yaql.Call, th *muranopl.Thread) (any, error) { return a.bootstrap(th) }),
		agentMethod("revoke", nil, func(a *agent, _ *yaql.Call, th *muranopl.Thread) (any, error) { return nil, a.revoke(th) }),
	},
}

type agent struct {
	session *Session
	queue   string
	stamp   int64 // of the last plan
}

func newAgent(c *yaql.Call) (any, error) {
	_, s, err := begin(c)
	if err != nil {
		return nil, err
	}
	host := c.Args[0].(*muranopl.Object)
	environment := host.FindOwner("io.murano.Environment")
	if environment == nil {
		return nil, failure("AttributeError", "The host of an agent is in no environment")
	}
	return &agent{session: s, queue: strings.ToLower("e" + environment.ID() + "-h" + host.ID())}, nil
}

func agentMethod(name string, params []yaql.Param, do func(*agent, *yaql.Call, *muranopl.Thread) (any, error)) muranopl.NativeMethod {
	return muranopl.NativeMethod{Function: &yaql.Function{Name: name, Params: params, Body: func(c *yaql.Call) (any, error) {
		a, ok := muranopl.This(c).Native().(*agent)
		if !ok {
			return nil, failure("AttributeError", "The Agent is not initialized")
		}
		return do(a, c, muranopl.ThreadOf(c))
	}}}
}

const timeoutException = "murano.common.exceptions.TimeoutException"

// checkEnabled returns PolicyViolationException when there is no way to reach agents.
func (s *Session) checkEnabled() error {
	if s.Agents == nil {
		return failure("murano.common.exceptions.PolicyViolationException", "Use of murano-agent is disallowed by the server configuration")
	}
	return nil
}

// build makes the plan of a call of call or send.
func (a *agent) build(c *yaql.Call, th *muranopl.Thread) (*yaml.Map, error) {
	if err := a.session.checkEnabled(); err != nil {
		return nil, err
	}
	files, ok := c.Args[1].(*muranopl.Object).NativeOf(resourcesName).(*resources)
	if !ok {
		return nil, failure("ValueError", "resources must be an object of %s", resourcesName)
	}
	template, err := data(c.Args[0])
	if err != nil {
		return nil, err
	}
	p := &planBuilder{files: files, newID: th.NewID, stamp: a.nextStamp}
	return p.build(template)
}

// raw is a plan that is given as it is.
func (a *agent) raw(c *yaql.Call) (*yaml.Map, error) {
	if err := a.session.checkEnabled(); err != nil {
		return nil, err
	}
	return mapping(c.Args[0])
}

// nextStamp orders the plans of a server: the time, in 1/10,000 s, and more than the last.
func (a *agent) nextStamp() int64 {
	a.stamp = max(a.stamp+1, time.Now().UnixMicro()/100)
	return a.stamp
}

// offer has a plan carried out, some time.
func (a *agent) offer(th *muranopl.Thread, plan *yaml.Map) error {
	id, body, err := encoded(th, plan)
	if err != nil {
		return err
	}
	s := a.session
	return wait(th, func(ctx context.Context) error { return s.Agents.Offer(ctx, s.EnvironmentID, a.queue, id, body) })
}

// encoded gives a plan as it is sent. One without an ID gets one of the thread's, the same
// whenever the program is run.
func encoded(th *muranopl.Thread, plan *yaml.Map) (id string, body []byte, err error) {
	v, ok := plan.Get("ID")
	if id = str(v); !ok {
		id = th.NewID()
	}
	body, err = yaml.EncodeJSON(plan)
	return id, body, err
}

// carryOut has a plan carried out and gives what the agent answers. timeout is in seconds;
// nil is that of the configuration.
func (a *agent) carryOut(c *yaql.Call, th *muranopl.Thread, plan *yaml.Map, timeout any) (any, error) {
	if timeout == nil {
		timeout = a.session.setting("engine", "agent_timeout", int64(agentTimeout))
	}
	seconds, err := yaql.Float(timeout)
	if err != nil {
		return nil, err
	}
	id, body, err := encoded(th, plan)
	if err != nil {
		return nil, err
	}
	s := a.session
	var result []byte
	late := false
	err = wait(th, func(ctx context.Context) error {
		if err := s.Agents.Offer(ctx, s.EnvironmentID, a.queue, id, body); err != nil {
			return err
		}
		within, cancel := context.WithTimeout(ctx, time.Duration(seconds*float64(time.Second)))
		defer cancel()
		var err error
		result, err = s.Agents.Result(within, s.EnvironmentID, a.queue, id)
		late = err != nil && errors.Is(within.Err(), context.DeadlineExceeded)
		return err
	})
	switch {
	case th.Context().Err() != nil:
		return nil, th.Context().Err()
	case late:
		return nil, failure(timeoutException, "The murano-agent did not respond within %s seconds", str(timeout))
	case err != nil:
		return nil, err
	}
	return planResult(c, result)
}

func (a *agent) waitReady(c *yaql.Call, th *muranopl.Thread) error {
	if err := a.session.checkEnabled(); err != nil {
		return err
	}
	nothing := yaml.MapOf("Body", "return", "FormatVersion", "2.0.0", "Scripts", yaml.NewMap(0))
	_, err := a.carryOut(c, th, nothing, c.Args[0])
	return err
}

// bootstrap gives the script that has a server carry out its plans, for its user data; null
// without agents: such a server can be deployed, only no plan be sent to it.
func (a *agent) bootstrap(th *muranopl.Thread) (any, error) {
	s := a.session
	if s.Agents == nil {
		return nil, nil
	}
	var script string
	err := wait(th, func(ctx context.Context) (err error) {
		script, err = s.Agents.Bootstrap(ctx, s.EnvironmentID, a.queue)
		return err
	})
	return script, err
}

// revoke lets the server in no more. Without agents nobody was let in.
func (a *agent) revoke(th *muranopl.Thread) error {
	s := a.session
	if s.Agents == nil {
		return nil
	}
	return wait(th, func(ctx context.Context) error { return s.Agents.Revoke(ctx, s.EnvironmentID, a.queue) })
}
