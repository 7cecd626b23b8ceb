package regex

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/dlclark/regexp2"
)

// ErrBudget is what a search ends with that takes too long.
var ErrBudget = errors.New("the regular expression takes too long")

// Timeout is the budget of one search of an expression that Compile made.
const Timeout = 100 * time.Millisecond

// clockPeriod is how often the engine's clock looks, for the whole process. The default, a
// tenth of a second, would be longer than some budgets.
const clockPeriod = 5 * time.Millisecond

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
	pattern  string
	groups   int
	names    map[string]int
	anywhere program
	here     program // matches just where the search starts
	filled   program // matches nothing empty where the search starts
}

// program gives the engine's expression; the first use compiles it.
type program func() (*regexp2.Regexp, error)

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

// Compile reads a pattern; each search may take Timeout. Errors are *SyntaxError.
func Compile(pattern string, flags Flags) (*Regexp, error) {
	return CompileWithin(Timeout, pattern, flags)
}

// CompileWithin is Compile with another budget for each search.
func CompileWithin(limit time.Duration, pattern string, flags Flags) (*Regexp, error) {
	t, err := translate(pattern, flags)
	if err != nil {
		return nil, err
	}
	of := func(text string) program {
		return sync.OnceValues(func() (*regexp2.Regexp, error) { return build(text, limit) })
	}
	r := &Regexp{
		pattern: pattern, groups: t.groups, names: t.names,
		anywhere: of(t.text), here: of(`\G(?:` + t.text + `)`), filled: of(`(?:` + t.text + `)(?!\G)`),
	}
	if _, err := r.anywhere(); err != nil {
		return nil, err
	}
	return r, nil
}

// setClock is done before the first expression is compiled, as the engine demands.
var setClock = sync.OnceFunc(func() { regexp2.SetTimeoutCheckPeriod(clockPeriod) })

func build(text string, limit time.Duration) (re *regexp2.Regexp, err error) {
	setClock()
	defer func() {
		if p := recover(); p != nil {
			err = &SyntaxError{Message: fmt.Sprintf("pattern cannot be compiled: %v", p), Position: -1}
		}
	}()
	if re, err = regexp2.Compile(text, regexp2.None); err != nil {
		return nil, &SyntaxError{Message: err.Error(), Position: -1}
	}
	re.MatchTimeout = limit
	return re, nil
}

// String is the pattern.
func (r *Regexp) String() string { return r.pattern }

// Groups is the number of groups, the whole match not counted.
func (r *Regexp) Groups() int { return r.groups }

// Names gives the numbers of the named groups.
func (r *Regexp) Names() map[string]int { return r.names }
