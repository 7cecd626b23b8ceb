// Package regex is the regular expressions of Python's re for texts: what allowed_pattern
// and YAQL promise, look-around and back-references included, which Go's regexp does not
// have. It reads Python's syntax, refuses what Python refuses in Python's words, and writes
// the pattern for the engine, github.com/dlclark/regexp2, so that every construct means
// there what it means here. A search has a budget of time.
//
// Where the engine keeps it from being Python's: of a loop whose rounds may match nothing,
// other rounds may leave their groups, and, behind an empty match, the next match may have
// another length.
//
// Left out are \N{…} and locale flags; their use is an error.
package regex
