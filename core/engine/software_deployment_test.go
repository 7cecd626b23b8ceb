package engine_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource"
	"hearth/core/yaml"
)

const deployment = `
heat_template_version: 2021-04-16
parameters:
  text: {type: string, default: hello}
  size: {type: number, default: 1}
  actions: {type: json, default: [CREATE, UPDATE]}
  transport: {type: string, default: CFN_SIGNAL}
resources:
  config:
    type: OS::Heat::SoftwareConfig
    properties:
      group: script
      config: echo $text
      inputs: [{name: text, default: nothing}, {name: size, type: Number, replace_on_change: true}]
      outputs: [{name: result}, {name: trouble, error_output: true}]
  dep:
    type: OS::Heat::SoftwareDeployment
    properties:
      config: {get_resource: config}
      server: srv
      actions: {get_param: actions}
      signal_transport: {get_param: transport}
      input_values: {text: {get_param: text}, size: {get_param: size}, more: 1}
outputs:
  result: {value: {get_attr: [dep, result]}}
  stdout: {value: {get_attr: [dep, deploy_stdout]}}
  wrong: {value: {get_attr: [dep, nonesuch]}}
`

// agent is the software in a server: it sees what is to be deployed and reports.
type agent struct {
	*enginetest.Lab
	server string
}

// work waits until the server has n configs to apply, the first of them for the action, and
// gives the first, its inputs by name.
func (a agent) work(action string, n int) map[string]any {
	a.T.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		configs, err := a.DeploymentMetadata(a.T.Context(), a.Caller, a.server)
		if err != nil {
			a.T.Fatal(err)
		}
		if len(configs) == n {
			inputs := inputsOf(a.T, &configs[0])
			if inputs["deploy_action"] == action {
				return inputs
			}
		}
		if time.Now().After(deadline) {
			a.T.Fatalf("the server has %d configs, none first for %s", len(configs), action)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func inputsOf(t testing.TB, c *core.SoftwareConfig) map[string]any {
	t.Helper()
	view, err := engine.ConfigView(c)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	for _, in := range resource.NewValues(view).Subs("inputs") {
		out[in.String("name")] = in.Get("value")
	}
	return out
}

// report signals the deployment of that name.
func (a agent) report(s *core.Stack, name string, details ...any) {
	a.T.Helper()
	if err := a.Signal(a.T.Context(), a.Caller, engine.StackRef{ID: s.ID}, name, yaml.MapOf(details...)); err != nil {
		a.T.Fatal(err)
	}
}

// A deployment waits for the server's signal; its outputs are attributes.
func TestSoftwareDeployment(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		a := agent{l, "srv"}
		s := begin(t, l, l.Request("s", deployment))
		inputs := a.work("CREATE", 1)
		address, _ := inputs["deploy_signal_id"].(string)
		if !strings.HasPrefix(address, "http://127.0.0.1:8000/v1/signal/arn%3Aopenstack%3Aheat%3A%3Aproject%3Astacks/s/"+s.ID+"/resources/dep?SignatureMethod=HmacSHA256&SignatureVersion=2&AWSAccessKeyId=") {
			t.Error(address)
		}
		delete(inputs, "deploy_signal_id")
		want := map[string]any{"text": "hello", "size": int64(1), "more": int64(1), "deploy_server_id": "srv", "deploy_action": "CREATE",
			"deploy_stack_id": "s/" + s.ID, "deploy_resource_name": "dep", "deploy_signal_transport": "CFN_SIGNAL", "deploy_signal_verb": "POST"}
		if d := cmp.Diff(want, inputs); d != "" {
			t.Error(d)
		}
		a.report(s, "dep", "deploy_stdout", "hi", "deploy_status_code", int64(0), "result", yaml.MapOf("a", int64(1)), "undeclared", "x")
		s = l.Wait(s.ID)
		l.Expect(s, "CREATE_COMPLETE")
		for key, want := range map[string]string{"result": `{"a":1}`, "stdout": `"hi"`, "wrong": "error: The Referenced Attribute (dep nonesuch) is incorrect."} {
			if got := l.Output(s, key); got != want {
				t.Errorf("%s: %s", key, got)
			}
		}

		// An update makes another config; the old one goes.
		ref := engine.StackRef{ID: s.ID}
		if err := l.Engine.Update(t.Context(), l.Caller, ref, update(l, deployment, "text", "again")); err != nil {
			t.Fatal(err)
		}
		if inputs := a.work("UPDATE", 1); inputs["text"] != "again" {
			t.Error(inputs)
		}
		a.report(s, "dep", "deploy_status_code", "0", "result", "r")
		s = l.Wait(s.ID)
		l.Expect(s, "UPDATE_COMPLETE")
		if got := l.Output(s, "result"); got != `"r"` {
			t.Error(got)
		}
		configs, err := l.ListConfigs(t.Context(), l.Caller, "", 0)
		if err != nil || len(configs) != 2 {
			t.Error(len(configs), err)
		}

		// A signal that nobody waits for leaves no trace.
		events := len(l.Events(s))
		a.report(s, "dep", "deploy_status_code", int64(1))
		if n := len(l.Events(s)); n != events {
			t.Error(l.Events(s))
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		for _, left := range []func() (int, error){
			func() (int, error) { d, err := l.ListDeployments(t.Context(), l.Caller, ""); return len(d), err },
			func() (int, error) { c, err := l.ListConfigs(t.Context(), l.Caller, "", 0); return len(c), err },
		} {
			if n, err := left(); n != 0 || err != nil {
				t.Error(n, err)
			}
		}
	})
}

// An input that is declared with replace_on_change makes another deployment.
func TestDeploymentInputReplaces(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("s", deployment, "transport", "NO_SIGNAL"))
		l.Expect(s, "CREATE_COMPLETE")
		before := deploymentID(l, "srv")
		s = l.Update(s, update(l, deployment, "transport", "NO_SIGNAL", "text", "x"))
		l.Expect(s, "UPDATE_COMPLETE")
		if id := deploymentID(l, "srv"); id != before {
			t.Error("replaced by an input that says nothing of it")
		}
		s = l.Update(s, update(l, deployment, "transport", "NO_SIGNAL", "text", "x", "size", int64(2)))
		l.Expect(s, "UPDATE_COMPLETE")
		if id := deploymentID(l, "srv"); id == before {
			t.Error("not replaced")
		}
	})
}

func deploymentID(l *enginetest.Lab, server string) string {
	l.T.Helper()
	list, err := l.ListDeployments(l.T.Context(), l.Caller, server)
	if err != nil || len(list) != 1 {
		l.T.Fatal(len(list), err)
	}
	return list[0].ID
}

// What the server reports decides on success.
func TestDeploymentFailure(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		a := agent{l, "srv"}
		for i, tc := range []struct {
			details []any
			reason  string
			event   string
		}{
			{[]any{"deploy_status_code", int64(3)}, "deploy_status_code : Deployment exited with non-zero status code: 3", "failed (3)"},
			{[]any{"deploy_status_code", "0", "trouble", "no disk"}, "trouble : no disk", "failed"},
			{[]any{"deploy_status_code", "1", "trouble", "no disk"},
				"deploy_status_code : Deployment exited with non-zero status code: 1, trouble : no disk", "failed"},
		} {
			s := begin(t, l, l.Request(fmt.Sprint("s", i), deployment))
			a.work("CREATE", 1)
			id := deploymentID(l, "srv")
			a.report(s, "dep", tc.details...)
			s = l.Wait(s.ID)
			l.Expect(s, "CREATE_FAILED")
			if want := "Resource CREATE failed: Error: resources.dep: Deployment to server failed: " + tc.reason; s.StatusReason != want {
				t.Errorf("%s", s.StatusReason)
			}
			want := "dep SIGNAL_IN_PROGRESS: Signal: deployment " + id + " " + tc.event
			if events := strings.Join(l.Events(s), "\n"); !strings.Contains(events, want+"\n") {
				t.Errorf("%s\n%s", want, events)
			}
			l.Expect(l.Delete(s), "DELETE_COMPLETE")
		}
	})
}

// An agent may tell by changing the deployment, and wakes the resource so.
func TestDeploymentChangedThroughTheAPI(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		a := agent{l, "srv"}
		s := begin(t, l, l.Request("s", deployment))
		a.work("CREATE", 1)
		change := engine.DeploymentChange{Status: core.Complete, OutputValues: []byte(`{"result": "put"}`)}
		if _, err := l.UpdateDeployment(t.Context(), l.Caller, deploymentID(l, "srv"), change); err != nil {
			t.Fatal(err)
		}
		s = l.Wait(s.ID)
		l.Expect(s, "CREATE_COMPLETE")
		if got := l.Output(s, "result"); got != `"put"` {
			t.Error(got)
		}
	})
}

// Suspend and resume are actions for the server, too, where the template says so.
func TestDeploymentActions(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		a := agent{l, "srv"}
		s := l.Create(l.Request("s", deployment, "actions", []any{"SUSPEND"}))
		l.Expect(s, "CREATE_COMPLETE")
		ref := engine.StackRef{ID: s.ID}
		if err := l.Act(t.Context(), l.Caller, ref, "suspend"); err != nil {
			t.Fatal(err)
		}
		a.work("SUSPEND", 1)
		a.report(s, "dep", "deploy_status_code", int64(0))
		l.Expect(l.Wait(s.ID), "SUSPEND_COMPLETE")
		if err := l.Act(t.Context(), l.Caller, ref, "resume"); err != nil {
			t.Fatal(err)
		}
		l.Expect(l.Wait(s.ID), "RESUME_COMPLETE")
	})
}

// A component has its own actions; a structured config gets its inputs put in.
func TestDeploymentConfigs(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2021-04-16
parameters: {strict: {type: string, default: LAX}, transport: {type: string, default: NO_SIGNAL}}
resources:
  component:
    type: OS::Heat::SoftwareComponent
    properties: {configs: [{actions: [UPDATE], config: x, tool: script}]}
  none: {type: OS::Heat::SoftwareDeployment, properties: {config: {get_resource: component}, server: s1, signal_transport: NO_SIGNAL}}
  structured:
    type: OS::Heat::StructuredConfig
    properties:
      config: {a: {get_input: x}, b: [{get_input: y}, {get_input: [x]}, {get_input: x, c: 1}], d: {get_input: deploy_action}}
  dep:
    type: OS::Heat::StructuredDeployment
    properties:
      name: zz
      config: {get_resource: structured}
      server: s2
      input_values: {x: {k: v}}
      input_values_validate: {get_param: strict}
      signal_transport: {get_param: transport}
  bare: {type: OS::Heat::SoftwareDeployment, properties: {server: s3, signal_transport: HEAT_SIGNAL, actions: [SUSPEND]}}
`
		s := l.Create(l.Request("s", text))
		l.Expect(s, "CREATE_COMPLETE")
		if list, err := l.ListDeployments(t.Context(), l.Caller, "s1"); err != nil || len(list) != 0 {
			t.Error(list, err)
		}
		configs, err := l.DeploymentMetadata(t.Context(), l.Caller, "s2")
		if err != nil || len(configs) != 1 || configs[0].Name != "zz" || configs[0].Group != "Heat::Ungrouped" {
			t.Fatal(configs, err)
		}
		view, err := engine.ConfigView(&configs[0])
		if err != nil {
			t.Fatal(err)
		}
		config, _ := view.Get("config")
		if got := yaml.Dumps(config, false); got != `{"a": {"k": "v"}, "b": [null, {"get_input": ["x"]}, {"get_input": "x", "c": 1}], "d": "CREATE"}` {
			t.Error(got)
		}

		failed := l.Create(l.Request("strict", text, "strict", "STRICT"))
		l.Expect(failed, "CREATE_FAILED")
		if !strings.HasSuffix(failed.StatusReason, "UserParameterMissing: resources.dep: The Parameter (y) was not provided.") {
			t.Error(failed.StatusReason)
		}
		_, err = l.Engine.Create(t.Context(), l.Caller, l.Request("zaqar", text, "transport", "ZAQAR_SIGNAL"))
		if err == nil || !strings.Contains(err.Error(), "Signal transport ZAQAR_SIGNAL is not supported.") {
			t.Error(err)
		}
	})
}

// The credentials of HEAT_SIGNAL are worth a signal to the one resource and the metadata of
// its server.
func TestDeploymentSignalLogin(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := begin(t, l, l.Request("s", deployment, "transport", "HEAT_SIGNAL"))
		inputs := agent{l, "srv"}.work("CREATE", 1)
		caller, ok, err := engine.SignalLinks{Key: []byte("test")}.Authenticate(t.Context(), l.Store, inputs["deploy_password"].(string))
		if err != nil || !ok || caller.UserID != inputs["deploy_user_id"] || inputs["deploy_project_id"] != "project" {
			t.Fatal(caller, ok, err)
		}
		if _, err := l.DeploymentMetadata(t.Context(), caller, "srv"); err != nil {
			t.Error(err)
		}
		if _, err := l.DeploymentMetadata(t.Context(), caller, "another"); core.ErrorCode(err) != core.Forbidden {
			t.Error(err)
		}
		if err := l.Signal(t.Context(), caller, engine.StackRef{ID: s.ID}, "dep", nil); err != nil {
			t.Error(err)
		}
		l.Expect(l.Wait(s.ID), "CREATE_COMPLETE")
	})
}

// A server's metadata name what is deployed to it.
func TestServerMetadata(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2021-04-16
resources:
  server: {type: OS::Heat::DeployedServer, metadata: {mine: 1}}
  config: {type: OS::Heat::SoftwareConfig, properties: {config: x}}
  dep: {type: OS::Heat::SoftwareDeployment, properties: {config: {get_resource: config}, server: {get_resource: server}, signal_transport: NO_SIGNAL}}
`
		s := l.Create(l.Request("s", text))
		l.Expect(s, "CREATE_COMPLETE")
		m, err := l.Metadata(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, "server")
		if err != nil {
			t.Fatal(err)
		}
		list := resource.NewValues(m).Subs("deployments")
		if len(list) != 1 || list[0].String("config") != "x" || resource.NewValues(m).Int("mine") != 1 {
			t.Error(yaml.Dumps(m, false))
		}
	})
}

// nestedOf is the nested stack of a resource.
func nestedOf(l *enginetest.Lab, s *core.Stack, name string) *core.Stack {
	l.T.Helper()
	row, err := l.Store.FindResource(l.T.Context(), s.ID, name)
	if err != nil || row == nil {
		l.T.Fatal(row, err)
	}
	nested, err := l.Store.FindChild(l.T.Context(), row.ID)
	if err != nil || nested == nil {
		l.T.Fatal(nested, err)
	}
	return nested
}

// A group is a deployment for each server, a few at a time if the policy wants it.
func TestDeploymentGroup(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2021-04-16
parameters: {servers: {type: json}, text: {type: string, default: a}}
resources:
  config: {type: OS::Heat::SoftwareConfig, properties: {config: x, outputs: [{name: result}]}}
  group:
    type: OS::Heat::SoftwareDeploymentGroup
    update_policy: {batch_create: {max_batch_size: 1}, rolling_update: {max_batch_size: 1}}
    properties:
      config: {get_resource: config}
      servers: {get_param: servers}
      input_values: {text: {get_param: text}}
outputs:
  out: {value: {get_attr: [group, deploy_stdouts]}}
  one: {value: {get_attr: [group, result, web]}}
`
		servers := yaml.MapOf("web", "w", "db", "d")
		s := begin(t, l, l.Request("s", text, "servers", servers))
		ref := engine.StackRef{ID: s.ID}
		report := func(name, server, action string) {
			t.Helper()
			agent{l, server}.work(action, 1)
			nested := nestedOf(l, s, "group")
			agent{l, server}.report(nested, name, "deploy_stdout", "of "+name, "result", server)
		}
		report("web", "w", "CREATE")
		report("db", "d", "CREATE")
		s = l.Wait(s.ID)
		l.Expect(s, "CREATE_COMPLETE")
		if o := l.Output(s, "out"); o != `{"db":"of db","web":"of web"}` {
			t.Error(o)
		}
		if o := l.Output(s, "one"); o != `"w"` {
			t.Error(o)
		}

		servers = yaml.MapOf("web", "w", "app", "a")
		if err := l.Engine.Update(t.Context(), l.Caller, ref, update(l, text, "servers", servers, "text", "b")); err != nil {
			t.Fatal(err)
		}
		report("web", "w", "UPDATE")
		report("app", "a", "CREATE")
		s = l.Wait(s.ID)
		l.Expect(s, "UPDATE_COMPLETE")
		if o := l.Output(s, "out"); o != `{"app":"of app","web":"of web"}` {
			t.Error(o)
		}
		if list, err := l.ListDeployments(t.Context(), l.Caller, "d"); err != nil || len(list) != 0 {
			t.Error(list, err)
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
	})
}

const deployedMachine = `
heat_template_version: 2021-04-16
parameters: {format: {type: string, default: SOFTWARE_CONFIG}, actions: {type: json, default: [DELETE]}}
resources:
  server:
    type: OS::Nova::Server
    properties: {image: debian-12-genericcloud-amd64, flavor: m1.small, networks: [{network: private}], user_data_format: {get_param: format}}
  config: {type: OS::Heat::SoftwareConfig, properties: {config: x}}
  dep:
    type: OS::Heat::SoftwareDeployment
    properties: {config: {get_resource: config}, server: {get_resource: server}, actions: {get_param: actions}, signal_transport: TRANSPORT}
outputs: {server: {value: {get_resource: server}}}
`

// What a server has to do at the end it does before it goes.
func TestDeploymentAtDelete(t *testing.T) {
	l, _ := cloudLab(t)
	text := strings.ReplaceAll(deployedMachine, "TRANSPORT", "CFN_SIGNAL")
	s := l.Create(l.Request("s", text))
	l.Expect(s, "CREATE_COMPLETE")
	if err := l.Engine.Delete(t.Context(), l.Caller, engine.StackRef{ID: s.ID}); err != nil {
		t.Fatal(err)
	}
	a := agent{l, strings.Trim(l.Output(s, "server"), `"`)}
	inputs := a.work("DELETE", 1)
	address, err := url.Parse(inputs["deploy_signal_id"].(string))
	if err != nil {
		t.Fatal(err)
	}
	links := engine.SignalLinks{Key: []byte("test")}
	_, token, ok, err := links.Secret(t.Context(), l.Store, address.Query().Get("AWSAccessKeyId"))
	if err != nil || !ok {
		t.Fatal(address, err)
	}
	caller, _, err := links.Authenticate(t.Context(), l.Store, token)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Signal(t.Context(), caller, engine.StackRef{ID: s.ID}, "dep", yaml.MapOf("deploy_status_code", int64(0))); err != nil {
		t.Fatal(err)
	}
	l.Expect(l.Wait(s.ID), "DELETE_COMPLETE")

	failed := l.Create(l.Request("f", text, "format", "RAW"))
	l.Expect(failed, "CREATE_FAILED")
	if !strings.HasSuffix(failed.StatusReason, "property user_data_format should be set to SOFTWARE_CONFIG since there are software deployments on it.") {
		t.Error(failed.StatusReason)
	}
}

// With TEMP_URL_SIGNAL the server writes its report to an object.
func TestDeploymentTempURL(t *testing.T) {
	l, c := cloudLab(t)
	if !c.Client.HasService("object-store") {
		t.Fatal("the simulated cloud has no object store")
	}
	s := begin(t, l, l.Request("s", strings.ReplaceAll(deployedMachine, "TRANSPORT", "TEMP_URL_SIGNAL"), "actions", []any{"CREATE"}))
	var list []core.SoftwareDeployment
	for deadline := time.Now().Add(time.Minute); len(list) == 0; time.Sleep(5 * time.Millisecond) {
		var err error
		if list, err = l.ListDeployments(t.Context(), l.Caller, ""); err != nil || time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	inputs := agent{l, list[0].ServerID}.work("CREATE", 1)
	if inputs["deploy_signal_verb"] != "PUT" {
		t.Error(inputs)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, inputs["deploy_signal_id"].(string), strings.NewReader(`{"deploy_status_code": 0, "deploy_stdout": "put"}`))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil || answer.StatusCode != http.StatusCreated {
		t.Fatal(answer, err)
	}
	answer.Body.Close()
	l.Expect(l.Wait(s.ID), "CREATE_COMPLETE")
	d, err := l.FindDeployment(t.Context(), l.Caller, list[0].ID)
	if err != nil || !strings.Contains(string(d.OutputValues), `"put"`) {
		t.Error(d, err)
	}
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
}
