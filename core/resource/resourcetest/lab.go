// Package resourcetest runs resource types against a simulated cloud over HTTP, one
// resource at a time, as the engine would: create and ask until complete, update,
// delete. It keeps what the engine would store.
package resourcetest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/simcloud"
	"hearth/core/yaml"
)

const (
	password        = "secret"
	servicePassword = "hearth-secret"
)

// Lab is a simulated cloud, the users demo and admin of its project demo, and one
// stack's worth of resources.
type Lab struct {
	Sim    *simcloud.Cloud
	Cloud  *cloud.Cloud
	Client *cloud.Client // of demo
	Admin  *cloud.Client
	URL    string // of the simulated cloud
	// Now is the clock of the resources; nil is time.Now.
	Now func() time.Time
	// Configs holds the software configs that resources stored.
	Configs *Configs

	t         testing.TB
	stack     resource.Stack
	mu        sync.Mutex
	resources []*Resource
}

// New starts a simulated cloud that lives as long as the test and does everything at once.
// Its catalogue names more services that the test brings.
func New(t testing.TB, more ...simcloud.Endpoint) *Lab {
	t.Helper()
	return start(t, simcloud.Options{Endpoints: more})
}

// NewSlow is New with a cloud that takes its time to build, resize and so on.
func NewSlow(t testing.TB, buildTime time.Duration) *Lab {
	t.Helper()
	return start(t, simcloud.Options{BuildTime: buildTime})
}

// NewWithAgents is New with a cloud whose servers answer the plans offered below an address.
func NewWithAgents(t testing.TB, url string) *Lab {
	t.Helper()
	return start(t, simcloud.Options{AgentURL: url})
}

func start(t testing.TB, o simcloud.Options) *Lab {
	t.Helper()
	var handler http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	o.BaseURL, o.AdminPassword, o.ServicePassword, o.StackDomainPassword = srv.URL, password, servicePassword, servicePassword
	sim, err := simcloud.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	handler = sim.Handler()
	t.Cleanup(func() {
		srv.Close()
		sim.Close()
	})
	c := cloud.New(cloud.Config{
		AuthURL: srv.URL, Region: "RegionOne",
		Service:     cloud.ServiceUser{UserName: "hearth", UserDomain: "Default", Password: servicePassword, ProjectName: "service", ProjectDomain: "Default"},
		StackDomain: cloud.StackDomain{Name: "heat", AdminUser: "heat_domain_admin", AdminPassword: servicePassword},
	})
	t.Cleanup(c.Close)
	l := &Lab{Sim: sim, Cloud: c, URL: srv.URL, Configs: &Configs{}, t: t}
	l.Client, l.Admin = l.login("demo"), l.login("admin")
	l.stack = resource.Stack{ID: uuid.NewString(), Name: "teststack", ProjectID: l.Client.ProjectID(), UserID: l.Client.UserID(), TimeoutMins: 60}
	return l
}

// Token logs a user in to the project demo.
func (l *Lab) Token(user string) string {
	l.t.Helper()
	sc := &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: l.URL + "/v3/"}
	token, err := tokens.Create(l.t.Context(), sc, &tokens.AuthOptions{
		Username: user, DomainName: "Default", Password: password, Scope: tokens.Scope{ProjectName: "demo", DomainName: "Default"},
	}).ExtractTokenID()
	if err != nil {
		l.t.Fatal(err)
	}
	return token
}

func (l *Lab) login(user string) *cloud.Client {
	l.t.Helper()
	client, err := l.Cloud.Client(l.t.Context(), core.Credentials{Token: l.Token(user)})
	if err != nil {
		l.t.Fatal(err)
	}
	return client
}

func (l *Lab) openCloud(context.Context) (*cloud.Client, error) { return l.Client, nil }

func (l *Lab) now() time.Time {
	if l.Now != nil {
		return l.Now()
	}
	return time.Now()
}

// ByPhysicalID implements resource.Siblings.
func (l *Lab) ByPhysicalID(_ context.Context, id string) (*core.Resource, error) {
	return l.find(id, func(r *Resource) bool { return r.PhysicalID == id || r.Reference() == id })
}

// ByName implements resource.Siblings.
func (l *Lab) ByName(_ context.Context, name string) (*core.Resource, error) {
	return l.find(name, func(r *Resource) bool { return r.Name == name })
}

// ForgetMetadata implements resource.Siblings.
func (l *Lab) ForgetMetadata(_ context.Context, id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.resources {
		if r.ID == id {
			r.Metadata = yaml.NewMap(0)
		}
	}
	return nil
}

func (l *Lab) find(what string, match func(*Resource) bool) (*core.Resource, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.resources) - 1; i >= 0; i-- {
		if r := l.resources[i]; match(r) {
			return r.row(), nil
		}
	}
	return nil, core.EntityNotFound("Resource", what)
}

// Signal implements resource.Links.
func (l *Lab) Signal(c *resource.Context) string {
	return "http://heat.example/v1/" + c.Stack.ProjectID + "/stacks/" + c.Stack.Name + "/" + c.Stack.ID + "/resources/" + c.Name + "/signal"
}

// SignalToken implements resource.Links.
func (l *Lab) SignalToken(c *resource.Context) string { return "token-of-" + c.Name }

// SignalURL implements resource.Links.
func (l *Lab) SignalURL(c *resource.Context) string { return "http://cfn.example/v1/signal/" + c.Name }

// AlarmURL implements resource.Links.
func (l *Lab) AlarmURL(c *resource.Context) string { return "http://cfn.example/v1/signal/" + c.Name }

// WaitConditionURL implements resource.Links.
func (l *Lab) WaitConditionURL(c *resource.Context) string {
	return "http://cfn.example/v1/waitcondition/arn%3Aopenstack%3Aheat%3A%3A" + c.Stack.ProjectID + "%3Astacks/" + c.Stack.Name + "/" + c.Stack.ID +
		"/resources/" + c.Name + "?Signature=of-" + c.Name
}

// AccessKey implements resource.Links.
func (l *Lab) AccessKey(c *resource.Context) (access, secret string) {
	return "key-of-" + c.Name, "secret-of-" + c.Name
}

// MetadataURL implements resource.Links.
func (l *Lab) MetadataURL() string { return "http://cfn.example/v1/" }

// SignalLogin implements resource.Links.
func (l *Lab) SignalLogin(_ context.Context, c *resource.Context) (resource.SignalLogin, error) {
	return resource.SignalLogin{AuthURL: l.URL, UserName: c.Name, UserID: "signal-" + c.ID, Password: l.SignalToken(c),
		ProjectID: c.Stack.ProjectID, SignalURL: l.Signal(c)}, nil
}

// AllowLogin implements resource.Links.
func (l *Lab) AllowLogin(context.Context, *resource.Context, bool) error { return nil }

// ForgetLogin implements resource.Links.
func (l *Lab) ForgetLogin(context.Context, *resource.Context) error { return nil }

// Configs keeps software configs in memory.
type Configs struct {
	mu   sync.Mutex
	byID map[string]*core.SoftwareConfig
}

// CreateConfig implements resource.Configs.
func (s *Configs) CreateConfig(_ context.Context, cfg *core.SoftwareConfig) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID = map[string]*core.SoftwareConfig{}
	}
	if cfg.ID == "" {
		cfg.ID = uuid.NewString()
	}
	s.byID[cfg.ID] = cfg
	return nil
}

// FindConfig implements resource.Configs.
func (s *Configs) FindConfig(_ context.Context, id string) (*core.SoftwareConfig, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cfg := s.byID[id]; cfg != nil {
		return cfg, nil
	}
	return nil, core.EntityNotFound("Software config", id)
}

// DeleteConfig implements resource.Configs.
func (s *Configs) DeleteConfig(ctx context.Context, id string) error {
	if _, err := s.FindConfig(ctx, id); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, id)
	return nil
}

// Len is how many configs there are.
func (s *Configs) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byID)
}
