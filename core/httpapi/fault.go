package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// Faults is how one product API shows its errors.
type Faults interface {
	// Answer turns an error into an answer. It gets a *core.Error, a *Problem, or
	// anything else, whose text must not be shown.
	Answer(r *http.Request, err error) Answer
	// Model is an example of the body, for the document.
	Model() any
}

// Answer is an error on its way out. Body is encoded as JSON, unless it is a []byte.
type Answer struct {
	Status      int
	ContentType string // "" is application/json
	Header      http.Header
	Body        any
}

// Problem is what goes wrong with a request before a handler sees it.
type Problem struct {
	Status  int    // 400, 404, 405, 406, 413, 415, 500
	Message string // fit to be shown; "" when the status says all
	Allow   []string
	Size    int64 // of a body too large, as far as it is known
	Limit   int64
}

func (p *Problem) Error() string {
	if p.Message == "" {
		return http.StatusText(p.Status)
	}
	return p.Message
}

// write sends an error as the API's answer.
func (a *API) write(w http.ResponseWriter, r *http.Request, err error) {
	f := a.fault(r, err)
	f.header(w.Header())
	w.WriteHeader(f.answer.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(f.body)
	}
}

// fault renders an error. Errors that say nothing a caller may see are logged.
func (a *API) fault(r *http.Request, err error) *fault {
	f := &fault{answer: a.cfg.Faults.Answer(r, err)}
	if f.answer.Status >= 500 {
		c := callFrom(r.Context())
		c.err = err
	}
	if raw, ok := f.answer.Body.([]byte); ok {
		f.body = raw
		return f
	}
	var buf bytes.Buffer
	if err := encodeJSON(&buf, f.answer.Body); err != nil {
		buf.WriteString("{}")
	}
	f.body = buf.Bytes()
	return f
}

// fault is an Answer as huma passes it from a handler to the wire.
type fault struct {
	answer Answer
	body   []byte
}

func (f *fault) Error() string           { return http.StatusText(f.answer.Status) }
func (f *fault) GetStatus() int          { return f.answer.Status }
func (f *fault) GetHeaders() http.Header { return f.answer.Header }

// ContentType overrides what huma negotiated: an error has the type that its API says.
func (f *fault) ContentType(string) string {
	if f.answer.ContentType == "" {
		return jsonType
	}
	return f.answer.ContentType
}

// Schema keeps huma from registering the type; document.go documents errors.
func (f *fault) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: huma.TypeObject} }

func (f *fault) header(h http.Header) {
	for name, values := range f.answer.Header {
		h[http.CanonicalHeaderKey(name)] = values
	}
	h.Set("Content-Type", f.ContentType(""))
}

// hookHuma sets huma's package variables: the one place where huma has global state. Its
// errors become ours; which API an error belongs to follows from its operation. A list is
// documented as one, not as perhaps null: what may be null says so (nullable:"true").
var hookHuma = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return &fault{answer: Answer{Status: status}, body: []byte("{}")}
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		a, ok := ctx.Operation().Metadata[metadataKey].(*API)
		if !ok {
			return huma.NewError(status, msg, errs...)
		}
		r := requestOf(ctx)
		for _, err := range errs {
			if f, ok := errors.AsType[*fault](err); ok {
				return f
			}
		}
		if status >= 500 {
			return a.fault(r, errors.Join(append([]error{errors.New(msg)}, errs...)...))
		}
		if status == http.StatusUnprocessableEntity {
			status = http.StatusBadRequest // no OpenStack API tells these apart
		}
		return a.fault(r, &Problem{Status: status, Message: explain(msg, errs)})
	}
})

// explain joins huma's message with the places it complains of.
func explain(msg string, errs []error) string {
	var details []string
	for _, err := range errs {
		if d, ok := errors.AsType[*huma.ErrorDetail](err); ok && d.Location != "" {
			details = append(details, fmt.Sprintf("%s: %s", d.Location, d.Message))
		} else if err != nil {
			details = append(details, err.Error())
		}
	}
	if len(details) == 0 {
		return msg
	}
	return strings.Join(details, "; ")
}

// models gives the schemas of an API's errors by media type, under the name Fault where
// their type has none.
func models(registry huma.Registry, cfg Config) map[string]*huma.Schema {
	examples := cfg.FaultModels
	if len(examples) == 0 {
		examples = map[string]any{jsonType: cfg.Faults.Model()}
	}
	out := make(map[string]*huma.Schema, len(examples))
	for t, example := range examples {
		out[t] = registry.Schema(reflect.TypeOf(example), true, "Fault")
	}
	return out
}
