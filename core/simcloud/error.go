package simcloud

import (
	"errors"
	"fmt"
	"html"
	"net/http"
)

// An apiError is an answer a client is meant to see. Each service renders it
// in its own shape; kind is Neutron's exception class.
type apiError struct {
	status  int
	kind    string
	message string
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s: %s", e.status, e.kind, e.message) }

func badRequest(format string, a ...any) error {
	return &apiError{http.StatusBadRequest, "BadRequest", fmt.Sprintf(format, a...)}
}

func forbidden(format string, a ...any) error {
	return &apiError{http.StatusForbidden, "PolicyNotAuthorized", fmt.Sprintf(format, a...)}
}

func notFound(format string, a ...any) error {
	return &apiError{http.StatusNotFound, "NotFound", fmt.Sprintf(format, a...)}
}

func conflict(kind, format string, a ...any) error {
	return &apiError{http.StatusConflict, kind, fmt.Sprintf(format, a...)}
}

var errUnauthorized = &apiError{http.StatusUnauthorized, "Unauthorized", "The request you have made requires authentication."}

// asAPIError hides everything that is not meant for the client.
func asAPIError(err error) *apiError {
	var e *apiError
	if errors.As(err, &e) {
		return e
	}
	return &apiError{http.StatusInternalServerError, "InternalServerError", "The server has either erred or is incapable of performing the requested operation."}
}

// keystoneError is also what keystonemiddleware answers for every service.
func keystoneError(e *apiError) (string, any) {
	return "application/json", object{"error": object{"code": e.status, "message": e.message, "title": http.StatusText(e.status)}}
}

// novaError follows nova/api/openstack/wsgi.py Fault; Cinder's is the same.
func novaError(e *apiError) (string, any) {
	name, ok := map[int]string{
		400: "badRequest", 401: "unauthorized", 403: "forbidden", 404: "itemNotFound", 405: "badMethod",
		406: "notAcceptable", 409: "conflictingRequest", 413: "overLimit", 415: "badMediaType", 429: "overLimit",
		501: "notImplemented", 503: "serviceUnavailable",
	}[e.status]
	if !ok {
		name = "computeFault"
	}
	return "application/json", object{name: object{"code": e.status, "message": e.message}}
}

func neutronError(e *apiError) (string, any) {
	return "application/json", object{"NeutronError": object{"type": e.kind, "message": e.message, "detail": ""}}
}

// glanceError follows webob's HTML rendering, which the SDK knows how to read.
func glanceError(e *apiError) (string, any) {
	title := fmt.Sprintf("%d %s", e.status, http.StatusText(e.status))
	return "text/html; charset=UTF-8", []byte(fmt.Sprintf("<html>\n <head>\n  <title>%s</title>\n </head>\n <body>\n  <h1>%s</h1>\n  %s<br /><br />\n\n </body>\n</html>",
		title, title, html.EscapeString(e.message)))
}
