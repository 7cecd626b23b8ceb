package cloud_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/users"

	"hearth/core/cloud"
	"hearth/core/simcloud"
)

// A site is a simulated cloud behind an HTTP server that counts what it is asked.
type site struct {
	t    *testing.T
	sim  *simcloud.Cloud
	srv  *httptest.Server
	mu   sync.Mutex
	seen []*http.Request
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t}
	var handler http.Handler
	s.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.seen = append(s.seen, r.Clone(t.Context()))
		s.mu.Unlock()
		handler.ServeHTTP(w, r)
	}))
	sim, err := simcloud.New(t.Context(), simcloud.Options{BaseURL: s.srv.URL, AdminPassword: "secret", ServicePassword: "own"})
	if err != nil {
		t.Fatal(err)
	}
	s.sim, handler = sim, sim.Handler()
	t.Cleanup(func() {
		s.srv.Close()
		sim.Close()
	})
	return s
}

// asked counts the requests with that method and path since the last call of forget.
func (s *site) asked(method, path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.seen {
		if r.Method == method && r.URL.Path == path {
			n++
		}
	}
	return n
}

func (s *site) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
}

// cloud connects to the site, as the user hearth or as nobody.
func (s *site) cloud(own bool, now func() time.Time) *cloud.Cloud {
	cfg := cloud.Config{AuthURL: s.srv.URL, Region: "RegionOne", Now: now}
	if own {
		cfg.Service = cloud.ServiceUser{UserName: "hearth", UserDomain: "Default", Password: "own", ProjectName: "service", ProjectDomain: "Default"}
	}
	c := cloud.New(cfg)
	s.t.Cleanup(c.Close)
	return c
}

// delegating is a cloud to which users delegate these roles alone.
func (s *site) delegating(roles ...string) *cloud.Cloud {
	c := cloud.New(cloud.Config{AuthURL: s.srv.URL, Region: "RegionOne", DelegatedRoles: roles,
		Service: cloud.ServiceUser{UserName: "hearth", UserDomain: "Default", Password: "own", ProjectName: "service", ProjectDomain: "Default"}})
	s.t.Cleanup(c.Close)
	return c
}

func (s *site) disable(user string) {
	s.t.Helper()
	off := false
	if _, err := users.Update(s.t.Context(), s.keystone(s.token("admin")), user, users.UpdateOpts{Enabled: &off}).Extract(); err != nil {
		s.t.Fatal(err)
	}
}

// keystone is a client of the identity service with a token, or with none.
func (s *site) keystone(token string) *gophercloud.ServiceClient {
	return &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{TokenID: token}, Endpoint: s.srv.URL + "/v3/"}
}

// token logs a user in to the project demo.
func (s *site) token(user string) string {
	s.t.Helper()
	token, err := tokens.Create(s.t.Context(), s.keystone(""), &tokens.AuthOptions{
		Username: user, DomainName: "Default", Password: "secret", Scope: tokens.Scope{ProjectName: "demo", DomainName: "Default"},
	}).ExtractTokenID()
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

func (s *site) revoke(token string) {
	s.t.Helper()
	if err := tokens.Revoke(s.t.Context(), s.keystone(token), token).Err; err != nil {
		s.t.Fatal(err)
	}
}
