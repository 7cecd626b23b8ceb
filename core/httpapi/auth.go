package httpapi

import (
	"context"
	"net/http"

	"hearth/core"
)

// Authenticate turns a token into its caller. It returns Unauthorized for a token that is
// not valid and Unavailable when the identity service does not answer.
type Authenticate func(ctx context.Context, token string) (*core.Caller, error)

// unauthorized is keystonemiddleware's answer, the same for every service.
const unauthorized = `{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}`

// authenticate sets the caller of the call, or answers and returns false.
func (a *API) authenticate(w http.ResponseWriter, r *http.Request, c *call) bool {
	if a.cfg.Authenticate == nil {
		return true
	}
	var caller *core.Caller
	var err error
	if token := r.Header.Get("X-Auth-Token"); token != "" {
		caller, err = a.cfg.Authenticate(r.Context(), token)
	} else {
		err = &core.Error{Code: core.Unauthorized}
	}
	if err == nil {
		own := *caller // the authenticator may keep callers; the ids are of this request
		own.RequestID, own.GlobalRequest = c.requestID, c.globalRequest
		c.caller = &own
		return true
	}
	if core.ErrorCode(err) != core.Unauthorized {
		a.write(w, r, err)
		return false
	}
	w.Header().Set("WWW-Authenticate", `Keystone uri="`+a.cfg.IdentityURL+`"`)
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(http.StatusUnauthorized)
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(unauthorized))
	}
	return false
}
