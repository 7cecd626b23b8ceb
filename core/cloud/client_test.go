package cloud_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/networks"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/simcloud"
)

func TestAuthenticate(t *testing.T) {
	for name, own := range map[string]bool{"by the service user": true, "by the token itself": false} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			c := s.cloud(own, nil)
			token := s.token("demo")
			s.forget()
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() {
					caller, err := c.Authenticate(t.Context(), token)
					if err != nil {
						t.Error(err)
						return
					}
					if caller.UserName != "demo" || caller.ProjectName != "demo" || !caller.HasRole("member") || caller.IsAdmin() || caller.Token != token {
						t.Errorf("caller %+v", caller)
					}
				})
			}
			wg.Wait()
			if n := s.asked("GET", "/v3/auth/tokens"); n != 1 {
				t.Errorf("Keystone was asked %d times", n)
			}
			for range 3 {
				if _, err := c.Authenticate(t.Context(), "bogus"); core.ErrorCode(err) != core.Unauthorized {
					t.Errorf("a bogus token: %v", err)
				}
			}
			if n := s.asked("GET", "/v3/auth/tokens"); n != 2 {
				t.Errorf("Keystone was asked %d times", n)
			}
			if _, err := c.Authenticate(t.Context(), ""); core.ErrorCode(err) != core.Unauthorized {
				t.Errorf("no token: %v", err)
			}
		})
	}
}

func TestAuthenticateWithoutKeystone(t *testing.T) {
	s := newSite(t)
	c, token := s.cloud(true, nil), s.token("demo")
	s.srv.Close()
	_, err := c.Authenticate(t.Context(), token)
	if core.ErrorCode(err) != core.Unavailable || strings.Contains(err.Error(), token) {
		t.Errorf("got %v", err)
	}
}

func TestServices(t *testing.T) {
	s := newSite(t)
	client, err := s.cloud(true, nil).Client(t.Context(), core.Credentials{Token: s.token("demo")})
	if err != nil {
		t.Fatal(err)
	}
	for _, service := range []string{"compute", "network", "image", "volumev3", "block-storage", "volume", "identity", "object-store"} {
		if !client.HasService(service) {
			t.Errorf("%s is not there", service)
		}
	}
	if client.HasService("key-manager") {
		t.Error("key-manager is there")
	}
	if _, err := client.Service("key-manager"); err == nil || err.Error() != "The key-manager service is not in the service catalog." {
		t.Errorf("got %v", err)
	}
	var none *cloud.Client
	if _, err := none.Compute(); err == nil {
		t.Error("no client has a compute service")
	}
}

func TestClientByTrustRenewsItsToken(t *testing.T) {
	s := newSite(t)
	c := s.cloud(true, nil)
	token := s.token("demo")
	mine, err := c.Client(t.Context(), core.Credentials{Token: token})
	if err != nil {
		t.Fatal(err)
	}
	caller, err := c.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	trust, err := c.CreateTrust(t.Context(), caller)
	if err != nil {
		t.Fatal(err)
	}
	s.revoke(token)

	cr := core.Credentials{TrustID: trust, Token: token}
	client, err := c.Client(t.Context(), cr)
	if err != nil {
		t.Fatal(err)
	}
	if client.ProjectID() != mine.ProjectID() || client.UserID() != mine.UserID() {
		t.Errorf("acts as %s in %s", client.UserID(), client.ProjectID())
	}
	again, err := c.Client(t.Context(), cr)
	if err != nil || again != client {
		t.Errorf("another client: %v", err)
	}
	network, err := client.Network()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := networks.Create(t.Context(), network, networks.CreateOpts{Name: "m"}).Extract(); err != nil {
		t.Errorf("with the user's revoked token: %v", err)
	}
	s.revoke(network.Token())
	if _, err := networks.Create(t.Context(), network, networks.CreateOpts{Name: "n"}).Extract(); err != nil {
		t.Errorf("with an expired token: %v", err)
	}

	if err := c.DeleteTrust(t.Context(), cr); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Client(t.Context(), cr); core.ErrorCode(err) != core.Unauthorized {
		t.Errorf("without the trust: %v", err)
	}
}

func TestClientRefused(t *testing.T) {
	s := newSite(t)
	c := s.cloud(true, nil)
	for name, cr := range map[string]core.Credentials{"nothing": {}, "bad token": {Token: "x"}, "bad trust": {TrustID: "x"}} {
		if _, err := c.Client(t.Context(), cr); core.ErrorCode(err) != core.Unauthorized {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRequestsCarryTheGlobalRequestID(t *testing.T) {
	s := newSite(t)
	client, err := s.cloud(true, nil).Client(t.Context(), core.Credentials{Token: s.token("demo")})
	if err != nil {
		t.Fatal(err)
	}
	s.forget()
	const id = "req-3d5f8dd1-0c5b-4a8b-9b7e-1d1b9a0b7c11"
	if _, err := client.FindFlavor(cloud.WithRequestID(t.Context(), id), "m1.tiny"); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.seen {
		if r.Header.Get("X-Openstack-Request-Id") != id {
			t.Errorf("%s %s carries %q", r.Method, r.URL, r.Header.Get("X-Openstack-Request-Id"))
		}
	}
}

func TestDescribe(t *testing.T) {
	s := newSite(t)
	client, err := s.cloud(true, nil).Client(t.Context(), core.Credentials{Token: s.token("demo")})
	if err != nil {
		t.Fatal(err)
	}
	get := func(service, path string) error {
		sc, err := client.Service(service)
		if err != nil {
			return err
		}
		var ignored any
		_, err = sc.Get(t.Context(), sc.ServiceURL(path), &ignored, nil)
		return cloud.Describe(err)
	}
	for _, tc := range []struct{ service, path, typ, message string }{
		{"compute", "servers/x", "NotFound", "Instance x could not be found."},
		{"network", "networks/x", "NetworkNotFoundClient", "Network x could not be found."},
		{"volumev3", "volumes/x", "NotFound", "Volume x could not be found."},
		{"image", "images/x", "NotFound", "No image found with ID x"},
		{"identity", "projects/x", "Forbidden", "You are not authorized to perform the requested action"},
	} {
		err := get(tc.service, tc.path)
		e, ok := errors.AsType[*core.Error](err)
		if !ok {
			t.Errorf("%s: %v", tc.service, err)
			continue
		}
		f, ok := errors.AsType[*cloud.Fault](e.Err)
		if !ok || e.Type != tc.typ || !strings.HasPrefix(e.Message, tc.message) || f.RequestID == "" || !strings.HasSuffix(e.Message, "(Request-ID: "+f.RequestID+")") {
			t.Errorf("%s: %s: %s", tc.service, e.Type, e.Message)
		}
		again, _ := errors.AsType[*core.Error](cloud.Describe(err))
		if cloud.NotFound(err) != (f.Status == http.StatusNotFound) || again != e {
			t.Errorf("%s: not found %v", tc.service, cloud.NotFound(err))
		}
	}

	for _, tc := range []struct {
		fault simcloud.Fault
		typ   string
		code  core.Code
		text  string
	}{
		{simcloud.Fault{Status: 409, Message: "busy"}, "Conflict", core.Conflict, "busy (HTTP 409)"},
		{simcloud.Fault{Status: 413, Message: "quota"}, "OverLimit", core.Limit, "quota (HTTP 413)"},
		{simcloud.Fault{Status: 500, Message: "broken"}, "ClientException", core.Unavailable, "broken (HTTP 500)"},
		{simcloud.Fault{Status: 503, Message: "away"}, "ServiceUnavailable", core.Unavailable, "away (HTTP 503)"},
		{simcloud.Fault{BeforeEffect: true}, "ConnectFailure", core.Unavailable, "Unable to establish connection to "},
	} {
		remove := s.sim.Inject(tc.fault)
		e, ok := errors.AsType[*core.Error](get("compute", "servers/x"))
		remove()
		if !ok || e.Type != tc.typ || e.Code != tc.code || !strings.HasPrefix(e.Message, tc.text) {
			t.Errorf("%+v: %+v", tc.fault, e)
		}
	}
}
