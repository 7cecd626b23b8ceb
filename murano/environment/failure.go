package environment

import (
	"cmp"
	"errors"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano/muranopl"
)

// failure is why a task failed, as its result shows it.
type failure struct{ name, message, details string }

// failureOf describes an error of a phase: an exception of a program with its stack, any
// other as if it had been raised by the phase (murano/common/engine.py exception_result).
func failureOf(err error, phase string) *failure {
	if e, ok := errors.AsType[*muranopl.Exception](err); ok {
		return &failure{cmp.Or(e.Names...), e.Error(), e.Format("")}
	}
	name, message := muranopl.Describe(err)
	if e, ok := errors.AsType[*core.Error](err); ok && e.Code == core.Internal || name == "" {
		message = problemText(err)
	}
	return &failure{name, message, name + ": " + message + "\nTraceback (most recent call last):\n" +
		muranopl.FormatStack([]muranopl.StackFrame{{Method: phase}}, "  ")}
}

// bareMessage is what an error says, without the names of its exception.
func bareMessage(err error) string {
	_, message := muranopl.Describe(err)
	if e, ok := errors.AsType[*muranopl.Exception](err); ok {
		message = yaml.Str(e.Message)
	}
	return message
}

// problemText is an error in words that may be shown.
func problemText(err error) string {
	if e, ok := errors.AsType[*core.Error](err); ok && e.Code != core.Internal {
		return e.Message
	}
	return "Internal error"
}

// result is what the API shows of a task that is done.
func (o *outcome) result() *yaml.Map {
	if o.failure == nil {
		return yaml.MapOf("result", o.value, "isException", false)
	}
	return yaml.MapOf("isException", true, "result", yaml.MapOf("message", o.failure.message, "details", o.failure.details))
}
