package template_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/schema"
	"hearth/core/template"
	"hearth/core/yaml"
)

// parsed reads a template that must be sound.
func parsed(t testing.TB, text string) *template.Template {
	t.Helper()
	n, found := template.Read([]byte(text), "", yaml.Options{})
	if len(found) > 0 {
		t.Fatal(found)
	}
	tmpl, found := template.Parse(n, template.Options{})
	if len(found) > 0 {
		t.Fatal(found)
	}
	return tmpl
}

// environment reads an environment that must be sound.
func environment(t testing.TB, text string) *template.Environment {
	t.Helper()
	e, found := template.ReadEnvironment([]byte(text), yaml.Options{})
	if len(found) > 0 {
		t.Fatal(found)
	}
	return e
}

var pseudo = template.Pseudo{StackID: "id-1", StackARN: "arn:1", StackName: "web", ProjectID: "p-1"}

// bound binds a template that must be sound to an environment and files.
func bound(t testing.TB, text, env string, files map[string]string, f *template.Facade) *template.Bound {
	t.Helper()
	tmpl := parsed(t, text)
	v, found := tmpl.Values(environment(t, env), pseudo)
	if len(found) > 0 {
		t.Fatal(found)
	}
	b, found := tmpl.Bind(v, files, f)
	if len(found) > 0 {
		t.Fatal(found)
	}
	return b
}

func TestDefinitions(t *testing.T) {
	tmpl := parsed(t, `
heat_template_version: 2016-10-14
description: a web server
conditions: {prod: true}
resources:
  net: {type: OS::Neutron::Net}
  server:
    type: OS::Nova::Server
    description: the server
    properties: {name: web}
    metadata: {role: web}
    depends_on: [net, net]
    deletion_policy: retain
    update_policy: {x: 1}
    condition: prod
  old: {type: OS::Nova::Server, external_id: abc}
outputs:
  o: {value: 1, description: one}
`)
	if tmpl.Kind != template.HOT || tmpl.Version != "2016-10-14" || tmpl.Description != "a web server" || len(tmpl.Resources) != 3 {
		t.Errorf("%+v", tmpl)
	}
	d := tmpl.Definition("server")
	if d.Index != 1 || d.Type != "OS::Nova::Server" || d.Description != "the server" || d.DeletionPolicy != template.Retain ||
		strings.Join(d.DependsOn, " ") != "net" || d.Condition == nil || d.UpdatePolicy == nil || d.Node.Line != 8 {
		t.Errorf("%+v", d)
	}
	if old := tmpl.Definition("old"); old.ExternalID == nil || old.DeletionPolicy != template.Retain {
		t.Errorf("%+v", old)
	}
	if tmpl.Definition("nope") != nil || tmpl.Parameter("nope") != nil {
		t.Error("what is not there is found")
	}
}

func TestEveryProblemIsFoundWithItsPlace(t *testing.T) {
	n, _ := template.Read([]byte(`heat_template_version: 2018-08-31
bogus: 1
parameters:
  a: {type: strin}
  b: {type: string, defualt: x}
resources:
  r: {properties: {x: 1}}
  s: {type: T, properties: [1], depends_on: 5}
outputs:
  o: {valu: 1}
`), "", yaml.Options{})
	_, found := template.Parse(n, template.Options{File: "t.yaml"})
	var got []string
	for _, d := range found {
		got = append(got, fmt.Sprintf("%s:%d:%d %s", d.File, d.Line, d.Column, d.Text()))
	}
	want := []string{
		"t.yaml:4:13 Invalid type (strin)",
		"t.yaml:5:21 Invalid key 'defualt' for parameter (b)",
		"t.yaml:2:1 The template section is invalid: bogus",
		"t.yaml:7:3 Each resource must contain a type key.",
		"t.yaml:8:28 Resource s properties type must be object",
		"t.yaml:8:45 Resource s depends_on type must be list or string",
		"t.yaml:10:3 Output validation error: outputs.o: Each output definition must contain a value key.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestValues(t *testing.T) {
	tmpl := parsed(t, `
heat_template_version: 2018-08-31
parameters:
  s: {type: string, default: x}
  n: {type: number}
  b: {type: boolean, default: "yes"}
  l: {type: comma_delimited_list, default: "a, b"}
  j: {type: json, default: {a: [1]}}
  secret: {type: string, hidden: true, default: hush}
  later: {type: string, default: mine}
`)
	v, found := tmpl.Values(environment(t, `{parameters: {n: "5.0", s: true}, parameter_defaults: {later: theirs, other: 1}}`), pseudo)
	if len(found) > 0 {
		t.Fatal(found)
	}
	for name, want := range map[string]string{
		"s": "'True'", "n": "5.0", "b": "True", "l": "['a', ' b']", "j": "{'a': [1]}", "secret": "'hush'", "later": "'theirs'",
		"OS::stack_id": "'id-1'", "OS::stack_name": "'web'", "OS::project_id": "'p-1'",
	} {
		if got, ok := v.Get(name); !ok || yaml.Repr(got) != want {
			t.Errorf("%s: %s, want %s", name, yaml.Repr(got), want)
		}
	}
	want := `{"OS::stack_id":"id-1","OS::project_id":"p-1","OS::stack_name":"web","s":"True","n":"5.0","b":"True","l":"a, b",` +
		`"j":"{\"a\": [1]}","secret":"******","later":"theirs"}`
	if got, _ := json.Marshal(v.Shown()); string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
	if !v.Hidden("secret") || v.Hidden("s") {
		t.Error("hidden")
	}
}

func TestAllProblemsOfValues(t *testing.T) {
	tmpl := parsed(t, `
heat_template_version: 2018-08-31
parameters:
  a: {type: string}
  b: {type: number, constraints: [{range: {min: 1, max: 5}}]}
  c: {type: string, constraints: [{allowed_pattern: "[a-z]+", description: small letters}]}
`)
	_, found := tmpl.Values(environment(t, `{parameters: {b: 9, c: X, aa: 1}}`), pseudo)
	var got []string
	for _, d := range found {
		got = append(got, d.Type+": "+d.Text())
	}
	want := []string{
		"UnknownUserParameter: The Parameter (aa) was not defined in template.",
		"UserParameterMissing: The Parameter (a) was not provided.",
		"StackValidationFailed: Parameter 'b' is invalid: 9 is out of range (min: 1, max: 5)",
		"StackValidationFailed: Parameter 'c' is invalid: small letters",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if found[0].Hint != `did you mean "a"?` {
		t.Error(found[0].Hint)
	}
	if _, found := tmpl.ValuesWith(nil, pseudo, template.Checks{Declarations: true}); len(found) > 0 {
		t.Error("missing values are no problem of the declarations:", found)
	}
}

func TestImmutableParameters(t *testing.T) {
	const text = `{heat_template_version: 2018-08-31, parameters: {a: {type: number, immutable: true, default: 1}, b: {type: string, immutable: true, default: x}, c: {type: string, default: y}%s}}`
	old, _ := parsed(t, fmt.Sprintf(text, "")).Values(nil, pseudo)
	now, _ := parsed(t, fmt.Sprintf(text, ", d: {type: string, immutable: true, default: z}")).
		Values(environment(t, `{parameters: {a: 1, b: y, c: z}}`), pseudo)
	if diff := cmp.Diff([]string{"b"}, now.Modified(old)); diff != "" {
		t.Error(diff)
	}
}

func TestProvider(t *testing.T) {
	tmpl := parsed(t, `
heat_template_version: 2018-08-31
parameters:
  name: {type: string, default: x}
  count: {type: number}
  tags: {type: comma_delimited_list, default: ""}
  pairs: {type: comma_delimited_list, default: ""}
  data: {type: json, default: {}}
  extra: {type: string}
outputs:
  ip: {value: 1}
`)
	props := tmpl.Properties(yaml.MapOf("count", 3))
	if p := props["count"]; p.Kind != schema.Number || p.Required || !p.UpdateAllowed {
		t.Errorf("%+v", p)
	}
	if p := props["extra"]; !p.Required || props["data"].Kind != schema.Map || !props["data"].Converts {
		t.Errorf("%+v", p)
	}
	class := schema.Properties{"name": {Kind: schema.Integer}, "flavor": {Kind: schema.String, Required: true}, "count": {Kind: schema.Integer}}
	found := tmpl.FacadeProblems("OS::Nova::Server", class, schema.Attributes{"ip": {}, "show": {}, "status": {}}, nil)
	want := "Required property flavor for facade OS::Nova::Server missing in provider\n" +
		"Property name type mismatch between facade OS::Nova::Server (Integer) and provider (String)\n" +
		"Provider requires property extra unknown in facade OS::Nova::Server\n" +
		"Attribute status for facade OS::Nova::Server missing in provider"
	if diff := cmp.Diff(want, found.Error()); diff != "" {
		t.Error(diff)
	}
	values := tmpl.ParameterValues(yaml.MapOf("tags", []any{"a", nil, "b"}, "pairs", []any{yaml.MapOf("k", 1), yaml.MapOf("k", 2)}, "data", yaml.MapOf("a", 1), "name", nil, "x", 1))
	if got := yaml.Repr(values); got != "{'tags': 'a,,b', 'pairs': '.member.0.k=1,.member.1.k=2', 'data': {'a': 1}}" {
		t.Error(got)
	}
}

func TestKnownParameters(t *testing.T) {
	tmpl := parsed(t, "{heat_template_version: 2018-08-31, parameters: {a: {type: string}}}")
	known, found := tmpl.KnownParameters(map[string]string{
		"child.yaml": "{heat_template_version: 2018-08-31, parameters: {b: {type: number}, a: {type: json}}}",
		"script":     "#!/bin/sh\necho heat_template_version",
		"bad.yaml":   "{heat_template_version: 2018-08-31, parameters: {c: {type: bogus}}}",
	})
	if known("a").Type != template.TypeString || known("b").Type != template.TypeNumber || known("c") != nil {
		t.Error("parameters")
	}
	if found.Error() != "Invalid type (bogus)" || found[0].Type != "InvalidSchemaError" || found[0].File != "bad.yaml" {
		t.Error(found)
	}
}

func BenchmarkTemplate1000(b *testing.B) {
	text := thousand()
	for b.Loop() {
		n, found := template.Read([]byte(text), "", yaml.Options{})
		tmpl, more := template.Parse(n, template.Options{})
		v, _ := tmpl.Values(nil, pseudo)
		bd, problems := tmpl.Bind(v, nil, nil)
		if len(found)+len(more)+len(problems) > 0 {
			b.Fatal(found, more, problems)
		}
		for _, d := range bd.Resources() {
			bd.Requires(d)
			bd.Digest(d, d.Type)
			if _, found := bd.CheckProperties(d, schema.Properties{"name": {Kind: schema.String}, "value": {Kind: schema.Any}}, nil, nil); len(found) > 0 {
				b.Fatal(found)
			}
		}
		bd.AttributePaths()
	}
}

// thousand is a template of 1,000 resources that refer to each other.
func thousand() string {
	var b strings.Builder
	b.WriteString("heat_template_version: 2018-08-31\nparameters:\n  p: {type: string, default: x}\nresources:\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "  r%d:\n    type: OS::Heat::Value\n    properties:\n      name: {list_join: ['-', [{get_param: p}, r%d]]}\n", i, i)
		if i > 0 {
			fmt.Fprintf(&b, "      value:\n        a: {get_attr: [r%d, value]}\n        b: [1, 2, {get_resource: r%d}]\n        c: some text here\n", i-1, i/2)
		}
	}
	b.WriteString("outputs:\n  last: {value: {get_attr: [r999, value]}}\n")
	return b.String()
}
