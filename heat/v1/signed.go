package v1

import (
	"mime"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"hearth/core/engine"
)

// signed lets a signal in by the signature in its address: addresses of this form were given
// out before there were those of the CloudFormation API, and servers still have them. The
// signature is worth a token for that one resource; it counts for signals alone, and only
// where no token is sent.
//
// Such software often leaves the type of the body to its HTTP library, which takes it for a
// form: a signal is JSON all the same.
func signed(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signature := r.URL.Query().Get(engine.SignatureParam)
		if signature == "" || r.Method != http.MethodPost && r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, "/signal") || r.Header.Get("X-Auth-Token") != "" {
			api.ServeHTTP(w, r)
			return
		}
		r = r.Clone(r.Context())
		r.Method = http.MethodPost
		if route := chi.RouteContext(r.Context()); route != nil {
			route.RouteMethod = r.Method
		}
		r.Header.Set("X-Auth-Token", engine.SignatureToken(signature))
		if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && t == "application/x-www-form-urlencoded" {
			r.Header.Set("Content-Type", "application/json")
		}
		api.ServeHTTP(w, r)
	})
}
