package cloud

import (
	"context"
	"net/http"
)

type requestIDKey struct{}

// WithRequestID makes every request to the cloud under ctx carry id (req-<uuid>) as its
// global request id, so that the logs of the services can be joined with ours.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// traced sets the header that oslo.middleware reads as the global request id.
type traced struct{ next http.RoundTripper }

func (t traced) RoundTrip(r *http.Request) (*http.Response, error) {
	if id, _ := r.Context().Value(requestIDKey{}).(string); id != "" {
		r = r.Clone(r.Context())
		r.Header.Set("X-Openstack-Request-Id", id)
	}
	return t.next.RoundTrip(r)
}

// CloseIdleConnections reaches the pool behind it.
func (t traced) CloseIdleConnections() {
	if p, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		p.CloseIdleConnections()
	}
}
