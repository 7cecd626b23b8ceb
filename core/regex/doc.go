// Package regex is the regular expressions of Python's re for texts: what allowed_pattern
// and YAQL promise, look-around and back-references included, which Go's regexp does not
// have. It searches by backtracking, within a budget of steps.
//
// Left out are \N{…}, conditional groups and locale flags; their use is an error.
package regex
