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

// Problem is a problem of the call with the path that Heat's validation gives it.
func (c *Call) Problem(message string) Problem {
	at, text := c.path.validation(message)
	return Problem{Path: at, Message: text, Node: c.Node()}
}
