package environment

import (
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
	store    *corestore.Store
	jobs     *job.Client
	programs *Programs
	network  string
}

// Config says what a Service works with.
type Config struct {
	Store    *corestore.Store
	Jobs     *job.Client
	Programs *Programs
	// NetworkClass is that of the network of new environments; NeutronNetwork when empty.
	NetworkClass string
}

// NewService makes a Service.
func NewService(cfg Config) *Service {
	s := &Service{store: cfg.Store, jobs: cfg.Jobs, programs: cfg.Programs, network: cfg.NetworkClass}
	if s.network == "" {
		s.network = NeutronNetwork
	}
	return s
}
