package simcloud_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"

	"hearth/core/simcloud"
)

const password = "correct horse"

// A cloud is a running simulator with the address it is reached at.
type cloud struct {
	*simcloud.Cloud
	url string
	srv *httptest.Server
}

func start(t *testing.T, o simcloud.Options) *cloud {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	o.BaseURL = "http://" + srv.Listener.Addr().String()
	o.AdminPassword = password
	c, err := simcloud.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = c.Handler()
	srv.Start()
	running := &cloud{c, o.BaseURL, srv}
	t.Cleanup(running.stop)
	return running
}

func (c *cloud) stop() {
	c.srv.Close()
	c.Close()
}

// login authenticates with gophercloud.
func (c *cloud) login(t *testing.T, user, project string) *gophercloud.ProviderClient {
	t.Helper()
	p, err := openstack.AuthenticatedClient(t.Context(), gophercloud.AuthOptions{
		IdentityEndpoint: c.url + "/v3", Username: user, Password: password, DomainName: "Default", TenantName: project,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func client(t *testing.T, p *gophercloud.ProviderClient, make func(*gophercloud.ProviderClient, gophercloud.EndpointOpts) (*gophercloud.ServiceClient, error)) *gophercloud.ServiceClient {
	t.Helper()
	s, err := make(p, gophercloud.EndpointOpts{Region: "RegionOne"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (c *cloud) identity(t *testing.T, user, project string) *gophercloud.ServiceClient {
	return client(t, c.login(t, user, project), openstack.NewIdentityV3)
}

func (c *cloud) compute(t *testing.T, user, project string) *gophercloud.ServiceClient {
	s := client(t, c.login(t, user, project), openstack.NewComputeV2)
	s.Microversion = "2.79"
	return s
}

func (c *cloud) network(t *testing.T, user, project string) *gophercloud.ServiceClient {
	return client(t, c.login(t, user, project), openstack.NewNetworkV2)
}

func (c *cloud) image(t *testing.T, user, project string) *gophercloud.ServiceClient {
	return client(t, c.login(t, user, project), openstack.NewImageV2)
}

func (c *cloud) volume(t *testing.T, user, project string) *gophercloud.ServiceClient {
	return client(t, c.login(t, user, project), openstack.NewBlockStorageV3)
}

// must unwraps what gophercloud's Extract returns.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantStatus(t *testing.T, err error, status int) {
	t.Helper()
	if !gophercloud.ResponseCodeIs(err, status) {
		t.Fatalf("got %v, want HTTP %d", err, status)
	}
}

// call sends raw JSON and returns status, body and headers.
func call(t *testing.T, method, url, token string, body any) (int, map[string]any, http.Header) {
	t.Helper()
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(context.Background(), method, url, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if len(data) > 0 && json.Unmarshal(data, &out) != nil {
		out = map[string]any{"text": string(data)}
	}
	return res.StatusCode, out, res.Header
}
