package engine_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/store/storetest"
	"hearth/core/yaml"
)

// canary is what a user keeps secret, in this test everywhere where one can write.
const canary = "Nightingale-7391"

const secretive = `
heat_template_version: 2021-04-16
parameters:
  password: {type: string, hidden: true}
  open: {type: string, default: Nightingale-7391}
resources:
  value:
    type: OS::Heat::Value
    properties: {value: {get_param: password}}
    metadata: {password: Nightingale-7391}
  object:
    type: OS::Heat::TestResource
    properties: {value: {list_join: ["", [{get_file: password.txt}, {get_param: open}]]}}
  config:
    type: OS::Heat::SoftwareConfig
    properties:
      group: script
      config: echo Nightingale-7391
      inputs: [{name: password}]
      outputs: [{name: result}]
  dep:
    type: OS::Heat::SoftwareDeployment
    properties:
      config: {get_resource: config}
      server: srv
      input_values: {password: {get_param: password}}
outputs:
  password: {value: {get_attr: [value, value]}}
  result: {value: {get_attr: [dep, result]}}
`

// What users keep secret stands nowhere in the database, and comes back to them as it was.
func TestSecretsAtRest(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		a := agent{l, "srv"}
		r := l.Request("s", secretive, "password", canary)
		r.Files = map[string]string{"password.txt": canary}
		var err error
		if r.Environment, err = yaml.Parse([]byte("parameter_defaults: {other: "+canary+"}"), yaml.Options{}); err != nil {
			t.Fatal(err)
		}
		s := begin(t, l, r)
		if inputs := a.work("CREATE", 1); inputs["password"] != canary {
			t.Error(inputs)
		}
		nowhere := func(when string) {
			t.Helper()
			if found := storetest.Find(t, l.Store, canary); found != nil {
				t.Errorf("%s the secret stands in %s", when, strings.Join(found, ", "))
			}
		}
		nowhere("while it is made,")
		a.report(s, "dep", "deploy_stdout", canary, "deploy_status_code", int64(0), "result", canary)
		s = l.Wait(s.ID)
		l.Expect(s, "CREATE_COMPLETE")
		for _, key := range []string{"password", "result"} {
			if got := l.Output(s, key); got != `"`+canary+`"` {
				t.Errorf("%s: %s", key, got)
			}
		}

		ref := engine.StackRef{ID: s.ID}
		if _, err := l.CreateSnapshot(t.Context(), l.Caller, ref, "one"); err != nil {
			t.Fatal(err)
		}
		s = l.Wait(s.ID)
		l.Expect(s, "SNAPSHOT_COMPLETE")
		config := &core.SoftwareConfig{Name: "c", Group: "script", Config: json.RawMessage(`{"config": "` + canary + `"}`)}
		if err := l.CreateConfig(t.Context(), l.Caller, config); err != nil {
			t.Fatal(err)
		}
		d := &core.SoftwareDeployment{ServerID: "other", ConfigID: config.ID, InputValues: json.RawMessage(`{"a": "` + canary + `"}`), OutputValues: json.RawMessage(`{"b": "` + canary + `"}`)}
		if err := l.CreateDeployment(t.Context(), l.Caller, d); err != nil {
			t.Fatal(err)
		}
		nowhere("once it is made,")

		events, err := l.Engine.Events(t.Context(), l.Caller, ref, engine.EventFilter{})
		if err != nil {
			t.Fatal(err)
		}
		told := false
		for _, e := range events {
			whole, err := l.Store.FindEvent(t.Context(), e.ID)
			if err != nil {
				t.Fatal(err)
			}
			told = told || strings.Contains(string(whole.Properties), canary)
		}
		if !told {
			t.Error("the test's secret should stand in an event's properties")
		}
		found, err := l.FindDeployment(t.Context(), l.Caller, d.ID)
		if err != nil || !strings.Contains(string(found.OutputValues), canary) {
			t.Error(found, err)
		}
		l.Expect(l.Update(s, engine.UpdateRequest{Existing: true}), "UPDATE_COMPLETE")
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		nowhere("when it is gone,")
	})
}
