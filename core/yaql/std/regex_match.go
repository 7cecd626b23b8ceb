package std

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"

	"hearth/core/yaql"
)

// Regex is a compiled regular expression, a value of the language.
type Regex struct {
	pattern string
	flags   flags
	re      *regexp2.Regexp
	filled  func() (*regexp2.Regexp, error) // the expression that matches nothing empty where it starts
	names   map[string]int
	named   []int // the groups with names, in order
	count   int   // groups, the whole match included
}

type flags struct{ ignoreCase, multiLine, dotAll bool }

// YaqlKind makes Regex the kind of value that the functions of this file take.
func (*Regex) YaqlKind() yaql.Kind { return yaql.KindRegex }

// YaqlEqual compares pattern and flags.
func (re *Regex) YaqlEqual(other any) bool {
	o, ok := other.(*Regex)
	return ok && re.pattern == o.pattern && re.flags == o.flags
}

// YaqlKey is pattern and flags.
func (re *Regex) YaqlKey() any {
	return struct {
		pattern string
		flags   flags
	}{re.pattern, re.flags}
}

// YaqlSize grows with the pattern.
func (re *Regex) YaqlSize() int { return 144 + 16*len(re.pattern) }

// YaqlRepr is Python's text of a compiled expression.
func (re *Regex) YaqlRepr() string {
	quoted, _ := (*yaql.Run)(nil).Repr(cut(re.pattern, 200))
	var names []string
	if re.flags.ignoreCase {
		names = append(names, "re.IGNORECASE")
	}
	if re.flags.multiLine {
		names = append(names, "re.MULTILINE")
	}
	if re.flags.dotAll {
		names = append(names, "re.DOTALL")
	}
	if names == nil {
		return fmt.Sprintf("re.compile(%s)", quoted)
	}
	return fmt.Sprintf("re.compile(%s, %s)", quoted, strings.Join(names, "|"))
}

const (
	// matchTimeout bounds one search: the engine backtracks, and only the clock can stop
	// a pattern made to backtrack without end.
	matchTimeout = 40 * time.Millisecond
	// clockPeriod is how often the engine's clock looks; its default, a tenth of a second,
	// would let a search run that long.
	clockPeriod = 5 * time.Millisecond
	// searchSteps is what each search costs, so that many slow ones add up to the budget.
	searchSteps         = 20
	stepsPerMicrosecond = 20

	maxPattern = 10_000
)

// newRegex compiles a pattern of Python's re; RegexError when it is none.
func newRegex(r *yaql.Run, pattern string, f flags) (*Regex, error) {
	if len(pattern) > maxPattern {
		return nil, yaql.Errorf(yaql.RegexError, "pattern longer than %d bytes", maxPattern)
	}
	if err := r.Alloc(500 + 100*len(pattern)); err != nil {
		return nil, err
	}
	if err := r.Step(50 + len(pattern)); err != nil {
		return nil, err
	}
	t, err := translate(pattern, f)
	if err != nil {
		return nil, err
	}
	compiled, err := compilePattern(t.text, f)
	if err != nil {
		return nil, err
	}
	return &Regex{pattern: pattern, flags: f, re: compiled, names: t.names, named: t.named, count: t.groups + 1,
		filled: sync.OnceValues(func() (*regexp2.Regexp, error) { return compilePattern("(?:"+t.text+`)(?!\G)`, f) })}, nil
}

// setClock is done before the first expression is compiled, as the engine demands.
var setClock = sync.OnceFunc(func() { regexp2.SetTimeoutCheckPeriod(clockPeriod) })

func compilePattern(text string, f flags) (re *regexp2.Regexp, err error) {
	setClock()
	defer func() {
		if p := recover(); p != nil {
			err = yaql.Errorf(yaql.RegexError, "pattern cannot be compiled: %v", p)
		}
	}()
	var options regexp2.RegexOptions
	if f.ignoreCase {
		options |= regexp2.IgnoreCase
	}
	if f.multiLine {
		options |= regexp2.Multiline
	}
	if f.dotAll {
		options |= regexp2.Singleline
	}
	if re, err = regexp2.Compile(text, options); err != nil {
		return nil, yaql.Errorf(yaql.RegexError, "%v", err)
	}
	re.MatchTimeout = matchTimeout
	return re, nil
}

type match struct{ groups []matchGroup }

// matchGroup is what a group matched: a text, or nil at -1.
type matchGroup struct {
	value      any
	start, end int
}

func (g matchGroup) record() *yaql.Dict {
	d := yaql.NewPlainDict(3)
	_ = d.Set("value", g.value) // a text is hashable
	_ = d.Set("start", int64(g.start))
	_ = d.Set("end", int64(g.end))
	return d
}

func variableNumber(i int) string { return strconv.Itoa(i) }

// matcher finds the matches of an expression one after the other as Python does: an
// empty match may follow another one where that ended, and after an empty match one that
// is not may start at the same place.
type matcher struct {
	run    *yaql.Run
	re     *Regex
	text   []rune
	pos    int
	empty  bool // the last match was empty, at pos
	failed error
}

func (re *Regex) matcher(r *yaql.Run, s string) *matcher {
	m := &matcher{run: r, re: re}
	if m.failed = r.Alloc(5 * len(s)); m.failed == nil {
		m.text = []rune(s)
	}
	return m
}

func (m *matcher) next() (found *match, err error) {
	if m.failed != nil || m.pos > len(m.text) {
		return nil, m.failed
	}
	if err := m.run.Step(searchSteps); err != nil {
		return nil, err
	}
	re := m.re.re
	if m.empty {
		if re, err = m.re.filled(); err != nil {
			return nil, err
		}
	}
	defer func() {
		if p := recover(); p != nil {
			err = yaql.Errorf(yaql.RegexError, "pattern cannot be matched: %v", p)
		}
	}()
	start := time.Now()
	raw, err := re.FindRunesMatchStartingAt(m.text, m.pos)
	spent := int(time.Since(start) / time.Microsecond)
	if err != nil {
		return nil, yaql.Errorf(yaql.StepsExceeded, "Regular expression takes too long")
	}
	if err := m.run.Step(stepsPerMicrosecond * spent); err != nil {
		return nil, err
	}
	if raw == nil {
		m.pos = len(m.text) + 1
		return nil, nil
	}
	found = &match{groups: make([]matchGroup, m.re.count)}
	for i := range found.groups {
		found.groups[i] = matchGroup{nil, -1, -1}
		if g := raw.GroupByNumber(i); g != nil && len(g.Captures) > 0 {
			found.groups[i] = matchGroup{g.String(), g.Index, g.Index + g.Length}
		}
	}
	m.pos = found.groups[0].end
	m.empty = found.groups[0].start == m.pos
	return found, m.run.Alloc(64 * m.re.count)
}
