package simcloud

import (
	"net/http"
	"path"
	"strconv"
	"time"
)

// agentRoutes let an administrator say over HTTP what the agents in servers answer.
var agentRoutes = []route{
	{"GET", "/", "", listAgentRules, admin},
	{"POST", "/", "", addAgentRule, admin},
	{"DELETE", "/", "", clearAgentRules, admin},
	{"DELETE", "/{id}", "", removeAgentRule, admin},
}

func agentRuleView(rule rule[AgentRule]) object {
	r := &rule.what
	return object{
		"id": rule.id, "server": r.Server, "plan": r.Plan, "script": r.Script, "nth": r.Nth, "times": r.Times, "exit_code": r.ExitCode,
		"stdout": r.Stdout, "stderr": r.Stderr, "log": r.Log, "latency_ms": r.Latency.Milliseconds(), "hang": r.Hang, "seen": rule.seen,
	}
}

func listAgentRules(c *call) (*reply, error) {
	out := []object{}
	for _, r := range c.cloud.agents.rules.list() {
		out = append(out, agentRuleView(r))
	}
	return ok(object{"agents": out})
}

func addAgentRule(c *call) (*reply, error) {
	in, err := c.want("agent")
	if err != nil {
		return nil, err
	}
	r := AgentRule{
		Server: in.str("server"), Plan: in.str("plan"), Script: in.str("script"), Nth: in.int("nth"), Times: in.int("times"), ExitCode: in.int("exit_code"),
		Stdout: in.str("stdout"), Stderr: in.str("stderr"), Log: in.str("log"), Latency: time.Duration(in.int("latency_ms")) * time.Millisecond, Hang: in.flag("hang"),
	}
	for _, pattern := range []string{r.Server, r.Plan, r.Script} {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, badRequest("%s is no pattern.", pattern)
		}
	}
	return created(object{"agent": agentRuleView(c.cloud.agents.rules.add(r))})
}

func clearAgentRules(c *call) (*reply, error) {
	c.cloud.agents.rules.clear()
	return noContent()
}

func removeAgentRule(c *call) (*reply, error) {
	id, err := strconv.Atoi(c.param("id"))
	if err != nil || !c.cloud.agents.rules.remove(id) {
		return nil, notFound("There is no agent rule %s.", c.param("id"))
	}
	return noContent()
}

var agentService = &service{name: "agents", mount: "/agents", routes: agentRoutes, errorBody: keystoneError, requestHeaders: []string{http.CanonicalHeaderKey("x-openstack-request-id")}}
