package api

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"hearth/core/httpapi"
)

// answer is a success: 200, with no body when there is no result.
type answer struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// reply is a result as JSON.
func reply(v any) (*answer, error) {
	out := &answer{ContentType: typeJSON}
	if v == nil {
		return out, nil
	}
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	out.Body = bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	return out, nil
}

// none is the input of an operation whose path has no parameters.
type none struct{}

// noResult documents an answer without a body.
type noResult struct{}

// register adds an operation whose result T is JSON. A body where the operation takes none
// is refused, as upstream.
func register[I, T any](a *API, method, path, rule, summary string, handler func(context.Context, *request, *I) (any, error), opts ...httpapi.Option) {
	takesBody := method == "POST" || method == "PUT" || method == "PATCH"
	common := []httpapi.Option{httpapi.Response[T](200, typeJSON), httpapi.Errors(404, 406, 413, 415)}
	var zero T
	switch any(zero).(type) {
	case noResult:
		common = append(common, httpapi.Empty())
	case nil: // any value, or none
		common = append(common, httpapi.MayBeEmpty())
	}
	opts = append(common, opts...)
	httpapi.Register(a.http, method, path, rule, summary, func(ctx context.Context, in *I) (*answer, error) {
		r, err := readRequest(ctx)
		if err != nil {
			return nil, err
		}
		if err := acceptable(r.Request, typeJSON); err != nil {
			return nil, err
		}
		if r.hasBody && !takesBody {
			return nil, malformed()
		}
		started := time.Now()
		v, err := handler(ctx, r, in)
		a.statistics.Count(r.caller.ProjectID, time.Since(started), err != nil)
		if err != nil {
			return nil, err
		}
		return reply(v)
	}, opts...)
}

// registerFile adds an operation whose result is bytes of the first of the types; they are
// sent as the type that the handler names, which is one of them.
func registerFile[I any](a *API, path, rule, summary string, types []string, handler func(context.Context, *request, *I) ([]byte, string, error), opts ...httpapi.Option) {
	content := map[string]httpapi.SchemaOf{}
	for _, t := range types {
		content[t] = binary
	}
	opts = append([]httpapi.Option{httpapi.Content(200, content), httpapi.Errors(404, 406, 413, 415)}, opts...)
	httpapi.Register(a.http, "GET", path, rule, summary, func(ctx context.Context, in *I) (*answer, error) {
		r, err := readRequest(ctx)
		if err != nil {
			return nil, err
		}
		if err := acceptable(r.Request, types[0]); err != nil {
			return nil, err
		}
		started := time.Now()
		data, contentType, err := handler(ctx, r, in)
		a.statistics.Count(r.caller.ProjectID, time.Since(started), err != nil)
		if err != nil {
			return nil, err
		}
		return &answer{ContentType: contentType, Body: data}, nil
	}, opts...)
}

// stamp is a time as the API writes it: UTC in whole seconds, without a zone.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") }
