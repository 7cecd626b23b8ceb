package cloud_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/applicationcredentials"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/trusts"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/networks"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/simcloud"
)

// stored logs a user in and gives what a stack would store of it, without a trust.
func stored(t *testing.T, c *cloud.Cloud, token string) (*core.Caller, core.Credentials) {
	t.Helper()
	caller, err := c.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return caller, core.Credentials{UserID: caller.UserID, UserName: caller.UserName, ProjectID: caller.ProjectID, Token: token, Roles: c.Delegated(caller)}
}

// A call under way when the token is revoked goes on in Hearth's own name, with no more
// roles than were delegated; those it has are not given again.
func TestStandIn(t *testing.T) {
	s := newSite(t)
	for i, assigned := range []int{1, 0} {
		c := s.delegating("member")
		_, cr := stored(t, c, s.token("demo"))
		client, err := c.Client(t.Context(), cr)
		if err != nil {
			t.Fatal(err)
		}
		network, err := client.Network()
		if err != nil {
			t.Fatal(err)
		}
		s.revoke(cr.Token)
		s.forget()
		n, err := networks.Create(t.Context(), network, networks.CreateOpts{Name: "n"}).Extract()
		if err != nil || n.ProjectID != cr.ProjectID {
			t.Fatal(n, err)
		}
		found, err := tokens.Get(t.Context(), s.keystone(s.token("admin")), network.Token()).ExtractRoles()
		if err != nil || len(found) != 1 || found[0].Name != "member" {
			t.Error(found, err)
		}
		given := 0
		for _, r := range s.seen {
			if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/roles/") {
				given++
			}
		}
		if given != assigned {
			t.Errorf("time %d: %d roles were given", i, given)
		}
	}
}

// Nobody stands in for who asks: credentials without a project end with their token.
func TestNobodyStandsInForARequest(t *testing.T) {
	s := newSite(t)
	c := s.cloud(true, nil)
	token := s.token("demo")
	client, err := c.Client(t.Context(), core.Credentials{Token: token})
	if err != nil {
		t.Fatal(err)
	}
	network, err := client.Network()
	if err != nil {
		t.Fatal(err)
	}
	s.revoke(token)
	_, err = networks.Create(t.Context(), network, networks.CreateOpts{Name: "n"}).Extract()
	if core.ErrorCode(cloud.Describe(err)) != core.Unauthorized {
		t.Error(err)
	}
}

// A Keystone that is away is no reason to stand in, and says so.
func TestKeystoneAwayWhileATokenExpires(t *testing.T) {
	s := newSite(t)
	c := s.cloud(true, nil)
	caller, cr := stored(t, c, s.token("demo"))
	var err error
	if cr.TrustID, err = c.CreateTrust(t.Context(), caller); err != nil {
		t.Fatal(err)
	}
	client, err := c.Client(t.Context(), cr)
	if err != nil {
		t.Fatal(err)
	}
	network, err := client.Network()
	if err != nil {
		t.Fatal(err)
	}
	s.revoke(cr.Token)
	back := s.sim.Inject(simcloud.Fault{Service: "identity", Operation: "token.create", Status: http.StatusServiceUnavailable})
	_, err = networks.Create(t.Context(), network, networks.CreateOpts{Name: "n"}).Extract()
	if core.ErrorCode(cloud.Describe(err)) != core.Unavailable {
		t.Error(err)
	}
	back()
	if _, err := networks.Create(t.Context(), network, networks.CreateOpts{Name: "n"}).Extract(); err != nil {
		t.Error(err)
	}
}

// An application credential that is restricted gives no trust; another one gives its roles.
func TestTrustOfAnApplicationCredential(t *testing.T) {
	s := newSite(t)
	c := s.cloud(true, nil)
	demo, _ := stored(t, c, s.token("demo"))
	for _, unrestricted := range []bool{false, true} {
		made, err := applicationcredentials.Create(t.Context(), s.keystone(demo.Token), demo.UserID, applicationcredentials.CreateOpts{
			Name: map[bool]string{false: "tied", true: "free"}[unrestricted], Unrestricted: unrestricted, Roles: []applicationcredentials.Role{{Name: "member"}}}).Extract()
		if err != nil {
			t.Fatal(err)
		}
		token, err := tokens.Create(t.Context(), s.keystone(""), &tokens.AuthOptions{ApplicationCredentialID: made.ID, ApplicationCredentialSecret: made.Secret}).ExtractTokenID()
		if err != nil {
			t.Fatal(err)
		}
		caller, _ := stored(t, c, token)
		id, err := c.CreateTrust(t.Context(), caller)
		if unrestricted && (err != nil || id == "") || !unrestricted && core.ErrorCode(err) != core.Forbidden {
			t.Errorf("unrestricted %v: %q, %v", unrestricted, id, err)
		}
		if e, ok := errors.AsType[*core.Error](err); ok && strings.Contains(e.Message, made.Secret) {
			t.Error(e)
		}
	}
}

// A trust has the roles that the configuration names, and goes even when neither token nor
// trust is good any more.
func TestDelegatedRoles(t *testing.T) {
	s := newSite(t)
	c := s.delegating("member")
	caller, cr := stored(t, c, s.token("demo"))
	if !slices.Equal(cr.Roles, []string{"member"}) {
		t.Error(cr.Roles)
	}
	var err error
	if cr.TrustID, err = c.CreateTrust(t.Context(), caller); err != nil {
		t.Fatal(err)
	}
	boss := s.keystone(s.token("admin"))
	tr, err := trusts.Get(t.Context(), boss, cr.TrustID).Extract()
	if err != nil || len(tr.Roles) != 1 || tr.Roles[0].Name != "member" || tr.TrustorUserID != caller.UserID || !tr.Impersonation {
		t.Fatal(tr, err)
	}
	if !c.HasTrust(t.Context(), caller, cr.TrustID) {
		t.Error("it is not there")
	}
	s.disable(caller.UserID)
	for range 2 {
		if err := c.DeleteTrust(t.Context(), cr); err != nil {
			t.Error(err)
		}
	}
	if err := trusts.Get(t.Context(), boss, cr.TrustID).Err; !cloud.NotFound(err) {
		t.Error(err)
	}
}
