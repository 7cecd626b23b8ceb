package heat_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

func TestRandomString(t *testing.T) {
	lab := resourcetest.New(t)
	for name, tc := range map[string]struct {
		properties []any
		pattern    string
	}{
		"nothing said": {nil, `^[A-Za-z0-9]{32}$`},
		"length":       {[]any{"length", "5"}, `^[A-Za-z0-9]{5}$`},
		"a class":      {[]any{"length", int64(10), "character_classes", []any{yaml.MapOf("class", "uppercase", "min", int64(10))}}, `^[A-Z]{10}$`},
		"hexdigits":    {[]any{"length", int64(64), "character_classes", []any{yaml.MapOf("class", "hexdigits")}}, `^[0-9A-F]{64}$`},
		"a sequence":   {[]any{"length", int64(4), "character_classes", []any{}, "character_sequences", []any{yaml.MapOf("sequence", "xy")}}, `^[xy]{4}$`},
		"old property": {[]any{"sequence", "octdigits"}, `^[0-7]{32}$`},
	} {
		t.Run(name, func(t *testing.T) {
			r := lab.Created(heat.Types, "OS::Heat::RandomString", "r", tc.properties...)
			value := r.Attribute("value")
			if s, _ := value.(string); !regexp.MustCompile(tc.pattern).MatchString(s) {
				t.Errorf("value %v does not match %s", value, tc.pattern)
			}
			if r.Reference() != value {
				t.Errorf("get_resource yields %v, not the value", r.Reference())
			}
			again := lab.Created(heat.Types, "OS::Heat::RandomString", "r", tc.properties...)
			if len(value.(string)) > 20 && again.Attribute("value") == value {
				t.Error("two random texts are the same")
			}
		})
	}
}

func TestRandomStringMinimums(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(heat.Types, "OS::Heat::RandomString", "r", "length", int64(8), "character_classes",
		[]any{yaml.MapOf("class", "digits", "min", int64(3)), yaml.MapOf("class", "lowercase", "min", int64(5))})
	value := r.Attribute("value").(string)
	if n := len(regexp.MustCompile(`[0-9]`).FindAllString(value, -1)); n != 3 {
		t.Errorf("%q has %d digits, not 3", value, n)
	}
	wrong := lab.Resource(heat.Types, "OS::Heat::RandomString", "r", "length", int64(5), "character_classes",
		[]any{yaml.MapOf("class", "digits", "min", int64(6))})
	const want = "Length property cannot be smaller than combined character class and character sequence minimums"
	if err := wrong.Validate(); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestValue(t *testing.T) {
	lab := resourcetest.New(t)
	for _, tc := range []struct {
		kind  string
		value any
		fault string
	}{
		{"string", int64(5), ""},
		{"string", 1.5, "Property error: resources.x.properties.value: Value must be a string; got 1.5"},
		{"number", "abc", "Property error: resources.x.properties.value: could not convert string to float: 'abc'"},
		{"comma_delimited_list", "a,b", `Property error: resources.x.properties.value: "'a,b'" is not a list`},
		{"json", yaml.MapOf("a", int64(1)), ""},
		{"json", []any{int64(1), int64(2)}, `Property error: resources.x.properties.value: "[1, 2]" is not a map`},
		{"boolean", "yes", `Property error: resources.x.properties.value: "yes" is not a valid boolean`},
	} {
		r := lab.Resource(heat.Types, "OS::Heat::Value", "v", "type", tc.kind, "value", tc.value)
		err := r.Validate()
		if tc.fault != "" {
			if err == nil || err.Error() != tc.fault {
				t.Errorf("%s %v: got %v, want %s", tc.kind, tc.value, err, tc.fault)
			}
			continue
		}
		if err == nil {
			err = r.Create()
		}
		if err != nil {
			t.Errorf("%s %v: %v", tc.kind, tc.value, err)
		} else if !yaml.Equal(r.Attribute("value"), tc.value) {
			t.Errorf("%s %v: shows %v", tc.kind, tc.value, r.Attribute("value"))
		}
	}
}

func TestNone(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(heat.Types, "OS::Heat::None", "n", "whatever", []any{"x"})
	if r.Attribute("anything") != nil || r.PhysicalID == "" {
		t.Errorf("id %q, attribute %v", r.PhysicalID, r.Attribute("anything"))
	}
}

func TestTestResource(t *testing.T) {
	lab := resourcetest.New(t)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	lab.Now = func() time.Time { now = now.Add(10 * time.Second); return now }

	r := lab.Created(heat.Types, "OS::Heat::TestResource", "t", "value", "a", "wait_secs", int64(12))
	if r.Attribute("output") != "a" {
		t.Errorf("output %v", r.Attribute("output"))
	}
	for _, step := range []struct {
		properties []any
		fault      string
		output     string
	}{
		{[]any{"value", "b"}, "", "b"},
		{[]any{"value", ""}, "", "b"},
		{[]any{"value", "c", "fail", true}, "Test Resource failed t", "b"},
		{[]any{"value", "d"}, "", "d"},
		{[]any{"value", "e", "update_replace", true}, "the resource must be replaced", "d"},
		{[]any{"value", "d", "update_replace_value", "d"}, "the resource must be replaced", "d"},
	} {
		err := r.Update(step.properties...)
		if text := errorText(err); text != step.fault {
			t.Errorf("update to %v: %q, want %q", step.properties, text, step.fault)
		}
		if r.Attribute("output") != step.output {
			t.Errorf("after update to %v output is %v", step.properties, r.Attribute("output"))
		}
	}
	if err := r.Delete(); err != nil {
		t.Error(err)
	}

	bad := lab.Resource(heat.Types, "OS::Heat::TestResource", "t", "fail", true)
	if err := bad.Create(); errorText(err) != "Test Resource failed t" || bad.PhysicalID == "" || bad.Attribute("output") != nil {
		t.Errorf("error %v, id %q, output %v", err, bad.PhysicalID, bad.Attribute("output"))
	}
}

func TestSoftwareConfig(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(heat.Types, "OS::Heat::SoftwareConfig", "c", "config", "#!/bin/sh\n", "group", "script",
		"inputs", []any{yaml.MapOf("name", "i")})
	if r.Attribute("config") != "#!/bin/sh\n" {
		t.Errorf("config %v", r.Attribute("config"))
	}
	cfg, err := lab.Configs.FindConfig(t.Context(), r.PhysicalID)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"config":"#!/bin/sh\n","inputs":[{"name":"i","type":"String"}],"outputs":[],"options":{}}`
	if cfg.Group != "script" || !cmp.Equal(string(cfg.Config), want) {
		t.Errorf("stored %s %s", cfg.Group, cfg.Config)
	}

	r.Restart()
	if found, err := r.Find(); err != nil || !found {
		t.Fatalf("after a crash: found %v, %v", found, err)
	}
	for range 2 {
		if err := r.Delete(); err != nil {
			t.Error(err)
		}
	}
	if lab.Configs.Len() != 0 {
		t.Error("the config is still there")
	}

	structured := lab.Created(heat.Types, "OS::Heat::StructuredConfig", "s", "config", yaml.MapOf("a", yaml.MapOf("get_input", "x")))
	if got := yaml.Dumps(structured.Attribute("config"), false); got != `{"a": {"get_input": "x"}}` {
		t.Errorf("config %s", got)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
