package environment

import (
	"hearth/core"
	"hearth/core/job"
	corestore "hearth/core/store"
)

// NeutronNetwork and NovaNetwork are the classes of an environment's own network, by what
// networking the cloud has.
const (
	NeutronNetwork = "io.murano.resources.NeutronNetwork"
	NovaNetwork    = "io.murano.resources.NovaNetwork"
)

// Service is the use cases of environments. It is safe for concurrent use.
type Service struct {
	store   *corestore.Store
	jobs    *job.Client
	network string
}

// Config says what a Service works with.
type Config struct {
	Store *corestore.Store
	Jobs  *job.Client
	// NetworkClass is that of the network of new environments; NeutronNetwork when empty.
	NetworkClass string
}

// NewService makes a Service.
func NewService(cfg Config) *Service {
	s := &Service{store: cfg.Store, jobs: cfg.Jobs, network: cfg.NetworkClass}
	if s.network == "" {
		s.network = NeutronNetwork
	}
	return s
}

// credentials are what a task needs to act for the caller.
func credentials(c *core.Caller) core.Credentials {
	return core.Credentials{UserID: c.UserID, UserName: c.UserName, ProjectID: c.ProjectID, Token: c.Token, TrustID: c.TrustID, Roles: c.Roles}
}
