package policy

import (
	"slices"
	"strconv"
	"strings"

	"hearth/core"
)

// question is what a check is asked: may this caller, on this target?
type question struct {
	enforcer *Enforcer
	caller   *core.Caller
	target   map[string]string
}

// check is one node of an expression.
type check interface {
	allows(q *question) bool
	refs() []string // names of the rules it asks
}

type (
	always  bool   // @ and !
	role    string // role:name, without regard to case
	ruleRef string // rule:name
	not     struct{ of check }
	all     []check  // and
	some    []check  // or
	equal   struct { // left:right
		left    string
		literal bool // left is a value, not the name of a credential
		right   string
		target  bool // right is the name of a part of the target
	}
)

func (a always) allows(*question) bool    { return bool(a) }
func (r ruleRef) allows(q *question) bool { return q.enforcer.checks[string(r)].allows(q) }
func (n not) allows(q *question) bool     { return !n.of.allows(q) }

func (r role) allows(q *question) bool {
	return slices.ContainsFunc(q.caller.Roles, func(has string) bool { return strings.EqualFold(has, string(r)) })
}

func (a all) allows(q *question) bool {
	for _, c := range a {
		if !c.allows(q) {
			return false
		}
	}
	return true
}

func (s some) allows(q *question) bool {
	for _, c := range s {
		if c.allows(q) {
			return true
		}
	}
	return false
}

func (e equal) allows(q *question) bool {
	right := e.right
	if e.target {
		var ok bool
		if right, ok = q.target[e.right]; !ok {
			return false
		}
	}
	left := e.left
	if !e.literal {
		var ok bool
		if left, ok = credential(q.caller, e.left); !ok {
			return false
		}
	}
	return left == right
}

// credential gives what an expression may ask of a caller.
func credential(c *core.Caller, name string) (value string, ok bool) {
	switch name {
	case "user_id":
		return c.UserID, true
	case "user_domain_id":
		return c.UserDomainID, true
	case "project_id", "tenant_id", "tenant":
		return c.ProjectID, true
	case "is_admin":
		if c.IsAdmin() {
			return "True", true
		}
		return "False", true
	}
	return "", false
}

func (always) refs() []string    { return nil }
func (role) refs() []string      { return nil }
func (equal) refs() []string     { return nil }
func (r ruleRef) refs() []string { return []string{string(r)} }
func (n not) refs() []string     { return n.of.refs() }
func (a all) refs() []string     { return refsOf(a) }
func (s some) refs() []string    { return refsOf(s) }

func refsOf(checks []check) []string {
	var out []string
	for _, c := range checks {
		out = append(out, c.refs()...)
	}
	return out
}

// leaf reads one check without operators: @, !, kind:match.
func leaf(word string) (check, bool) {
	switch word {
	case "@":
		return always(true), true
	case "!":
		return always(false), true
	}
	kind, match, ok := strings.Cut(word, ":")
	if !ok || kind == "" {
		return nil, false
	}
	switch kind {
	case "role":
		return role(match), match != ""
	case "rule":
		return ruleRef(match), match != ""
	}
	e := equal{left: kind, right: match}
	if s, quoted := unquote(kind); quoted {
		e.left, e.literal = s, true
	} else if _, err := strconv.Atoi(kind); err == nil || kind == "True" || kind == "False" || kind == "None" {
		e.literal = true
	}
	if name, found := strings.CutPrefix(match, "%("); found {
		if e.right, e.target = strings.CutSuffix(name, ")s"); !e.target {
			return nil, false
		}
	}
	return e, true
}

func unquote(s string) (string, bool) {
	if len(s) >= 2 && (s[0] == '\'' || s[0] == '"') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1], true
	}
	return s, false
}
