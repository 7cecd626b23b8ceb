package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/murano/broker"
	"hearth/murano/catalog"
)

// platform asks the broker, as a user with a password that is the user's name.
type platform struct {
	*kit
	broker string
}

func newPlatform(k *kit) *platform {
	k.t.Helper()
	login := func(ctx context.Context, user, password string) (*core.Caller, error) {
		if user != password {
			return nil, core.Errorf(core.Unauthorized, "Unauthorized", "no such user")
		}
		return authenticate(ctx, user)
	}
	site := chi.NewRouter()
	site.Mount("/v2", broker.New(broker.Config{Store: k.store, Environments: k.environments, Catalog: &catalog.Service{Store: k.store},
		Login: login, Authenticate: authenticate}))
	server := httptest.NewServer(httpapi.Outer{}.Wrap(site))
	k.t.Cleanup(server.Close)
	return &platform{k, server.URL}
}

// ask sends a request and fails unless the status is that one. It gives the body.
func (p *platform) ask(status int, user, method, path, body string) string {
	p.t.Helper()
	req, err := http.NewRequest(method, p.broker, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	if name, password, ok := strings.Cut(user, ":"); ok {
		req.SetBasicAuth(name, password)
	}
	got, _, content := exchangetest.Send(p.t, method, p.broker+path, req.Header, body)
	if got != status {
		p.t.Fatalf("%s %s: %d %s, want %d", method, path, got, content, status)
	}
	return string(content)
}

// settles waits for the state of an instance.
func (p *platform) settles(instance, state string) {
	p.t.Helper()
	p.until(instance+" is "+state, func() bool {
		req, err := http.NewRequest("GET", p.broker, nil)
		if err != nil {
			p.t.Fatal(err)
		}
		req.SetBasicAuth("user", "user")
		_, _, content := exchangetest.Send(p.t, "GET", p.broker+"/v2/service_instances/"+instance+"/last_operation", req.Header, "")
		return strings.Contains(string(content), `"state":"`+state+`"`)
	})
}

const asUser = "user:user"

// A platform makes an instance, gets its credentials and removes it.
func TestBroker(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		p := newPlatform(k)
		status, body := k.upload("user", withCredentials(t), `{"tags": ["random"]}`)
		if status != 200 {
			t.Fatal(status, body)
		}
		var listed struct {
			Services []struct {
				ID, Name, Description string
				Bindable              bool
				Tags                  []string
				Plans                 []struct{ ID, Name string }
			}
		}
		if err := json.Unmarshal([]byte(p.ask(200, asUser, "GET", "/v2/catalog", "")), &listed); err != nil {
			t.Fatal(err)
		}
		if len(listed.Services) != 1 {
			t.Fatal(listed)
		}
		s := listed.Services[0]
		if s.Name != "Tiny" || !s.Bindable || s.Plans[0].ID != s.ID+"-1" || s.Plans[0].Name != "default" {
			t.Errorf("%+v", s)
		}
		order := `{"service_id": "` + s.ID + `", "plan_id": "` + s.Plans[0].ID + `", "organization_guid": "org", "space_guid": "space",
			"parameters": {"length": 7, "?": {"type": "mine"}}}`
		const one, two = "/v2/service_instances/one", "/v2/service_instances/two"
		if got := p.ask(202, asUser, "PUT", one, order); got != "{}" {
			t.Error(got)
		}
		p.settles("one", "succeeded")
		env := k.object("GET", "/v1/environments", call{})["environments"].([]any)[0].(map[string]any)
		if !strings.HasPrefix(env["name"].(string), "my_") {
			t.Error(env)
		}
		path := "/v1/environments/" + env["id"].(string)
		k.want(200, "GET", path+"/services/0/length", call{contains: "7"})
		p.ask(202, asUser, "PUT", one, order) // asked again
		k.want(404, "GET", path+"/services/1", call{})

		var bound struct{ Credentials string }
		if err := json.Unmarshal([]byte(p.ask(200, asUser, "PUT", one+"/service_bindings/app", "{}")), &bound); err != nil || len(bound.Credentials) != 7 {
			t.Error(bound, err)
		}
		p.settles("one", "succeeded")
		if got := p.ask(200, asUser, "DELETE", one+"/service_bindings/app", ""); got != "{}" {
			t.Error(got)
		}
		p.ask(202, asUser, "PUT", two, order) // of the same space
		p.settles("two", "succeeded")
		k.want(200, "GET", path+"/services/1/name", call{contains: "space"})

		p.ask(202, asUser, "DELETE", one, "")
		p.settles("one", "succeeded")
		k.want(404, "GET", path+"/services/1", call{})
		p.ask(200, asUser, "DELETE", one, "")
		p.ask(410, asUser, "GET", one+"/last_operation", "")
		k.want(200, "DELETE", path+"?abandon=true", call{})
		p.ask(410, asUser, "GET", two+"/last_operation", "")
		p.ask(202, asUser, "PUT", "/v2/service_instances/three", order) // the environment is made anew
	})
}

// withCredentials is the recorder's application with an action that gives credentials.
func withCredentials(t *testing.T) []byte {
	t.Helper()
	return tinyPackageWith(t, func(content string) string { return strings.ReplaceAll(content, "  reveal:", "  getCredentials:") })
}

func TestBrokerRefuses(t *testing.T) {
	k := startSQLite(t)
	p := newPlatform(k)
	id := k.example("hot-random")
	const one = "/v2/service_instances/one"
	order := `{"service_id": "` + id + `", "plan_id": "p", "organization_guid": "o", "space_guid": "s", "parameters": {}}`
	for _, x := range []struct {
		status                   int
		user, method, path, body string
		says                     string
	}{
		{401, "", "GET", "/v2/catalog", "", "Authorization required"},
		{401, "user:wrong", "GET", "/v2/catalog", "", "Your credentials are wrong. Please try again"},
		{404, asUser, "PUT", one, `{}`, "'space_guid'"},
		{400, asUser, "PUT", one, `{"space_guid`, "Malformed request body"},
		{400, asUser, "PUT", one, `[]`, "Malformed request body"},
		{400, asUser, "PUT", one, `{"space_guid": 5}`, "space_guid is not a text"},
		{404, asUser, "PUT", one, strings.ReplaceAll(order, id, "nonesuch"), "Package id 'nonesuch' not found"},
		{403, "other:other", "PUT", one, order, "is not public and not owned"},
		{200, asUser, "DELETE", one, "", "{}"},
		{200, asUser, "PUT", one + "/service_bindings/x", "{}", "{}"},
		{410, asUser, "GET", one + "/last_operation", "", "{}"},
		{404, asUser, "GET", "/v2/nonesuch", "", "The resource could not be found."},
		{404, asUser, "POST", "/v2/catalog", "", "The resource could not be found."},
		{202, asUser, "PUT", one, order, "{}"},
	} {
		if got := p.ask(x.status, x.user, x.method, x.path, x.body); !strings.Contains(got, x.says) {
			t.Errorf("%s %s: %s", x.method, x.path, got)
		}
	}
	p.settles("one", "succeeded")
	p.ask(500, asUser, "PUT", one+"/service_bindings/x", "{}") // it has no such action
	p.ask(410, "other:other", "GET", one+"/last_operation", "")
	p.ask(200, "other:other", "DELETE", one, "")
	p.ask(202, asUser, "DELETE", one, "")
}
