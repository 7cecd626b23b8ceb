package yaml

import (
	"fmt"
	"regexp"
	"strings"
)

// timestampPattern is PyYAML's: texts that look like it are quoted.
var timestampPattern = regexp.MustCompile(`^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$`)

// text writes a text in the style that libyaml chooses: plain where that reads back as
// the same text, else in single quotes, else, escaped, in double quotes.
func (d *dumper) text(s string, key bool) {
	d.deeper(false, func() {
		a := analyze(s)
		switch {
		case a.plain && !(s == "" && key) && readsAsText(s):
			d.plain(s, !key)
		case a.single && !(key && a.breaks):
			d.single(s, !key)
		default:
			d.double(s, !key)
		}
	})
}

// readsAsText reports whether a plain scalar is a text to PyYAML.
func readsAsText(s string) bool {
	switch s {
	case "", "~", "null", "Null", "NULL", "=", "<<":
		return false
	}
	_, isBool := boolValue(s)
	return !isBool && !intPattern.MatchString(s) && !floatPattern.MatchString(s) && !timestampPattern.MatchString(s)
}

type analysis struct{ plain, single, breaks bool }

func isBreak(c byte) bool { return c == '\n' }

func isBlank(s string, i int) bool {
	return i >= len(s) || s[i] == 0 || s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r'
}

// analyze follows yaml_emitter_analyze_scalar. Whatever is not printable ASCII, a tab and
// a carriage return among it, forces double quotes.
func analyze(s string) analysis {
	if s == "" {
		return analysis{plain: true, single: true}
	}
	var special, breaks, edges, breakSpace, spaceBreak, lastSpace, lastBreak bool
	indicators := strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...")
	afterBlank := true
	for i := range len(s) {
		c := s[i]
		switch {
		case i == 0 && strings.IndexByte("#,[]{}&*!|>'\"%@`", c) >= 0,
			i == 0 && strings.IndexByte("?:-", c) >= 0 && isBlank(s, 1),
			i > 0 && c == ':' && isBlank(s, i+1),
			i > 0 && c == '#' && afterBlank:
			indicators = true
		}
		if c != '\n' && (c < ' ' || c > '~') {
			special = true
		}
		edge := i == 0 || i == len(s)-1
		switch {
		case c == ' ':
			edges = edges || edge
			breakSpace = breakSpace || lastBreak
			lastSpace, lastBreak = true, false
		case isBreak(c):
			breaks, edges = true, edges || edge
			spaceBreak = spaceBreak || lastSpace
			lastSpace, lastBreak = false, true
		default:
			lastSpace, lastBreak = false, false
		}
		afterBlank = isBlank(s, i)
	}
	quoted := special || spaceBreak
	return analysis{
		plain:  !quoted && !indicators && !edges && !breaks && !breakSpace,
		single: !quoted && !breakSpace,
		breaks: breaks,
	}
}

// folds reports whether the line is broken at the single space s[i].
func (d *dumper) folds(s string, i int, fold, spaces bool) bool {
	return fold && !spaces && d.column > dumpWidth && i > 0 && i < len(s)-1
}

func (d *dumper) plain(s string, fold bool) {
	if !d.whitespace {
		d.put(" ")
	}
	spaces := false
	for i := range len(s) {
		if s[i] == ' ' && d.folds(s, i, fold, spaces) && s[i+1] != ' ' {
			d.line()
		} else {
			d.put(s[i : i+1])
			d.indention = false
		}
		spaces = s[i] == ' '
	}
	d.whitespace, d.indention = false, false
}

func (d *dumper) single(s string, fold bool) {
	d.indicator("'", true, false, false)
	spaces, breaks := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			if d.folds(s, i, fold, spaces) && s[i+1] != ' ' {
				d.line()
			} else {
				d.put(" ")
			}
			spaces = true
		case isBreak(c):
			if !breaks {
				d.breakLine()
			}
			d.breakLine()
			d.indention, breaks = true, true
		default:
			if breaks {
				d.line()
			}
			if c == '\'' {
				d.put("'")
			}
			d.put(s[i : i+1])
			d.indention, spaces, breaks = false, false, false
		}
	}
	if breaks {
		d.line()
	}
	d.indicator("'", false, false, false)
}

var escapes = map[rune]string{
	0: `\0`, 7: `\a`, 8: `\b`, 9: `\t`, 10: `\n`, 11: `\v`, 12: `\f`, 13: `\r`, 0x1b: `\e`, '"': `\"`, '\\': `\\`,
	0x85: `\N`, 0xa0: `\_`, 0x2028: `\L`, 0x2029: `\P`,
}

func (d *dumper) double(s string, fold bool) {
	d.indicator(`"`, true, false, false)
	spaces := false
	for i, r := range s {
		switch short, ok := escapes[r]; {
		case ok:
			d.put(short)
			spaces = false
		case r > 0xffff:
			d.put(fmt.Sprintf(`\U%08X`, r))
			spaces = false
		case r > 0xff:
			d.put(fmt.Sprintf(`\u%04X`, r))
			spaces = false
		case r < ' ' || r > '~':
			d.put(fmt.Sprintf(`\x%02X`, r))
			spaces = false
		case r == ' ' && d.folds(s, i, fold, spaces):
			d.line()
			if s[i+1] == ' ' {
				d.put(`\`)
			}
			spaces = true
		default:
			d.put(string(r))
			spaces = r == ' '
		}
	}
	d.indicator(`"`, false, false, false)
}
