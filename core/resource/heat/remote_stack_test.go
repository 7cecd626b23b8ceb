package heat_test

import (
	"context"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/function"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
	"hearth/core/yaml"
)

// elsewhere is a cloud with an orchestration service whose certificate nobody knows and a
// key manager that holds one secret.
type elsewhere struct {
	client  *cloud.Client
	caCert  string
	secret  string
	created []string // the templates of stacks
}

func newElsewhere(t *testing.T) *elsewhere {
	e := &elsewhere{}
	orchestration := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch body := yaml.NewMap(1); {
		case r.Header.Get("X-Auth-Token") == "":
			w.WriteHeader(http.StatusUnauthorized)
		case strings.HasSuffix(r.URL.Path, "/validate"):
			if body.UnmarshalJSON(read(r)) == nil && strings.Contains(resource.NewValues(body).String("template"), "resource:") {
				w.WriteHeader(http.StatusBadRequest)
				w.Write([]byte(`{"code": 400, "error": {"message": "The template section is invalid: resource", "type": "HTTPBadRequest"}}`))
			}
		case r.Method == http.MethodPost && body.UnmarshalJSON(read(r)) == nil:
			e.created = append(e.created, resource.NewValues(body).String("template"))
			w.WriteHeader(http.StatusCreated)
			w.Write([]byte(`{"stack": {"id": "remote"}}`))
		default:
			w.Write([]byte(`{"stack": {"stack_status": "CREATE_COMPLETE", "outputs": [{"output_key": "n", "output_value": 1}]}}`))
		}
	}))
	orchestration.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshakes that fail on purpose
	t.Cleanup(orchestration.Close)
	e.caCert = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: orchestration.Certificate().Raw}))
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(e.secret)) }))
	t.Cleanup(keys.Close)

	var handler http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	sim, err := simcloud.New(t.Context(), simcloud.Options{BaseURL: srv.URL, AdminPassword: "secret", Endpoints: []simcloud.Endpoint{
		{Type: "orchestration", Name: "heat", URL: orchestration.URL}, {Type: "key-manager", Name: "barbican", URL: keys.URL},
	}})
	if err != nil {
		t.Fatal(err)
	}
	handler = sim.Handler()
	t.Cleanup(func() {
		srv.Close()
		sim.Close()
	})
	c := cloud.New(cloud.Config{AuthURL: srv.URL, Region: "RegionOne"})
	t.Cleanup(c.Close)
	login := &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: srv.URL + "/v3/"}
	token, err := tokens.Create(t.Context(), login, &tokens.AuthOptions{
		Username: "demo", DomainName: "Default", Password: "secret", Scope: tokens.Scope{ProjectName: "demo", DomainName: "Default"},
	}).ExtractTokenID()
	if err != nil {
		t.Fatal(err)
	}
	if e.client, err = c.Client(t.Context(), core.Credentials{Token: token}); err != nil {
		t.Fatal(err)
	}
	e.secret = `{"auth_type": "v3password", "auth": {"auth_url": "` + srv.URL + `/v3", "username": "demo", "password": "secret",
		"user_domain_name": "Default", "project_name": "demo", "project_domain_name": "Default"}}`
	return e
}

func read(r *http.Request) []byte {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil
	}
	return b
}

// Where a remote stack goes, and what stands in the way.
func TestRemoteStackContext(t *testing.T) {
	lab, e := resourcetest.New(t), newElsewhere(t)
	for name, tc := range map[string]struct {
		context []any
		fault   string
	}{
		"unknown certificate": {nil, "Unable to establish connection to https://"},
		"its certificate":     {[]any{"ca_cert", e.caCert}, ""},
		"no certificate":      {[]any{"ca_cert", "x"}, `Cannot establish connection to Heat endpoint at region "" due to "ca_cert holds no certificate"`},
		"any certificate":     {[]any{"insecure", true}, ""},
		"another region":      {[]any{"region_name", "R2"}, `Cannot establish connection to Heat endpoint at region "R2" due to "public endpoint for orchestration service in R2 region not found"`},
		"another cloud":       {[]any{"credential_secret_id", "s", "ca_cert", e.caCert}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := lab.Resource(heat.Types, "OS::Heat::Stack", "s", "template", "heat_template_version: 2021-04-16\n", "context", yaml.MapOf(tc.context...))
			r.Cloud, e.created = e.client, nil
			err := r.Create()
			switch {
			case tc.fault != "":
				if err == nil || !strings.HasPrefix(err.Error(), tc.fault) {
					t.Errorf("got %v", err)
				}
			case err != nil || r.PhysicalID != "remote" || len(e.created) != 1:
				t.Errorf("id %q, %v, %q", r.PhysicalID, err, e.created)
			case yaml.Dumps(r.Attribute("outputs"), false) != `{"n": 1}`:
				t.Errorf("outputs %v", r.Attribute("outputs"))
			}
		})
	}
	e.secret = "{}"
	r := lab.Resource(heat.Types, "OS::Heat::Stack", "s", "template", "{}", "context", yaml.MapOf("credential_secret_id", "s"))
	r.Cloud = e.client
	const want = `Cannot establish connection to Heat endpoint at remote cloud due to "the secret holds no credential with auth_type and auth"`
	if err := r.Create(); errorText(err) != want {
		t.Errorf("got %v", err)
	}
	if err := r.Update("template", "{}", "context", yaml.MapOf("region_name", "R3")); err != resource.ErrReplace {
		t.Errorf("a stack moved to another region: %v", err)
	}
}

// The other side looks at the template before anything is made.
func TestRemoteStackValidation(t *testing.T) {
	lab, e := resourcetest.New(t), newElsewhere(t)
	for name, tc := range map[string]struct {
		region   any
		template any
		want     string
	}{
		"sound":           {"RegionOne", "heat_template_version: 2021-04-16\n", ""},
		"refused":         {"RegionOne", "heat_template_version: 2021-04-16\nresource: {}\n", `Failed validating stack template using Heat endpoint at region "RegionOne" due to "ERROR: The template section is invalid: resource"`},
		"no such region":  {"DARKHOLE", "heat_template_version: 2021-04-16\n", `Cannot establish connection to Heat endpoint at region "DARKHOLE" due to "public endpoint for orchestration service in DARKHOLE region not found"`},
		"not known yet":   {function.Unknown{Resource: "r"}, "heat_template_version: 2021-04-16\nresource: {}\n", ""},
		"its text nobody": {"RegionOne", function.Unknown{Resource: "r"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := lab.Resource(heat.Types, "OS::Heat::Stack", "s", "template", tc.template, "context", yaml.MapOf("region_name", tc.region, "ca_cert", e.caCert))
			r.OpenCloud = func(context.Context) (*cloud.Client, error) { return e.client, nil }
			if err := r.Validate(); errorText(err) != tc.want {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRemoteStackTemplate(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Resource(heat.Types, "OS::Heat::Stack", "s", "template", "a: [", "context", yaml.MapOf("region_name", "R"))
	if err := r.Validate(); err == nil || !strings.HasPrefix(err.Error(), `Failed validating stack template using Heat endpoint at region "R" due to "`) {
		t.Errorf("got %v", err)
	}
}
