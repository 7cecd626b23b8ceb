package cloud

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// Config says which cloud there is and who Hearth is in it.
type Config struct {
	AuthURL   string        // of Keystone, with or without /v3
	Region    string        // "" takes the first that the catalogue has
	Interface string        // public (the default), internal or admin
	Timeout   time.Duration // of one request; 0 is a minute
	UserAgent string
	Service   ServiceUser
	// StackDomain is where the accounts of software in servers are made.
	StackDomain StackDomain
	// HTTP lends its transport and time-out; nil makes a pool of its own.
	HTTP *http.Client
	// Now is the clock of the caches; nil is time.Now.
	Now func() time.Time
	// DelegatedRoles are the roles that users delegate to Hearth; nil is all that they have.
	DelegatedRoles []string
	// NoStandIn keeps Hearth from acting in its own name where what a user lent is gone.
	NoStandIn bool
	// Log hears when Hearth stands in for a user; nil discards it.
	Log *slog.Logger
}

// ServiceUser is the identity of Hearth itself. It validates tokens and is the trustee
// of the trusts that users give. The zero value leaves both out: a token then
// validates itself, and clients work only as long as their tokens.
type ServiceUser struct {
	UserName, UserDomain, Password string
	ProjectName, ProjectDomain     string
}

// Cloud is one OpenStack cloud. It is safe for concurrent use.
type Cloud struct {
	identity string // endpoint of Keystone v3, ends with /
	cfg      Config
	http     http.Client
	now      func() time.Time

	clients  *otter.Cache[key, *Client]
	verdicts *otter.Cache[key, verdict]
	found    *otter.Cache[findKey, string]
	service  serviceSession
	stacks   domainAdmin
	serial   atomic.Uint64

	ec2Renewed atomic.Int64 // when a refused signature last made Hearth log in, in Unix nanoseconds

	tempURLKeys sync.Mutex
}

const (
	maxClients  = 10_000
	maxVerdicts = 100_000
	maxFound    = 50_000
	findLife    = 10 * time.Second
)

// New makes a Cloud. It calls nothing yet.
func New(cfg Config) *Cloud {
	if cfg.Interface == "" {
		cfg.Interface = "public"
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = time.Minute
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	c := &Cloud{cfg: cfg, now: cfg.Now, identity: identityEndpoint(cfg.AuthURL)}
	c.http = http.Client{Timeout: cfg.Timeout, Transport: pool()}
	if cfg.HTTP != nil {
		c.http = *cfg.HTTP
		if c.http.Transport == nil {
			c.http.Transport = http.DefaultTransport
		}
	}
	c.http.Transport = traced{c.http.Transport}
	c.clients = otter.Must(&otter.Options[key, *Client]{
		MaximumSize:      maxClients,
		ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[key, *Client]) time.Duration { return e.Value.life }),
	})
	c.verdicts = otter.Must(&otter.Options[key, verdict]{
		MaximumSize:      maxVerdicts,
		ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[key, verdict]) time.Duration { return e.Value.life }),
	})
	c.found = otter.Must(&otter.Options[findKey, string]{
		MaximumSize:      maxFound,
		ExpiryCalculator: otter.ExpiryWriting[findKey, string](findLife),
	})
	return c
}

// Region is the region of the configuration; "" for the first that the catalogue has.
func (c *Cloud) Region() string { return c.cfg.Region }

// Close stops the caches and lets go of idle connections.
func (c *Cloud) Close() {
	c.clients.StopAllGoroutines()
	c.verdicts.StopAllGoroutines()
	c.found.StopAllGoroutines()
	c.http.CloseIdleConnections()
}

func pool() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns = 512
	t.MaxIdleConnsPerHost = 128
	t.IdleConnTimeout = 90 * time.Second
	return t
}

func identityEndpoint(url string) string {
	url = strings.TrimRight(url, "/")
	return strings.TrimSuffix(url, "/v3") + "/v3/"
}
