package heat_test

import (
	"context"
	"slices"
	"testing"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

// members is the nested stack of a group: OS::Heat::Value members that show what their
// definition says.
type members struct{ template *yaml.Map }

func (m members) Stack(context.Context) (*core.Stack, error) { return nil, nil }

func (m members) definitions() *yaml.Map {
	d, _ := m.template.Get("resources")
	return d.(*yaml.Map)
}

func (m members) Resources(context.Context) ([]core.Resource, error) {
	var out []core.Resource
	for name := range m.definitions().All() {
		out = append(out, core.Resource{Name: name, Action: core.Create, Status: core.Complete})
	}
	return out, nil
}

func (m members) Template(context.Context) (*yaml.Node, error) {
	return yaml.FromValue(m.template), nil
}

func (m members) Output(context.Context, string) (any, bool, error) { return nil, false, nil }

func (m members) Attribute(_ context.Context, member string, path []any) (any, error) {
	if len(path) == 0 {
		return "ref-" + member, nil
	}
	d, _ := m.definitions().Get(member)
	return resource.NewValues(d.(*yaml.Map)).Sub("properties").Get(path[0].(string)), nil
}

// deploy asks the group for its nested stack and makes it so.
func deploy(t *testing.T, r *resourcetest.Resource) *yaml.Map {
	t.Helper()
	child, err := r.Behaviour.(resource.Parent).Child(t.Context(), r.Context)
	if err != nil {
		t.Fatal(err)
	}
	template := child.Node.Plain().(*yaml.Map)
	r.PhysicalID, r.Children = "nested", members{template}
	return template
}

func group(lab *resourcetest.Lab, properties ...any) *resourcetest.Resource {
	def := yaml.MapOf("type", "OS::Heat::Value", "properties", yaml.MapOf("value", "v%index%", "map", yaml.MapOf("k%index%", []any{"%index%"})))
	return lab.Resource(heat.Types, "OS::Heat::ResourceGroup", "g", append(properties, "resource_def", def)...)
}

func TestResourceGroupTemplate(t *testing.T) {
	lab := resourcetest.New(t)
	got := yaml.Dumps(deploy(t, group(lab, "count", int64(2))), false)
	const want = `{"heat_template_version": "2015-04-30", "resources": {` +
		`"0": {"type": "OS::Heat::Value", "properties": {"value": "v0", "map": {"k%index%": ["0"]}}}, ` +
		`"1": {"type": "OS::Heat::Value", "properties": {"value": "v1", "map": {"k%index%": ["1"]}}}}}`
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestResourceGroupAttributes(t *testing.T) {
	lab := resourcetest.New(t)
	r := group(lab, "count", int64(2), "removal_policies", []any{yaml.MapOf("resource_list", []any{int64(0)})})
	deploy(t, r)
	for _, tc := range []struct {
		path []any
		want string
	}{
		{[]any{"refs"}, `["ref-1", "ref-2"]`},
		{[]any{"refs", int64(1)}, `"ref-2"`},
		{[]any{"refs", int64(7)}, `null`},
		{[]any{"refs_map"}, `{"1": "ref-1", "2": "ref-2"}`},
		{[]any{"removed_rsrc_list"}, `["0"]`},
		{[]any{"attributes", "value"}, `{"1": "v1", "2": "v2"}`},
		{[]any{"value"}, `["v1", "v2"]`},
		{[]any{"resource.2"}, `"ref-2"`},
		{[]any{"resource.2.value"}, `"v2"`},
		{[]any{"resource.2", "value"}, `"v2"`},
		{nil, `{"refs": ["ref-1", "ref-2"], "removed_rsrc_list": ["0"], "refs_map": {"1": "ref-1", "2": "ref-2"}}`},
	} {
		v, err := r.Behaviour.(resource.PathAttributer).AttributePath(t.Context(), r.Context, tc.path)
		if got := yaml.Dumps(v, false); err != nil || got != tc.want {
			t.Errorf("%v: %s, %v", tc.path, got, err)
		}
	}
	_, err := r.Behaviour.(resource.PathAttributer).AttributePath(t.Context(), r.Context, []any{"resource.x"})
	if errorText(err) != "Member 'x' not found in group resource 'g'." {
		t.Errorf("got %v", err)
	}
}

func TestResourceGroupRemovalPolicies(t *testing.T) {
	lab := resourcetest.New(t)
	r := group(lab, "count", int64(3))
	deploy(t, r)
	remove := func(names ...any) []any { return []any{yaml.MapOf("resource_list", names)} }
	for _, step := range []struct {
		say        string
		properties []any
		members    []string
		removed    string
	}{
		{"by name", []any{"count", int64(2), "removal_policies", remove("0")}, []string{"1", "2"}, "0"},
		{"by reference", []any{"count", int64(2), "removal_policies", remove("ref-2")}, []string{"1", "3"}, "0,2"},
		{"unknown names are left alone", []any{"count", int64(2), "removal_policies", remove("7")}, []string{"1", "3"}, "0,2"},
		{"no policy keeps what was removed", []any{"count", int64(3)}, []string{"1", "3", "4"}, "0,2"},
		{"mode update forgets", []any{"count", int64(2), "removal_policies_mode", "update", "removal_policies", remove("1")}, []string{"0", "2"}, "1"},
	} {
		r.Properties = group(lab, step.properties...).Properties
		for _, when := range []string{"once", "and again"} {
			template := deploy(t, r)
			d, _ := template.Get("resources")
			if got := d.(*yaml.Map).Keys(); !slices.Equal(got, step.members) {
				t.Errorf("%s, %s: members %v", step.say, when, got)
			}
			if got := r.Data["name_blacklist"]; got != step.removed {
				t.Errorf("%s, %s: removed %q", step.say, when, got)
			}
		}
	}
}
