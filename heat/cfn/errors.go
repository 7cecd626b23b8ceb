package cfn

import (
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// fault is an error of the API (heat/api/aws/exception.py).
type fault struct {
	status            int
	code, explanation string
	detail            string
}

func (f *fault) Error() string {
	if f.detail == "" {
		return f.explanation
	}
	return f.explanation + ":" + f.detail
}

// with is the error with what is wrong in this case.
func (f *fault) with(detail string) *fault {
	out := *f
	out.detail = detail
	return &out
}

// The errors that this API has; upstream names more, which nothing raises.
var (
	errIncompleteSignature  = &fault{status: http.StatusBadRequest, code: "IncompleteSignature", explanation: "The request signature does not conform to AWS standards"}
	errInternal             = &fault{status: http.StatusInternalServerError, code: "InternalFailure", explanation: "The request processing has failed due to an internal error"}
	errInvalidAction        = &fault{status: http.StatusBadRequest, code: "InvalidAction", explanation: "The action or operation requested is invalid"}
	errCombination          = &fault{status: http.StatusBadRequest, code: "InvalidParameterCombination", explanation: "Incompatible parameters were used together"}
	errInvalidParameter     = &fault{status: http.StatusBadRequest, code: "InvalidParameterValue", explanation: "A bad or out-of-range value was supplied"}
	errMalformedQuery       = &fault{status: http.StatusNotFound, code: "MalformedQueryString", explanation: "The query string is malformed"}
	errMissingAuthorization = &fault{status: http.StatusForbidden, code: "MissingAuthenticationToken", explanation: "Does not contain a valid AWS Access Key or certificate"}
	errMissingParameter     = &fault{status: http.StatusBadRequest, code: "MissingParameter", explanation: "A mandatory input parameter is missing"}
	errServiceUnavailable   = &fault{status: http.StatusServiceUnavailable, code: "ServiceUnavailable", explanation: "Service temporarily unavailable"}
	errAlreadyExists        = &fault{status: http.StatusBadRequest, code: "AlreadyExists", explanation: "Resource with the name requested already exists"}
	errAccessDenied         = &fault{status: http.StatusForbidden, code: "AccessDenied", explanation: "User is not authorized to perform action"}
	errActionInProgress     = &fault{status: http.StatusBadRequest, code: "InvalidAction", explanation: "Cannot perform action on stack while other actions are in progress"}
	errRequestLimit         = &fault{status: http.StatusBadRequest, code: "RequestLimitExceeded", explanation: "Payload exceeds maximum allowed size"}
)

// byType are the errors whose name tells more than their code.
var byType = map[string]*fault{"StackExists": errAlreadyExists, "ActionInProgress": errActionInProgress, "InvalidTenant": errInvalidParameter}

var byCode = map[core.Code]*fault{
	core.Invalid: errInvalidParameter, core.NotFound: errInvalidParameter, core.Conflict: errInvalidParameter, core.Limit: errRequestLimit,
	core.Unauthorized: errAccessDenied, core.Forbidden: errAccessDenied,
	core.Unavailable: errServiceUnavailable, core.Timeout: errServiceUnavailable,
}

// faultOf finds the API's error for any.
func faultOf(err error) *fault {
	if f, ok := errors.AsType[*fault](err); ok {
		return f
	}
	if p, ok := errors.AsType[*httpapi.Problem](err); ok {
		switch p.Status {
		case http.StatusRequestEntityTooLarge:
			return errRequestLimit
		case http.StatusNotFound, http.StatusMethodNotAllowed:
			return errInvalidAction
		case http.StatusInternalServerError:
			return errInternal
		}
		return errInvalidParameter.with(p.Message)
	}
	e, ok := errors.AsType[*core.Error](err)
	if !ok || e.Code == core.Internal && e.Type == "" {
		return errInternal
	}
	f, ok := byType[e.Type]
	if !ok {
		f, ok = byCode[e.Code]
	}
	if !ok {
		f = errInternal
	}
	if e.Code == core.Unauthorized {
		return f
	}
	return f.with(e.Message)
}

// body is the error as it is answered.
func (f *fault) body() *yaml.Map {
	kind := "Sender"
	if f.status >= http.StatusInternalServerError {
		kind = "Server"
	}
	return yaml.MapOf("ErrorResponse", yaml.MapOf("Error", yaml.MapOf("Type", kind, "Code", f.code, "Message", f.Error())))
}

// faults shows errors in XML, or in JSON where the parameters ask for it.
type faults struct{}

// faultBody is the body of an error in JSON; in XML its key is the root.
type faultBody struct {
	ErrorResponse errorResponse `json:"ErrorResponse"`
}

type errorResponse struct {
	Error errorDetail `json:"Error"`
}

// TransformSchema implements huma.SchemaTransformer.
func (errorResponse) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Extensions = inXML("name", "ErrorResponse")
	return s
}

type errorDetail struct {
	Type    string `json:"Type" enum:"Sender,Server"`
	Code    string `json:"Code" example:"InvalidParameterValue"`
	Message string `json:"Message"`
}

// Answer implements httpapi.Faults.
func (faults) Answer(r *http.Request, err error) httpapi.Answer {
	if p, ok := errors.AsType[*httpapi.Problem](err); ok && p.Status == http.StatusNotFound {
		return httpapi.Answer{Status: p.Status, Body: notFound}
	}
	f := faultOf(err)
	if a, err := inputOf(r.Context()).answer(f.body()); err == nil {
		return httpapi.Answer{Status: f.status, ContentType: a.ContentType, Body: a.Body}
	}
	return httpapi.Answer{Status: f.status, ContentType: xmlType, Body: encodeXML(f.body())}
}

// Model implements httpapi.Faults.
func (faults) Model() any { return faultBody{} }

// webobBody is the body of what webob answers by itself.
type webobBody struct {
	Message string `json:"message"`
	Code    string `json:"code"`
	Title   string `json:"title"`
}

var notFound = webobBody{"The resource could not be found.<br /><br />\n\n\n", "404 Not Found", "Not Found"}
