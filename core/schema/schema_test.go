package schema_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/schema"
	"hearth/core/yaml"
)

var props = schema.Properties{
	"text":     {Kind: schema.String, Constraints: []schema.Constraint{schema.Length{Max: 5}}},
	"count":    {Kind: schema.Integer, Default: int64(2), Constraints: []schema.Constraint{schema.Range{Min: 1, Max: 512}}},
	"size":     {Kind: schema.Number},
	"flag":     {Kind: schema.Boolean},
	"kind":     {Kind: schema.String, Constraints: []schema.Constraint{schema.OneOf("ssh", "x509")}},
	"address":  {Kind: schema.String, Constraints: []schema.Constraint{schema.Custom{Name: "ip_addr"}}},
	"anything": {Kind: schema.Any},
	"free":     {Kind: schema.Map},
	"json":     {Kind: schema.Map, Converts: true},
	"commas":   {Kind: schema.List, Converts: true},
	"rules": {Kind: schema.List, Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
		"name": {Kind: schema.String, Required: true},
		"port": {Kind: schema.Integer, Default: int64(80), Constraints: []schema.Constraint{schema.Range{Min: 0, Max: 65535}}},
	}}},
	"numbers": {Kind: schema.List, Item: &schema.Property{Kind: schema.Integer}},
	"old":     {Kind: schema.String, NotImplemented: true},
}

type unknown struct{}

func (unknown) UnknownValue() {}

func checker(constraint string, value any) string {
	if value == "bad" {
		return "Error validating value 'bad': " + constraint
	}
	return ""
}

func TestCheck(t *testing.T) {
	const at = "Property error: resources.r.properties"
	for _, c := range []struct {
		in       string
		want     string // the values, without the default of count
		problems string
	}{
		{`{"text": "abc", "count": "7", "size": "1.5", "flag": "TRUE", "free": {"a": 1}}`, `{"count": 7, "flag": true, "free": {"a": 1}, "size": 1.5, "text": "abc"}`, ""},
		{`{"text": 5, "kind": "ssh"}`, `{"kind": "ssh", "text": "5"}`, ""},
		{`{"text": true}`, `{"text": "True"}`, ""},
		{`{"text": 1.1}`, ``, at + ".text: Value must be a string; got 1.1"},
		{`{"text": ["a"]}`, ``, at + ".text: Value must be a string; got ['a']"},
		{`{"text": "abcdef"}`, ``, at + ".text: length (6) is out of range (min: None, max: 5)"},
		{`{"count": 9999}`, ``, at + ".count: 9999 is out of range (min: 1, max: 512)"},
		{`{"count": "abc"}`, ``, at + ".count: Value 'abc' is not an integer"},
		{`{"count": "5.0"}`, ``, at + ".count: Value '5.0' is not an integer"},
		{`{"count": 5.9}`, `{"count": 5}`, ""},
		{`{"count": []}`, ``, at + ".count: int() argument must be a string, a bytes-like object or a real number, not 'list'"},
		{`{"count": Infinity}`, ``, at + ".count: cannot convert float infinity to integer"},
		{`{"size": "x"}`, ``, at + ".size: could not convert string to float: 'x'"},
		{`{"size": true}`, `{"size": true}`, ""},
		{`{"flag": "yes"}`, ``, at + `.flag: "yes" is not a valid boolean`},
		{`{"flag": 1}`, ``, at + `.flag: "1" is not a valid boolean`},
		{`{"kind": "rsa"}`, ``, at + `.kind: "rsa" is not an allowed value ["ssh", "x509"]`},
		{`{"free": "x"}`, ``, at + `.free: "x" is not a map`},
		{`{"json": [1]}`, `{"json": "[1]"}`, ""},
		{`{"json": "text"}`, `{"json": "text"}`, ""},
		{`{"commas": "a, b"}`, `{"commas": ["a", " b"]}`, ""},
		{`{"rules": "x"}`, ``, at + `.rules: "'x'" is not a list`},
		{`{"rules": [{"name": "a"}, {"name": "b", "port": "81"}]}`, `{"rules": [{"name": "a", "port": 80}, {"name": "b", "port": 81}]}`, ""},
		{`{"rules": [{"name": "a", "port": 70000}, {"nam": "b"}, 5]}`, ``,
			at + ".rules[0].port: 70000 is out of range (min: 0, max: 65535)\n" +
				at + ".rules[1]: Unknown Property nam\n" + at + ".rules[1]: Property name not assigned\n" +
				at + `.rules[2]: "5" is not a map`},
		{`{"numbers": [1, null, "2"]}`, `{"numbers": [1, 0, 2]}`, ""},
		{`{"address": "bad"}`, ``, at + ".address: Error validating value 'bad': ip_addr"},
		{`{"bogus": 1, "cout": 2}`, ``, at + ": Unknown Property bogus\n" + at + ": Unknown Property cout"},
		{`{"text": null, "count": null, "flag": null, "free": null, "numbers": null, "anything": null}`,
			`{"anything": null, "count": 2, "flag": false, "free": {}, "numbers": [], "text": ""}`, ""},
	} {
		v, err := yaml.DecodeJSON([]byte(c.in))
		if err != nil {
			t.Fatal(err)
		}
		values := v.(*yaml.Map)
		out, found := schema.Check(props, values, "resources.r.properties", checker)
		if found.HasErrors() || c.problems != "" {
			if diff := cmp.Diff(c.problems, found.Error()); diff != "" {
				t.Errorf("%s: %s", c.in, diff)
			}
			continue
		}
		if !values.Has("count") {
			out.Delete("count")
		}
		if got := yaml.Dumps(out, true); got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestRequired(t *testing.T) {
	required := schema.Properties{"a": {Kind: schema.String, Required: true}}
	for _, c := range []struct {
		values *yaml.Map
		want   string
	}{
		{nil, "Property error: p: Property a not assigned"},
		{yaml.MapOf("a", schema.Dropped{}), "Property error: p.a: Property a not assigned"},
		{yaml.MapOf("a", schema.Failed{Err: errors.New("no such file")}), "Property error: p.a: no such file"},
		{yaml.MapOf("a", nil), ""},
	} {
		_, found := schema.Check(required, c.values, "p", nil)
		if got := found.Error(); got != c.want {
			t.Errorf("%v: %q, want %q", c.values, got, c.want)
		}
	}
}

func TestUnknownPasses(t *testing.T) {
	in := yaml.MapOf("count", unknown{}, "rules", []any{unknown{}, yaml.MapOf("name", unknown{}, "port", unknown{})}, "kind", unknown{})
	out, found := schema.Check(props, in, "p", checker)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if v, _ := out.Get("count"); !schema.IsUnknown(v) {
		t.Errorf("count: %v", v)
	}
	rules, _ := out.Get("rules")
	if !schema.HasUnknown(rules) || schema.HasUnknown(yaml.MapOf("a", []any{"x"})) {
		t.Errorf("rules: %v", rules)
	}
}

func TestHints(t *testing.T) {
	_, found := schema.Check(props, yaml.MapOf("cuont", 1), "p", nil)
	if len(found) != 1 || found[0].Hint != `did you mean "count"?` {
		t.Errorf("%+v", found)
	}
}

func TestWhatHasNoEffectIsAWarning(t *testing.T) {
	out, found := schema.Check(props, yaml.MapOf("old", "x"), "p", nil)
	if found.HasErrors() || len(found) != 1 || !strings.Contains(found[0].Message, "old") || !out.Has("old") {
		t.Errorf("%+v", found)
	}
}

func TestConstraints(t *testing.T) {
	for _, c := range []struct {
		c     schema.Constraint
		value any
		want  string
	}{
		{schema.Range{Min: 1}, int64(0), "0 is out of range (min: 1, max: None)"},
		{schema.Range{Max: 1.5}, "1.6", "1.6 is out of range (min: None, max: 1.5)"},
		{schema.Range{Min: 1, Description: "positive"}, int64(0), "positive"},
		{schema.Range{Min: 1}, "x", ""},
		{schema.Length{Min: 2, Max: 3}, "é", "length (1) is out of range (min: 2, max: 3)"},
		{schema.Length{Max: 1}, []any{1, 2}, "length (2) is out of range (min: None, max: 1)"},
		{schema.Length{Max: 1}, yaml.MapOf("a", 1), ""},
		{schema.OneOf("a"), "b", `"b" is not an allowed value ["a"]`},
		{schema.AllowedValues{Values: []any{int64(1), "b"}}, []any{"b", int64(1), "c"}, `["b", 1, "c"] is not an allowed value [1, "b"]`},
		{schema.AllowedValues{Values: []any{int64(1)}}, true, ""},
		{schema.Modulo{Step: 3, Offset: 1}, int64(5), "5 is not a multiple of 3 with an offset of 1"},
		{schema.Modulo{Step: 3, Offset: 1}, int64(-2), ""},
		{schema.Modulo{Step: -3, Offset: -1}, int64(2), ""},
		{schema.Modulo{Step: 2}, 4.5, "4.5 is not a multiple of 2 with an offset of 0"},
		{schema.MustPattern("[a-z]+"), "ab1", `"ab1" does not match pattern "[a-z]+"`},
		{schema.MustPattern("^a|b"), "bc", `"bc" does not match pattern "^a|b"`},
		{schema.MustPattern("a|ab"), "ab", `"ab" does not match pattern "a|ab"`},
		{schema.MustPattern(`\d{2}`), "12", ""},
		{schema.Custom{Name: "x"}, "y", ""},
	} {
		if got := c.c.Check(c.value); got != c.want {
			t.Errorf("%#v %v: %q, want %q", c.c, c.value, got, c.want)
		}
	}
	if got := schema.CheckConstraints(schema.Number, []schema.Constraint{schema.AllowedValues{Values: []any{"5"}}}, 5.0, nil); got != "" {
		t.Error(got)
	}
	if got := schema.CheckConstraints(schema.Boolean, []schema.Constraint{schema.AllowedValues{Values: []any{true}}}, "off", nil); got != `"off" is not an allowed value [true]` {
		t.Error(got)
	}
	docs := []any{}
	for _, c := range []schema.Constraint{schema.Range{Min: 1}, schema.Length{Max: 2, Description: "d"}, schema.OneOf("a"), schema.Modulo{Step: 2}, schema.MustPattern("x"), schema.Custom{Name: "n"}} {
		docs = append(docs, c.Doc())
	}
	want := `[{"range": {"min": 1}}, {"description": "d", "length": {"max": 2}}, {"allowed_values": ["a"]}, {"modulo": {"offset": 0, "step": 2}}, {"allowed_pattern": "x"}, {"custom_constraint": "n"}]`
	if got := yaml.Dumps(docs, true); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestNumbersAreReadAsInPython(t *testing.T) {
	for text, want := range map[string]string{
		"5": "5", "5.0": "5.0", "1_000": "1000", "010": "10", " 7 ": "7", "+3": "3", "1e3": "1000.0", ".5": "0.5", "-inf": "-inf",
		"99999999999999999999": "99999999999999999999", "1_0.5": "10.5",
	} {
		if v, err := schema.ToNumber(text); err != nil || yaml.Repr(v) != want {
			t.Errorf("%q: %s, %v, want %s", text, yaml.Repr(v), err, want)
		}
	}
	for _, text := range []string{"", "x", "0x10", "5,5", "1__0", "_1", ".", "e5", "+", "infin"} {
		if v, err := schema.ToNumber(text); err == nil || err.Error() != "could not convert string to float: "+yaml.Repr(text) {
			t.Errorf("%q: %v, %v", text, v, err)
		}
	}
	if v, err := schema.ToNumber("nan"); err != nil || !math.IsNaN(v.(float64)) {
		t.Error(v, err)
	}
}
