package api

import (
	"log/slog"

	"hearth/core/httpapi"
	"hearth/core/policy"
	"hearth/murano/catalog"
	"hearth/murano/environment"
	"hearth/murano/statistics"
)

// Config says what the API works with.
type Config struct {
	Environments *environment.Service
	Catalog      *catalog.Service
	Statistics   *statistics.Collector
	// Rules must hold Policies.
	Rules        *policy.Enforcer
	Authenticate httpapi.Authenticate
	IdentityURL  string
	Log          *slog.Logger
}

// API holds what the handlers need.
type API struct {
	environments *environment.Service
	catalog      *catalog.Service
	statistics   *statistics.Collector
	http         *httpapi.API
}

// New makes the API, to be mounted at /v1; Versions belongs beside it.
func New(cfg Config) *httpapi.API {
	a := &API{environments: cfg.Environments, catalog: cfg.Catalog, statistics: cfg.Statistics}
	a.http = httpapi.New(httpapi.Config{
		Name: "murano", Title: "Murano application catalogue", Version: "v1",
		Description: "Environments of applications, their deployments, and the catalogue that the applications come from.",
		Server:      "/v1",
		Faults:      faults{}, FaultModels: faultModels, Examples: examples, Rules: cfg.Rules, Authenticate: cfg.Authenticate, IdentityURL: cfg.IdentityURL, Log: cfg.Log,
	})
	a.routes()
	return a.http
}
