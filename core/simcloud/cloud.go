package simcloud

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
)

// Options configures New.
type Options struct {
	// Path is the SQLite file that keeps everything; "" keeps it in memory.
	Path string
	// BaseURL is the address the handler is reached at, without a trailing
	// slash, such as http://127.0.0.1:5000. Catalog and links derive from it.
	BaseURL string
	// Endpoints are further catalog entries; they are brought up to date at
	// every start.
	Endpoints []Endpoint
	// AdminPassword is the password of the users admin and demo. It is used at
	// the first start only.
	AdminPassword string
	// ServicePassword is the password of the user hearth, who is admin in the
	// project service. It is set at every start; "" leaves the user alone.
	ServicePassword string
	// StackDomainPassword is the password of the user heat_domain_admin, who is admin of the
	// domain heat. It is set at every start; "" makes neither.
	StackDomainPassword string
	// BuildTime is how long servers and volumes take to build, rebuild, resize
	// and so on; 0 means done by the first read.
	BuildTime time.Duration
	// TokenLife is how long tokens are valid; 0 is a day.
	TokenLife time.Duration
	// AgentURL is the start of the addresses at which the agents in servers ask for their
	// plans; with it the cloud answers in their place. "" has no agents.
	AgentURL string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Log receives internal failures; nil discards them.
	Log *slog.Logger
}

// Endpoint is one service of the catalog. In URL, %(project_id)s stands for
// the project of the token; unscoped tokens do not see such endpoints.
type Endpoint struct {
	Type, Name, URL string
}

// Cloud is a simulated OpenStack.
type Cloud struct {
	base      string
	buildTime time.Duration
	tokenLife time.Duration
	now       func() time.Time
	log       *slog.Logger
	store     *store
	faults    rules[Fault]
	agents    *agents
	handler   http.Handler
	// lastAddress is where the search for a free address goes on, by subnet;
	// only writers use it.
	lastAddress map[string]netip.Addr
}

// New opens the simulated cloud and seeds it at its first start.
func New(ctx context.Context, o Options) (*Cloud, error) {
	s, err := openStore(ctx, o.Path)
	if err != nil {
		return nil, err
	}
	c := &Cloud{base: strings.TrimSuffix(o.BaseURL, "/"), buildTime: o.BuildTime, tokenLife: o.TokenLife, now: o.Now, log: o.Log, store: s, agents: newAgents(o.AgentURL), lastAddress: map[string]netip.Addr{}}
	if c.tokenLife == 0 {
		c.tokenLife = 24 * time.Hour
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if err := c.seed(ctx, o); err != nil {
		return nil, errors.Join(err, s.close())
	}
	c.handler = c.mux()
	err = s.read(func(t *tx) error {
		for _, r := range t.all("server") {
			c.startAgent(r)
		}
		return nil
	})
	return c, err
}

// Handler serves all services: Keystone at /v3, Nova at /compute, Neutron at
// /network, Glance at /image, Cinder at /volume, Swift at /v1, fault rules at /faults, and
// what agents answer at /agents.
func (c *Cloud) Handler() http.Handler { return c.handler }

// StopAgents ends the agents in servers. Whoever serves the plans may end after it without
// waiting for them. Close stops them, too.
func (c *Cloud) StopAgents() { c.agents.close() }

// Close releases the file. Calls still being served must have ended.
func (c *Cloud) Close() error {
	c.StopAgents()
	return c.store.close()
}

func (c *Cloud) services() []*service {
	return []*service{compute, network, image, volume, objectStore, objectStoreInfo, faultService, agentService, identity}
}

func (c *Cloud) mux() http.Handler {
	root := chi.NewRouter()
	for _, s := range c.services() {
		root.Mount(s.mount, s.router(c))
	}
	return trimSlash(root)
}

// trimSlash makes /v3/ and /v3 one path, as OpenStack's routers do. The slash that ends an
// object's name stays.
func trimSlash(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := r.URL.Path; len(p) > 1 && strings.HasSuffix(p, "/") && !(strings.HasPrefix(p, objectStoreMount+"/") && strings.Count(p, "/") > 4) {
			r2 := *r
			u := *r.URL
			u.Path, u.RawPath = strings.TrimRight(p, "/"), strings.TrimRight(u.RawPath, "/")
			if u.Path == "" {
				u.Path = "/"
			}
			r2.URL = &u
			r = &r2
		}
		next.ServeHTTP(w, r)
	})
}
