package regex

import (
	"slices"
	"strconv"
	"unicode"
)

// set is a set of characters: ranges and the categories of \d, \s, \w.
type set struct {
	ranges     [][2]rune
	categories []category
	negated    bool
	ignoreCase bool
}

type category struct {
	letter  rune // d, s, w
	negated bool
	ascii   bool
}

func (s *set) add(from, to rune) { s.ranges = append(s.ranges, [2]rune{from, to}) }

func (s *set) has(r rune) bool {
	if s.contains(r) {
		return !s.negated
	}
	if s.ignoreCase {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			if s.contains(f) {
				return !s.negated
			}
		}
	}
	return s.negated
}

func (s *set) contains(r rune) bool {
	return slices.ContainsFunc(s.ranges, func(x [2]rune) bool { return x[0] <= r && r <= x[1] }) ||
		slices.ContainsFunc(s.categories, func(c category) bool { return c.has(r) })
}

func (c category) has(r rune) bool {
	in := false
	switch c.letter {
	case 'd':
		in = unicode.Is(unicode.Nd, r)
	case 's':
		in = unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f
	case 'w':
		in = isWord(r)
	}
	return (in && (!c.ascii || r < 0x80)) != c.negated
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

func (p *parser) newSet() *set { return &set{ignoreCase: p.flags&IgnoreCase != 0} }

// class reads […].
func (p *parser) class() (*node, error) {
	start := p.i
	p.i++
	s := p.newSet()
	s.negated = p.take("^")
	for first := true; ; first = false {
		if !p.more() {
			return nil, p.fail("unterminated character set", start)
		}
		if !first && p.take("]") {
			return &node{op: class, set: s}, nil
		}
		at := p.i
		from, isCategory, err := p.classItem(s)
		if err != nil {
			return nil, err
		}
		if !p.at("-") || p.i+1 < len(p.src) && p.src[p.i+1] == ']' {
			if !isCategory {
				s.add(from, from)
			}
			continue
		}
		p.i++
		if !p.more() {
			return nil, p.fail("unterminated character set", start)
		}
		to, isOtherCategory, err := p.classItem(s)
		switch {
		case err != nil:
			return nil, err
		case isCategory || isOtherCategory || to < from:
			return nil, p.fail("bad character range "+string(p.src[at:p.i]), at)
		}
		s.add(from, to)
	}
}

// classItem reads one character of a set, or adds a category.
func (p *parser) classItem(s *set) (r rune, isCategory bool, err error) {
	r = p.src[p.i]
	if r != '\\' {
		p.i++
		return r, false, nil
	}
	at := p.i
	p.i++
	if !p.more() {
		return 0, false, p.fail("bad escape (end of pattern)", at)
	}
	r = p.src[p.i]
	if c, ok := p.category(r); ok {
		p.i++
		s.categories = append(s.categories, c)
		return 0, true, nil
	}
	if r == 'b' {
		p.i++
		return '\b', false, nil
	}
	r, err = p.charEscape(at)
	return r, false, err
}

func (p *parser) category(r rune) (category, bool) {
	switch r {
	case 'd', 's', 'w':
		return category{letter: r, ascii: p.flags&ASCII != 0}, true
	case 'D', 'S', 'W':
		return category{letter: unicode.ToLower(r), negated: true, ascii: p.flags&ASCII != 0}, true
	}
	return category{}, false
}

// escape reads what follows a backslash outside of sets.
func (p *parser) escape() (*node, error) {
	at := p.i
	p.i++
	if !p.more() {
		return nil, p.fail("bad escape (end of pattern)", at)
	}
	r := p.src[p.i]
	if c, ok := p.category(r); ok {
		p.i++
		return &node{op: class, set: &set{categories: []category{c}}}, nil
	}
	switch r {
	case 'A':
		p.i++
		return &node{op: textStart}, nil
	case 'Z':
		p.i++
		return &node{op: textEnd}, nil
	case 'b', 'B':
		p.i++
		return &node{op: wordEdge, negated: r == 'B', flags: p.flags}, nil
	}
	if r >= '1' && r <= '9' {
		if octal, ok := p.octal(3); ok && octal < 0o400 {
			return &node{op: char, r: octal, flags: p.flags}, nil
		}
		end := p.i + 1
		if end < len(p.src) && p.src[end] >= '0' && p.src[end] <= '9' {
			end++
		}
		n, _ := strconv.Atoi(string(p.src[p.i:end]))
		p.i = end
		return p.reference(n, at+1)
	}
	c, err := p.charEscape(at)
	return &node{op: char, r: c, flags: p.flags}, err
}

// octal reads exactly n octal digits, and nothing when there are fewer.
func (p *parser) octal(n int) (rune, bool) {
	if p.i+n > len(p.src) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(p.src[p.i:p.i+n]), 8, 32)
	if err != nil {
		return 0, false
	}
	p.i += n
	return rune(v), true
}

var controls = map[rune]rune{'a': '\a', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\'}

// charEscape reads an escape that stands for one character; at is the backslash.
func (p *parser) charEscape(at int) (rune, error) {
	r := p.src[p.i]
	if c, ok := controls[r]; ok {
		p.i++
		return c, nil
	}
	if digits, ok := map[rune]int{'x': 2, 'u': 4, 'U': 8}[r]; ok {
		end := p.i + 1 + digits
		if end <= len(p.src) {
			if v, err := strconv.ParseUint(string(p.src[p.i+1:end]), 16, 32); err == nil && v <= unicode.MaxRune {
				p.i = end
				return rune(v), nil
			}
		}
		return 0, p.fail("incomplete escape \\"+string(p.src[p.i:min(end, len(p.src))]), at)
	}
	if r >= '0' && r <= '7' {
		for n := 3; n > 0; n-- {
			if v, ok := p.octal(n); ok {
				return v, nil
			}
		}
	}
	if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return 0, p.fail("bad escape \\"+string(r), at)
	}
	p.i++
	return r, nil
}
