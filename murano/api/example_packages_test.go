package api_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/simcloud"
	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/murano/catalog"
	"hearth/murano/validate"
)

// Resources of the stack of one server with the agent on the network of its environment.
var oneServer = map[string]int{
	"OS::Neutron::SecurityGroup": 1, "OS::Neutron::Net": 1, "OS::Neutron::Subnet": 1, "OS::Neutron::RouterInterface": 1,
	"OS::Neutron::Port": 1, "OS::Nova::Server": 1, "OS::Heat::CloudConfig": 1, "OS::Heat::SoftwareConfig": 1, "OS::Heat::MultipartMime": 1,
}

// servers is oneServer with n servers and as many floating IPs as are given.
func servers(n, floating int) map[string]int {
	out := map[string]int{}
	for kind, one := range oneServer {
		out[kind] = one
	}
	for _, kind := range []string{"OS::Neutron::Port", "OS::Nova::Server", "OS::Heat::CloudConfig", "OS::Heat::SoftwareConfig", "OS::Heat::MultipartMime"} {
		if out[kind] = n; n == 0 {
			delete(out, kind)
		}
	}
	if floating > 0 {
		out["OS::Neutron::FloatingIP"] = floating
	}
	return out
}

func startAgents(t *testing.T) *kit {
	t.Helper()
	return startAgentsOn(t, storetest.Open(t, storetest.SQLite(t)))
}

// Every example is sound, has a model and a row in the README.
func TestExamplesHaveModels(t *testing.T) {
	packages, err := os.ReadDir("../../examples/packages")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../examples/README.md")
	if err != nil {
		t.Fatal(err)
	}
	k := startSQLite(t)
	var archives []*catalog.Archive
	for _, p := range packages {
		k.example(p.Name())
		data, err := catalog.Build("../../examples/packages/" + p.Name())
		if err != nil {
			t.Fatal(err)
		}
		a, err := catalog.OpenArchive(data, catalog.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		archives = append(archives, a)
		if !strings.Contains(string(readme), "packages/"+p.Name()+")") {
			t.Error("README.md does not tell of", p.Name())
		}
	}
	for i, a := range archives {
		for _, problem := range validate.Archive(t.Context(), a, validate.Options{Required: archives}) {
			t.Error(packages[i].Name(), problem)
		}
	}
	models, err := os.ReadDir("../../examples/models")
	if err != nil {
		t.Fatal(err)
	}
	env := k.environment("e")
	s := k.open(env)
	for _, m := range models {
		k.want(200, "POST", env+"/services", call{session: s, body: exampleModel(t, strings.TrimSuffix(m.Name(), ".json"))})
	}
	var used []string
	for _, app := range k.services(env, s) {
		used = append(used, app["?"].(map[string]any)["type"].(string))
	}
	list := k.object("GET", "/v1/catalog/packages", call{})["packages"].([]any)
	for _, p := range list {
		if name := p.(map[string]any)["fully_qualified_name"].(string); !slices.Contains(used, name) {
			t.Error("no model has a", name)
		}
	}
	if len(list) != len(packages) {
		t.Error(len(list), "packages of", len(packages))
	}
}

// The application without resources greets, once each.
func TestGreeter(t *testing.T) {
	k := startAgents(t)
	before := k.inCloud()
	k.example("greeter")
	env := k.environment("e")
	k.add(env, exampleModel(t, "greeter"))
	want := []string{"info Action deploy is scheduled", `info Doorman says "I am here"`, "info Deployment finished"}
	if d := cmp.Diff(want, k.reports(env)); d != "" {
		t.Error(d)
	}
	id := k.appOf(env, "hearth.examples.Greeter")["?"].(map[string]any)["id"].(string)
	got := k.action(env, id+"_greet", `{"who": "Ann"}`)
	if d := cmp.Diff(map[string]any{"text": "Welcome, Ann", "greeted": []any{"Ann"}}, got); d != "" {
		t.Error(d)
	}
	again := k.act(env, id+"_greet", `{"who": "Ann"}`)
	if r, _ := again["result"].(map[string]any); again["isException"] != true || r["message"] != "[hearth.examples.AlreadyGreeted]: Doorman has greeted Ann before" {
		t.Error(again)
	}
	k.action(env, id+"_greet", `{"who": "Bob"}`)
	if greeted := k.want(200, "GET", env+"/services/"+id+"/greeted", call{}); greeted != `["Ann","Bob"]` {
		t.Error(greeted)
	}
	k.want(200, "POST", "/v1/actions", call{body: `{"className": "hearth.examples.Greeter", "methodName": "greetings", "parameters": {"names": ["Eve", "Joe"], "greeting": "Hi"}}`,
		contains: `["Hi, Eve","Hi, Joe"]`})

	k.edit(env, func(apps []map[string]any) []map[string]any {
		apps[0]["greeting"] = "Hello"
		return apps
	})
	if reports := k.reports(env); len(reports) != 2 {
		t.Error("it was deployed before:", reports)
	}
	if r := k.action(env, id+"_greet", `{"who": "Eve"}`).(map[string]any); r["text"] != "Hello, Eve" {
		t.Error(r)
	}
	if s := k.theStack(); s != nil {
		t.Error("there is a stack", s.Name)
	}
	k.edit(env, withoutClass("hearth.examples.Greeter"))
	if reports := k.reports(env); !slices.Contains(reports, `info Doorman says "Good bye"`) {
		t.Error(reports)
	}
	k.remove(env, before)
}

// The application of a template is a stack of its own.
func TestHOTExample(t *testing.T) {
	k := startAgents(t)
	before := k.inCloud()
	k.example("hot-web")
	env := k.environment("e")
	k.add(env, exampleModel(t, "hot-web"))
	web := map[string]int{"OS::Neutron::Net": 1, "OS::Neutron::Subnet": 1, "OS::Neutron::Router": 1, "OS::Neutron::RouterInterface": 1, "OS::Neutron::SecurityGroup": 1,
		"OS::Neutron::Port": 1, "OS::Neutron::FloatingIP": 1, "OS::Heat::RandomString": 1, "OS::Nova::Server": 1}
	k.expectStack(web)
	outputs := k.appOf(env, "hearth.examples.Web")["templateOutputs"].(map[string]any)
	if url, _ := outputs["url"].(string); !strings.HasPrefix(url, "http://172.24.4.") || len(outputs) != 3 {
		t.Error(outputs)
	}
	if changed := k.changed(func() { k.edit(env, same) }); len(changed) != 0 {
		t.Error("nothing was changed, but", changed)
	}
	changed := k.changed(func() {
		k.edit(env, func(apps []map[string]any) []map[string]any {
			apps[0]["templateParameters"].(map[string]any)["flavor"] = "m1.medium"
			return apps
		})
	})
	if d := cmp.Diff([]string{"server UPDATE_COMPLETE"}, changed); d != "" {
		t.Error(d)
	}
	k.expectStack(web)
	k.edit(env, withoutClass("hearth.examples.Web"))
	if s := k.theStack(); s != nil {
		t.Error(s.Name, s.State())
	}
	k.remove(env, before)
}

// One server with a floating IP and an open port; its page is published by the agent.
func TestSite(t *testing.T) {
	k := startAgents(t)
	before := k.inCloud()
	k.example("site")
	env := k.environment("e")
	k.add(env, exampleModel(t, "site"))
	k.expectStack(servers(1, 1))
	site := k.appOf(env, "hearth.examples.Site")
	id, url := site["?"].(map[string]any)["id"].(string), site["url"].(string)
	floating := site["instance"].(map[string]any)["floatingIpAddress"]
	if !strings.HasPrefix(url, "http://172.24.4.") || url != "http://"+floating.(string)+"/" {
		t.Error(url, floating)
	}
	if output := k.lab.Output(k.theStack(), "site-floatingIPaddress"); output != `"`+floating.(string)+`"` {
		t.Error(output)
	}
	k.expectRule(80, "0.0.0.0/0")
	want := []string{"info Action deploy is scheduled", "info Creating the server", `info Publishing "It works"`, "info The site is at " + url, "info Deployment finished"}
	if d := cmp.Diff(want, k.reports(env)); d != "" {
		t.Error(d)
	}

	if changed := k.changed(func() { k.edit(env, same) }); len(changed) != 0 || len(k.reports(env)) != 2 {
		t.Error("nothing was changed, but", changed, k.reports(env))
	}
	changed := k.changed(func() {
		if got := k.action(env, id+"_changeTitle", `{"title": "News"}`); got != url {
			t.Error(got)
		}
	})
	if title := k.appOf(env, "hearth.examples.Site")["title"]; title != "News" || len(changed) != 0 || !slices.Contains(k.reports(env), `info Publishing "News"`) {
		t.Error(title, changed, k.reports(env))
	}
	changed = k.changed(func() {
		k.edit(env, func(apps []map[string]any) []map[string]any {
			apps[0]["instance"].(map[string]any)["flavor"] = "m1.medium"
			return apps
		})
	})
	if d := cmp.Diff([]string{"site UPDATE_COMPLETE"}, changed); d != "" {
		t.Error(d, k.reports(env))
	}
	k.expectStack(servers(1, 1))
	if after := k.appOf(env, "hearth.examples.Site")["url"]; after != url {
		t.Error(after, "was", url)
	}

	k.edit(env, withoutClass("hearth.examples.Site"))
	k.expectStack(servers(0, 0))
	k.remove(env, before)
}

// A plan that fails is told with what its script said; the next deployment begins there.
func TestSiteThatFails(t *testing.T) {
	k := startAgents(t)
	before := k.inCloud()
	k.example("site")
	env := k.environment("e")
	mend := k.cloud.Sim.Answer(simcloud.AgentRule{Plan: "Publish the page", Script: "publish", ExitCode: 100, Stderr: "Unable to locate package nginx"})
	k.begin(env, exampleModel(t, "site"))
	k.expectStatus(env, "deploy failure")
	if reports := strings.Join(k.reports(env), "\n"); !strings.Contains(reports, "Unable to locate package nginx") {
		t.Error(reports)
	}
	mend()
	changed := k.changed(func() { k.edit(env, same) })
	want := []string{"info Action deploy is scheduled", `info Publishing "It works"`, "info The site is at " + k.appOf(env, "hearth.examples.Site")["url"].(string), "info Deployment finished"}
	if d := cmp.Diff(want, k.reports(env)); len(changed) != 0 || d != "" {
		t.Error(changed, d)
	}
	k.remove(env, before)
}

// Two applications, of which one uses the other.
func TestGuestbook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		k := startAgentsOn(t, st)
		before := k.inCloud()
		k.example("database")
		k.example("guestbook")
		env := k.environment("e")
		k.add(env, exampleModel(t, "guestbook"))
		k.expectStack(servers(2, 1))
		address := k.appOf(env, "hearth.examples.Database")["address"].(string)
		if url := k.appOf(env, "hearth.examples.Guestbook")["url"].(string); !strings.HasPrefix(address, "10.0.") || !strings.HasPrefix(url, "http://172.24.4.") {
			t.Error(address, url)
		}
		reports := k.reports(env)
		created, used := slices.Index(reports, "info The database guestbook is there"), slices.Index(reports, "info Using the database at "+address)
		if created < 0 || used < created || len(reports) != 8 {
			t.Error(strings.Join(reports, "\n"))
		}
		k.expectRule(80, "0.0.0.0/0")
		k.expectRule(5432, "")

		if changed := k.changed(func() { k.edit(env, same) }); len(changed) != 0 || len(k.reports(env)) != 2 {
			t.Error("nothing was changed, but", changed, k.reports(env))
		}
		// Another password is for both to know, and none of the stack's business.
		changed := k.changed(func() {
			k.edit(env, func(apps []map[string]any) []map[string]any {
				apps[0]["password"] = "another one"
				return apps
			})
		})
		if reports := k.reports(env); len(changed) != 0 || len(reports) != 4 || reports[1] != "info Creating the database guestbook" || reports[2] != "info Using the database at "+address {
			t.Error(changed, strings.Join(reports, "\n"))
		}

		// A database that is used cannot be taken away.
		whole := k.services(env, "")
		k.editTo("deploy failure", env, withoutClass("hearth.examples.Database"))
		k.expectStack(servers(2, 1))
		k.edit(env, func([]map[string]any) []map[string]any { return whole })
		k.expectStack(servers(2, 1))
		k.remove(env, before)
	})
}

// The application that uses another goes, the other stays.
func TestGuestbookGoes(t *testing.T) {
	k := startAgents(t)
	before := k.inCloud()
	k.example("database")
	k.example("guestbook")
	env := k.environment("e")
	k.add(env, exampleModel(t, "guestbook"))
	k.edit(env, withoutClass("hearth.examples.Guestbook"))
	k.expectStack(servers(1, 0))
	if _, there := k.lab.Resources(k.theStack())["database"]; !there {
		t.Error("the server of the database is gone")
	}
	k.remove(env, before)
}

// Servers are added and removed by actions.
func TestWebFarm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		k := startAgentsOn(t, st)
		before := k.inCloud()
		k.example("web-farm")
		env := k.environment("e")
		k.add(env, exampleModel(t, "web-farm"))
		k.expectStack(servers(2, 2))
		k.expectRule(80, "0.0.0.0/0")
		farm := k.appOf(env, "hearth.examples.WebFarm")
		id := farm["?"].(map[string]any)["id"].(string)
		first := farm["addresses"].([]any)
		if len(first) != 2 || !strings.HasPrefix(first[0].(string), "172.24.4.") {
			t.Error(first)
		}

		if changed := k.changed(func() { k.edit(env, same) }); len(changed) != 0 || len(k.reports(env)) != 2 {
			t.Error("nothing was changed, but", changed, strings.Join(k.reports(env), "\n"))
		}
		changed := k.changed(func() {
			got := k.action(env, id+"_scaleOut", `{}`).([]any)
			if len(got) != 3 || !slices.Equal(got[:2], first) {
				t.Error(got)
			}
		})
		if len(changed) != 6 || !slices.Contains(changed, "web-3 CREATE_COMPLETE") {
			t.Error(changed)
		}
		k.expectStack(servers(3, 3))
		if reports := strings.Join(k.reports(env), "\n"); !strings.Contains(reports, "Web farm is installed on web-3") || strings.Contains(reports, "web-1") {
			t.Error(reports)
		}

		changed = k.changed(func() { k.action(env, id+"_changeTitle", `{"title": "News"}`) })
		if reports := strings.Join(k.reports(env), "\n"); len(changed) != 0 || strings.Count(reports, "is configured at web-") != 3 || strings.Contains(reports, "nstalling") {
			t.Error(changed, reports)
		}

		for _, want := range []int{2, 1, 1} {
			if got := k.action(env, id+"_scaleIn", `{}`).([]any); len(got) != want || got[0] != first[0] {
				t.Error(got)
			}
			k.expectStack(servers(want, want))
		}
		k.edit(env, func(apps []map[string]any) []map[string]any {
			apps[0]["servers"].(map[string]any)["numItems"] = 4
			return apps
		})
		k.expectStack(servers(4, 4))
		k.edit(env, withoutClass("hearth.examples.WebFarm"))
		k.expectStack(servers(0, 0))
		k.remove(env, before)
	})
}
