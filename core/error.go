package core

import (
	"errors"
	"fmt"
)

// Code says what a caller can do about an Error. Each API's errors.go turns it into
// a status; nothing else does.
type Code string

// The codes. Internal is what every error has that says nothing else.
const (
	Invalid      Code = "invalid"      // the request is wrong; repeating it changes nothing
	Unauthorized Code = "unauthorized" // no token, or one that is not valid
	Forbidden    Code = "forbidden"    // valid, but not allowed
	NotFound     Code = "not_found"    // the thing, or the caller's right to know of it, is not there
	Conflict     Code = "conflict"     // the state of the thing forbids it now
	Limit        Code = "limit"        // a quota or a size
	Unavailable  Code = "unavailable"  // another service does not answer
	Timeout      Code = "timeout"      // it took too long
	Internal     Code = "internal"     // our fault; the text is for the log
)

// Error is what a caller can act on. Type is the exception name that the upstream
// service shows in its answer (EntityNotFound, StackValidationFailed, …).
type Error struct {
	Code    Code
	Type    string
	Message string
	Err     error // the cause, for logs and errors.Is; never shown
	// Permitted names what a thing's state lets be asked of it instead, in an error about
	// its state; nil in others.
	Permitted []string
}

func (e *Error) Error() string { return e.Message }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of the given code and upstream exception name.
func Errorf(code Code, typ, format string, args ...any) *Error {
	return &Error{Code: code, Type: typ, Message: fmt.Sprintf(format, args...)}
}

// ErrorCode gives the code of the first Error in err's chain: Internal when there is
// none, "" for nil.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// EntityNotFound is Heat's answer for every unknown thing: "The Stack (x) could not be found."
func EntityNotFound(entity, name string) *Error {
	return Errorf(NotFound, "EntityNotFound", "The %s (%s) could not be found.", entity, name)
}

// StackValidationFailed is Heat's answer for what is wrong in a template or its values.
func StackValidationFailed(format string, args ...any) *Error {
	return Errorf(Invalid, "StackValidationFailed", format, args...)
}

// NotSupported is Heat's answer for what the state or the type does not allow.
func NotSupported(what string) *Error {
	return Errorf(Invalid, "NotSupported", "%s is not supported.", what)
}

// RequestLimitExceeded is Heat's answer for sizes and quotas.
func RequestLimitExceeded(format string, args ...any) *Error {
	return Errorf(Limit, "RequestLimitExceeded", "Request limit exceeded: "+format, args...)
}
