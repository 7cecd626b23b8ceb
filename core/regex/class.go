package regex

import (
	"strings"
	"sync"
	"unicode"
)

// The classes of Python's texts, as members of a class of the engine.
const (
	word    = `_\p{L}\p{N}`
	space   = `\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`
	digit   = `\p{Nd}`
	noSpace = `\x00-\x08\x0e-\x1b\x21-\x84\x86-\x9f\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-` + last

	asciiWord    = `0-9A-Z_a-z`
	asciiSpace   = `\t-\r\x20`
	asciiDigit   = `0-9`
	asciiNoWord  = `\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-` + last
	asciiNoSpace = `\x00-\x08\x0e-\x1f\x21-` + last
	asciiNoDigit = `\x00-\x2f\x3a-` + last

	last = "\U0010ffff"
)

// members are what a class has. The complement of word has no name in the engine, and
// stands apart.
type members struct {
	in     string
	noWord bool
}

// text is the class, or its complement, in the engine's syntax.
func (m members) text(negated bool) string {
	switch {
	case m.noWord && negated && m.in == "":
		return "[" + word + "]"
	case m.noWord && negated:
		return "[" + word + "-[" + m.in + "]]"
	case m.noWord && m.in == "":
		return "[^" + word + "]"
	case m.noWord:
		return "(?:[" + m.in + "]|[^" + word + "])"
	case negated:
		return "[^" + m.in + "]"
	}
	return "[" + m.in + "]"
}

// noDigit is the complement of digit, spelled out: in a class of the engine, a category
// that is negated hides those behind it.
var noDigit = sync.OnceValue(func() string {
	var out strings.Builder
	from := rune(0)
	next := func(low, high rune) {
		if from < low {
			out.WriteString(quote(from) + "-" + quote(low-1))
		}
		from = high + 1
	}
	for _, r := range unicode.Nd.R16 {
		next(rune(r.Lo), rune(r.Hi))
	}
	for _, r := range unicode.Nd.R32 {
		next(rune(r.Lo), rune(r.Hi))
	}
	out.WriteString(quote(from) + "-" + last)
	return out.String()
})

// category is \d, \s, \w or a complement of theirs.
func (t *translator) category(token string) (members, bool) {
	ascii := t.flags&ASCII != 0
	choose := func(of, inASCII string) (members, bool) {
		if ascii {
			of = inASCII
		}
		return members{in: of}, true
	}
	switch token {
	case `\d`:
		return choose(digit, asciiDigit)
	case `\D`:
		return choose(noDigit(), asciiNoDigit)
	case `\s`:
		return choose(space, asciiSpace)
	case `\S`:
		return choose(noSpace, asciiNoSpace)
	case `\w`:
		return choose(word, asciiWord)
	case `\W`:
		if ascii {
			return members{in: asciiNoWord}, true
		}
		return members{noWord: true}, true
	}
	return members{}, false
}

// word is a character of \w.
func (t *translator) word() string {
	m, _ := t.category(`\w`)
	return m.text(false)
}

// class reads […], whose bracket was just taken.
func (t *translator) class() (string, error) {
	start := t.pos - 1
	negated := t.take("^")
	var in strings.Builder
	all := members{}
	for first := true; first || !t.take("]"); first = false {
		if !t.more() {
			return "", t.failAt(start, "unterminated character set")
		}
		token := t.get()
		low, c, ok, err := t.member(token)
		if err != nil {
			return "", err
		}
		if t.peek() == "-" && (t.pos+1 >= len(t.text) || t.text[t.pos+1] != ']') {
			t.get()
			high, err := t.rangeEnd(start, token, low, ok)
			if err != nil {
				return "", err
			}
			in.WriteString(t.rangeText(low, high))
			continue
		}
		if ok {
			in.WriteString(c.in)
			all.noWord = all.noWord || c.noWord
		} else {
			in.WriteString(t.rangeText(low, low))
		}
	}
	all.in = in.String()
	return all.text(negated), nil
}

// rangeEnd reads what stands behind the dash of a range.
func (t *translator) rangeEnd(start int, token string, low rune, lowIsCategory bool) (rune, error) {
	if !t.more() {
		return 0, t.failAt(start, "unterminated character set")
	}
	end := t.get()
	high, _, isCategory, err := t.member(end)
	if err != nil {
		return 0, err
	}
	if lowIsCategory || isCategory || high < low {
		return 0, t.fail(len([]rune(token+end))+1, "bad character range %s-%s", token, end)
	}
	return high, nil
}

// member is one character of a class, or a category.
func (t *translator) member(token string) (r rune, c members, isCategory bool, err error) {
	if token[0] != '\\' {
		return []rune(token)[0], c, false, nil
	}
	if c, ok := t.category(token); ok {
		return 0, c, true, nil
	}
	if token == `\b` {
		return '\b', c, false, nil
	}
	r, err = t.char(token, true)
	return r, c, false, err
}
