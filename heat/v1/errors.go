package v1

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hearth/core"
	"hearth/core/diag"
	"hearth/core/httpapi"
)

// faults shows errors as heat/api/middleware/fault.py does.
type faults struct{}

// faultBody is the body of an error.
type faultBody struct {
	Code        int         `json:"code" example:"404"`
	Title       string      `json:"title" example:"Not Found"`
	Explanation string      `json:"explanation" example:"The resource could not be found."`
	Error       faultDetail `json:"error"`
}

type faultDetail struct {
	Type      string  `json:"type" example:"EntityNotFound" doc:"The name of the exception."`
	Traceback *string `json:"traceback"`
	Message   string  `json:"message,omitempty" example:"The Stack (x) could not be found."`
}

// permittedHeader says, in an answer that refuses a request for a stack's state, what the
// state lets be asked of the stack instead.
const permittedHeader = "X-Hearth-Permitted"

// statuses are those of exception names that their code does not tell
// (heat/api/middleware/fault.py error_map); some mistakes of users answer 500 there.
var statuses = map[string]int{
	"InvalidTenant": http.StatusForbidden, "Forbidden": http.StatusForbidden,

	"InvalidGlobalResource": http.StatusInternalServerError, "RevertFailed": http.StatusInternalServerError,
	"StopActionFailed": http.StatusInternalServerError, "EventSendFailed": http.StatusInternalServerError,
	"ServerBuildFailed": http.StatusInternalServerError, "InvalidEncryptionKey": http.StatusInternalServerError,
	"ConflictingMergeStrategyForParam": http.StatusInternalServerError, "InvalidMergeStrategyForParam": http.StatusInternalServerError,
	"InvalidRestrictedAction": http.StatusInternalServerError, "InvalidExternalResourceDependency": http.StatusInternalServerError,
}

var codes = map[core.Code]int{
	core.Invalid: http.StatusBadRequest, core.Limit: http.StatusBadRequest,
	core.Unauthorized: http.StatusUnauthorized, core.Forbidden: http.StatusForbidden,
	core.NotFound: http.StatusNotFound, core.Conflict: http.StatusConflict,
	core.Unavailable: http.StatusServiceUnavailable, core.Timeout: http.StatusGatewayTimeout,
	core.Internal: http.StatusInternalServerError,
}

// explanations are webob's, by status.
var explanations = map[int]string{
	http.StatusUnauthorized:        "This server could not verify that you are authorized to access the document you requested.",
	http.StatusForbidden:           "Access was denied to this resource.",
	http.StatusNotFound:            "The resource could not be found.",
	http.StatusConflict:            "There was a conflict when trying to complete your request.",
	http.StatusInternalServerError: "The server has either erred or is incapable of performing the requested operation.",
	http.StatusServiceUnavailable:  "The server is currently unavailable. Please try again at a later time.",
	http.StatusGatewayTimeout:      "The gateway has timed out.",
}

const malformed = "The server could not comply with the request since it is either malformed or otherwise incorrect."

// webobBody is the body of what webob answers by itself.
type webobBody struct {
	Message string `json:"message"`
	Code    string `json:"code"`
	Title   string `json:"title"`
}

var notFound = webob(http.StatusNotFound, "The resource could not be found.<br /><br />\n\n\n")

func webob(status int, message string) webobBody {
	title := http.StatusText(status)
	return webobBody{message, strconv.Itoa(status) + " " + title, title}
}

// Answer implements httpapi.Faults.
func (faults) Answer(_ *http.Request, err error) httpapi.Answer {
	if p, ok := errors.AsType[*httpapi.Problem](err); ok {
		return problem(p)
	}
	e, ok := errors.AsType[*core.Error](err)
	if !ok || e.Code == core.Internal && e.Type == "" {
		return fault(http.StatusInternalServerError, "RemoteError", "")
	}
	status, ok := statuses[e.Type]
	if !ok {
		status = codes[e.Code]
	}
	typ := e.Type
	if typ == "" {
		typ = webobType(status)
	}
	answer := fault(status, typ, remoteText(e))
	if len(e.Permitted) > 0 { // in a header: the body is Heat's
		answer.Header = http.Header{permittedHeader: {strings.Join(e.Permitted, ", ")}}
	}
	return answer
}

// remoteText is the message as it comes out of Heat's message bus, which puts together once
// more what is together already: what stands before a StackValidationFailed's own words is
// set off twice ("Property error: : resources.x.properties.length: : 9999 is out of range …").
// Clients look for these texts. Validate answers without the bus, see validationError.
func remoteText(e *core.Error) string {
	found, _ := errors.AsType[diag.List](e.Err)
	i := slices.IndexFunc(found, func(d diag.Diagnostic) bool { return d.Severity != diag.Warning })
	if i < 0 || e.Type != "StackValidationFailed" {
		return e.Message
	}
	var b strings.Builder
	for _, part := range []string{found[i].Kind, found[i].Path} {
		if part != "" {
			b.WriteString(part + ": : ")
		}
	}
	return b.String() + found[i].Message
}

// Model implements httpapi.Faults.
func (faults) Model() any { return faultBody{} }

func problem(p *httpapi.Problem) httpapi.Answer {
	switch p.Status {
	case http.StatusNotFound:
		return httpapi.Answer{Status: p.Status, Body: notFound}
	case http.StatusMethodNotAllowed:
		return fault(p.Status, "HTTPMethodNotAllowed", malformed)
	case http.StatusInternalServerError:
		return fault(p.Status, "RemoteError", "")
	case http.StatusRequestEntityTooLarge:
		e := core.RequestLimitExceeded("JSON body size (%d bytes) exceeds maximum allowed size (%d bytes).", p.Size, p.Limit)
		return fault(http.StatusBadRequest, e.Type, e.Message)
	}
	return fault(http.StatusBadRequest, "HTTPBadRequest", p.Message)
}

func fault(status int, typ, message string) httpapi.Answer {
	explanation, ok := explanations[status]
	if !ok {
		explanation = malformed
	}
	return httpapi.Answer{Status: status, Body: faultBody{
		Code: status, Title: http.StatusText(status), Explanation: explanation, Error: faultDetail{Type: typ, Message: message},
	}}
}

// webobType is the class of an error that has no other name.
func webobType(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "HTTPBadRequest"
	case http.StatusUnauthorized:
		return "HTTPUnauthorized"
	case http.StatusForbidden:
		return "HTTPForbidden"
	case http.StatusNotFound:
		return "HTTPNotFound"
	case http.StatusConflict:
		return "HTTPConflict"
	case http.StatusServiceUnavailable:
		return "HTTPServiceUnavailable"
	}
	return "HTTPInternalServerError"
}

// badRequest is the error of a request that the API itself finds wrong.
func badRequest(format string, args ...any) error {
	return core.Errorf(core.Invalid, "HTTPBadRequest", format, args...)
}

// valueError is what the engine of Heat says to a wrong argument: no text is sent.
func valueError() error { return &core.Error{Code: core.Invalid, Type: "ValueError"} }
