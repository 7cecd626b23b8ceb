package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
)

// The types that only the template language needs, each in a stack of its own.

func TestLanguageTypesChain(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2017-09-01
resources:
  c: {type: OS::Heat::ResourceChain, properties: {resources: TYPES, resource_properties: {value: x}}}
outputs:
  all: {value: {get_attr: [c, value]}}
  map: {value: {get_attr: [c, attributes, value]}}
  one: {value: {get_attr: [c, resource.1, value]}}
  refs: {value: {list_join: [' ', {get_attr: [c, refs]}]}}
`
		chain := func(types string) string { return strings.ReplaceAll(text, "TYPES", types) }
		s := l.Create(l.Request("s", chain("[OS::Heat::Value, OS::Heat::Value]")))
		l.Expect(s, "CREATE_COMPLETE")
		for key, want := range map[string]string{"all": `["x","x"]`, "map": `{"0":"x","1":"x"}`, "one": `"x"`} {
			if o := l.Output(s, key); o != want {
				t.Errorf("%s: %s", key, o)
			}
		}
		if o := l.Output(s, "refs"); !strings.HasPrefix(o, `"s-c-`) || strings.Count(o, " ") != 1 {
			t.Errorf("refs %s", o)
		}
		s = l.Update(s, update(l, chain("[OS::Heat::Value, OS::Heat::Value, OS::Heat::Value]")))
		l.Expect(s, "UPDATE_COMPLETE")
		if o := l.Output(s, "all"); o != `["x","x","x"]` {
			t.Error(o)
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
	})
}

func TestLanguageTypesConfigs(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("s", `
heat_template_version: 2017-09-01
resources:
  cloud: {type: OS::Heat::CloudConfig, properties: {cloud_config: {runcmd: [{list_join: [' ', [echo, hi]]}], hostname: h}}}
  script: {type: OS::Heat::SoftwareConfig, properties: {config: "#!/bin/sh\n"}}
  mime:
    type: OS::Heat::MultipartMime
    properties:
      parts:
      - {config: {get_resource: cloud}, subtype: cloud-config}
      - {config: {get_resource: script}, filename: run.sh}
  component: {type: OS::Heat::SoftwareComponent, properties: {configs: [{config: x, tool: script}]}}
  structured: {type: OS::Heat::StructuredConfig, properties: {config: {a: {get_input: b}}}}
outputs:
  cloud: {value: {get_attr: [cloud, config]}}
  mime: {value: {get_attr: [mime, config]}}
  component: {value: {get_attr: [component, config]}}
  structured: {value: {get_attr: [structured, config]}}
`))
		l.Expect(s, "CREATE_COMPLETE")
		for key, want := range map[string]string{
			"cloud": `"#cloud-config\nhostname: h\nruncmd:\n- echo hi\n"`, "component": "null", "structured": `{"a":{"get_input":"b"}}`,
		} {
			if o := l.Output(s, key); o != want {
				t.Errorf("%s: %s", key, o)
			}
		}
		mime := l.Output(s, "mime")
		for _, want := range []string{"multipart/mixed", "text/cloud-config", `filename=\"run.sh\"`, "text/run;", `#!/bin/sh\n`, `hostname: h\n`} {
			if !strings.Contains(mime, want) {
				t.Errorf("%s is not in %s", want, mime)
			}
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		if left, err := l.ListConfigs(t.Context(), l.Caller, "", 0); err != nil || len(left) != 0 {
			t.Errorf("%d configs are left, %v", len(left), err)
		}
	})
}

func TestLanguageTypesDelay(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2017-09-01
resources:
  d: {type: OS::Heat::Delay, properties: {min_wait: 0.05, max_jitter: 0.02, actions: [CREATE, DELETE, SUSPEND, RESUME]}}
  after: {type: OS::Heat::Value, depends_on: d, properties: {value: 1}}
`
		s := l.Create(l.Request("s", text))
		l.Expect(s, "CREATE_COMPLETE")
		for _, a := range []string{"suspend", "resume"} {
			if err := l.Act(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, a); err != nil {
				t.Fatal(err)
			}
			s = l.Wait(s.ID)
			l.Expect(s, strings.ToUpper(a)+"_COMPLETE")
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
	})
}

func TestLanguageTypesServersAndPolicies(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("s", `
heat_template_version: 2017-09-01
resources:
  server: {type: OS::Heat::DeployedServer, metadata: {mine: 1}, properties: {name: web}}
  policy: {type: OS::Heat::AccessPolicy, properties: {AllowedResources: [server]}}
outputs:
  name: {value: {get_attr: [server, name]}}
  occ: {value: {get_attr: [server, os_collect_config]}}
  policy: {value: {get_resource: policy}}
`))
		l.Expect(s, "CREATE_COMPLETE")
		for key, want := range map[string]string{"name": `"web"`, "policy": `"policy"`} {
			if o := l.Output(s, key); o != want {
				t.Errorf("%s: %s", key, o)
			}
		}
		if o := l.Output(s, "occ"); !strings.Contains(o, `"path":"server.Metadata"`) || !strings.HasSuffix(o, `"collectors":["cfn","local"]}`) {
			t.Error("os_collect_config:", o)
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
	})
}

// Templates that use what no longer is are still good for something.
func TestLanguageTypesPlaceholders(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		text, want := "heat_template_version: 2017-09-01\nresources:\n", map[string]string{}
		for _, typ := range heat.Types {
			if typ.Support.Status == "HIDDEN" && typ.AnyProperties {
				name := strings.ToLower(strings.ReplaceAll(typ.Name, "::", "-"))
				text += fmt.Sprintf("  %s: {type: %q, properties: {name: x, list: [1]}}\n", name, typ.Name)
				want[name] = "CREATE_COMPLETE"
			}
		}
		text += "outputs: {o: {value: {get_attr: [os-heat-harestarter, anything]}}}\n"
		s := l.Create(l.Request("s", text))
		l.Expect(s, "CREATE_COMPLETE")
		if d := cmp.Diff(want, l.Resources(s)); d != "" || l.Output(s, "o") != "null" {
			t.Error(d, l.Output(s, "o"))
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
	})
}
