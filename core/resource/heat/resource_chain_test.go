package heat_test

import (
	"testing"

	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

func TestResourceChain(t *testing.T) {
	lab := resourcetest.New(t)
	for _, tc := range []struct {
		properties []any
		want       string
	}{
		{[]any{"resources", []any{"A", "B"}, "resource_properties", yaml.MapOf("value", "x")},
			`"0": {"type": "A", "properties": {"value": "x"}}, "1": {"type": "B", "properties": {"value": "x"}, "depends_on": ["0"]}`},
		{[]any{"resources", []any{"A", "B"}, "concurrent", true}, `"0": {"type": "A"}, "1": {"type": "B"}`},
		{[]any{"resources", nil}, ""},
	} {
		r := lab.Resource(heat.Types, "OS::Heat::ResourceChain", "c", tc.properties...)
		want := `{"heat_template_version": "2015-04-30", "resources": {` + tc.want + `}}`
		if got := yaml.Dumps(deploy(t, r), false); got != want {
			t.Errorf("got %s", got)
		}
	}
}

func TestResourceChainAttributes(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Resource(heat.Types, "OS::Heat::ResourceChain", "c", "resources", []any{"OS::Heat::Value", "OS::Heat::Value"},
		"resource_properties", yaml.MapOf("value", "x"))
	deploy(t, r)
	for _, tc := range []struct {
		path []any
		want string
	}{
		{nil, `{"refs": ["ref-0", "ref-1"]}`},
		{[]any{"refs"}, `["ref-0", "ref-1"]`},
		{[]any{"refs", int64(1)}, `"ref-1"`},
		{[]any{"attributes", "value"}, `{"0": "x", "1": "x"}`},
		{[]any{"value"}, `["x", "x"]`},
		{[]any{"resource.0"}, `"ref-0"`},
		{[]any{"resource.0.value"}, `"x"`},
		{[]any{"resource.1", "value"}, `"x"`},
	} {
		v, err := r.Behaviour.(resource.PathAttributer).AttributePath(t.Context(), r.Context, tc.path)
		if got := yaml.Dumps(v, false); err != nil || got != tc.want {
			t.Errorf("%v: %s, %v", tc.path, got, err)
		}
	}
	for path, want := range map[string]string{
		"attributes": "The Referenced Attribute (c attributes) is incorrect.",
		"resource.7": "Member '7' not found in group resource 'c'.",
	} {
		_, err := r.Behaviour.(resource.PathAttributer).AttributePath(t.Context(), r.Context, []any{path})
		if errorText(err) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}
