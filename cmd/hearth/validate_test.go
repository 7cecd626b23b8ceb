package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// validated runs `hearth validate` as in a shell in dir.
func validated(t *testing.T, dir string, c validateCmd) (out string, code exitCode) {
	t.Helper()
	if dir != "" {
		t.Chdir(dir)
	}
	var stdout, stderr bytes.Buffer
	c.out, c.err = &stdout, &stderr
	err := c.Run(t.Context())
	if err != nil && !errors.As(err, &code) {
		t.Fatal(err)
	}
	return stdout.String() + stderr.String(), code
}

func golden(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "validate", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Twelve faults over a template, its environment and its nested template give twelve
// diagnostics, as text and as JSON.
func TestValidateTwelveFaultsOverThreeFiles(t *testing.T) {
	text, document := golden(t, "faults.txt"), golden(t, "faults.json")
	faults := validateCmd{Templates: []string{"web.yaml"}, Environments: []string{"env.yaml"}}
	got, code := validated(t, filepath.Join("testdata", "validate", "faults"), faults)
	if diff := cmp.Diff(text, got); diff != "" || code != exitProblems {
		t.Errorf("%v %s", code, diff)
	}
	faults.JSON = true
	got, code = validated(t, "", faults)
	if diff := cmp.Diff(document, got); diff != "" || code != exitProblems {
		t.Errorf("%v %s", code, diff)
	}
	var read struct {
		Templates []struct{ Diagnostics []map[string]any }
	}
	if err := json.Unmarshal([]byte(got), &read); err != nil || len(read.Templates) != 1 || len(read.Templates[0].Diagnostics) != 12 {
		t.Errorf("%v %v", err, read)
	}
}

func TestValidateExamples(t *testing.T) {
	names, err := filepath.Glob("../../examples/templates/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal(err)
	}
	if out, code := validated(t, "", validateCmd{Templates: names}); code != 0 || strings.Count(out, ": sound\n") != len(names) {
		t.Errorf("%v %s", code, out)
	}
}

// write makes files under a new directory.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// found gives a line for each problem: where, its code, its pointer and its hint.
func found(t *testing.T, dir string, c validateCmd) []string {
	t.Helper()
	c.JSON = true
	out, _ := validated(t, dir, c)
	var read struct {
		Templates []struct {
			Diagnostics []struct {
				Code, Severity, File, Pointer, Hint string
				Line, Column                        int
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &read); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := []string{}
	for _, r := range read.Templates {
		for _, d := range r.Diagnostics {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s:%d:%d %s %s %s", d.File, d.Line, d.Column, d.Code, d.Pointer, d.Hint)))
		}
	}
	return lines
}

func TestValidateFindsTheProblemAtItsPlace(t *testing.T) {
	const hot = "heat_template_version: wallaby\n"
	const server = "{type: OS::Nova::Server, properties: {flavor: f, image: i}}"
	for _, tc := range []struct {
		name  string
		files map[string]string
		envs  []string
		want  []string
	}{
		{"parameters need no value, and what hangs on them is looked at", map[string]string{"t.yaml": hot + `
parameters: {n: {type: number}, m: {type: json}}
conditions: {big: {equals: [{get_param: n}, 9]}}
resources:
  a: {type: OS::Heat::RandomString, condition: big, properties: {length: {get_param: n}, lenght: 3}}
  b: {type: OS::Heat::RandomString, properties: {length: {get_param: [m, x, y]}}}
`}, nil, []string{`t.yaml:6:90 unknown_property /resources/a/properties/lenght did you mean "length"?`}},

		{"given values are checked, the later environment wins", map[string]string{
			"t.yaml": hot + "parameters: {n: {type: number}}\nresources: {a: {type: OS::Heat::RandomString, properties: {length: {get_param: n}}}}\n",
			"1.yaml": "parameters: {n: none}\n", "2.yaml": "parameters:\n  n: many\n",
		}, []string{"1.yaml", "2.yaml"}, []string{"2.yaml:2:6 parameter_value /parameters/n"}},

		{"a problem of the parent does not hide those of the nested template", map[string]string{
			"t.yaml":   hot + "resources:\n  a: {type: d/c.yaml, properties: {b: 1}}\n  b: {type: d/x.yaml}\n",
			"d/c.yaml": hot + "parameters: {a: {type: string}}\nresources:\n  r: {type: e.yaml}\n",
			"d/e.yaml": hot + "outputs: {o: {value: {get_param: p}}}\n",
			"d/x.yaml": hot + "resources: [\n",
		}, nil, []string{
			"t.yaml:3:36 unknown_property /resources/a/properties/b did you mean \"a\"?",
			"d/e.yaml:2:22 function /outputs/o/value",
			"d/x.yaml:3:1 syntax",
		}},

		{"members of a group are shown where they are defined, once", map[string]string{"t.yaml": hot + `
parameters: {n: {type: number}}
resources:
  g:
    type: OS::Heat::ResourceGroup
    properties:
      count: {get_param: n}
      resource_def:
        type: OS::Heat::RandomString
        properties: {lenght: 3}
  h: {type: OS::Heat::ResourceGroup, properties: {count: 3, resource_def: {type: OS::Heat::RadnomString}}}
`}, nil, []string{
			`t.yaml:11:22 unknown_property /resources/g/properties/resource_def/properties/lenght did you mean "length"?`,
			`t.yaml:12:76 unknown_type /resources/h/properties/resource_def/type did you mean "OS::Heat::RandomString"?`,
		}},

		{"a name that is written wrong is not called missing where it is used", map[string]string{"t.yaml": hot + `
parameters: {a: {tpye: string}}
resources:
  r: {tpye: OS::Heat::None}
  s: {type: OS::Heat::Value, properties: {value: [{get_param: a}, {get_resource: r}]}}
`}, nil, []string{
			`t.yaml:3:18 parameter_schema /parameters/a/tpye did you mean "type"?`,
			`t.yaml:5:7 resource /resources/r/tpye did you mean "type"?`,
		}},

		{"what only looks like a function", map[string]string{"t.yaml": "heat_template_version: 2015-04-30\n" + `
resources:
  a: {type: OS::Heat::Value, properties: {value: {get_parm: x}}}
outputs:
  o: {value: {list_concat: [[1], [2]]}}
  p: {value: {get_url: it}}
`}, nil, []string{
			`t.yaml:4:50 unknown_function /resources/a/properties/value did you mean "get_param"?`,
			`t.yaml:6:14 unknown_function /outputs/o/value a later heat_template_version has it`,
		}},

		{"CFN in JSON", map[string]string{"t.yaml": `{"AWSTemplateFormatVersion": "2010-09-09",
 "Parameters": {"P": {"Type": "Strng"}, "Size": {"Type": "Number"}},
 "Resources": {
  "a": {"Type": "OS::Heat::RandomString", "DependsOn": ["aa"], "Properties": {"length": {"Ref": "Sise"}}},
  "b": {"Type": "OS::Heat::Value", "Properties": {"value": {"Fn::GetAtt": ["a", "valu"]}}}
 }}`}, nil, []string{
			`t.yaml:2:31 parameter_schema /Parameters/P/Type did you mean "String"?`,
			`t.yaml:4:57 unknown_resource /Resources/a/DependsOn/0 did you mean "a"?`,
			`t.yaml:4:89 unknown_resource /Resources/a/Properties/length did you mean "Size"?`,
			`t.yaml:5:60 unknown_attribute /Resources/b/Properties/value did you mean "value"?`,
		}},

		{"addresses are not fetched", map[string]string{"t.yaml": hot + `
resources:
  a: {type: "http://example.com/a.yaml"}
  b: {type: OS::Heat::Value, properties: {value: {get_file: "http://example.com/b"}}}
`}, nil, []string{"t.yaml:4:13 not_fetched /resources/a/type", "t.yaml:5:61 not_fetched /resources/b/properties/value/get_file"}},

		{"names resolve from the file that has them", map[string]string{
			"t.yaml":     hot + "resources: {a: {type: My::Server}}\n",
			"env/e.yaml": "resource_registry: {\"My::Server\": ../lib/s.yaml}\n",
			"lib/s.yaml": hot + "resources: {s: {type: OS::Heat::Value, properties: {value: {get_file: s.sh}}}}\n",
			"lib/s.sh":   "true\n",
		}, []string{"env/e.yaml"}, []string{}},

		{"environments have places too", map[string]string{
			"t.yaml": hot + "resources: {a: " + server + "}\n",
			"e.yaml": "paramters: {}\nresource_registry:\n  hooks: pre-cretae\n  A::B: gone.yaml\n",
		}, []string{"e.yaml"}, []string{"e.yaml:1:1 environment_section /paramters", "e.yaml:3:10 resource_registry /resource_registry/hooks",
			"e.yaml:4:9 missing_template /resource_registry/A::B gone.yaml: no such file or directory"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := found(t, write(t, tc.files), validateCmd{Templates: []string{"t.yaml"}, Environments: tc.envs})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestValidateStrictWantsValues(t *testing.T) {
	dir := write(t, map[string]string{"t.yaml": "heat_template_version: wallaby\nparameters: {n: {type: number}}\n"})
	if out, code := validated(t, dir, validateCmd{Templates: []string{"t.yaml"}}); code != 0 || out != "t.yaml: sound\n" {
		t.Errorf("%v %s", code, out)
	}
	want := []string{"t.yaml:2:17 parameter_missing /parameters/n"}
	if diff := cmp.Diff(want, found(t, "", validateCmd{Templates: []string{"t.yaml"}, Strict: true})); diff != "" {
		t.Error(diff)
	}
}

func TestValidateTellsWhatCannotBeRead(t *testing.T) {
	dir := write(t, map[string]string{"t.yaml": "heat_template_version: wallaby\n"})
	for _, c := range []validateCmd{
		{Templates: []string{"t.yaml", "gone.yaml"}}, {Templates: []string{"t.yaml"}, Environments: []string{"gone.yaml"}}, {Templates: []string{"."}},
	} {
		if out, code := validated(t, dir, c); code != exitUnreadable || !strings.HasPrefix(out, "hearth: ") {
			t.Errorf("%v: %v %s", c.Templates, code, out)
		}
	}
}

// Public templates that need only known types are sound; of the others the diagnostics
// name every type that is not known. Files that a template wants may be absent from the
// collection.
func TestValidatePublicTemplates(t *testing.T) {
	const dir = "../../../shared/templates"
	var names []string
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".yaml") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Skipf("the collection of public templates is not there: %v", err)
	}
	registry, err := resourceTypes()
	if err != nil {
		t.Fatal(err)
	}
	var all []byte // a type may be named by a template that another one uses
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	for _, name := range names {
		out, _ := validated(t, "", validateCmd{Templates: []string{name}, JSON: true})
		var read struct {
			Templates []struct {
				Diagnostics []struct{ Code, Message, Hint string }
			}
		}
		if err := json.Unmarshal([]byte(out), &read); err != nil {
			t.Fatal(err)
		}
		for _, d := range read.Templates[0].Diagnostics {
			typ, _, _ := strings.Cut(strings.TrimPrefix(d.Message, "The Resource Type ("), ")")
			unknown := d.Code == "unknown_type" && registry.Lookup(typ) == nil && bytes.Contains(all, []byte(typ))
			absent := strings.HasSuffix(d.Hint, ": no such file or directory")
			if !unknown && !absent && !knownFaults[filepath.Base(name)+": "+d.Message] {
				t.Errorf("%s: %s: %s", name, d.Code, d.Message)
			}
		}
	}
}

// knownFaults are faults that the public templates do have.
var knownFaults = map[string]bool{
	`example-chef-template.yaml: "['recipe[nginx-pkg]']" is not a map`: true,
}
