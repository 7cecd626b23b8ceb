package regex

import (
	"errors"
	"fmt"
)

// ErrBudget is what a search ends with that takes too many steps.
var ErrBudget = errors.New("the regular expression takes too long")

// MaxSteps is the budget of one search.
const MaxSteps = 2_000_000

// SyntaxError says where a pattern is wrong, in Python's words.
type SyntaxError struct {
	Message  string
	Position int // in characters, from 0; -1 when Python names none
}

func (e *SyntaxError) Error() string {
	if e.Position < 0 {
		return e.Message
	}
	return fmt.Sprintf("%s at position %d", e.Message, e.Position)
}

// Regexp is a compiled pattern. It may be used by many goroutines.
type Regexp struct {
	pattern string
	root    *node
	groups  int
	names   map[string]int
}

// Flags change how a pattern is read, like those of Python's re.
type Flags uint8

// The flags.
const (
	IgnoreCase Flags = 1 << iota // (?i)
	Multiline                    // (?m)
	DotAll                       // (?s)
	Verbose                      // (?x)
	ASCII                        // (?a)
)

// Compile reads a pattern. Errors are *SyntaxError.
func Compile(pattern string, flags Flags) (*Regexp, error) {
	return parse(pattern, flags)
}

// String is the pattern.
func (r *Regexp) String() string { return r.pattern }

// Groups is the number of groups, the whole match not counted.
func (r *Regexp) Groups() int { return r.groups }

// Names gives the numbers of the named groups.
func (r *Regexp) Names() map[string]int { return r.names }

// Match is one match: places in characters from the start of the text.
type Match struct {
	spans []int // begin and end of each group, the whole match first; -1: not part of it
}

// Span gives begin and end of a group, 0 the whole match; ok is false when the group has
// no part in the match.
func (m *Match) Span(group int) (begin, end int, ok bool) {
	if 2*group+1 >= len(m.spans) || m.spans[2*group] < 0 || m.spans[2*group+1] < 0 {
		return 0, 0, false
	}
	return m.spans[2*group], m.spans[2*group+1], true
}

// MatchAt matches at one place of the text, as re.match does with 0. It gives nil when
// there is no match, and ErrBudget.
func (r *Regexp) MatchAt(text []rune, at int) (*Match, error) {
	m := newMatcher(r, text)
	if !m.run(at) || m.err != nil {
		return nil, m.err
	}
	return &Match{spans: m.spans}, nil
}

// Search finds the first match at or behind a place, as re.search does.
func (r *Regexp) Search(text []rune, from int) (*Match, error) {
	m := newMatcher(r, text)
	for at := from; at <= len(text); at++ {
		found := m.run(at)
		if m.err != nil {
			return nil, m.err
		}
		if found {
			return &Match{spans: m.spans}, nil
		}
	}
	return nil, nil
}
