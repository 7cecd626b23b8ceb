package httpapi

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"hearth/core"
	"hearth/core/policy"
)

// Config describes one product API.
type Config struct {
	// Name is the label of metrics and logs: heat, murano.
	Name string
	// Title, Version and Description head the document.
	Title, Version, Description string
	// Server is the path under which the document says the API stands: /v1.
	Server string
	// OtherServers are the other paths under which it stands.
	OtherServers []string
	// Prefix stands before the path of every operation: /{tenant_id}.
	Prefix string

	Faults Faults
	// Rules decide on the operations; nil when none names a rule.
	Rules *policy.Enforcer
	// Authenticate gives the caller of a token; nil: no operation needs one.
	Authenticate Authenticate
	// IdentityURL is shown to who has no token: http://host:5000.
	IdentityURL string
	// Check refuses an operation to a caller, whatever the rules say; nil: none. param
	// gives the parameters of the path.
	Check func(caller *core.Caller, param func(name string) string) error
	// Rewrite may change the path before it is routed; nil: as it is. It is the part
	// behind the API's own prefix, percent-encoded.
	Rewrite func(path string) string
	// Formats are the media types of bodies beside JSON.
	Formats map[string]huma.Format
	// FaultModels are examples of the bodies of errors by media type, for the document; none:
	// that of Faults, as JSON.
	FaultModels map[string]any
	// Examples are those of the document, in the form of Examples; none: nil.
	Examples []byte
	// Security are the schemes of the document beside the token (TokenScheme).
	Security map[string]*huma.SecurityScheme
	// Strict lets huma refuse what an operation does not declare. Without it the
	// handlers validate by themselves, in the words of the API they follow.
	Strict bool
	// Log gets panics; nil: the default logger.
	Log *slog.Logger
}

// API is one product API: an http.Handler to be mounted (by chi's Mount) wherever its
// clients expect it, and the document of its operations.
type API struct {
	huma.API
	cfg        Config
	router     *chi.Mux
	faultRefs  map[string]*huma.Schema // by media type
	examples   Examples
	operations []Operation
	ids        map[string]bool
	sole       map[string]bool // paths whose other methods are unknown

	documents sync.Once
	json      []byte
	yaml      []byte
}

// New makes an API without operations.
func New(cfg Config) *API {
	hookHuma()
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	a := &API{cfg: cfg, router: chi.NewRouter(), examples: readExamples(cfg.Examples), ids: map[string]bool{}, sole: map[string]bool{}}
	formats := map[string]huma.Format{jsonType: jsonFormat, "json": jsonFormat}
	for name, f := range cfg.Formats {
		formats[name] = f
	}
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI:    "3.1.0",
			Info:       &huma.Info{Title: cfg.Title, Version: cfg.Version, Description: cfg.Description},
			Components: &huma.Components{Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)},
			Servers:    []*huma.Server{{URL: cfg.Server}},
		},
		Formats:       formats,
		DefaultFormat: jsonType,
	}
	for _, path := range cfg.OtherServers {
		config.OpenAPI.Servers = append(config.OpenAPI.Servers, &huma.Server{URL: path})
	}
	a.API = huma.NewAPI(config, &adapter{api: a})
	a.faultRefs = models(config.Components.Schemas, cfg)
	if cfg.Authenticate != nil {
		config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{TokenScheme: tokenScheme}
		maps.Copy(config.Components.SecuritySchemes, cfg.Security)
		config.OpenAPI.Security = []map[string][]string{{TokenScheme: {}}}
	}
	a.router.NotFound(func(w http.ResponseWriter, r *http.Request) {
		a.write(w, r, &Problem{Status: http.StatusNotFound})
	})
	a.router.MethodNotAllowed(a.methodNotAllowed)
	return a
}

// TokenScheme is the security scheme that every API has which knows its callers.
const TokenScheme = "token"

var tokenScheme = &huma.SecurityScheme{Type: "apiKey", In: "header", Name: "X-Auth-Token", Description: "A token of the identity service."}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r, c := withCall(r)
	c.api, c.request = a, r
	defer a.recover(w, r)
	rctx := chi.RouteContext(r.Context())
	c.prefix = c.before(r.Context())
	if !a.authenticate(w, r, c) {
		return
	}
	mounted := strings.TrimPrefix(c.path, c.prefix)
	route := strings.TrimPrefix(c.escaped, c.prefix)
	if len(route) > 1 {
		route = strings.TrimSuffix(route, "/")
	}
	if a.cfg.Rewrite != nil {
		route = a.cfg.Rewrite(route)
	}
	if route != mounted {
		r = rerouted(r, route, rctx)
		c.request = r
	}
	a.router.ServeHTTP(w, r)
}

// rerouted makes chi route by another path, which is percent-encoded.
func rerouted(r *http.Request, route string, rctx *chi.Context) *http.Request {
	u := *r.URL
	u.RawPath = route // what humachi takes for "parameters are encoded"
	r2 := *r
	r2.URL = &u
	if rctx != nil {
		rctx.RoutePath = route
	}
	return &r2
}

func (a *API) recover(w http.ResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	a.cfg.Log.ErrorContext(r.Context(), "panic", "api", a.cfg.Name, "request_id", callFrom(r.Context()).requestID, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	a.write(w, r, errors.New("panic"))
}

// methods are those that operations have, in the order of an Allow header.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// methodNotAllowed answers OPTIONS with what there is, and anything else with 405, or 404
// where the path has a sole operation.
func (a *API) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	var allow []string
	status := http.StatusMethodNotAllowed
	path := r.URL.EscapedPath()
	if rctx := chi.RouteContext(r.Context()); rctx != nil && rctx.RoutePath != "" {
		path = rctx.RoutePath
	}
	for _, m := range methods {
		if pattern := a.router.Find(chi.NewRouteContext(), m, path); pattern != "" {
			allow = append(allow, m)
			if a.sole[pattern] {
				status = http.StatusNotFound
			}
		}
	}
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", strings.Join(allow, ","))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	a.write(w, r, &Problem{Status: status, Allow: allow})
}

func (a *API) enforce(caller *core.Caller, rule string) error {
	var target map[string]string
	if caller != nil {
		target = map[string]string{"project_id": caller.ProjectID, "user_id": caller.UserID}
	}
	return a.cfg.Rules.Enforce(rule, caller, target)
}
