package cfn

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"strings"

	"github.com/go-chi/chi/v5"

	"hearth/core/cloud"
	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/policy"
)

// Config is what the API needs of the program around it.
type Config struct {
	Engine       *engine.Engine
	Authenticate httpapi.Authenticate
	// Secret gives the secret of a stack user's access key, and the token to go on with; ok is
	// false for any other key. nil: there are no stack users.
	Secret func(ctx context.Context, access string) (secret, token string, ok bool, err error)
	// EC2Token gives the token of who signed a request; Unauthorized for a signature that
	// is not good.
	EC2Token    func(context.Context, cloud.EC2Request) (string, error)
	IdentityURL string            // for who has no token: http://host:5000
	Policy      map[string]string // rules that replace the defaults
	Health      []httpapi.HealthCheck
	// Client fetches TemplateUrl; nil: one with Heat's timeout.
	Client *http.Client
	Log    *slog.Logger
}

// API is the CloudFormation API.
type API struct {
	*httpapi.API
	engine       *engine.Engine
	client       *http.Client
	authenticate httpapi.Authenticate
	ec2Token     func(context.Context, cloud.EC2Request) (string, error)
	secret       func(context.Context, string) (secret, token string, ok bool, err error)
	health       []httpapi.HealthCheck
	log          *slog.Logger
	actions      map[string]answerer
}

// New makes the API. It fails when a rule of Config.Policy cannot be read.
func New(cfg Config) (*API, error) {
	enforcer, err := policy.New(cfg.Policy, policy.Base, rules)
	if err != nil {
		return nil, err
	}
	a := &API{engine: cfg.Engine, client: cfg.Client, authenticate: cfg.Authenticate, ec2Token: cfg.EC2Token, secret: cfg.Secret, health: cfg.Health, log: cfg.Log}
	if a.client == nil {
		a.client = &http.Client{Timeout: engine.TemplateFetchTimeout}
	}
	if a.log == nil {
		a.log = slog.Default()
	}
	a.API = httpapi.New(httpapi.Config{
		Name: "cfn", Title: "Heat CloudFormation", Version: "2010-05-15", Server: "/v1", OtherServers: []string{"/v1.0"},
		Description: "Stacks of cloud resources by the query API of AWS CloudFormation.",
		Faults:      faults{}, FaultModels: map[string]any{jsonType: faultBody{}, xmlMediaType: errorResponse{}}, Security: security, Examples: examples, Rules: enforcer, Authenticate: cfg.Authenticate, IdentityURL: cfg.IdentityURL, Log: cfg.Log,
	})
	a.routes()
	return a, nil
}

// Handler is the whole service: versions, health, and the API under both of its prefixes.
func (a *API) Handler() http.Handler {
	r := chi.NewRouter()
	r.HandleFunc("/", versions)
	r.HandleFunc("/versions", versions)
	r.Get("/healthcheck", httpapi.Health(a.health...))
	r.Head("/healthcheck", httpapi.Health(a.health...))
	a.Documents(r)
	api := a.signed(a.API)
	r.Mount("/v1", api)
	r.Mount("/v1.0", api)
	r.NotFound(otherVersion)
	return r
}

var versionSegment = regexp.MustCompile(`^v\d+(\.\d+)?$`)

// otherVersion answers another version with those there are, and anything else with 404.
func otherVersion(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if rctx := chi.RouteContext(r.Context()); rctx != nil && rctx.RoutePath != "" {
		path = rctx.RoutePath
	}
	if first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); versionSegment.MatchString(first) {
		versions(w, r)
		return
	}
	httpapi.WriteJSON(w, http.StatusNotFound, notFound)
}

type version struct {
	ID     string       `json:"id"`
	Status string       `json:"status"`
	Links  []versionRef `json:"links"`
}

type versionRef struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}

// versions is the version document: 300 with the one version there is.
func versions(w http.ResponseWriter, r *http.Request) {
	v := version{ID: "v1.0", Status: "CURRENT", Links: []versionRef{{Rel: "self", Href: httpapi.MountURL(r) + "/v1/"}}}
	httpapi.WriteJSON(w, http.StatusMultipleChoices, map[string][]version{"versions": {v}})
}
