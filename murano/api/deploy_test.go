package api_test

import (
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/engine"
)

// random is an application of examples/packages/hot-random.
func random(id, parameters string) string {
	return `{"?": {"type": "hearth.examples.Random", "id": "` + id + `", "name": "n", "_note": {"kept": true}, "status": "pending"}, "name": "` + id + `", "templateParameters": ` + parameters + `}`
}

// deploy replaces the services of an environment and deploys them; it gives the status
// that the environment comes to.
func (k *kit) deploy(env string, services ...string) string {
	k.t.Helper()
	s := k.open(env)
	k.want(200, "PUT", env+"/services", call{session: s, body: "[" + strings.Join(services, ",") + "]"})
	if body := k.want(200, "POST", env+"/sessions/"+s+"/deploy", call{}); body != "" {
		k.t.Errorf("deploy answers %q", body)
	}
	return k.settled(env)
}

// secret gives the output of an application.
func (k *kit) secret(env, app string) string {
	k.t.Helper()
	var s string
	body := k.want(200, "GET", env+"/services/"+app+"/templateOutputs/secret", call{})
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		k.t.Fatal(body, err)
	}
	return s
}

// stacks gives the names of the project's stacks and their states.
func (k *kit) stacks() map[string]string {
	k.t.Helper()
	list, _, err := k.lab.List(k.t.Context(), callers["user"], engine.ListOptions{})
	if err != nil {
		k.t.Fatal(err)
	}
	out := map[string]string{}
	for _, s := range list {
		out[s.Name] = s.State()
	}
	return out
}

// The life of two applications: deployed, one changed, one removed, all deleted.
func TestDeploy(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.example("hot-random")
		env := k.environment("e")
		if status := k.deploy(env, random("a", `{"length": 9}`), random("b", `{}`)); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		first, kept := k.secret(env, "a"), k.secret(env, "b")
		if len(first) != 9 || len(kept) != 16 {
			t.Error(first, kept)
		}
		services := k.want(200, "GET", env+"/services/a", call{})
		want := `{"?":{"type":"hearth.examples.Random/1.0.0@hearth.examples.Random","id":"a","name":"n","metadata":null,"_note":{"kept":true},"_actions":{}},` +
			`"name":"a","templateParameters":{"length":9,"salt":null},"hotEnvironment":null,"templateOutputs":{"secret":"` + first + `"},"generatedHeatStackName":null}`
		if d := cmp.Diff(want, services); d != "" {
			t.Error(d)
		}
		k.want(200, "GET", env, call{contains: `"version":1,`})
		k.want(200, "GET", env+"/model/%3F", call{contains: `"type":"io.murano.Environment/0.0.0@io.murano"`})
		if states := k.stacks(); len(states) != 2 {
			t.Error(states)
		} else {
			for name, state := range states {
				if state != "CREATE_COMPLETE" || !strings.HasSuffix(name, "_"+strings.TrimPrefix(env, "/v1/environments/")) {
					t.Error(name, state)
				}
			}
		}

		if status := k.deploy(env, random("a", `{"length": 12}`), random("b", `{}`)); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		if s := k.secret(env, "a"); len(s) != 12 || s == first {
			t.Error("the changed one is", s)
		}
		if s := k.secret(env, "b"); s != kept {
			t.Error("the unchanged one is", s, "and was", kept)
		}

		if status := k.deploy(env, random("b", `{}`)); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		if states := k.stacks(); len(states) != 1 {
			t.Error("a removed application leaves", states)
		}
		if n := len(k.object("GET", "/v1/deployments", call{})["deployments"].([]any)); n != 3 {
			t.Error(n, "deployments")
		}

		k.want(200, "DELETE", env, call{})
		if status := k.settled(env); status != "gone" {
			t.Fatal(status)
		}
		if states := k.stacks(); len(states) != 0 {
			t.Error("a deleted environment leaves", states)
		}
		k.want(404, "GET", env+"/deployments", call{})
	})
}

func TestReports(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.example("hot-random")
		env := k.environment("e")
		k.deploy(env, random("a", `{}`), `{"?": {"type": "hearth.examples.Random", "id": "b"}, "name": "b", "password": "secret"}`)
		list := k.object("GET", env+"/deployments", call{})["deployments"].([]any)
		d := list[0].(map[string]any)
		if d["state"] != "success" || d["finished"] == nil {
			t.Error(d)
		}
		if diff := cmp.Diff(map[string]any{"isException": false, "result": nil}, d["result"]); diff != "" {
			t.Error(diff)
		}
		environmentID := strings.TrimPrefix(env, "/v1/environments/")
		if diff := cmp.Diff(map[string]any{"object_id": environmentID, "method": "deploy", "args": map[string]any{}}, d["action"]); diff != "" {
			t.Error(diff)
		}
		description := d["description"].(map[string]any)
		if id := description["?"].(map[string]any)["id"]; id != environmentID {
			t.Error("the environment object has the id", id)
		}
		if p := description["services"].([]any)[1].(map[string]any)["password"]; p != "*** SANITIZED ***" {
			t.Error("the password is", p)
		}
		path := env + "/deployments/" + d["id"].(string)
		reports := k.object("GET", path, call{})["reports"].([]any)
		if n := len(reports); n != 10 {
			t.Error(n, "reports")
		}
		first, last := reports[0].(map[string]any), reports[len(reports)-1].(map[string]any)
		if first["text"] != "Action deploy is scheduled" || first["entity_id"] != nil || last["text"] != "Deployment finished" || last["level"] != "info" {
			t.Error(first, last)
		}
		var of []string
		for _, r := range k.object("GET", path+"?service_id=a&service_id=nope", call{})["reports"].([]any) {
			of = append(of, r.(map[string]any)["text"].(string))
		}
		if diff := cmp.Diff([]string{"Application deployment has started", "Stack creation has started", "Stack was successfully created", "Application deployment has finished"}, of); diff != "" {
			t.Error(diff)
		}
		k.want(200, "GET", path+"?service_id=nope", call{contains: `{"reports":[]}`})
		k.want(200, "GET", env+"/lastStatus", call{contains: `"text":"Application deployment has finished"`})
		k.want(404, "GET", env+"/deployments/nope", call{contains: "The resource could not be found."})
		k.want(400, "GET", k.environment("elsewhere")+"/deployments/"+d["id"].(string), call{})
		k.want(403, "GET", path, call{as: "other"})
	})
}

// An object that cannot be loaded keeps everything from being deployed.
func TestDeployUnloadable(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.example("hot-random")
		tiny := archive(t, map[string]string{"manifest.yaml": "Format: 1.4\nType: Application\nFullName: t.Tiny\nClasses: {t.Tiny: Tiny.yaml}\n", "Classes/Tiny.yaml": "Name: Tiny\n"})
		if status, body := k.upload("user", tiny, ""); status != 200 {
			t.Fatal(body)
		}
		for _, x := range []struct{ service, message string }{
			{`{"?": {"type": "no.such.Class", "id": "x"}, "name": "x"}`, `Package for class "no.such.Class" is not found`},
			{`{"?": {"type": "t.Tiny", "id": "x"}, "name": "x"}`, `Class "t.Tiny" is not found in t.Tiny/0.0.0`},
			{`{"?": {"type": "hearth.examples.Random", "id": "x"}}`, "[io.murano.Environment.applications[1]] [hearth.examples.Random.name] null value violates notNull() contract"},
			{`{"?": {"type": "hearth.examples.Random", "id": "x"}, "name": "x", "templateParameters": 5}`, "[io.murano.Environment.applications[1]] [hearth.examples.Random.templateParameters] Value 5 is not of a dictionary type"},
			{`{"?": {"type": "hearth.examples.Random", "id": "x"}, "name": "x", "hotEnvironment": "no.yaml"}`, "[io.murano.Environment.applications[1]] [hearth.examples.Random.hotEnvironment] there is no file HotEnvironments/no.yaml"},
			{random("a", `{}`), "Two objects have the id a"},
		} {
			env := "/v1/environments/" + k.object("POST", "/v1/environments", call{body: `{"name": "e"}`})["id"].(string)
			if status := k.deploy(env, random("a", `{}`), x.service); status != "deploy failure" {
				t.Fatal(x.message, status)
			}
			want := []string{"info Action deploy is scheduled", "error " + x.message, "info Deployment finished with errors"}
			if d := cmp.Diff(want, k.reports(env)); d != "" {
				t.Error(d)
			}
			if states := k.stacks(); len(states) != 0 {
				t.Error(x.message, states)
			}
			k.want(200, "GET", env+"/deployments", call{contains: `"state":"completed_w_errors"`})
			k.want(200, "GET", env+"/services", call{contains: `"templateParameters":{}`})
			k.open(env)
			k.want(200, "GET", env, call{contains: `"status":"deploy failure"`})
			k.want(200, "DELETE", env, call{})
			if status := k.settled(env); status != "gone" {
				t.Error(status)
			}
		}
	})
}

// A stack that fails is the application's trouble alone; the next deployment mends it.
func TestDeployFailure(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.example("hot-random")
		env := k.environment("e")
		if status := k.deploy(env, random("good", `{}`), random("bad", `{"length": 1000}`)); status != "deploy failure" {
			t.Fatal(status)
		}
		var errors []string
		for _, r := range k.reports(env) {
			if strings.HasPrefix(r, "error") {
				errors = append(errors, r)
			}
		}
		if len(errors) != 2 || !strings.Contains(errors[0], "It has from 1 to 512 characters.") || !strings.HasPrefix(errors[1], "error [heatclient.exc.HTTPBadRequest]: ") {
			t.Error(errors)
		}
		if len(k.secret(env, "good")) != 16 {
			t.Error("the good one has no output")
		}
		if status := k.deploy(env, random("good", `{}`), random("bad", `{"length": 10}`)); status != "ready" {
			t.Error(status, k.reports(env))
		}
	})
}

// Of two sessions the first that is deployed wins, and while it is there is no other.
func TestFirstDeployWins(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.example("hot-random")
		env := k.environment("e")
		one, two := k.open(env), k.open(env)
		for _, s := range []string{one, two} {
			k.want(200, "POST", env+"/services", call{session: s, body: random("a", `{}`)})
		}
		var won, lost atomic.Int64
		var g sync.WaitGroup
		at := k.environment("at once")
		sessions := []string{k.open(at), k.open(at), k.open(at), k.open(at)}
		for _, s := range sessions {
			g.Go(func() {
				switch status, _, _ := k.do("POST", at+"/sessions/"+s+"/deploy", call{}); status {
				case 200:
					won.Add(1)
				case 403:
					lost.Add(1)
				}
			})
		}
		g.Wait()
		if won.Load() != 1 || lost.Load() != 3 {
			t.Error(won.Load(), "of 4 deployments at once were begun,", lost.Load(), "refused")
		}
		k.want(200, "POST", env+"/sessions/"+one+"/deploy", call{})
		k.want(403, "POST", env+"/sessions/"+two+"/deploy", call{contains: "is invalid: environment has been updated or updating right now with other session: session <SessionId " + one + "> of user <UserId user-1> is being deployed since 20"})
		if status := k.settled(env); status != "ready" {
			t.Fatal(status)
		}
		for _, s := range []string{one, two} {
			k.want(403, "GET", env+"/sessions/"+s, call{contains: "is invalid: environment has been updated"})
			k.want(403, "POST", env+"/services", call{session: s, body: app1, contains: "is invalid"})
			k.want(403, "POST", env+"/sessions/"+s+"/deploy", call{contains: "is invalid"})
		}
		k.want(200, "GET", env+"/services", call{session: two, contains: "templateOutputs"})
		k.want(200, "DELETE", env+"/sessions/"+two, call{})
	})
}

// waiting takes its time, so that there is a middle of a deployment.
const waiting = `
heat_template_version: 2016-10-14
resources:
  slow: {type: OS::Heat::TestResource, properties: {value: done, wait_secs: 1}}
`

// A task whose process is gone is run to its end by another, and tells nothing twice; the
// stack that the first began is not begun again.
func TestTaskTakenOver(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		ctx := t.Context()
		pkg := archive(t, map[string]string{"manifest.yaml": "Format: Heat.HOT/1.0\nType: Application\nFullName: t.Wait\n", "template.yaml": waiting})
		if status, body := k.upload("user", pkg, ""); status != 200 {
			t.Fatal(body)
		}
		env := k.environment("e")
		s := k.open(env)
		k.want(200, "POST", env+"/services", call{session: s, body: `{"?": {"type": "t.Wait", "id": "a"}, "name": "a"}`})
		k.want(200, "POST", env+"/sessions/"+s+"/deploy", call{})
		k.until("the stack is begun", func() bool { return len(k.stacks()) == 1 })
		k.want(200, "GET", env, call{contains: `"status":"deploying","acquired_by":"` + s + `"`})
		k.want(403, "POST", env+"/configure", call{contains: "environment has deploying or deleting status."})
		k.want(403, "DELETE", env, call{contains: "Could not open session for environment <EnvId: "})
		k.want(403, "DELETE", env+"/sessions/"+s, call{contains: "is in deploying state and could not be deleted"})
		k.want(403, "POST", env+"/sessions/"+s+"/deploy", call{contains: "is already deployed or deployment is in progress"})
		k.want(403, "POST", env+"/services", call{session: s, body: app1, contains: "is already in deployment state"})
		k.want(200, "GET", env+"/deployments", call{contains: `"finished":null,"result":{},"state":"running"`})

		if err := k.worker.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		k.want(200, "GET", env, call{contains: `"status":"deploying"`})
		if n := len(k.reports(env)); n != 3 {
			t.Error(n, "reports")
		}
		k.worker = k.newWorker()
		if err := k.worker.Start(ctx); err != nil {
			t.Fatal(err)
		}
		if status := k.settled(env); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		want := []string{"info Action deploy is scheduled", "info Application deployment has started", "info Stack creation has started",
			"info Stack was successfully created", "info Application deployment has finished", "info Deployment finished"}
		if d := cmp.Diff(want, k.reports(env)); d != "" {
			t.Error(d)
		}
		for name, state := range k.stacks() {
			if state != "CREATE_COMPLETE" {
				t.Error(name, state, "so it was deployed twice")
			}
		}
	})
}

// An environment may be abandoned at any time; its applications stay.
func TestAbandon(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.example("hot-random")
		env := k.environment("e")
		k.deploy(env, random("a", `{}`))
		k.want(200, "DELETE", env+"?abandon=True", call{})
		k.want(404, "GET", env, call{})
		if states := k.stacks(); len(states) != 1 {
			t.Error(states)
		}
	})
}
