package httpapi

import (
	"net/http"
	"slices"
)

// The headers and methods that oslo.middleware's CORS allows for Heat.
const (
	corsMethods = "GET,PUT,POST,DELETE,PATCH"
	corsRequest = "X-Auth-Token,X-Identity-Status,X-Roles,X-Service-Catalog,X-User-Id,X-Tenant-Id,X-OpenStack-Request-ID,Content-Type,X-Configuration-Session"
	corsExposed = "X-Auth-Token,X-Subject-Token,X-Service-Token,X-OpenStack-Request-ID,Location"
)

// cors lets allowed origins in and answers their preflights; it reports whether it has
// answered.
func (o Outer) cors(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || !slices.Contains(o.Origins, origin) && !slices.Contains(o.Origins, "*") {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", corsExposed)
	h.Add("Vary", "Origin")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", corsMethods)
	h.Set("Access-Control-Allow-Headers", corsRequest)
	h.Set("Access-Control-Max-Age", "3600")
	w.WriteHeader(http.StatusOK)
	return true
}
