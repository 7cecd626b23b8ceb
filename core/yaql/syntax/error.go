package syntax

import "fmt"

// Kind says which of the three ways a text was refused.
type Kind int

// The kinds of Error, by the name of the exception that upstream raises.
const (
	Lexical Kind = iota // YaqlLexicalException
	Grammar             // YaqlGrammarException
	Escape              // UnicodeDecodeError: an escape sequence that names no character
	TooDeep             // RecursionError: nested beyond maxNesting
)

// Error is a text that is no YAQL expression. Position counts characters from 0; -1 is
// the end of the text.
type Error struct {
	Kind     Kind
	Position int
	Message  string
}

func (e *Error) Error() string { return e.Message }

func lexicalError(src string, at int, char rune) *Error {
	pos := characters(src, at)
	return &Error{Lexical, pos, fmt.Sprintf("Lexical error: illegal character '%c' at position %d", char, pos)}
}

func grammarError(src string, t token) *Error {
	if t.kind == tokenEnd {
		return &Error{Grammar, -1, "Parse error: unexpected end of statement"}
	}
	pos := characters(src, t.at)
	return &Error{Grammar, pos, fmt.Sprintf("Parse error: unexpected '%s' at position %d of expression '%s'", t.shown(), pos, src)}
}

func escapeError(src string, at, length int, reason string) *Error {
	return &Error{Escape, characters(src, at),
		fmt.Sprintf("'unicodeescape' codec can't decode bytes in position 0-%d: %s", length-1, reason)}
}

// characters counts the characters of src before the byte offset at.
func characters(src string, at int) int {
	n := 0
	for range src[:at] {
		n++
	}
	return n
}
