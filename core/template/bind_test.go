package template_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/function"
	"hearth/core/schema"
	"hearth/core/template"
	"hearth/core/yaml"
)

const web = `
heat_template_version: 2018-08-31
parameters:
  size: {type: number, default: 2}
  name: {type: string, default: web}
conditions:
  big: {equals: [{get_param: size}, 9]}
resources:
  net: {type: Net}
  port: {type: Port, properties: {net: {get_resource: net}, note: {if: [big, {get_attr: [disk, id]}, none]}}}
  disk: {type: Disk, condition: big}
  server:
    type: Server
    depends_on: [net, disk]
    metadata: {mac: {get_attr: [port, mac]}}
    properties:
      name: {str_replace: {template: "$n-server", params: {$n: {get_param: name}}}}
      port: {get_resource: port}
      script: {get_file: script.sh}
outputs:
  ip: {value: {get_attr: [server, addresses, 0, ip]}}
  all: {value: {get_attr: [port]}}
  disk: {value: {get_resource: disk}, condition: big}
`

var scripts = map[string]string{"script.sh": "echo", "other": "x"}

func TestBound(t *testing.T) {
	b := bound(t, web, "", scripts, nil)
	names := func(defs []*template.Definition) (out []string) {
		for _, d := range defs {
			out = append(out, d.Name)
		}
		return out
	}
	if diff := cmp.Diff([]string{"net", "port", "server"}, names(b.Resources())); diff != "" {
		t.Error(diff)
	}
	if b.Enabled("disk") || !b.Enabled("net") || b.Definition("disk") != nil {
		t.Error("disk has a condition that does not hold")
	}
	for name, want := range map[string][]string{"net": nil, "port": {"net"}, "server": {"net", "port"}} {
		if diff := cmp.Diff(want, b.Requires(b.Definition(name))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	want := map[string][][]any{"server": {{"addresses", int64(0), "ip"}}, "port": {{"mac"}, {}}}
	if diff := cmp.Diff(want, b.AttributePaths()); diff != "" {
		t.Error(diff)
	}
	var outputs []string
	for _, o := range b.Outputs() {
		outputs = append(outputs, fmt.Sprint(o.Name, o.Enabled))
	}
	if diff := cmp.Diff([]string{"iptrue", "alltrue", "diskfalse"}, outputs); diff != "" {
		t.Error(diff)
	}
	big := bound(t, web, "{parameters: {size: 9}}", scripts, nil)
	if diff := cmp.Diff([]string{"net", "disk", "port"}, big.Requires(big.Definition("server"))); diff == "" {
		t.Error("not in template order")
	}
	if diff := cmp.Diff([]string{"net", "port", "disk"}, big.Requires(big.Definition("server"))); diff != "" {
		t.Error(diff)
	}
}

// cloud is a Runtime in which every resource has arrived.
type cloud struct{}

func (cloud) RefID(resource string) (any, error) { return resource + "-id", nil }

func (cloud) Attr(resource string, path []any) (any, error) {
	return yaml.Str(append([]any{resource}, path...)), nil
}

func TestResolve(t *testing.T) {
	b := bound(t, web, "", scripts, nil)
	v, err := b.Resolve(b.Definition("server").Properties, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := v.(*yaml.Map)
	if port, _ := m.Get("port"); !schema.IsUnknown(port) || port.(function.Unknown).Resource != "port" {
		t.Errorf("port: %v", port)
	}
	if name, _ := m.Get("name"); name != "web-server" {
		t.Errorf("name: %v", name)
	}
	v, err = b.Resolve(b.Definition("server").Properties, cloud{})
	if want := "{'name': 'web-server', 'port': 'port-id', 'script': 'echo'}"; err != nil || yaml.Repr(v) != want {
		t.Errorf("%s, %v, want %s", yaml.Repr(v), err, want)
	}
	v, err = b.Resolve(b.Outputs()[0].Value, cloud{})
	if want := "['server', 'addresses', 0, 'ip']"; err != nil || v != want {
		t.Errorf("%v, %v", v, err)
	}
	if v, err := b.Resolve(nil, nil); v != nil || err != nil {
		t.Error(v, err)
	}
}

func TestDigest(t *testing.T) {
	digests := func(text, env string, files map[string]string, typ string) map[string]string {
		b := bound(t, text, env, files, nil)
		out := map[string]string{}
		for _, d := range b.Resources() {
			out[d.Name] = b.Digest(d, typ)
		}
		return out
	}
	before := digests(web, "", scripts, "T")
	for what, c := range map[string]struct {
		now     map[string]string
		changed string
	}{
		"nothing":               {digests(web, "", scripts, "T"), ""},
		"a parameter":           {digests(web, "{parameters: {name: app}}", scripts, "T"), "server"},
		"a condition's outcome": {digests(web, "{parameters: {size: 9}}", scripts, "T"), "port"},
		"an unused parameter":   {digests(web, "{parameters: {size: 3}}", scripts, "T"), ""},
		"a file":                {digests(web, "", map[string]string{"script.sh": "ls"}, "T"), "server"},
		"an unused file":        {digests(web, "", map[string]string{"script.sh": "echo", "other": "y"}, "T"), ""},
		"what the type means":   {digests(web, "", scripts, "U"), "net port server"},
		"an untaken branch":     {digests(strings.Replace(web, "[disk, id]", "[disk, name]", 1), "", scripts, "T"), ""},
		"a name":                {digests(strings.Replace(web, "$n-server", "$n-host", 1), "", scripts, "T"), "server"},
		"a reference":           {digests(strings.Replace(web, "[port, mac]", "[port, ip]", 1), "", scripts, "T"), "server"},
	} {
		var changed []string
		for _, name := range []string{"net", "port", "server"} {
			if c.now[name] != before[name] {
				changed = append(changed, name)
			}
		}
		if got := strings.Join(changed, " "); got != c.changed {
			t.Errorf("%s changes %q, want %q", what, got, c.changed)
		}
	}
}

func TestReferences(t *testing.T) {
	for text, want := range map[string]string{
		`{resources: {a: {type: T, properties: {x: [{get_resource: zz}]}}}}`:                                                         `InvalidTemplateReference The specified reference "zz" (in a.Properties.x[0]) is incorrect.`,
		`{resources: {a: {type: T, metadata: {x: {list_join: ["", [{get_attr: [zz, y]}]]}}}}}`:                                       `InvalidTemplateReference The specified reference "zz" (in a.Metadata.x.list_join[1][0]) is incorrect.`,
		`{resources: {a: {type: T, depends_on: zz}}}`:                                                                                `InvalidTemplateReference The specified reference "zz" (in a) is incorrect.`,
		`{conditions: {n: false}, resources: {gone: {type: T, condition: n}, a: {type: T, depends_on: gone}}}`:                       ``,
		`{conditions: {n: false}, resources: {gone: {type: T, condition: n}, a: {type: T, properties: {x: {get_resource: gone}}}}}`:  `InvalidTemplateReference The specified reference "gone" (in a.Properties.x) is incorrect.`,
		`{resources: {a: {type: T, depends_on: b}, b: {type: T, properties: {x: {get_attr: [c, y]}}}, c: {type: T, depends_on: a}}}`: `CircularDependencyException Circular Dependency Found: a -> b -> c -> a`,
		`{parameters: {a: {type: string, default: x}}, resources: {a: {type: T}}}`:                                                   `StackValidationFailed Duplicate names {'a'}`,
		`{resources: {a: {type: T, external_id: e, depends_on: b}, b: {type: T}}}`:                                                   `InvalidExternalResourceDependency Invalid dependency with external T resource: e`,
		`{resources: {a: {type: T, external_id: e, properties: {x: {get_resource: zz}}}}}`:                                           ``,
		`{parameters: {p: {type: string, default: keep}}, resources: {a: {type: T, deletion_policy: {get_param: p}}}}`:               `StackValidationFailed Invalid deletion policy "keep"`,
	} {
		tmpl := parsed(t, "{heat_template_version: 2018-08-31, "+strings.TrimPrefix(text, "{"))
		v, _ := tmpl.Values(nil, pseudo)
		_, found := tmpl.Bind(v, nil, nil)
		got := ""
		if len(found) > 0 {
			got = found[0].Type + " " + found[0].Text()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestCheckProperties(t *testing.T) {
	b := bound(t, `
heat_template_version: 2021-04-16
parameters: {p: {type: string, default: abc}}
conditions: {n: false}
resources:
  r:
    type: T
    properties:
      size: {get_param: p}
      text: {get_file: nope}
      name: {if: [n, x]}
      list: [{port: 1}, {port: 99}]
      tpye: 1
      id: {get_resource: s}
  s: {type: T}
`, "", nil, nil)
	props := schema.Properties{
		"size": {Kind: schema.Integer}, "text": {Kind: schema.String}, "name": {Kind: schema.String, Required: true},
		"type": {Kind: schema.String, Required: true}, "id": {Kind: schema.Integer},
		"list": {Kind: schema.List, Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
			"port": {Kind: schema.Integer, Constraints: []schema.Constraint{schema.Range{Max: 9}}},
		}}},
	}
	_, found := b.CheckProperties(b.Definition("r"), props, nil, nil)
	var got []string
	for _, d := range found {
		got = append(got, fmt.Sprintf("%d %s %s", d.Line, d.Text(), d.Hint))
	}
	want := []string{
		`9 Property error: resources.r.properties: Unknown Property tpye did you mean "type"?`,
		"12 Property error: resources.r.properties.list[1].port: 99 is out of range (min: None, max: 9) ",
		"11 Property error: resources.r.properties.name: Property name not assigned ",
		"9 Property error: resources.r.properties.size: Value 'abc' is not an integer ",
		`10 Property error: resources.r.properties.text: No content found in the "files" section for get_file path: nope `,
		"9 Property error: resources.r.properties: Property type not assigned ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCheckAttributes(t *testing.T) {
	b := bound(t, web, "", scripts, nil)
	found := b.CheckAttributes(func(resource, attribute string) bool { return resource == "port" }, nil)
	if want := "outputs.ip.value.get_attr: The Referenced Attribute (server addresses) is incorrect."; found.Error() != want {
		t.Errorf("%v", found)
	}
}

func TestFacade(t *testing.T) {
	b := bound(t, `
heat_template_version: 2018-08-31
outputs:
  m: {value: {resource_facade: metadata}}
  d: {value: {resource_facade: deletion_policy}}
  u: {value: {resource_facade: update_policy}}
`, "", nil, &template.Facade{Metadata: yaml.MapOf("a", 1), DeletionPolicy: template.Snapshot})
	var got []string
	for _, o := range b.Outputs() {
		v, err := b.Resolve(o.Value, nil)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, yaml.Repr(v))
	}
	if diff := cmp.Diff([]string{"{'a': 1}", "'Snapshot'", "{}"}, got); diff != "" {
		t.Error(diff)
	}
}
