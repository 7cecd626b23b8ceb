package api

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/murano"
)

// faults shows errors in the two shapes that Murano has.
//
// What it refuses on purpose is an exception of webob: JSON, HTML or text as the client
// accepts it, with an explanation and perhaps a detail. What it does not catch goes through
// its FaultWrapper, which says JSON and calls it text/html.
type faults struct{}

var _ httpapi.Faults = faults{}

// Faults shows errors as this API does, for the service broker.
func Faults() httpapi.Faults { return faults{} }

// Model is the shape that clients meet.
func (faults) Model() any {
	return refusal{Message: "Environment with id 5 not found<br /><br />\n\n\n", Code: "404 Not Found", Title: "Not Found"}
}

type refusal struct {
	Message string `json:"message" doc:"What is wrong, then a line of detail."`
	Code    string `json:"code" doc:"The status with its words."`
	Title   string `json:"title" doc:"The words of the status."`
}

// Answer renders an error.
func (faults) Answer(r *http.Request, err error) httpapi.Answer {
	if p, ok := errors.AsType[*httpapi.Problem](err); ok {
		return problem(r, p)
	}
	e, ok := errors.AsType[*core.Error](err)
	if !ok {
		e = &core.Error{Code: core.Internal, Type: "Exception", Message: "Internal Server Error"}
	}
	status := statuses[e.Code]
	if status == 0 {
		status = http.StatusInternalServerError
	}
	switch e.Type {
	case murano.Explained:
		return refuse(r, status, e.Message, "")
	case murano.Detailed:
		return refuse(r, status, "", e.Message)
	case "", "Forbidden", "Unauthorized": // of the rules and the identity service
		return refuse(r, status, "", "")
	}
	return raised(status, e)
}

var statuses = map[core.Code]int{
	core.Invalid: http.StatusBadRequest, core.Unauthorized: http.StatusUnauthorized, core.Forbidden: http.StatusForbidden,
	core.NotFound: http.StatusNotFound, core.Conflict: http.StatusConflict, core.Limit: http.StatusForbidden,
	core.Unavailable: http.StatusServiceUnavailable, core.Timeout: http.StatusGatewayTimeout, core.Internal: http.StatusInternalServerError,
}

// problem is what goes wrong before a handler: a method that there is not is no route.
func problem(r *http.Request, p *httpapi.Problem) httpapi.Answer {
	switch p.Status {
	case http.StatusMethodNotAllowed:
		return refuse(r, http.StatusNotFound, "", "")
	case http.StatusNotAcceptable:
		return render(r, p.Status, "The resource could not be generated that was acceptable to your browser\n(content of type "+
			r.Header.Get("Accept")+". <br /><br />\n", "Acceptable response can not be provided")
	case http.StatusUnsupportedMediaType:
		return render(r, p.Status, "The request media type "+r.Header.Get("Content-Type")+" is not supported by this server.\n<br /><br />\n",
			"Unsupported Content-Type")
	}
	return refuse(r, p.Status, p.Message, "")
}

// explanations are webob's own words for a status.
var explanations = map[int]string{
	http.StatusBadRequest: "The server could not comply with the request since it is either malformed or otherwise incorrect.",
	http.StatusUnauthorized: "This server could not verify that you are authorized to access the document you requested.  Either you supplied the " +
		"wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.",
	http.StatusForbidden:             "Access was denied to this resource.",
	http.StatusNotFound:              "The resource could not be found.",
	http.StatusConflict:              "There was a conflict when trying to complete your request.",
	http.StatusRequestEntityTooLarge: "The body of your request was too large for this server.",
	http.StatusServiceUnavailable:    "The server is currently unavailable. Please try again at a later time.",
	http.StatusInternalServerError:   "The server has either erred or is incapable of performing the requested operation.",
}

// refuse is an exception of webob.
func refuse(r *http.Request, status int, explanation, detail string) httpapi.Answer {
	if explanation == "" {
		explanation = explanations[status]
	}
	return render(r, status, explanation+"<br /><br />\n", detail+"\n\n")
}

// render writes the text in the form that the client likes best: HTML when it takes anything,
// which is what muranoclient can read.
func render(r *http.Request, status int, head, detail string) httpapi.Answer {
	code := fmt.Sprintf("%d %s", status, http.StatusText(status))
	switch best(r, "text/html", "application/json") {
	case "application/json":
		return httpapi.Answer{Status: status, Body: refusal{Message: head + detail, Code: code, Title: http.StatusText(status)}}
	case "text/html":
		// The breaks of the templates are markup, all else is text.
		body := strings.ReplaceAll(escaped.Replace(head+detail), "&lt;br /&gt;", "<br />")
		return httpapi.Answer{Status: status, ContentType: "text/html; charset=UTF-8", Body: fmt.Appendf(nil,
			"<html>\n <head>\n  <title>%[1]s</title>\n </head>\n <body>\n  <h1>%[1]s</h1>\n  %[2]s\n </body>\n</html>", code, body)}
	}
	return httpapi.Answer{Status: status, ContentType: "text/plain; charset=UTF-8", Body: []byte(code + "\n\n" + withoutTags(head+detail))}
}

// escaped is Python's html.escape.
var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;")

var (
	breaks = regexp.MustCompile(`(?is)<br.*?>`)
	tags   = regexp.MustCompile(`(?s)<.*?>`)
)

// withoutTags is webob's strip_tags: it takes what stands in angle brackets for markup.
func withoutTags(s string) string {
	return tags.ReplaceAllString(breaks.ReplaceAllString(strings.ReplaceAll(s, "\n", " "), "\n"), "")
}

// raised is an exception that upstream does not catch (murano/api/middleware/fault.py).
func raised(status int, e *core.Error) httpapi.Answer {
	return httpapi.Answer{Status: status, ContentType: "text/html; charset=UTF-8", Body: wrapped{
		Code: status, Title: http.StatusText(status), Explanation: explanations[status],
		Error: exception{Message: e.Message, Type: e.Type},
	}}
}

type wrapped struct {
	Code        int       `json:"code"`
	Title       string    `json:"title"`
	Explanation string    `json:"explanation"`
	Error       exception `json:"error"`
}

type exception struct {
	Message   string  `json:"message"`
	Type      string  `json:"type"`
	Traceback *string `json:"traceback"` // always null: it is not for clients
}
