package std

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"hearth/core/yaql"
)

// isSpace is Python's str.isspace.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// isWord is Python's \w.
func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

func upper(s string) string { return cases.Upper(language.Und).String(s) }
func lower(s string) string { return cases.Lower(language.Und).String(s) }

func split(c *yaql.Call) (any, error) {
	n := c.Int(2)
	if c.Args[1] == nil {
		return listOf(c.Run, splitSpace(c.String(0), n))
	}
	sep := c.String(1)
	if sep == "" {
		return nil, yaql.Errorf(yaql.ValueError, "empty separator")
	}
	if err := c.Run.Alloc(32 * strings.Count(c.String(0), sep)); err != nil {
		return nil, err
	}
	if n < 0 {
		return listOf(c.Run, strings.Split(c.String(0), sep))
	}
	return listOf(c.Run, strings.SplitN(c.String(0), sep, int(min(n, 1<<30))+1))
}

func rightSplit(c *yaql.Call) (any, error) {
	n := c.Int(2)
	s := c.String(0)
	if c.Args[1] == nil {
		return listOf(c.Run, splitSpaceRight(s, n))
	}
	sep := c.String(1)
	if sep == "" {
		return nil, yaql.Errorf(yaql.ValueError, "empty separator")
	}
	if err := c.Run.Alloc(32 * strings.Count(s, sep)); err != nil {
		return nil, err
	}
	var parts []string
	for n != 0 {
		i := strings.LastIndex(s, sep)
		if i < 0 {
			break
		}
		parts = append(parts, s[i+len(sep):])
		s = s[:i]
		n--
	}
	return listOf(c.Run, reversed(append(parts, s)))
}

func listOf(r *yaql.Run, parts []string) (any, error) {
	if err := r.Alloc(32 * len(parts)); err != nil {
		return nil, err
	}
	list := make(yaql.List, len(parts))
	for i, p := range parts {
		list[i] = p
	}
	return list, nil
}

func reversed(parts []string) []string {
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return parts
}

func splitSpace(s string, n int64) []string {
	var parts []string
	for {
		s = strings.TrimLeftFunc(s, isSpace)
		if s == "" {
			return parts
		}
		end := strings.IndexFunc(s, isSpace)
		if n == 0 || end < 0 {
			return append(parts, s)
		}
		parts = append(parts, s[:end])
		s = s[end:]
		n--
	}
}

func splitSpaceRight(s string, n int64) []string {
	var parts []string
	for {
		s = strings.TrimRightFunc(s, isSpace)
		if s == "" {
			return reversed(parts)
		}
		at := strings.LastIndexFunc(s, isSpace)
		if n == 0 || at < 0 {
			return reversed(append(parts, s))
		}
		_, w := utf8.DecodeRuneInString(s[at:])
		parts = append(parts, s[at+w:])
		s = s[:at]
		n--
	}
}

func trim(f func(s string, cut func(rune) bool) string) body {
	return func(c *yaql.Call) (any, error) { return f(c.String(0), cutset(c.Args[1])), nil }
}

func cutset(chars any) func(rune) bool {
	set, ok := chars.(string)
	if !ok {
		return isSpace
	}
	return func(r rune) bool { return strings.ContainsRune(set, r) }
}

func norm(c *yaql.Call) (any, error) {
	if c.Args[0] == nil {
		return nil, nil
	}
	if s := strings.TrimFunc(c.String(0), cutset(c.Args[1])); s != "" {
		return s, nil
	}
	return nil, nil
}

func isEmpty(c *yaql.Call) (any, error) {
	s := c.String(0)
	if c.Bool(1) {
		s = strings.TrimFunc(s, cutset(c.Args[2]))
	}
	return s == "", nil
}

// slice is Python's runes[start:stop] as bounds within n.
func slice(start, stop, n int64) (int64, int64) {
	bound := func(i int64) int64 {
		if i < 0 {
			i += n
		}
		return max(0, min(i, n))
	}
	start, stop = bound(start), bound(stop)
	return start, max(start, stop)
}

// addClamped adds without wrapping around.
func addClamped(a, b int64) int64 {
	const limit = 1 << 60
	return max(-limit, min(limit, a)) + max(-limit, min(limit, b))
}

func substring(c *yaql.Call) (any, error) {
	runes := []rune(c.String(0))
	if err := c.Run.Alloc(5 * len(runes)); err != nil {
		return nil, err
	}
	n, start, length := int64(len(runes)), c.Int(1), c.Int(2)
	if length < 0 {
		length = n
	}
	if start < 0 {
		start = addClamped(start, n)
	}
	from, to := slice(start, addClamped(start, length), n)
	return string(runes[from:to]), nil
}

// find and findLast search text[from:to] and give a position in text.
func find(text, sub []rune, from, to int64) int64 {
	i := strings.Index(string(text[from:to]), string(sub))
	if i < 0 {
		return -1
	}
	return from + int64(utf8.RuneCountInString(string(text[from:to])[:i]))
}

func findLast(text, sub []rune, from, to int64) int64 {
	i := strings.LastIndex(string(text[from:to]), string(sub))
	if i < 0 {
		return -1
	}
	return from + int64(utf8.RuneCountInString(string(text[from:to])[:i]))
}

type finder func(text, sub []rune, from, to int64) int64

func indexOf(f finder) body {
	return func(c *yaql.Call) (any, error) { return search(c, f, c.Int(2), 1<<60) }
}

func indexOfWithin(f finder) body {
	return func(c *yaql.Call) (any, error) {
		n := int64(utf8.RuneCountInString(c.String(0)))
		start, length := c.Int(2), c.Int(3)
		if start < 0 {
			start = addClamped(start, n)
		}
		if length < 0 {
			length = addClamped(n, -start)
		}
		return search(c, f, start, addClamped(start, length))
	}
}

func search(c *yaql.Call, f finder, start, stop int64) (any, error) {
	runes := []rune(c.String(0))
	if err := c.Run.Alloc(6 * len(runes)); err != nil {
		return nil, err
	}
	n := int64(len(runes))
	if start > n { // Python finds not even the empty text beyond the end
		return int64(-1), nil
	}
	if start < 0 {
		start = max(0, addClamped(start, n))
	}
	if stop < 0 {
		stop = max(0, addClamped(stop, n))
	}
	stop = min(stop, n)
	if start > stop {
		return int64(-1), nil
	}
	return f(runes, []rune(c.String(1)), start, stop), nil
}

func toCharArray(c *yaql.Call) (any, error) {
	if err := c.Run.Alloc(32 * utf8.RuneCountInString(c.String(0))); err != nil {
		return nil, err
	}
	items := yaql.Tuple{}
	for _, r := range c.String(0) {
		items = append(items, string(r))
	}
	return items, nil
}

const (
	asciiLower  = "abcdefghijklmnopqrstuvwxyz"
	asciiUpper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	decimals    = "0123456789"
	punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
	whitespace  = " \t\n\r\v\f"
)

// classes are the character classes by parameter; those without characters are gone from
// Python's string module, and asking for them is its AttributeError.
var classes = []struct{ param, attribute, characters string }{
	{"digits", "", decimals},
	{"hexdigits", "", decimals + "abcdefABCDEF"},
	{"asciiLowercase", "", asciiLower},
	{"asciiUppercase", "", asciiUpper},
	{"asciiLetters", "", asciiLower + asciiUpper},
	{"letters", "letters", ""},
	{"octdigits", "", "01234567"},
	{"punctuation", "", punctuation},
	{"printable", "", decimals + asciiLower + asciiUpper + punctuation + whitespace},
	{"lowercase", "lowercase", ""},
	{"uppercase", "uppercase", ""},
	{"whitespace", "", whitespace},
}

func characterClasses() []yaql.Param {
	params := make([]yaql.Param, len(classes))
	for i, class := range classes {
		params[i] = yaql.Opt(class.param, maybeBool, false)
	}
	return params
}

func characters(c *yaql.Call) (any, error) {
	seen := map[rune]bool{}
	out := yaql.Tuple{}
	for i, class := range classes {
		if !c.Bool(i) {
			continue
		}
		if class.characters == "" {
			return nil, yaql.Errorf(yaql.AttributeError, "module 'string' has no attribute '%s'", class.attribute)
		}
		for _, r := range class.characters {
			if !seen[r] {
				seen[r] = true
				out = append(out, string(r))
			}
		}
	}
	return out, nil
}
