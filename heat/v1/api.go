package v1

import (
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/go-chi/chi/v5"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/policy"
)

// Config is what the API needs of the program around it.
type Config struct {
	Engine       *engine.Engine
	Authenticate httpapi.Authenticate
	IdentityURL  string            // for who has no token: http://host:5000
	Policy       map[string]string // rules that replace the defaults
	Revision     string            // of the build; "" is shown as unknown
	Health       []httpapi.HealthCheck
	// EnableStackAdopt and EnableStackAbandon are Heat's switches of adopting stacks, and of
	// abandoning and exporting them; both are off in Heat by default.
	EnableStackAdopt, EnableStackAbandon bool
	// Client fetches template_url; nil: one with Heat's timeout.
	Client *http.Client
	Log    *slog.Logger
}

// API is the Heat v1 API.
type API struct {
	*httpapi.API
	engine   *engine.Engine
	client   *http.Client
	revision string
	enforcer *policy.Enforcer
	health   []httpapi.HealthCheck
	adopts   bool
	abandons bool
}

// New makes the API. It fails when a rule of Config.Policy cannot be read.
func New(cfg Config) (*API, error) {
	enforcer, err := policy.New(cfg.Policy, policy.Base, rules, policy.ResourceTypes)
	if err != nil {
		return nil, err
	}
	a := &API{engine: cfg.Engine, enforcer: enforcer, client: cfg.Client, revision: cfg.Revision, health: cfg.Health,
		adopts: cfg.EnableStackAdopt, abandons: cfg.EnableStackAbandon}
	if a.client == nil {
		a.client = &http.Client{Timeout: engine.TemplateFetchTimeout}
	}
	if a.revision == "" {
		a.revision = "unknown"
	}
	a.API = httpapi.New(httpapi.Config{
		Name: "heat", Title: "Heat v1", Version: "1.0", Server: "/v1", OtherServers: []string{"/v1.0"}, Prefix: "/{tenant_id}",
		Description: "Stacks of cloud resources, made from templates: the orchestration API of OpenStack, version 1.",
		Faults:      faults{}, Rules: enforcer, Authenticate: cfg.Authenticate, IdentityURL: cfg.IdentityURL,
		Security: security, Examples: examples, Check: sameProject, Rewrite: rewrite, Log: cfg.Log,
	})
	a.routes()
	return a, nil
}

// MayUse reports whether the rules let a caller use a resource type.
func (a *API) MayUse(caller *core.Caller, resourceType string) bool {
	return a.enforcer.MayUse(caller, resourceType)
}

// sameProject wants the project of the token in the path. An administrator may name
// another one, and still gets its own (heat/api/openstack/v1/util.py).
func sameProject(caller *core.Caller, param func(string) string) error {
	if param("tenant_id") == caller.ProjectID || caller.IsAdmin() {
		return nil
	}
	return core.Errorf(core.Forbidden, "HTTPForbidden", "%s", explanations[http.StatusForbidden])
}

// rewrite leads paths nowhere that have an empty segment or a NUL, for no parameter of a path
// may be empty and no name has one, and joins ARNs.
func rewrite(path string) string {
	if strings.Contains(path, "//") || strings.Contains(path, "%00") {
		return "/"
	}
	return joinARN(path)
}

// joinARN makes one segment of an ARN behind /stacks/, whose slashes need not be quoted.
func joinARN(path string) string {
	const marker = "/stacks/"
	head, tail, found := strings.Cut(path, marker)
	if !found || len(tail) < 4 || !strings.EqualFold(tail[:3], "arn") || tail[3] != ':' && tail[3] != '%' {
		return path
	}
	text, err := url.PathUnescape(tail)
	if err != nil || !strings.HasPrefix(text, "arn:") {
		return path
	}
	return head + marker + url.PathEscape(text)
}

// Handler is the whole service: versions, health, the document, and the API under both
// of its prefixes.
func (a *API) Handler() http.Handler {
	r := chi.NewRouter()
	r.Get("/", a.versions)
	r.Get("/versions", a.versions)
	r.Get("/healthcheck", httpapi.Health(a.health...))
	r.Head("/healthcheck", httpapi.Health(a.health...))
	a.Documents(r)
	r.Mount("/v1", signed(a.API))
	r.Mount("/v1.0", signed(a.API))
	r.NotFound(a.otherVersion)
	r.MethodNotAllowed(a.otherVersion)
	return r
}

var versionSegment = regexp.MustCompile(`^v\d+(\.\d+)?$`)

// versioned is the media type that stands for the prefix /v1.
const versioned = "application/vnd.openstack.orchestration-v1.0"

// otherVersion answers what is below no known prefix: the versions there are when it is
// another one, the API itself when the Accept header says so, or 404.
func (a *API) otherVersion(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if rctx := chi.RouteContext(r.Context()); rctx != nil && rctx.RoutePath != "" {
		path = rctx.RoutePath
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case versionSegment.MatchString(first):
		a.versions(w, r)
	case strings.Contains(r.Header.Get("Accept"), versioned):
		a.API.ServeHTTP(w, r)
	default:
		httpapi.WriteJSON(w, http.StatusNotFound, notFound)
	}
}
