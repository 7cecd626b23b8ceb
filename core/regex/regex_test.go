package regex_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hearth/core/regex"
)

func rows(t *testing.T, file string) [][]any {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]any
	for line := range strings.SplitSeq(strings.TrimSpace(string(raw)), "\n") {
		var row []any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	return out
}

// spans gives a match as the files have it.
func spans(r *regex.Regexp, m *regex.Match) any {
	if m == nil {
		return nil
	}
	var out []any
	for g := range r.Groups() + 1 {
		from, to, ok := m.Span(g)
		if !ok {
			from, to = -1, -1
		}
		out = append(out, []any{float64(from), float64(to)})
	}
	return out
}

// TestAsPython compares with what CPython 3.11 finds: pattern, text, match, search.
func TestAsPython(t *testing.T) {
	for _, row := range rows(t, "testdata/matches.jsonl") {
		pattern, text := row[0].(string), []rune(row[1].(string))
		r, err := regex.Compile(pattern, 0)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		m, err := r.MatchAt(text, 0)
		if err != nil || !cmp.Equal(spans(r, m), row[2]) {
			t.Errorf("match %s on %q: %v %v, want %v", pattern, string(text), spans(r, m), err, row[2])
		}
		m, err = r.Search(text, 0)
		if err != nil || !cmp.Equal(spans(r, m), row[3]) {
			t.Errorf("search %s in %q: %v %v, want %v", pattern, string(text), spans(r, m), err, row[3])
		}
	}
}

// TestDrawnAsPython is the same for patterns that were put together at random, with all
// matches one after the other.
func TestDrawnAsPython(t *testing.T) {
	for _, row := range rows(t, "testdata/drawn.jsonl") {
		pattern, text := row[0].(string), []rune(row[1].(string))
		r, err := regex.Compile(pattern, 0)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		m, err := r.MatchAt(text, 0)
		if err != nil || !cmp.Equal(spans(r, m), row[2]) {
			t.Errorf("match %s on %q: %v %v, want %v", pattern, string(text), spans(r, m), err, row[2])
		}
		m, err = r.Search(text, 0)
		if err != nil || !cmp.Equal(spans(r, m), row[3]) {
			t.Errorf("search %s in %q: %v %v, want %v", pattern, string(text), spans(r, m), err, row[3])
		}
		if all := allSpans(t, r, text); !cmp.Equal(all, row[4]) {
			t.Errorf("all of %s in %q: %v, want %v", pattern, string(text), all, row[4])
		}
	}
}

func allSpans(t *testing.T, r *regex.Regexp, text []rune) any {
	t.Helper()
	all := []any{}
	for found := r.Matches(text); ; {
		m, err := found.Next()
		if err != nil {
			t.Fatal(err)
		}
		if m == nil {
			return all
		}
		all = append(all, spans(r, m))
	}
}

// TestNotAsPython is what the engine does otherwise, each with what CPython 3.11 finds.
func TestNotAsPython(t *testing.T) {
	for _, c := range []struct{ pattern, text, python, reason string }{
		{"(?:((|b)|.))+?", "_", "[[[0 0] [0 0] [0 0]] [[0 1] [0 1] [0 0]] [[1 1] [1 1] [1 1]]]", "a round that matched nothing leaves its groups"},
		{"(?:(s|(?:é)??)){1,2}", "é", "[[[0 0] [0 0]] [[0 1] [0 1]] [[1 1] [1 1]]]", "the round behind the last needed one matches nothing"},
		{"(?:(^|[a-z])){1,2}", "bb", "[[[0 0] [0 0]] [[0 1] [0 1]] [[1 2] [1 2]]]", "an empty round, and a longer match behind an empty one"},
	} {
		r, err := regex.Compile(c.pattern, 0)
		if err != nil {
			t.Fatal(err)
		}
		if all := fmt.Sprint(allSpans(t, r, []rune(c.text))); all == c.python {
			t.Errorf("%s is as Python's now: %s", c.pattern, c.reason)
		}
	}
}

func TestIgnoringCase(t *testing.T) {
	for _, c := range []struct{ pattern, text string }{
		{"(?i)k", "kK\u212a"}, {"(?i)[a-z]", "sS\u017f"}, {"(?i)\u0130", "iIıİ"}, {"(?i)[Σ]", "σςΣ"},
		{"(?i)[\u0300-\u03ff]", "\u1fd3µ\u0390"}, {"(?i)[^b]", "acAC"}, {"(?ia)k", "kK"},
	} {
		r, err := regex.Compile(c.pattern, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, letter := range c.text {
			if m, err := r.MatchAt([]rune{letter}, 0); m == nil || err != nil {
				t.Errorf("%s on %c: %v, %v", c.pattern, letter, m, err)
			}
		}
	}
	r, err := regex.Compile("(?i)[^b]|(?ia:\u212a|k)x", 0)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := r.MatchAt([]rune("B"), 0); m != nil || err != nil {
		t.Error(m, err)
	}
}

func TestTemplates(t *testing.T) {
	r, err := regex.Compile("(?P<x>a)(b)?", 0)
	if err != nil {
		t.Fatal(err)
	}
	text := []rune("éa")
	m, err := r.Search(text, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ template, want string }{
		{`<\1>`, "<a>"}, {`\g<x>\g<01>\g<0>`, "aaa"}, {`\2-`, "-"}, {`\08\101\-\\\n`, "\x008A\\-\\\n"}, {`\0777`, "?7"},
		{`\8`, "invalid group reference 8 at position 1"}, {`\777`, `octal escape value \777 outside of range 0-0o377 at position 0`},
		{`\g<5>`, "invalid group reference 5 at position 3"}, {`\g<x`, "missing >, unterminated name at position 3"},
		{`\g<>`, "missing group name at position 3"}, {`\g`, "missing < at position 2"}, {`é\q`, `bad escape \q at position 1`},
		{`\g<1a>`, "bad character in group name '1a' at position 3"}, {`\g<zz>`, "unknown group name 'zz'"}, {`a\`, "bad escape (end of pattern) at position 1"},
	} {
		got := ""
		if parsed, err := r.Template(c.template); err != nil {
			got = err.Error()
		} else {
			got = parsed.Expand(text, m)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.template, got, c.want)
		}
	}
}

func TestErrorsAsPython(t *testing.T) {
	for _, row := range append(rows(t, "testdata/errors.jsonl"), rows(t, "testdata/drawn_errors.jsonl")...) {
		pattern := row[0].(string)
		if _, err := regex.Compile(pattern, 0); err == nil || err.Error() != row[1] {
			t.Errorf("%s: %v, want %v", pattern, err, row[1])
		}
	}
}

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		pattern string
		flags   regex.Flags
		text    string
		want    bool
	}{
		{"abc", regex.IgnoreCase, "aBC", true}, {"^b$", regex.Multiline, "b\nc", true}, {"a.b", regex.DotAll, "a\nb", true},
		{"a b", regex.Verbose, "ab", true}, {`\w+$`, regex.ASCII, "é", false}, {"a.b", 0, "a\nb", false},
	} {
		r, err := regex.Compile(c.pattern, c.flags)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := r.MatchAt([]rune(c.text), 0); err != nil || (m != nil) != c.want {
			t.Errorf("%s on %q: %v, %v", c.pattern, c.text, m, err)
		}
	}
}

func TestTheBudgetHolds(t *testing.T) {
	r, err := regex.Compile(`(a|aa)+$`, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.MatchAt([]rune(strings.Repeat("a", 60)+"b"), 0); !errors.Is(err, regex.ErrBudget) {
		t.Error(err)
	}
	if m, err := r.MatchAt([]rune(strings.Repeat("a", 300_000)), 0); m == nil && !errors.Is(err, regex.ErrBudget) {
		t.Error("deep:", err)
	}
	long, err := regex.Compile(`[a-z]*x?`, 0)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := long.MatchAt([]rune(strings.Repeat("a", 1_000_000)), 0); err != nil || m == nil {
		t.Error(m, err)
	}
}

// TestAsRE2 compares with Go's regexp where both have the same language.
func TestAsRE2(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "b", "ab", "[ab]", "[^a]", ".", "a*", "b+?", "(a|b)", "(?:ab)*", "(a)?", "a{1,2}", "|", "c"})
	rapid.Check(t, func(t *rapid.T) {
		pattern := strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(t, "pattern"), "")
		text := rapid.StringOfN(rapid.RuneFrom([]rune("abc")), 0, 8, -1).Draw(t, "text")
		want := regexp.MustCompile("^(?:" + pattern + ")").FindStringIndex(text)
		r, err := regex.Compile(pattern, 0)
		if err != nil {
			t.Fatal(err)
		}
		m, err := r.MatchAt([]rune(text), 0)
		if err != nil || (m != nil) != (want != nil) {
			t.Fatalf("%s on %q: %v, %v, want %v", pattern, text, m, err, want)
		}
		if m != nil {
			if _, end, _ := m.Span(0); end != utf8.RuneCountInString(text[:want[1]]) {
				t.Fatalf("%s on %q: ends at %d, want %v", pattern, text, end, want)
			}
		}
	})
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{"(?P<a>[^\\d]+)(?=b)\\1{2,3}?", "(?i-s:a|b)*+", "[]a-z\\]]", "(?<!ab)$"} {
		f.Add(s, "aab1")
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		r, err := regex.Compile(pattern, 0)
		if err != nil {
			return
		}
		if _, err := r.MatchAt([]rune(text), 0); err != nil && !errors.Is(err, regex.ErrBudget) {
			t.Fatal(err)
		}
	})
}
