package yaml_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hearth/core/yaml"
)

// cases reads blocks of lines that are separated by blank lines; the first is the header.
func cases(t *testing.T, file string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, block := range strings.Split(strings.TrimSpace(string(raw)), "\n\n")[1:] {
		out = append(out, strings.Split(block, "\n"))
	}
	return out
}

func unquote(t *testing.T, s string) string {
	t.Helper()
	v, err := yaml.DecodeJSON([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return v.(string)
}

func TestYAML11(t *testing.T) {
	for _, c := range cases(t, "testdata/yaml11.txt") {
		t.Run(c[0], func(t *testing.T) {
			n, err := yaml.ParseYAML([]byte(unquote(t, c[1])), yaml.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want, err := yaml.DecodeJSON([]byte(c[2]))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(yaml.Dumps(want, false), yaml.Dumps(n.Plain(), false)); diff != "" {
				t.Errorf("%s\n%s", unquote(t, c[1]), diff)
			}
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range cases(t, "testdata/syntax.txt") {
		text := unquote(t, c[0])
		_, err := yaml.ParseYAML([]byte(text), yaml.Options{})
		if _, ok := errors.AsType[*yaml.SyntaxError](err); !ok {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if diff := cmp.Diff(unquote(t, c[1]), err.Error()); diff != "" {
			t.Errorf("%q\n%s", text, diff)
		}
	}
}

func TestJSONGoesFirst(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": 1e3, "b": "2013-05-23", "c": 010}`:         "", // 010 is no JSON: all of it is YAML
		`{"a": 1e3, "b": 1.0, "c": 12345678901234567890}`: `{"a": 1000.0, "b": 1.0, "c": 12345678901234567890}`,
		`{"a": "\ud83d\ude00", "a": [NaN, -Infinity]}`:    `{"a": [NaN, -Infinity]}`,
		"  [1, {\"b\": null}]\n":                          `[1, {"b": null}]`,
	} {
		n, err := yaml.Parse([]byte(text), yaml.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = `{"a": "1e3", "b": "2013-05-23", "c": 8}`
		}
		if got := yaml.Dumps(n.Plain(), false); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	for name, text := range map[string]string{
		"yaml": "a: 1\nb:\n  c: [x,\n    é, y]\n",
		"json": "{\"a\": 1,\n\"b\":\n  {\"c\": [\"x\",\n    \"é\", \"y\"]}}\n",
	} {
		n, err := yaml.Parse([]byte(text), yaml.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c := n.Get("b").Get("c")
		got := fmt.Sprint(c.Line, c.Items[2].Line, c.Items[2].Column, " ", n.Pairs[1].At.Line, n.Pairs[1].At.Column)
		want := map[string]string{"yaml": "3 4 8 2 1", "json": "3 4 10 2 1"}[name]
		if strings.Join(strings.Fields(got), " ") != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	laughs := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		laughs += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	for name, c := range map[string]struct {
		text string
		o    yaml.Options
	}{
		"aliases":       {laughs, yaml.Options{}},
		"merged":        {"a: &a {x: [1,2,3,4,5,6,7,8,9]}\nb: [{<<: *a},{<<: *a},{<<: *a}]\n", yaml.Options{MaxNodes: 40}},
		"bytes":         {"a: 12345", yaml.Options{MaxBytes: 5}},
		"nodes in JSON": {"[1,2,3,4]", yaml.Options{MaxNodes: 4}},
	} {
		if _, err := yaml.Parse([]byte(c.text), c.o); !errors.Is(err, yaml.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	deep := strings.Repeat("[", 300) + strings.Repeat("]", 300)
	if _, err := yaml.Parse([]byte(deep), yaml.Options{}); err == nil || !strings.Contains(err.Error(), "nested") {
		t.Errorf("deep: %v", err)
	}
	if _, err := yaml.Parse([]byte("a: &x [1, *x]"), yaml.Options{}); err == nil {
		t.Error("a node within itself was taken")
	}
}

func TestJSONErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":             "Expecting value: line 1 column 1 (char 0)",
		"x":            "Expecting value: line 1 column 1 (char 0)",
		"{a: 1}":       "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
		`{"a" 1}`:      "Expecting ':' delimiter: line 1 column 6 (char 5)",
		`{"a": 1,}`:    "Expecting property name enclosed in double quotes: line 1 column 9 (char 8)",
		"[1 2]":        "Expecting ',' delimiter: line 1 column 4 (char 3)",
		"[1,]":         "Expecting value: line 1 column 4 (char 3)",
		"{}\n{}":       "Extra data: line 2 column 1 (char 3)",
		`"é`:           "Unterminated string starting at: line 1 column 1 (char 0)",
		"\"é\n\"":      "Invalid control character at: line 1 column 3 (char 2)",
		`"\x"`:         `Invalid \escape: line 1 column 2 (char 1)`,
		`"\u12"`:       `Invalid \uXXXX escape: line 1 column 3 (char 2)`,
		"[1,\n\n tru]": "Expecting value: line 3 column 2 (char 6)",
		"01":           "Extra data: line 1 column 2 (char 1)",
		"-":            "Expecting value: line 1 column 1 (char 0)",
	} {
		if _, err := yaml.DecodeJSON([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestEncodeJSON(t *testing.T) {
	huge, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	v := yaml.MapOf("z", 1, "a", []any{1.0, 1e16, 1e-5, 0.1, math.Copysign(0, -1), huge, int64(-5), nil, true}, "m", yaml.MapOf("<&>", "é\n\x01\"\\\u2028"),
		"f", []any{math.NaN(), math.Inf(-1)}, "g", map[string]any{"b": 1, "a": []string{"x"}}, "r", json.RawMessage(`{"q":1}`))
	got, err := yaml.EncodeJSON(v)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"z":1,"a":[1.0,1e+16,1e-05,0.1,-0.0,123456789012345678901234567890,-5,null,true],` +
		`"m":{"<&>":"é\n\u0001\"\\` + "\u2028" + `"},"f":[NaN,-Infinity],"g":{"a":["x"],"b":1},"r":{"q":1}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	if got, want := yaml.Dumps(yaml.MapOf("b", []any{1, "é😀"}, "a", 1.5), true), `{"a": 1.5, "b": [1, "\u00e9\ud83d\ude00"]}`; got != want {
		t.Errorf("Dumps: %s, want %s", got, want)
	}
	var m yaml.Map
	if err := json.Unmarshal([]byte(`{"b": 1, "a": {"d": 2, "c": 3}}`), &m); err != nil {
		t.Fatal(err)
	}
	if back, _ := json.Marshal(&m); string(back) != `{"b":1,"a":{"d":2,"c":3}}` {
		t.Errorf("order is lost: %s", back)
	}
}

func TestEqualIsPythons(t *testing.T) {
	big1 := new(big.Int).Lsh(big.NewInt(1), 80)
	for _, c := range []struct {
		a, b any
		want bool
	}{
		{int64(1), 1.0, true}, {int64(1), true, true}, {0.0, false, true}, {int64(1), "1", false}, {nil, false, false},
		{[]any{int64(1)}, []any{true}, true}, {[]any{}, nil, false},
		{yaml.MapOf("a", 1, "b", 2), yaml.MapOf("b", 2.0, "a", true), true}, {yaml.MapOf("a", 1), yaml.MapOf("a", 1, "b", nil), false},
		{big1, math.Pow(2, 80), true}, {int64(1<<53 + 1), float64(1 << 53), false}, {math.NaN(), math.NaN(), false}, {"é", "é", true},
	} {
		if yaml.Equal(c.a, c.b) != c.want || yaml.Equal(c.b, c.a) != c.want {
			t.Errorf("%s == %s: want %v", yaml.Repr(c.a), yaml.Repr(c.b), c.want)
		}
	}
}

func TestRepr(t *testing.T) {
	for _, c := range []struct {
		v    any
		want string
	}{
		{"it's", `"it's"`}, {`it's "x"`, `'it\'s "x"'`}, {"a\\\n\té\x00\u200b", `'a\\\n\té\x00\u200b'`}, {nil, "None"}, {true, "True"},
		{1.0, "1.0"}, {1e22, "1e+22"}, {math.Inf(1), "inf"}, {[]any{"a", yaml.MapOf("k", 1)}, "['a', {'k': 1}]"},
	} {
		if got := yaml.Repr(c.v); got != c.want {
			t.Errorf("%v: %s, want %s", c.v, got, c.want)
		}
	}
}

func TestMapKeepsOrder(t *testing.T) {
	m := yaml.MapOf("b", 1, "a", 2, "c", 3)
	m.Set("b", 4)
	m.Delete("a")
	m.Set("a", 5)
	if got := yaml.Repr(m); got != "{'b': 4, 'c': 3, 'a': 5}" {
		t.Error(got)
	}
}

// values makes any value that JSON can hold.
func values() *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any { return value(t, 3) })
}

func value(t *rapid.T, depth int) any {
	kinds := 6
	if depth > 0 {
		kinds = 8
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Int64().Draw(t, "int")
	case 3:
		return rapid.Float64().Draw(t, "float")
	case 4:
		return rapid.String().Draw(t, "text")
	case 5:
		return new(big.Int).Lsh(big.NewInt(rapid.Int64Range(1, 9).Draw(t, "big")), 70)
	case 6:
		out := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			out = append(out, value(t, depth-1))
		}
		return out
	}
	m := yaml.NewMap(0)
	for range rapid.IntRange(0, 3).Draw(t, "keys") {
		m.Set(rapid.String().Draw(t, "key"), value(t, depth-1))
	}
	return m
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := values().Draw(t, "value")
		raw, err := yaml.EncodeJSON(v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := yaml.DecodeJSON(raw)
		if err != nil || yaml.Repr(back) != yaml.Repr(v) {
			t.Fatalf("%s: %v: %s", raw, err, yaml.Repr(back))
		}
		n, err := yaml.Parse(raw, yaml.Options{})
		if err != nil || yaml.Repr(n.Plain()) != yaml.Repr(v) {
			t.Fatalf("as a document: %s: %v", raw, err)
		}
		if again := yaml.FromValue(v).Plain(); yaml.Repr(again) != yaml.Repr(v) {
			t.Fatalf("FromValue: %s", yaml.Repr(again))
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: 1", "{\"a\": [1, 2]}", "a: &x {b: *x}", "<<: [{}, {}]", "? [a]\n: b", "- !!set {a}", "\xff", "%YAML 1.1\n---\n", "a: \"\\ud83d\\ude00\"", "{a\n: b}", "!!omap [a: 1]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		n, err := yaml.Parse(src, yaml.Options{MaxNodes: 10000, MaxDepth: 50})
		if err != nil {
			return
		}
		raw, err := yaml.EncodeJSON(n.Plain())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := yaml.DecodeJSON(raw); err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
	})
}
