package std

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hearth/core/regex"
	"hearth/core/yaql"
)

// Regex is a compiled regular expression, a value of the language.
type Regex struct {
	*regex.Regexp
	flags regex.Flags
	named []int // the groups with names, in order
}

// YaqlKind makes Regex the kind of value that the functions of this file take.
func (*Regex) YaqlKind() yaql.Kind { return yaql.KindRegex }

// YaqlEqual compares pattern and flags.
func (re *Regex) YaqlEqual(other any) bool {
	o, ok := other.(*Regex)
	return ok && re.YaqlKey() == o.YaqlKey()
}

// YaqlKey is pattern and flags.
func (re *Regex) YaqlKey() any {
	return struct {
		pattern string
		flags   regex.Flags
	}{re.String(), re.flags}
}

// YaqlSize grows with the pattern.
func (re *Regex) YaqlSize() int { return 144 + 16*len(re.String()) }

// YaqlRepr is Python's text of a compiled expression.
func (re *Regex) YaqlRepr() string {
	quoted, _ := (*yaql.Run)(nil).Repr(cut(re.String(), 200))
	var names []string
	if re.flags&regex.IgnoreCase != 0 {
		names = append(names, "re.IGNORECASE")
	}
	if re.flags&regex.Multiline != 0 {
		names = append(names, "re.MULTILINE")
	}
	if re.flags&regex.DotAll != 0 {
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
	// searchSteps is what each search costs, so that many slow ones add up to the budget.
	searchSteps         = 20
	stepsPerMicrosecond = 20

	maxPattern = 10_000
)

// newRegex compiles a pattern of Python's re; RegexError when it is none.
func newRegex(r *yaql.Run, pattern string, flags regex.Flags) (*Regex, error) {
	if len(pattern) > maxPattern {
		return nil, yaql.Errorf(yaql.RegexError, "pattern longer than %d bytes", maxPattern)
	}
	if err := r.Alloc(500 + 100*len(pattern)); err != nil {
		return nil, err
	}
	if err := r.Step(50 + len(pattern)); err != nil {
		return nil, err
	}
	re, err := regex.CompileWithin(matchTimeout, pattern, flags)
	if err != nil {
		return nil, regexError(err)
	}
	return &Regex{Regexp: re, flags: flags, named: slices.Sorted(maps.Values(re.Names()))}, nil
}

// regexError gives an error of the expressions the kind that it has in the language.
func regexError(err error) error {
	var unknown *regex.UnknownGroupError
	switch {
	case errors.Is(err, regex.ErrBudget):
		return yaql.Errorf(yaql.StepsExceeded, "Regular expression takes too long")
	case errors.As(err, &unknown):
		return yaql.Errorf(yaql.IndexError, "%v", err)
	}
	return yaql.Errorf(yaql.RegexError, "%v", err)
}

// match is one match, with the text that it was found in.
type match struct {
	*regex.Match
	text []rune
}

// group is what a group matched: a text, or nil at -1.
func (m *match) group(i int) (value any, start, end int) {
	start, end, ok := m.Span(i)
	if !ok {
		return nil, -1, -1
	}
	return string(m.text[start:end]), start, end
}

// record is a group as the language shows it.
func (m *match) record(i int) *yaql.Dict {
	value, start, end := m.group(i)
	d := yaql.NewPlainDict(3)
	_ = d.Set("value", value) // a text is hashable
	_ = d.Set("start", int64(start))
	_ = d.Set("end", int64(end))
	return d
}

// matcher finds the matches of an expression one after the other, and charges for them.
type matcher struct {
	run    *yaql.Run
	re     *Regex
	text   []rune
	found  *regex.Matches
	failed error
}

func (re *Regex) matcher(r *yaql.Run, s string) *matcher {
	m := &matcher{run: r, re: re}
	if m.failed = r.Alloc(5 * len(s)); m.failed == nil {
		m.text = []rune(s)
		m.found = re.Matches(m.text)
	}
	return m
}

func (m *matcher) next() (*match, error) {
	if m.failed != nil {
		return nil, m.failed
	}
	if err := m.run.Step(searchSteps); err != nil {
		return nil, err
	}
	start := time.Now()
	found, err := m.found.Next()
	if err != nil {
		return nil, regexError(err)
	}
	if err := m.run.Step(stepsPerMicrosecond * int(time.Since(start)/time.Microsecond)); err != nil {
		return nil, err
	}
	if found == nil {
		return nil, nil
	}
	return &match{found, m.text}, m.run.Alloc(64 * (m.re.Groups() + 1))
}
