package diag_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/diag"
)

func TestWrite(t *testing.T) {
	d := diag.Diagnostic{Code: "unknown_property", Kind: "Property error", Path: "resources.web.properties", Message: "Unknown Property flavour",
		Hint: `did you mean "flavor"?`, File: "web.yaml", Line: 2, Column: 2}
	var b strings.Builder
	if err := d.Write(&b, "a: 1\n\tflavour: m1\r\n"); err != nil {
		t.Fatal(err)
	}
	want := `web.yaml:2:2: error[unknown_property]: Property error: resources.web.properties: Unknown Property flavour
  2 | 	flavour: m1
    | 	^^^^^^^
  hint: did you mean "flavor"?
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("x", 500)
	for _, tc := range []struct {
		source       string
		line, column int
		want         string
	}{
		{"a: {b: [1]} # c", 1, 4, "  1 | a: {b: [1]} # c\n    |    ^^^^^^^^\n"},
		{`a: "b c" d`, 1, 4, "  1 | a: \"b c\" d\n    |    ^^^^^\n"},
		{"a:", 1, 3, "  1 | a:\n    |   ^\n"},
		{"\x1b[31m: 1", 1, 1, "  1 | \uFFFD[31m: 1\n    | ^\n"},
		{"ü: ö", 1, 4, "  1 | ü: ö\n    |    ^\n"},
		{long + " y", 1, 502, "  1 | …" + strings.Repeat("x", 59) + " y\n    |  " + strings.Repeat(" ", 60) + "^\n"},
		{"a", 2, 1, ""}, {"a", 1, 9, ""}, {"a", 0, 0, ""},
	} {
		if diff := cmp.Diff(tc.want, diag.Excerpt(tc.source, tc.line, tc.column)); diff != "" {
			t.Errorf("%.20s: %s", tc.source, diff)
		}
	}
}
