package simcloud

import (
	"path"
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

func (r AgentRule) counts() (nth, times int) { return r.Nth, r.Times }

// answerOf is the rule for a step; the zero AgentRule when there is none.
func answerOf(l *rules[AgentRule], server, plan, script string) AgentRule {
	r, _ := l.hit(func(r *AgentRule) bool {
		return like(r.Server, server) && like(r.Plan, plan) && like(r.Script, script)
	})
	return r
}

func like(pattern, name string) bool {
	matched, err := path.Match(pattern, name)
	return pattern == "" || err == nil && matched
}

// Answer adds a rule for the agents in servers; remove takes it away again.
func (c *Cloud) Answer(r AgentRule) (remove func()) {
	id := c.agents.rules.add(r).id
	return func() { c.agents.rules.remove(id) }
}
