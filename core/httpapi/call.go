package httpapi

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"hearth/core"
)

// call is what is known of a request; there is one value of it in each context.
type call struct {
	requestID     string
	globalRequest string
	trustProxy    bool
	path          string        // as it came, in the form that chi routes by
	escaped       string        // as it came, percent-encoded
	request       *http.Request // as the operation sees it
	api           *API
	prefix        string // of the path, before the API's own part: /heat/v1
	route         string // template of the operation
	caller        *core.Caller
	err           error // behind an answer of 500 and above, for the log
}

type callKey struct{}

// callFrom gives the call of a context, an empty one when Outer has not made one.
func callFrom(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{}
}

// withCall makes sure that the request has a call.
func withCall(r *http.Request) (*http.Request, *call) {
	if c, ok := r.Context().Value(callKey{}).(*call); ok {
		return r, c
	}
	c := newCall(r)
	r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
	c.request = r
	return r, c
}

// newCall notes the path before anything strips prefixes from it.
func newCall(r *http.Request) *call {
	c := &call{path: r.URL.RawPath, escaped: r.URL.EscapedPath()}
	if c.path == "" {
		c.path = r.URL.Path
	}
	return c
}

// before is the part of the path that routers have taken off on the way to ctx.
func (c *call) before(ctx context.Context) string {
	if rctx := chi.RouteContext(ctx); rctx != nil && rctx.RoutePath != "" {
		return strings.TrimSuffix(c.path, rctx.RoutePath)
	}
	return ""
}

// CallerFrom gives who sent the token; nil where none is needed.
func CallerFrom(ctx context.Context) *core.Caller { return callFrom(ctx).caller }

// Request gives the request of a handler's context: its headers, its whole query, its
// body where the input declares none.
func Request(ctx context.Context) *http.Request { return callFrom(ctx).request }

// BaseURL is where the API stands as the client sees it, without a slash at the end:
// http://host:8004/v1, or http://host/heat/v1. Links begin with it.
func BaseURL(ctx context.Context) string {
	c := callFrom(ctx)
	return origin(c.request, c.trustProxy) + c.prefix
}

// Origin is scheme, host and the prefix of a trusted proxy: the root of the listener.
func Origin(ctx context.Context) string {
	c := callFrom(ctx)
	return origin(c.request, c.trustProxy)
}

// SelfURL is the address of the request as the client sees it, without its query.
func SelfURL(ctx context.Context) string {
	c := callFrom(ctx)
	return origin(c.request, c.trustProxy) + c.escaped
}

// MountURL is where the router that serves r stands as the client sees it, without a slash
// at the end, for handlers that are no operations.
func MountURL(r *http.Request) string {
	r, c := withCall(r)
	return origin(r, c.trustProxy) + c.before(r.Context())
}

func origin(r *http.Request, trustProxy bool) string {
	scheme, host, prefix := "http", r.Host, ""
	if r.TLS != nil {
		scheme = "https"
	}
	if trustProxy {
		if p := first(r.Header.Get("X-Forwarded-Proto")); p == "http" || p == "https" {
			scheme = p
		}
		if h := first(r.Header.Get("X-Forwarded-Host")); h != "" {
			host = h
		}
		prefix = strings.TrimSuffix(first(r.Header.Get("X-Forwarded-Prefix")), "/")
	}
	return scheme + "://" + host + prefix
}

// first is the first of a list as proxies append to it.
func first(header string) string {
	head, _, _ := strings.Cut(header, ",")
	return strings.TrimSpace(head)
}

// Enforce checks a rule that a handler decides on by itself, for the caller of ctx and
// with the caller's project as %(project_id)s.
func Enforce(ctx context.Context, rule string) error {
	c := callFrom(ctx)
	return c.api.enforce(c.caller, rule)
}

func requestOf(ctx huma.Context) *http.Request {
	r, _ := humachi.Unwrap(ctx)
	return r
}
