package regex

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// controls are the escapes of control characters, and of the backslash.
var controls = map[string]rune{`\a`: '\a', `\f`: '\f', `\n`: '\n', `\r`: '\r', `\t`: '\t', `\v`: '\v', `\\`: '\\'}

// escape reads what a backslash and a character, just taken, begin outside of classes.
func (t *translator) escape(token string) (piece, error) {
	one := width{1, 1}
	switch token {
	case `\D`, `\S`, `\W`:
		members, _ := t.category(strings.ToLower(token))
		return piece{item, members.text(true), one}, nil
	}
	if members, ok := t.category(token); ok {
		return piece{item, members.text(false), one}, nil
	}
	switch token {
	case `\A`:
		return piece{position, `\A`, width{}}, nil
	case `\Z`:
		return piece{position, `\z`, width{}}, nil
	case `\b`:
		return piece{position, fmt.Sprintf(`(?:(?<=%[1]s)(?!%[1]s)|(?<!%[1]s)(?=%[1]s))`, t.word()), width{}}, nil
	case `\B`:
		return piece{position, fmt.Sprintf(`(?:(?<=%[1]s)(?=%[1]s)|(?<!%[1]s)(?!%[1]s)(?!\A\z))`, t.word()), width{}}, nil
	}
	if token[1] >= '1' && token[1] <= '9' {
		return t.numbered(token)
	}
	r, err := t.char(token, false)
	return piece{item, t.literal(r), one}, err
}

// numbered reads \1 to \99, or three octal digits.
func (t *translator) numbered(token string) (piece, error) {
	token += t.run(1, digits)
	if len(token) == 3 && strings.Trim(token[1:], octDigits) == "" {
		if last := t.run(1, octDigits); last != "" {
			r, err := t.octal(token + last)
			return piece{item, t.literal(r), width{1, 1}}, err
		}
	}
	group, err := strconv.Atoi(token[1:])
	if err != nil || group > t.groups {
		return piece{}, t.fail(len(token)-1, "invalid group reference %d", group)
	}
	return t.reference(group, len(token))
}

// reference is the text of a group; back leads to where the error is, when it is open.
func (t *translator) reference(group, back int) (piece, error) {
	if err := t.closed(group, back); err != nil {
		return piece{}, err
	}
	text := fmt.Sprintf(`\k<%d>`, group)
	if t.flags&IgnoreCase != 0 {
		text = "(?i:" + text + ")"
	}
	return piece{item, text, t.widths[group]}, nil
}

// closed wants a group that ended, and that a look-behind may refer to.
func (t *translator) closed(group, back int) error {
	if _, ok := t.widths[group]; !ok {
		return t.fail(back, "cannot refer to an open group")
	}
	return t.visible(group)
}

// visible wants, within a look-behind, a group that ended before it.
func (t *translator) visible(group int) error {
	if t.behind < 0 {
		return nil
	}
	if _, ok := t.widths[group]; !ok {
		return t.fail(0, "cannot refer to an open group")
	}
	if group > t.behind {
		return t.fail(0, "cannot refer to group defined in the same lookbehind subpattern")
	}
	return nil
}

// char reads an escape that stands for one character. In a class, \1 is octal.
func (t *translator) char(token string, inClass bool) (rune, error) {
	if r, ok := controls[token]; ok {
		return r, nil
	}
	c := token[1]
	if n := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]; n > 0 {
		token += t.run(n, hexDigits)
		if len(token) != 2+n {
			return 0, t.fail(len(token), "incomplete escape %s", token)
		}
		v, err := strconv.ParseUint(token[2:], 16, 32)
		if err != nil || v > utf8.MaxRune {
			return 0, t.fail(len(token), "bad escape %s", token)
		}
		return rune(v), nil
	}
	if c == '0' || inClass && c >= '1' && c <= '7' {
		return t.octal(token + t.run(2, octDigits))
	}
	if isASCIILetter(rune(c)) || c >= '8' && c <= '9' {
		return 0, t.fail(len(token), "bad escape %s", token)
	}
	return []rune(token)[1], nil
}

// octal is the value of a backslash and octal digits, just read.
func (s *source) octal(token string) (rune, error) {
	v, err := strconv.ParseUint(token[1:], 8, 32)
	if err != nil || v > 0o377 {
		return 0, s.fail(len(token), "octal escape value %s outside of range 0-0o377", token)
	}
	return rune(v), nil
}
