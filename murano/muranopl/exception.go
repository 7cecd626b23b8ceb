package muranopl

import (
	"strings"

	"hearth/core/yaql"
)

// Exception is what Throw raises, or an error of the engine once a statement has met it: it
// can be caught by any of its names (murano/dsl/dsl_exception.py).
type Exception struct {
	Names   []string
	Message any
	Stack   []StackFrame // outermost first
	Extra   *yaql.Dict
	Cause   *Exception
	Thrown  bool  // by a Throw
	Err     error // of the engine; nil when thrown
}

func (e *Exception) Error() string {
	return "[" + strings.Join(e.Names, ", ") + "]: " + pyStr(e.Message)
}

func (e *Exception) Unwrap() error { return e.Err }

// YaqlRepr implements yaql.Representer.
func (e *Exception) YaqlRepr() string { return e.Error() }

// raise makes an Exception of any error that a program can catch.
func (th *Thread) raise(err error, f *Frame) error {
	if asException(err) != nil {
		return err
	}
	name, message, ok := errorName(err)
	if !ok {
		return err
	}
	return &Exception{Names: []string{name}, Message: message, Stack: stackOf(f), Extra: yaql.NewDict(0), Err: err}
}

// Format writes the exception with its stack, as reports and logs have it.
func (e *Exception) Format(prefix string) string {
	name := "[" + strings.Join(e.Names, ", ") + "]"
	if len(e.Names) == 1 {
		name = e.Names[0]
	}
	text := prefix + name + ": " + pyStr(e.Message) + "\n" + prefix + "Traceback (most recent call last):\n" + FormatStack(e.Stack, prefix+"  ")
	if e.Cause != nil {
		text += "\n\n" + prefix + " Caused by " + strings.TrimLeft(e.Cause.Format(prefix+" "), " ")
	}
	return text
}
