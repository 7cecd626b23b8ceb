package std

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	wordClass  = `\p{L}\p{N}_`
	spaceClass = `\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`
	digitClass = `\p{Nd}`

	asciiWord  = `a-zA-Z0-9_`
	asciiSpace = `\t-\r\x20`
	asciiDigit = `0-9`
)

// atom reads one construct and writes it; it may be repeated unless it is a position.
func (t *translator) atom() (w width, repeatable bool, err error) {
	one := width{1, 1}
	r := t.src[t.pos]
	switch r {
	case '.':
		t.pos++
		t.out.WriteByte('.')
		return one, true, nil
	case '^', '$':
		t.pos++
		t.out.WriteRune(r)
		return width{}, true, nil
	case '(':
		return t.group()
	case '[':
		return one, true, t.class()
	case '\\':
		return t.escape()
	case '*', '+', '?':
		return one, false, regexError("nothing to repeat at position %d", t.pos)
	}
	if r == '{' {
		if _, _, ok, err := t.quantifier(); ok || err != nil {
			return one, false, regexError("nothing to repeat at position %d", t.pos)
		}
	}
	t.pos++
	t.out.WriteString(literalRune(r))
	return one, true, nil
}

// literalRune writes a character so that it stands for itself, in a class too.
func literalRune(r rune) string {
	if r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return fmt.Sprintf(`\x%02x`, r)
	}
	return string(r)
}

func (t *translator) class3(r rune) (chars string, negated bool) {
	word, space, digit := wordClass, spaceClass, digitClass
	if t.ascii {
		word, space, digit = asciiWord, asciiSpace, asciiDigit
	}
	switch r {
	case 'w', 'W':
		return word, r == 'W'
	case 's', 'S':
		return space, r == 'S'
	}
	return digit, r == 'D'
}

func (t *translator) escape() (width, bool, error) {
	start := t.pos
	if t.pos+1 >= len(t.src) {
		return width{}, false, regexError("bad escape (end of pattern) at position %d", start)
	}
	r := t.src[t.pos+1]
	switch r {
	case 'w', 'W', 's', 'S', 'd', 'D':
		t.pos += 2
		chars, negated := t.class3(r)
		if negated {
			chars = "^" + chars
		}
		t.out.WriteString("[" + chars + "]")
		return width{1, 1}, true, nil
	case 'A':
		t.pos += 2
		t.out.WriteString(`\A`)
		return width{}, true, nil
	case 'Z':
		t.pos += 2
		t.out.WriteString(`\z`)
		return width{}, true, nil
	case 'b', 'B':
		t.pos += 2
		word, _ := t.class3('w')
		word = "[" + word + "]"
		if r == 'b' {
			fmt.Fprintf(&t.out, `(?:(?<=%[1]s)(?!%[1]s)|(?<!%[1]s)(?=%[1]s))`, word)
		} else {
			fmt.Fprintf(&t.out, `(?:(?<=%[1]s)(?=%[1]s)|(?<!%[1]s)(?!%[1]s))`, word)
		}
		return width{}, true, nil
	}
	if r >= '1' && r <= '9' {
		if done, err := t.backreference(); done || err != nil {
			return width{0, unbounded}, true, err
		}
	}
	c, err := t.character()
	t.out.WriteString(literalRune(c))
	return width{1, 1}, true, err
}

// backreference reads \1 to \99, unless it is three octal digits.
func (t *translator) backreference() (bool, error) {
	digits := 1
	for digits < 3 && t.pos+1+digits < len(t.src) && t.src[t.pos+1+digits] >= '0' && t.src[t.pos+1+digits] <= '9' {
		digits++
	}
	text := string(t.src[t.pos+1 : t.pos+1+digits])
	if digits == 3 && strings.Trim(text, "01234567") == "" {
		return false, nil
	}
	text = text[:min(2, len(text))]
	n, _ := strconv.Atoi(text)
	switch {
	case n > t.groups:
		return false, regexError("invalid group reference %d at position %d", n, t.pos+1)
	case t.open[n]:
		return false, regexError("cannot refer to an open group at position %d", t.pos)
	}
	t.pos += 1 + len(text)
	fmt.Fprintf(&t.out, `(?:\k<%d>)`, n)
	return true, nil
}

var simpleEscapes = map[rune]rune{'a': '\a', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

// character reads an escape that stands for one character.
func (t *translator) character() (rune, error) {
	start := t.pos
	r := t.src[t.pos+1]
	t.pos += 2
	if c, ok := simpleEscapes[r]; ok {
		return c, nil
	}
	if n := map[rune]int{'x': 2, 'u': 4, 'U': 8}[r]; n > 0 {
		end := t.pos
		for end < len(t.src) && end < t.pos+n && strings.ContainsRune("0123456789abcdefABCDEF", t.src[end]) {
			end++
		}
		hex := string(t.src[t.pos:end])
		if len(hex) < n {
			return 0, regexError("incomplete escape \\%c%s at position %d", r, hex, start)
		}
		v, _ := strconv.ParseUint(hex, 16, 64)
		if v > utf8.MaxRune {
			return 0, regexError("bad escape \\%c%s at position %d", r, hex, start)
		}
		t.pos = end
		return rune(v), nil
	}
	if r >= '0' && r <= '7' {
		end := t.pos
		for end < len(t.src) && end < t.pos+2 && t.src[end] >= '0' && t.src[end] <= '7' {
			end++
		}
		v, _ := strconv.ParseUint(string(t.src[t.pos-1:end]), 8, 32)
		if v > 0o377 {
			return 0, regexError("octal escape value \\%s outside of range 0-0o377 at position %d", string(t.src[t.pos-1:end]), start)
		}
		t.pos = end
		return rune(v), nil
	}
	if isASCIILetter(r) || r == '8' || r == '9' {
		return 0, regexError("bad escape \\%c at position %d", r, start)
	}
	return r, nil
}

// class reads [...]. Complements inside it (\W, \S) become look-aheads, for the engine
// has no union with a complement.
func (t *translator) class() error {
	start := t.pos
	t.pos++
	negated := t.take("^")
	var members, complements strings.Builder
	for first := true; ; first = false {
		if t.pos >= len(t.src) {
			return regexError("unterminated character set at position %d", start)
		}
		if !first && t.take("]") {
			break
		}
		if err := t.member(&members, &complements, start); err != nil {
			return err
		}
	}
	in, not := members.String(), complements.String()
	switch {
	case not == "" && negated:
		t.out.WriteString("[^" + in + "]")
	case not == "":
		t.out.WriteString("[" + in + "]")
	default:
		if in != "" {
			not = "[" + in + "]" + not
		} else {
			not = not[1:]
		}
		if negated {
			t.out.WriteString("(?:(?!" + not + `)[\s\S])`)
		} else {
			t.out.WriteString("(?:" + not + ")")
		}
	}
	return nil
}

func (t *translator) member(members, complements *strings.Builder, start int) error {
	low, set, err := t.classItem(members, complements)
	if err != nil {
		return err
	}
	if t.pos+1 >= len(t.src) || t.src[t.pos] != '-' || t.src[t.pos+1] == ']' {
		if !set {
			members.WriteString(literalRune(low))
		}
		return nil
	}
	at := t.pos
	t.pos++
	var scratch strings.Builder
	high, highSet, err := t.classItem(&scratch, &scratch)
	switch {
	case err != nil:
		return err
	case set || highSet || low > high:
		return regexError("bad character range %s at position %d", string(t.src[at-1:min(len(t.src), t.pos)]), at-1)
	}
	members.WriteString(literalRune(low) + "-" + literalRune(high))
	return nil
}

// classItem reads one character of a class, or a set of them, which it writes.
func (t *translator) classItem(members, complements *strings.Builder) (r rune, set bool, err error) {
	r = t.src[t.pos]
	if r != '\\' {
		t.pos++
		return r, false, nil
	}
	if t.pos+1 >= len(t.src) {
		return 0, false, regexError("bad escape (end of pattern) at position %d", t.pos)
	}
	switch next := t.src[t.pos+1]; next {
	case 'w', 'W', 's', 'S', 'd', 'D':
		t.pos += 2
		chars, negated := t.class3(next)
		if negated {
			complements.WriteString("|[^" + chars + "]")
		} else {
			members.WriteString(chars)
		}
		return 0, true, nil
	case 'b':
		t.pos += 2
		return '\b', false, nil
	}
	r, err = t.character()
	return r, false, err
}
