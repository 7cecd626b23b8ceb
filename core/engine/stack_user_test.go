package engine_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/core/yaml"
)

// accountLab is an engine that makes accounts in a simulated cloud.
func accountLab(t *testing.T, st *store.Store) (*enginetest.Lab, *resourcetest.Lab) {
	t.Helper()
	c := resourcetest.New(t)
	caller := &core.Caller{Token: c.Token("demo"), UserID: c.Client.UserID(), UserName: "demo", ProjectID: c.Client.ProjectID(), Roles: []string{"member"}}
	links := engine.SignalLinks{Endpoint: "http://heat.example/v1", CFN: "http://cfn.example/v1", Identity: c.URL, Key: []byte("test"), Cloud: c.Cloud, Store: st}
	return enginetest.New(t, st, enginetest.Types(t, heat.Types, nova.Types), caller, enginetest.WithCloud(c.Cloud),
		func(cfg *converge.Config) { cfg.Links = links }), c
}

// logIn is what software in a server does with what it was given; nil when it is refused.
func logIn(t *testing.T, c *resourcetest.Lab, user, password, project any) *core.Caller {
	t.Helper()
	sc := &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: c.URL + "/v3/"}
	id, _ := user.(string)
	secret, _ := password.(string)
	scope, _ := project.(string)
	token, err := tokens.Create(t.Context(), sc, &tokens.AuthOptions{UserID: id, Password: secret, Scope: tokens.Scope{ProjectID: scope}}).ExtractTokenID()
	if gophercloud.ResponseCodeIs(err, 401) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	caller, err := c.Cloud.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return caller
}

// inStackDomain counts the users and the projects that there are for stacks.
func inStackDomain(t *testing.T, c *resourcetest.Lab) (users, projects int) {
	t.Helper()
	id := askAs(t, c, "domains?name=heat").Subs("domains")[0].String("id")
	list := askAs(t, c, "users?domain_id="+id).Subs("users")
	return len(list) - 1, len(askAs(t, c, "projects?domain_id="+id).Subs("projects")) // one is the administrator
}

func askAs(t *testing.T, c *resourcetest.Lab, path string) resource.Values {
	t.Helper()
	identity, err := c.Admin.Identity()
	if err != nil {
		t.Fatal(err)
	}
	m, err := cloud.Call(t.Context(), identity, http.MethodGet, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return resource.NewValues(m)
}

const accounts = `
heat_template_version: 2021-04-16
resources:
  server: {type: OS::Heat::DeployedServer, properties: {software_config_transport: POLL_SERVER_HEAT}, metadata: {mine: 1}}
  config: {type: OS::Heat::SoftwareConfig, properties: {config: x}}
  dep: {type: OS::Heat::SoftwareDeployment, properties: {config: {get_resource: config}, server: {get_resource: server}, signal_transport: HEAT_SIGNAL}}
  handle: {type: OS::Heat::WaitConditionHandle, properties: {signal_transport: HEAT_SIGNAL}}
  other: {type: OS::Heat::WaitConditionHandle}
outputs:
  agent: {value: {get_attr: [server, os_collect_config]}}
  signal: {value: {get_attr: [handle, signal]}}
`

// Software that logs in by name has an account that may read and signal the one resource,
// in a project of the stack's users. Both go with what they were made for.
func TestStackUserAccounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l, c := accountLab(t, st)
		s := begin(t, l, l.Request("s", accounts))
		ref := engine.StackRef{Name: "s", ID: s.ID}
		server := func() string {
			row, err := st.FindResource(t.Context(), s.ID, "server")
			if err != nil || row == nil {
				t.Fatal(row, err)
			}
			return row.ID
		}()
		inputs := agent{l, server}.work("CREATE", 1)
		dep := logIn(t, c, inputs["deploy_user_id"], inputs["deploy_password"], inputs["deploy_project_id"])
		if dep == nil || !dep.HasRole("heat_stack_user") || len(dep.Roles) != 1 || dep.UserName != inputs["deploy_username"] || dep.ProjectID == s.ProjectID {
			t.Fatal(dep, inputs)
		}
		if shown, err := l.Show(t.Context(), l.Caller, ref); err != nil || shown.StackUserProjectID != dep.ProjectID {
			t.Error(shown, err)
		}
		for _, name := range []string{"server", "handle", "other", "config", "nonesuch"} {
			if err := l.Signal(t.Context(), dep, ref, name, nil); core.ErrorCode(err) != core.Forbidden {
				t.Errorf("a deployment signals %s: %v", name, err)
			}
			if _, err := l.Metadata(t.Context(), dep, ref, name); core.ErrorCode(err) != core.Forbidden {
				t.Errorf("a deployment reads %s: %v", name, err)
			}
		}
		if id, err := l.Identify(t.Context(), dep, "s"); err != nil || id.StackID != s.ID {
			t.Error(id, err)
		}
		if list, err := l.DeploymentMetadata(t.Context(), dep, server); err != nil || len(list) != 1 {
			t.Error(list, err)
		}
		if err := l.Signal(t.Context(), dep, ref, "dep", nil); err != nil {
			t.Error(err)
		}
		s = l.Wait(s.ID)
		l.Expect(s, "CREATE_COMPLETE")

		agent := outputMap(t, l.Output(s, "agent")).Sub("heat")
		poller := logIn(t, c, agent.Get("user_id"), agent.Get("password"), agent.Get("project_id"))
		if poller == nil || agent.String("stack_id") != "s/"+s.ID || agent.String("resource_name") != "server" {
			t.Fatal(agent)
		}
		m, err := l.Metadata(t.Context(), poller, ref, "server")
		if err != nil || len(resource.NewValues(m).Subs("deployments")) != 1 || resource.NewValues(m).Int("mine") != 1 ||
			resource.NewValues(m).Sub("os-collect-config").Sub("heat").String("password") != agent.String("password") {
			t.Error(yaml.Dumps(m, false), err)
		}
		if row, err := st.FindResourceByID(t.Context(), server); err != nil || strings.Contains(string(row.Metadata), agent.String("password")) {
			t.Error("the password stands with the metadata: ", string(row.Metadata), err)
		}
		if _, err := l.Metadata(t.Context(), poller, ref, "dep"); core.ErrorCode(err) != core.Forbidden {
			t.Error(err)
		}

		var text string
		if text, _ = decode(t, l.Output(s, "signal")).(string); text == "" {
			t.Fatal(l.Output(s, "signal"))
		}
		how := outputMap(t, text)
		waiter := logIn(t, c, how.Get("user_id"), how.Get("password"), how.Get("project_id"))
		if at, err := url.Parse(how.String("alarm_url")); waiter == nil || err != nil ||
			at.Path != "/v1/"+waiter.ProjectID+"/stacks/s/"+s.ID+"/resources/handle/signal" {
			t.Fatal(text)
		}
		if err := l.Signal(t.Context(), waiter, ref, "handle", nil); err != nil {
			t.Error(err)
		}
		if users, projects := inStackDomain(t, c); users != 3 || projects != 1 {
			t.Error(users, projects)
		}

		for _, act := range []struct {
			name    string
			allowed bool
		}{{"suspend", false}, {"resume", true}} {
			if err := l.Act(t.Context(), l.Caller, ref, act.name); err != nil {
				t.Fatal(err)
			}
			l.Expect(l.Wait(s.ID), strings.ToUpper(act.name)+"_COMPLETE")
			if who := logIn(t, c, how.Get("user_id"), how.Get("password"), how.Get("project_id")); (who != nil) != act.allowed {
				t.Error(act.name, who)
			}
			if err := l.Signal(t.Context(), waiter, ref, "handle", nil); (err == nil) != act.allowed {
				t.Error(act.name, err)
			}
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		if users, projects := inStackDomain(t, c); users != 0 || projects != 0 {
			t.Error(users, projects)
		}
	})
}

func decode(t *testing.T, text string) any {
	t.Helper()
	v, err := yaml.DecodeJSON([]byte(text))
	if err != nil {
		t.Fatal(text, err)
	}
	return v
}

func outputMap(t *testing.T, text string) resource.Values {
	t.Helper()
	m, _ := decode(t, text).(*yaml.Map)
	return resource.NewValues(m)
}

// An account is found again by its name, whatever was lost between its making and the commit.
func TestStackUserMadeTwice(t *testing.T) {
	c := resourcetest.New(t)
	first, err := c.Cloud.CreateStackUser(t.Context(), "p-s", "s-r-x", "one")
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Cloud.CreateStackUser(t.Context(), "p-s", "s-r-x", "two")
	if err != nil || again != first {
		t.Fatal(again, first, err)
	}
	if logIn(t, c, first.ID, "one", first.ProjectID) != nil || logIn(t, c, first.ID, "two", first.ProjectID) == nil {
		t.Error("the account has not the last password")
	}
	if _, err := c.Cloud.CreateStackUser(t.Context(), "p-s", "s-r-y", "two"); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name            string
		users, projects int
	}{{"s-r-x", 1, 1}, {"s-r-x", 1, 1}, {"s-r-y", 0, 0}, {"s-r-y", 0, 0}} {
		if err := c.Cloud.DeleteStackUser(t.Context(), "p-s", tc.name); err != nil {
			t.Fatal(err)
		}
		if users, projects := inStackDomain(t, c); users != tc.users || projects != tc.projects {
			t.Error(tc, users, projects)
		}
	}
}
