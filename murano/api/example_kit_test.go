package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/resource/neutron"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/store"
	"hearth/murano/agent"
	"hearth/murano/environment"
)

// startAgentsOn is startCloudOn with agents: the simulated servers answer their plans.
func startAgentsOn(t *testing.T, st *store.Store) *kit {
	t.Helper()
	k, _ := startPlans(t, st, "/agent/v1")
	return k
}

// startPlans is startAgentsOn where the simulated servers answer the plans below a path.
func startPlans(t *testing.T, st *store.Store, answered string) (*kit, *agent.Service) {
	t.Helper()
	root := chi.NewRouter()
	server := httptest.NewServer(root)
	agents := agent.New(agent.Config{Store: st, URL: server.URL + "/agent/v1"})
	root.Mount("/agent/v1", agents.Handler())
	agents.Start()
	t.Cleanup(func() {
		agents.Stop()
		server.Close()
	})
	lab := resourcetest.NewWithAgents(t, server.URL+answered)
	caller, err := lab.Cloud.Authenticate(t.Context(), lab.Token("demo"))
	if err != nil {
		t.Fatal(err)
	}
	types := enginetest.Types(t, heat.Types, neutron.Types, nova.Types)
	k := startWith(t, st, enginetest.New(t, st, types, caller, enginetest.WithCloud(lab.Cloud)), lab.Cloud.Authenticate,
		func(c *environment.ProgramsConfig) { c.Agents = agents })
	k.token, k.cloud = caller.Token, lab
	return k, agents
}

// exampleModel is what examples/models has of an application, or of several.
func exampleModel(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("../../examples/models/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// add adds a model to an environment and deploys it; it must become ready.
func (k *kit) add(env, model string) {
	k.t.Helper()
	k.begin(env, model)
	k.expectStatus(env, "ready")
}

// begin is add that does not wait.
func (k *kit) begin(env, model string) {
	k.t.Helper()
	s := k.open(env)
	k.want(200, "POST", env+"/services", call{session: s, body: model})
	k.want(200, "POST", env+"/sessions/"+s+"/deploy", call{})
}

// services gives the applications of an environment.
func (k *kit) services(env, session string) []map[string]any {
	k.t.Helper()
	var out []map[string]any
	if err := json.Unmarshal([]byte(k.want(200, "GET", env+"/services", call{session: session})), &out); err != nil {
		k.t.Fatal(err)
	}
	return out
}

// edit deploys what change makes of an environment's applications; it must become ready.
func (k *kit) edit(env string, change func(apps []map[string]any) []map[string]any) {
	k.t.Helper()
	k.editTo("ready", env, change)
}

// editTo is edit that wants the environment to come to a status.
func (k *kit) editTo(status, env string, change func(apps []map[string]any) []map[string]any) {
	k.t.Helper()
	s := k.open(env)
	b, err := json.Marshal(change(k.services(env, s)))
	if err != nil {
		k.t.Fatal(err)
	}
	k.want(200, "PUT", env+"/services", call{session: s, body: string(b)})
	k.want(200, "POST", env+"/sessions/"+s+"/deploy", call{})
	k.expectStatus(env, status)
}

func same(apps []map[string]any) []map[string]any { return apps }

// withoutClass takes the applications of a class out.
func withoutClass(class string) func([]map[string]any) []map[string]any {
	return func(apps []map[string]any) []map[string]any {
		return slices.DeleteFunc(apps, func(app map[string]any) bool { return isOf(app, class) })
	}
}

func isOf(app map[string]any, class string) bool {
	kind, _ := app["?"].(map[string]any)["type"].(string)
	return kind == class || strings.HasPrefix(kind, class+"/")
}

// appOf gives the application of a class as the environment has it.
func (k *kit) appOf(env, class string) map[string]any {
	k.t.Helper()
	for _, app := range k.services(env, "") {
		if isOf(app, class) {
			return app
		}
	}
	k.t.Fatal("no ", class)
	return nil
}

func (k *kit) expectStatus(env, want string) {
	k.t.Helper()
	if status := k.settled(env); status != want {
		k.t.Fatal(status, "\n", strings.Join(k.reports(env), "\n"))
	}
}

// action runs an action to its end and gives its result; an exception fails the test.
func (k *kit) action(env, id, args string) any {
	k.t.Helper()
	result := k.act(env, id, args)
	if result["isException"] != false {
		k.t.Fatal(result, "\n", strings.Join(k.reports(env), "\n"))
	}
	return result["result"]
}

// theStack gives the caller's only stack, nil when there is none.
func (k *kit) theStack() *core.Stack {
	k.t.Helper()
	list, _, err := k.lab.List(k.t.Context(), k.lab.Caller, engine.ListOptions{})
	if err != nil {
		k.t.Fatal(err)
	}
	switch len(list) {
	case 0:
		return nil
	case 1:
		s, err := k.lab.Await(k.t.Context(), list[0].ID)
		if err != nil {
			k.t.Fatal(err)
		}
		return s
	}
	k.t.Fatal(len(list), " stacks")
	return nil
}

// expectStack wants the only stack to be complete, with so many resources of each type.
func (k *kit) expectStack(want map[string]int) {
	k.t.Helper()
	s := k.theStack()
	if s == nil {
		k.t.Fatal("no stack")
	}
	if s.Status != core.Complete {
		k.t.Error(s.State(), s.StatusReason)
	}
	resources, err := k.lab.Engine.Store.Resources(k.t.Context(), s.ID)
	if err != nil {
		k.t.Fatal(err)
	}
	got := map[string]int{}
	for _, r := range resources {
		got[r.Type]++
	}
	if d := cmp.Diff(want, got); d != "" {
		k.t.Error(d)
	}
}

// changed gives the resources of the stack, without itself, that something is done to
// during do.
func (k *kit) changed(do func()) []string {
	k.t.Helper()
	s := k.theStack()
	before := len(k.lab.Events(s))
	do()
	out := []string{}
	for _, e := range k.lab.Events(s)[before:] {
		name, rest, _ := strings.Cut(e, " ")
		state, _, _ := strings.Cut(rest, ":")
		if text := name + " " + state; name != s.Name && strings.HasSuffix(state, "_COMPLETE") && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	slices.Sort(out)
	return out
}

// expectRule wants a security group of the cloud to let a port be reached from a prefix; ""
// is the servers of the group alone.
func (k *kit) expectRule(port int, prefix string) {
	k.t.Helper()
	var rules []struct {
		Min    int    `json:"port_range_min"`
		Prefix string `json:"remote_ip_prefix"`
		Group  string `json:"remote_group_id"`
	}
	k.list("/network/v2.0/security-group-rules", "security_group_rules", &rules)
	for _, r := range rules {
		if r.Min == port && r.Prefix == prefix && (r.Group == "") == (prefix != "") {
			return
		}
	}
	k.t.Error("no rule lets port", port, "be reached from", prefix, "in", rules)
}

// inCloud counts what a project has in the cloud.
func (k *kit) inCloud() string {
	k.t.Helper()
	var out []string
	for _, kind := range []string{"servers", "networks", "subnets", "ports", "floatingips", "security-groups"} {
		path := "/network/v2.0/" + kind
		if kind == "servers" {
			path = "/compute/v2.1/servers"
		}
		var list []any
		k.list(path, strings.ReplaceAll(kind, "-", "_"), &list)
		out = append(out, fmt.Sprint(len(list), " ", kind))
	}
	return strings.Join(out, ", ")
}

// list reads a list of the cloud into what into points to.
func (k *kit) list(path, name string, into any) {
	k.t.Helper()
	req, err := http.NewRequestWithContext(k.t.Context(), "GET", k.cloud.URL+path, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", k.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		k.t.Fatal(err)
	}
	defer res.Body.Close()
	var body map[string]json.RawMessage
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil || res.StatusCode != 200 {
		k.t.Fatal(path, res.Status, err)
	}
	if err := json.Unmarshal(body[name], into); err != nil {
		k.t.Fatal(path, err)
	}
}

// remove deletes an environment: nothing may be left of it, and the cloud is as it was.
func (k *kit) remove(env, before string) {
	k.t.Helper()
	k.want(200, "DELETE", env, call{})
	k.expectStatus(env, "gone")
	if s := k.theStack(); s != nil {
		k.t.Error(s.Name, s.State())
	}
	if after := k.inCloud(); after != before {
		k.t.Errorf("in the cloud were %s\nand are %s", before, after)
	}
}
