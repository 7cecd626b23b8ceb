package template_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/template"
	"hearth/core/yaml"
)

func TestEnvironmentEchoes(t *testing.T) {
	e := environment(t, `
parameters: {b: 1, a: [x]}
parameter_defaults: {z: 1}
resource_registry:
  My::T: OS::Heat::Value
  resources: {web: {hooks: pre-create, My::T: web.yaml}}
event_sinks: [{type: zaqar-queue, target: q}]
encrypted_param_names: [a]
`)
	want := `{"parameters":{"b":1,"a":["x"]},"parameter_defaults":{"z":1},` +
		`"resource_registry":{"resources":{"web":{"hooks":"pre-create","My::T":"web.yaml"}},"My::T":"OS::Heat::Value"},` +
		`"event_sinks":[{"type":"zaqar-queue","target":"q"}],"encrypted_param_names":["a"]}`
	raw, err := json.Marshal(e)
	if err != nil || string(raw) != want {
		t.Errorf("%s, %v", raw, err)
	}
	var back template.Environment
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(&back); string(again) != want {
		t.Errorf("%s", again)
	}
	empty, _ := json.Marshal(&template.Environment{})
	if string(empty) != `{"parameters":{},"parameter_defaults":{},"resource_registry":{"resources":{}},"event_sinks":[],"encrypted_param_names":[]}` {
		t.Errorf("%s", empty)
	}
}

func TestHiddenValuesAreMasked(t *testing.T) {
	tmpl := parsed(t, "{heat_template_version: 2018-08-31, parameters: {a: {type: string, hidden: true}, b: {type: string}}}")
	e := environment(t, "{parameters: {a: secret, b: open}, parameter_defaults: {a: other}}")
	if got := yaml.Repr(e.Masked(tmpl).Map()); strings.Contains(got, "secret") || strings.Contains(got, "other") || !strings.Contains(got, "open") {
		t.Error(got)
	}
	if v, _ := e.Parameters.Get("a"); v != "secret" {
		t.Error("the environment itself was changed")
	}
}

func TestBadEnvironments(t *testing.T) {
	for text, want := range map[string]string{
		"bogus: 1":                   `environment has wrong section "bogus"`,
		"parameters:":                `environment has empty section "parameters"`,
		"[1]":                        "The environment is not a valid YAML mapping data type.",
		"parameters: [1]":            `environment section "parameters" has the wrong type: list`,
		"event_sinks: [a]":           `environment section "event_sinks" has the wrong type: list`,
		"resource_registry: {A: 5}":  "The resource_registry entry A must be a text, not int",
		"{parameters: {a: 1}, b: 2}": `environment has wrong section "b"`,
		"resource_registry: {resources: {a: {hooks: never}}}": `Invalid hook type "never" for resource breakpoint, acceptable hook types are: ` +
			`('pre-create', 'pre-update', 'pre-delete', 'post-create', 'post-update', 'post-delete')`,
		"resource_registry: {resources: {a: {restricted_actions: [delete]}}}": `Invalid restricted_action type "['delete']" for resource, ` +
			`acceptable restricted_action types are: ('update', 'replace')`,
	} {
		if _, found := template.ReadEnvironment([]byte(text), yaml.Options{}); found.Error() != want {
			t.Errorf("%s: %q, want %q", text, found.Error(), want)
		}
	}
}

// classes are the resource types there are.
func classes(name string) bool { return strings.HasPrefix(name, "OS::") }

func TestLookup(t *testing.T) {
	global := environment(t, `
resource_registry:
  OS::Old::Net: OS::Neutron::Net
  Op::T: op.yaml
  Both::T: OS::Global::T
`).Registry
	r := environment(t, `
resource_registry:
  My::T: OS::Heat::Value
  My::Chain: My::T
  My::Tmpl: tmpl.yaml
  My::URL: https://x/t.template
  Any::*: OS::Heat::*
  One::*: OS::Heat::None
  OS::Nova::Server: server.yaml
  Both::T: OS::User::T
  Gone::T: My::Nowhere
  Loop::A: Loop::B
  Loop::B: Loop::A
  Exact::*: OS::Star::T
  Exact::A: OS::Exact::T
  resources:
    web: {My::T: OS::Web::T, "OS::Nova::Server": web.yaml}
    "*": {My::T: OS::Any::T}
`).Registry
	r.Global = &global
	for name, want := range map[string]string{
		"a OS::Heat::Value": "OS::Heat::Value", "a My::T": "OS::Heat::Value", "web My::T": "OS::Web::T", "a My::Chain": "OS::Heat::Value",
		"a My::Tmpl": "My::Tmpl tmpl.yaml", "a My::URL": "My::URL https://x/t.template", "a Any::X": "OS::Heat::X", "a One::X": "OS::Heat::None",
		"a OS::Nova::Server": "OS::Nova::Server server.yaml", "web OS::Nova::Server": "OS::Nova::Server web.yaml",
		"a child.yaml": "child.yaml child.yaml", "a OS::Old::Net": "OS::Neutron::Net", "a Op::T": "Op::T op.yaml", "a Both::T": "OS::User::T",
		"a Gone::T": "", "a Loop::A": "", "a Nope::T": "", "a Exact::A": "OS::Star::T",
	} {
		resource, typ, _ := strings.Cut(name, " ")
		m, err := r.Lookup(resource, typ, classes)
		got := strings.TrimSpace(m.Type + " " + m.Template)
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if want == "" && (err == nil || err.Error() != fmt.Sprintf("The Resource Type (%s) could not be found.", typ)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheClassBehindATemplate(t *testing.T) {
	r := environment(t, "resource_registry: {'OS::Nova::Server': server.yaml, My::T: my.yaml}").Registry
	m, err := r.Lookup("a", "OS::Nova::Server", classes)
	if err != nil || !m.User {
		t.Fatal(m, err)
	}
	if behind, ok := r.LookupBehind(m, "a", "OS::Nova::Server", classes); !ok || behind.Type != "OS::Nova::Server" || behind.Template != "" {
		t.Errorf("%+v %v", behind, ok)
	}
	inside := r.Without(m)
	if inner, err := inside.Lookup("a", "OS::Nova::Server", classes); err != nil || inner.Template != "" {
		t.Errorf("inside the template: %+v %v", inner, err)
	}
	my, _ := r.Lookup("a", "My::T", classes)
	if _, ok := r.LookupBehind(my, "a", "My::T", classes); ok {
		t.Error("there is no class behind My::T")
	}
}

func TestHooksAndRestrictedActions(t *testing.T) {
	r := environment(t, `
resource_registry:
  resources:
    "web_*": {hooks: [post-create, pre-create]}
    web_1: {hooks: pre-delete, restricted_actions: replace}
    "[!w]*": {restricted_actions: [update, replace]}
    nested: {inner: {hooks: pre-update}}
`).Registry
	for name, want := range map[string]string{"web_1": "[pre-create pre-delete post-create] [replace]", "web_2": "[pre-create post-create] []", "db": "[] [update replace]"} {
		if got := fmt.Sprint(r.Hooks(name), r.RestrictedActions(name)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	child := r.Child("nested")
	if got := fmt.Sprint(child.Hooks("inner"), child.Hooks("web_1")); got != "[pre-update] []" {
		t.Errorf("in the nested stack: %s", got)
	}
}

func TestRemovedEntries(t *testing.T) {
	r := environment(t, "resource_registry: {A::B: OS::X, A::C: OS::Y, 'A::*': null, D: null, E: OS::Z, F: OS::Q, F: null}").Registry
	if got := yaml.Repr(r.Map()); got != "{'resources': {}, 'E': 'OS::Z'}" {
		t.Error(got)
	}
}

func TestChildEnvironment(t *testing.T) {
	e := environment(t, `
parameters: {a: 1}
parameter_defaults: {d: 2}
resource_registry:
  My::T: child.yaml
  resources: {c: {x: {hooks: pre-create}}, d: {y: {hooks: pre-create}}}
`)
	m, err := e.Registry.Lookup("c", "My::T", nil)
	if err != nil {
		t.Fatal(err)
	}
	child := e.Child("c", yaml.MapOf("p", "v"), m)
	want := "{'parameters': {'p': 'v'}, 'parameter_defaults': {'d': 2}, 'resource_registry': {'resources': {'x': {'hooks': 'pre-create'}}}, " +
		"'event_sinks': [], 'encrypted_param_names': []}"
	if got := yaml.Repr(child.Map()); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestPatch(t *testing.T) {
	tmpl := parsed(t, "{heat_template_version: 2018-08-31, parameters: {a: {type: string}, b: {type: string}, c: {type: string}}}")
	old := environment(t, "{parameters: {a: 1, b: 2, gone: 3}, resource_registry: {A: OS::X, resources: {r: {hooks: pre-create}}}}")
	newer := environment(t, "{parameters: {c: 4, more: 5}, parameter_defaults: {d: 1}, resource_registry: {B: OS::Y, resources: {r: {A: OS::Z}}}}")
	got := old.Merge(newer, tmpl, []string{"b"}).Map()
	want := "{'parameters': {'a': 1, 'c': 4}, 'parameter_defaults': {'d': 1}, " +
		"'resource_registry': {'resources': {'r': {'hooks': 'pre-create', 'A': 'OS::Z'}}, 'A': 'OS::X', 'B': 'OS::Y'}, 'event_sinks': [], 'encrypted_param_names': []}"
	if yaml.Repr(got) != want {
		t.Errorf("%s, want %s", yaml.Repr(got), want)
	}
	if v, _ := old.Parameters.Get("b"); v != int64(2) {
		t.Error("the old environment was changed")
	}
}

func TestMergeFiles(t *testing.T) {
	tmpl := parsed(t, `
heat_template_version: 2018-08-31
parameters:
  s: {type: string}
  l: {type: comma_delimited_list}
  j: {type: json}
  b: {type: boolean}
  n: {type: number}
`)
	for _, c := range []struct {
		name  string
		base  string
		files []string
		want  string
	}{
		{"later files win", "{s: req}", []string{"parameters: {s: one}", "parameters: {s: two}"}, "{'s': 'two'}"},
		{"the first keeps unknown names", "{}", []string{"parameters: {s: a, zz: 1}", "parameters: {yy: 2}"}, "{'s': 'a', 'zz': 1}"},
		{"null is passed over", "{s: req}", []string{"parameters: {s: null}"}, "{'s': 'req'}"},
		{"merge", "{}", []string{
			"{parameters: {s: a, l: [x], j: {k: {a: 1}}}, parameter_merge_strategies: {s: merge, l: merge, j: merge}}",
			"parameters: {s: b, l: [y], j: '{\"k\": {\"b\": 2}}'}"}, "{'s': 'ab', 'l': ['x', 'y'], 'j': {'k': {'b': 2}}}"},
		{"merge of comma texts", "{}", []string{"{parameters: {l: 'x,y'}, parameter_merge_strategies: {l: merge}}", "parameters: {l: z}"}, "{'l': 'x,y,z'}"},
		{"deep merge", "{}", []string{
			"{parameters: {j: {k: {a: 1, l: [1], t: x}}}, parameter_merge_strategies: {default: deep_merge}}",
			"parameters: {j: {k: {b: 2, l: [2], t: y, n: null}, m: 3}}"}, "{'j': {'k': {'a': 1, 'l': [1, 2], 't': 'xy', 'b': 2}, 'm': 3}}"},
		{"append is overwrite", "{}", []string{"{parameters: {s: a}, parameter_merge_strategies: {s: append}}", "parameters: {s: b}"}, "{'s': 'b'}"},
		{"conflict", "{}", []string{"parameters: {s: a}", "{parameters: {s: b}, parameter_merge_strategies: {s: merge}}"},
			"Conflicting merge strategy 'merge' for parameter 's' in file 'f1'."},
		{"booleans cannot be merged", "{}", []string{"{parameters: {b: 't'}, parameter_merge_strategies: {b: merge}}", "parameters: {b: 'f'}"},
			"Invalid merge strategy 'merge' for parameter 'b'."},
		{"numbers cannot be merged", "{}", []string{"{parameters: {n: 1}, parameter_merge_strategies: {n: merge}}", "parameters: {n: 2}"}, "Invalid parameter in environment ."},
		{"a bad file", "{}", []string{"bogus: 1"}, `environment has wrong section "bogus"`},
	} {
		files, names := map[string]string{}, []string{}
		for i, text := range c.files {
			name := fmt.Sprint("f", i)
			files[name] = text
			names = append(names, name)
		}
		e, found := environment(t, "parameters: "+c.base).MergeFiles(names, files, tmpl.Parameter)
		got := yaml.Repr(e.Parameters)
		if len(found) > 0 {
			got = found.Error()
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	if _, found := (&template.Environment{}).MergeFiles([]string{"nope"}, nil, tmpl.Parameter); !found.HasErrors() {
		t.Error("a file that is not there was taken")
	}
}

func TestMergedRegistries(t *testing.T) {
	files := map[string]string{
		"a": "resource_registry: {A: OS::X, B: OS::X, resources: {r: {hooks: pre-create}}}",
		"b": "{resource_registry: {B: OS::Y, resources: {s: {hooks: pre-update}}}, parameter_defaults: {d: 1}}",
	}
	e, found := (&template.Environment{}).MergeFiles([]string{"a", "b"}, files, func(string) *template.Parameter { return nil })
	want := "{'resources': {'s': {'hooks': 'pre-update'}}, 'A': 'OS::X', 'B': 'OS::Y'}"
	if got := yaml.Repr(e.Registry.Map()); got != want || len(found) > 0 {
		t.Errorf("%s, %v, want %s", got, found, want)
	}
}
