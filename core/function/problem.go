package function

import (
	"errors"

	"hearth/core/yaml"
)

// Problem is what is wrong with a Call, in Heat's words.
type Problem struct {
	Path    string
	Message string
	Node    *yaml.Node
	Err     error
}

// Problems are the calls in e whose arguments are wrong, and the `if`s whose condition
// cannot be decided: what Heat says when it parses a template.
func Problems(e Expr, s Scope) []Problem {
	var out []Problem
	e.Walk(s, func(c *Call) {
		err := c.err
		if err == nil && c.branches != nil {
			_, err = c.branches.taken(s)
		}
		if err != nil && !errors.Is(err, errReported) {
			out = append(out, Problem{Path: c.Path(), Message: err.Error(), Node: c.Node(), Err: err})
		}
	})
	return out
}

// Validate gives what Heat's validation of parsed functions says: functions that the
// version has no more, arguments that only make sense together, the syntax of YAQL.
func Validate(e Expr, s Scope) []Problem {
	var out []Problem
	e.Walk(s, func(c *Call) {
		if c.err != nil || c.def.validate == nil {
			return
		}
		if err := c.def.validate(s, c); err != nil {
			out = append(out, c.Problem(err.Error()))
		}
	})
	return out
}

// Failures are the calls in e that cannot be computed, the innermost of each failure:
// what Resolve stops at, and what it would stop at next.
func Failures(e Expr, s Scope) []Problem {
	var out []Problem
	failed := map[*path]bool{}
	e.Walk(s, func(c *Call) {
		if failed[c.path] { // an argument has failed
			c.path.fail(failed)
			return
		}
		if _, err := c.Resolve(s); err != nil {
			c.path.fail(failed)
			if !errors.Is(err, errReported) {
				out = append(out, Problem{Path: c.Path(), Message: err.Error(), Node: c.Node(), Err: err})
			}
		}
	})
	return out
}

// fail marks everything around a call.
func (p *path) fail(failed map[*path]bool) {
	for q := p.parent; q != nil; q = q.parent {
		failed[q] = true
	}
}

// Problem is a problem of the call with the path that Heat's validation gives it.
func (c *Call) Problem(message string) Problem {
	at, text := c.path.validation(message)
	return Problem{Path: at, Message: text, Node: c.Node()}
}
