package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/schema"
	"hearth/core/store"
	"hearth/core/template"
	"hearth/core/yaml"
)

// target understands a template of cloudless types.
func target(t *testing.T, text string) *plan.Target {
	t.Helper()
	registry, err := resource.NewRegistry(heat.Types)
	if err != nil {
		t.Fatal(err)
	}
	node, problems := template.Read([]byte(text), "", yaml.Options{})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	target, problems := plan.Load(plan.Source{Template: node, Pseudo: template.Pseudo{StackName: "s"}}, &plan.Types{Registry: registry})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return target
}

// rows are those of a stack that was made from the target, each id its name in capitals.
func rows(target *plan.Target) []core.Resource {
	var out []core.Resource
	for i, name := range target.Names() {
		r := core.Resource{ID: strings.ToUpper(name), Name: name, Type: target.Definition(name).Type, Class: target.Definition(name).Type, Index: i,
			Action: core.Create, Status: core.Complete, Digest: target.Digest(name), PhysicalID: name, UpdatedAt: time.Unix(int64(i), 0)}
		for _, need := range target.Requires(name) {
			r.Requires = append(r.Requires, strings.ToUpper(need))
		}
		out = append(out, r)
	}
	return out
}

// draw shows a plan: every node, and what comes before it.
func draw(p *plan.Plan, known []core.Resource) []string {
	name := map[string]string{}
	for _, r := range known {
		name[r.ID] = r.ID
	}
	for _, r := range p.Rows {
		if name[r.ID] == "" {
			name[r.ID] = "new " + r.Name
		}
	}
	label := func(n store.Node) string {
		return map[store.NodeKind]string{store.Converge: "make ", store.Cleanup: "clean ", store.Visit: "visit "}[n.Kind] + name[n.ResourceID]
	}
	var out []string
	for _, n := range p.Nodes {
		line := label(n)
		var before []string
		for _, e := range p.Edges {
			if e.Dst == n.ID {
				before = append(before, label(p.Nodes[e.Src]))
			}
		}
		if len(before) != n.Pending {
			line += fmt.Sprintf(" (pending %d!)", n.Pending)
		}
		if len(before) > 0 {
			slices.Sort(before)
			line += " after " + strings.Join(before, ", ")
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

const three = `
heat_template_version: 2021-04-16
resources:
  a: {type: OS::Heat::RandomString, properties: {length: 8}}
  b: {type: OS::Heat::Value, properties: {value: {get_resource: a}}}
  c: {type: OS::Heat::Value, properties: {value: 1}}
`

func TestMake(t *testing.T) {
	for _, c := range []struct {
		name, from, to string
		change         func([]core.Resource) []core.Resource
		want           []string
	}{
		{name: "create", to: three, want: []string{"make new a", "make new b after make new a", "make new c"}},
		{name: "nothing changed", from: three, to: three},
		{name: "delete", from: three, want: []string{"clean A after clean B", "clean B", "clean C"}},
		{name: "one changed, and what depends on it", from: three, to: strings.Replace(three, "length: 8", "length: 9", 1),
			want: []string{"clean A after clean B, make A", "clean B after make B", "make A", "make B after make A"}},
		{name: "one removed", from: three, to: strings.Replace(three, "  c: {type: OS::Heat::Value, properties: {value: 1}}\n", "", 1),
			want: []string{"clean C"}},
		{name: "one added", from: strings.Replace(three, "  c: {type: OS::Heat::Value, properties: {value: 1}}\n", "", 1), to: three,
			want: []string{"make new c"}},
		{name: "a failed one is made anew", from: three, to: three,
			change: func(rs []core.Resource) []core.Resource { rs[2].Status = core.Failed; return rs },
			want:   []string{"clean C after make C", "make C"}},
		{name: "the sound one of two rows goes on", from: three, to: three,
			change: func(rs []core.Resource) []core.Resource {
				broken := rs[2]
				broken.ID, broken.Status, broken.Replaces, broken.Digest = "C2", core.Failed, "C", "other"
				rs[2].ReplacedBy = "C2"
				return append(rs, broken)
			},
			want: []string{"clean C after make C", "clean C2 after clean C, make C", "make C"}},
		{name: "an attribute asked for since", from: three, to: three + "outputs: {o: {value: {get_attr: [c, value]}}}\n", want: []string{"make C"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := plan.Input{StackID: "s", RootID: "s", Now: time.Unix(100, 0)}
			if c.from != "" {
				in.Rows = rows(target(t, c.from))
			}
			if c.change != nil {
				in.Rows = c.change(in.Rows)
			}
			if c.to != "" {
				in.Target = target(t, c.to)
			}
			if d := cmp.Diff(c.want, draw(plan.Make(in), in.Rows)); d != "" {
				t.Fatal(d)
			}
		})
	}
}

func TestVisit(t *testing.T) {
	rs := rows(target(t, three))
	if d := cmp.Diff([]string{"visit A after visit B", "visit B", "visit C"}, draw(plan.Visit(rs, core.Suspend), rs)); d != "" {
		t.Error("suspend", d)
	}
	if d := cmp.Diff([]string{"visit A", "visit B after visit A", "visit C"}, draw(plan.Visit(rs, core.Resume), rs)); d != "" {
		t.Error("resume", d)
	}
}

// Secrets are masked wherever the schema says so, deep in lists and maps too.
func TestMask(t *testing.T) {
	secret := schema.Property{Kind: schema.String, Sensitive: true}
	typ := &resource.Type{Properties: schema.Properties{
		"name": {Kind: schema.String}, "password": secret,
		"users": {Kind: schema.List, Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{"key": secret, "id": {Kind: schema.String}}}},
	}}
	got, err := yaml.EncodeJSON(plan.Mask(typ, yaml.MapOf("name", "n", "password", "canary",
		"users", []any{yaml.MapOf("id", "i", "key", "canary")})))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"name":"n","password":"******","users":[{"id":"i","key":"******"}]}`; string(got) != want {
		t.Fatalf("%s", got)
	}
}
