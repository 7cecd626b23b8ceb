package muranopl

import (
	"context"
	"errors"
	"fmt"

	"hearth/core/yaml"
	"hearth/core/yaql"
)

// Error is an error that programs know by the name of the exception that the Python
// implementation raises: Catch's With has such names.
type Error struct {
	Name    string // with its module, none for Python's own
	Message string
	path    string // of a contract violation, inside the value
}

func (e *Error) Error() string { return e.Message }

const (
	dslErrors  = "murano.dsl.exceptions."
	yaqlErrors = "yaql.language.exceptions."
)

// dslError makes one of murano/dsl/exceptions.py.
func dslError(name, format string, args ...any) *Error {
	return &Error{Name: dslErrors + name, Message: fmt.Sprintf(format, args...)}
}

// pyError makes one of Python's own: ValueError, TypeError, KeyError …
func pyError(name, format string, args ...any) *Error {
	return &Error{Name: name, Message: fmt.Sprintf(format, args...)}
}

func violation(format string, args ...any) *Error {
	return dslError("ContractViolationException", format, args...)
}

// IsError reports whether err is, or wraps, an Error of that name, module included.
func IsError(err error, name string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Name == name
}

func isDsl(err error, name string) bool { return IsError(err, dslErrors+name) }

// errorName gives the name and the message under which a program catches err; ok is false for
// what no program catches: the end of its context.
func errorName(err error) (name, message string, ok bool) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return "", "", false
	}
	if e, found := errors.AsType[*Error](err); found {
		return e.Name, e.Message, true
	}
	if e, found := errors.AsType[*yaql.Error](err); found {
		return yaqlErrorName(e.Class), e.Message, true
	}
	if e, found := errors.AsType[*yaml.SyntaxError](err); found {
		return "yaml.YAMLError", e.Message, true
	}
	return "Exception", err.Error(), true
}

func yaqlErrorName(class yaql.Class) string {
	switch class {
	case yaql.LexicalError, yaql.GrammarError, yaql.NoFunction, yaql.NoMethod, yaql.NoMatchingFunction, yaql.NoMatchingMethod,
		yaql.AmbiguousFunction, yaql.AmbiguousMethod, yaql.ArgumentError, yaql.MappingTranslation, yaql.CollectionTooLarge,
		yaql.MemoryExceeded, yaql.StepsExceeded:
		return yaqlErrors + string(class)
	case yaql.ParserError:
		return "dateutil.parser._parser.ParserError"
	}
	return string(class)
}
