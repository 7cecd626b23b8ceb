package yaml_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/yaml"
)

// Every text is what PyYAML 6.0 with libyaml 0.2.5 writes for the value.
func TestDump(t *testing.T) {
	for _, tc := range []struct{ value, want string }{
		{`{"b": 1, "a": [1, [2, 3], {"k": "v", "e": {}}], "z": []}`, "a:\n- 1\n- - 2\n  - 3\n- e: {}\n  k: v\nb: 1\nz: []\n"},
		{`{"k": "line1\nline2\n", "u": "\u00e9", "m": ""}`, "k: 'line1\n\n  line2\n\n  '\nm: ''\nu: \"\\xE9\"\n"},
		{`{"yes": "no", "n": "1.5", "t": "2020-01-01", "s": " lead", "c": "a: b", "h": "a #b", "q": "it's", "d": "- x", "star": "*x"}`, "c: 'a: b'\nd: '- x'\nh: 'a #b'\nn: '1.5'\nq: it's\ns: ' lead'\nstar: '*x'\nt: '2020-01-01'\n'yes': 'no'\n"},
		{`{"f": 1e+20, "g": 0.1, "b": true, "n": null, "i": 12345678901234567890}`, "b: true\nf: 1.0e+20\ng: 0.1\ni: 12345678901234567890\nn: null\n"},
		{`{"long": "word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word end"}`, "long: word word word word word word word word word word word word word word word word\n  word word word word word word word word word word word word word word end\n"},
		{`{"both": "w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd w\u00f6rd end"}`, "both: \"w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd\n  w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd w\\xF6rd\n  end\"\n"},
		{`{"tab": "a\tb", "break": "a \nb"}`, "break: \"a \\nb\"\ntab: \"a\\tb\"\n"},
		{`{"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk": {"a": 1}}`, "? kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\n: a: 1\n"},
		{`{"x\ny": "v"}`, "? 'x\n\n  y'\n: v\n"},
		{`null`, "null\n"},
		{`{}`, "{}\n"},
	} {
		v, err := yaml.DecodeJSON([]byte(tc.value))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tc.want, yaml.Dump(v)); d != "" {
			t.Errorf("%s: %s", tc.value, d)
		}
	}
}
