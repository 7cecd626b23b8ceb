package simcloud

import (
	"path"
	"slices"
	"sync"
	"time"
)

// AgentRule says what the agents in simulated servers answer. It lives in memory only: a
// restart clears all rules. A step that no rule is for succeeds and prints nothing.
type AgentRule struct {
	// Server, Plan and Script name what the rule is for, with the wildcards of path.Match;
	// "" is any.
	Server, Plan, Script string
	// Nth picks the step that is hit, counted from 1 since the rule was added; Times more
	// follow it. 0 is every step from the first.
	Nth int
	// Times is how many steps are hit; 0 is one when Nth is given, else no limit.
	Times int
	// ExitCode, Stdout and Stderr are what the script comes to; Log is what the server's log
	// then has.
	ExitCode            int
	Stdout, Stderr, Log string
	// Latency is how long the script takes.
	Latency time.Duration
	// Hang never answers.
	Hang bool
}

type agentRule struct {
	id   int
	seen int
	AgentRule
}

// agentRules is the list of active rules, oldest first; the first that matches a step is
// used, and every matching rule counts it.
type agentRules struct {
	mu    sync.Mutex
	next  int
	rules []*agentRule
}

func (l *agentRules) add(r AgentRule) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	l.rules = append(l.rules, &agentRule{id: l.next, AgentRule: r})
	return l.next
}

// remove reports whether there was such a rule.
func (l *agentRules) remove(id int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.rules)
	l.rules = slices.DeleteFunc(l.rules, func(r *agentRule) bool { return r.id == id })
	return len(l.rules) < n
}

func (l *agentRules) list() []agentRule {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]agentRule, len(l.rules))
	for i, r := range l.rules {
		out[i] = *r
	}
	return out
}

func (l *agentRules) match(server, plan, script string) AgentRule {
	l.mu.Lock()
	defer l.mu.Unlock()
	var hit AgentRule
	found := false
	for _, r := range l.rules {
		if !like(r.Server, server) || !like(r.Plan, plan) || !like(r.Script, script) {
			continue
		}
		r.seen++
		if !found && due(r.Nth, r.Times, r.seen) {
			hit, found = r.AgentRule, true
		}
	}
	return hit
}

func like(pattern, name string) bool {
	matched, err := path.Match(pattern, name)
	return pattern == "" || err == nil && matched
}

// Answer adds a rule for the agents in servers; remove takes it away again.
func (c *Cloud) Answer(r AgentRule) (remove func()) {
	id := c.agents.rules.add(r)
	return func() { c.agents.rules.remove(id) }
}
