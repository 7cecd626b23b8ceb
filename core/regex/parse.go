package regex

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// op is the kind of a node.
type op uint8

const (
	empty     op = iota
	char         // r
	class        // set
	concat       // subs
	alternate    // subs
	repeat       // subs[0], min to max times
	capture      // subs[0] as group
	atomic       // subs[0], without going back into it
	look         // subs[0] ahead or behind, or not
	reference    // what group matched
	lineStart    // ^
	lineEnd      // $
	textStart    // \A
	textEnd      // \Z
	wordEdge     // \b or, negated, \B
)

type node struct {
	op       op
	subs     []*node
	r        rune
	set      *set
	min, max int // max < 0: any number
	lazy     bool
	negated  bool
	behind   int // of a look behind: how far; -1: it is ahead
	group    int
	flags    Flags
}

type parser struct {
	src    []rune
	i      int
	flags  Flags
	groups int
	open   []int // groups that are not closed yet
	names  map[string]int
	widths map[int]int // of closed groups; -1: not fixed
}

func parse(pattern string, flags Flags) (*Regexp, error) {
	p := &parser{src: []rune(pattern), flags: flags, names: map[string]int{}, widths: map[int]int{}}
	root, err := p.alternatives()
	if err == nil && p.i < len(p.src) {
		err = p.fail("unbalanced parenthesis", p.i)
	}
	if err != nil {
		return nil, err
	}
	return &Regexp{pattern: pattern, root: root, groups: p.groups, names: p.names}, nil
}

func (p *parser) fail(message string, at int) error {
	return &SyntaxError{Message: message, Position: at}
}

func (p *parser) more() bool { return p.i < len(p.src) }

func (p *parser) at(text string) bool {
	r := []rune(text)
	return p.i+len(r) <= len(p.src) && slices.Equal(p.src[p.i:p.i+len(r)], r)
}

func (p *parser) take(text string) bool {
	if p.at(text) {
		p.i += len([]rune(text))
		return true
	}
	return false
}

func (p *parser) alternatives() (*node, error) {
	var branches []*node
	for {
		b, err := p.sequence()
		if err != nil {
			return nil, err
		}
		branches = append(branches, b)
		if !p.take("|") {
			break
		}
	}
	if len(branches) == 1 {
		return branches[0], nil
	}
	return &node{op: alternate, subs: branches}, nil
}

func (p *parser) sequence() (*node, error) {
	n := &node{op: concat}
	for p.more() && !p.at("|") && !p.at(")") {
		if p.flags&Verbose != 0 && p.skipVerbose() {
			continue
		}
		item, err := p.item()
		if err != nil {
			return nil, err
		}
		if item == nil {
			continue
		}
		if item, err = p.quantified(item); err != nil {
			return nil, err
		}
		n.subs = append(n.subs, item)
	}
	return n, nil
}

func (p *parser) skipVerbose() bool {
	switch r := p.src[p.i]; {
	case unicode.IsSpace(r):
		p.i++
		return true
	case r == '#':
		for p.more() && p.src[p.i] != '\n' {
			p.i++
		}
		return true
	}
	return false
}

// item reads one piece; nil when it only sets flags or is a comment.
func (p *parser) item() (*node, error) {
	r := p.src[p.i]
	switch r {
	case '(':
		return p.group()
	case '[':
		return p.class()
	case '\\':
		return p.escape()
	case '*', '+', '?':
		return nil, p.fail("nothing to repeat", p.i)
	}
	p.i++
	switch r {
	case '.':
		s := &set{negated: true}
		if p.flags&DotAll == 0 {
			s.add('\n', '\n')
		}
		return &node{op: class, set: s}, nil
	case '^':
		return &node{op: lineStart, flags: p.flags}, nil
	case '$':
		return &node{op: lineEnd, flags: p.flags}, nil
	}
	return &node{op: char, r: r, flags: p.flags}, nil
}

func (p *parser) quantified(item *node) (*node, error) {
	for first := true; p.more(); first = false {
		for p.flags&Verbose != 0 && p.more() && p.skipVerbose() {
			first = true
		}
		start := p.i
		low, high, ok, err := p.quantifier()
		if err != nil || !ok {
			return item, err
		}
		if !first {
			return nil, p.fail("multiple repeat", start)
		}
		if item.op == lineStart || item.op == lineEnd || item.op == textStart || item.op == textEnd || item.op == wordEdge {
			return nil, p.fail("nothing to repeat", start)
		}
		item = &node{op: repeat, subs: []*node{item}, min: low, max: high}
		switch {
		case p.take("?"):
			item.lazy = true
		case p.take("+"):
			item = &node{op: atomic, subs: []*node{item}}
		}
	}
	return item, nil
}

func (p *parser) quantifier() (low, high int, ok bool, err error) {
	switch {
	case p.take("*"):
		return 0, -1, true, nil
	case p.take("+"):
		return 1, -1, true, nil
	case p.take("?"):
		return 0, 1, true, nil
	case !p.at("{"):
		return 0, 0, false, nil
	}
	start := p.i
	end := slices.Index(p.src[p.i:], '}')
	if end < 0 {
		return 0, 0, false, nil
	}
	text := string(p.src[p.i+1 : p.i+end])
	from, to, ranged := strings.Cut(text, ",")
	if !ranged {
		to = from
	}
	if text == "" || strings.Trim(from+to, "0123456789") != "" {
		return 0, 0, false, nil
	}
	p.i += end + 1
	low, high = 0, -1
	if from != "" {
		low, err = strconv.Atoi(from)
	}
	if to != "" && err == nil {
		high, err = strconv.Atoi(to)
	}
	switch {
	case err != nil || low > 100_000 || high > 100_000:
		return 0, 0, false, p.fail("the repetition number is too large", start)
	case high >= 0 && high < low:
		return 0, 0, false, p.fail("min repeat greater than max repeat", start+1)
	}
	return low, high, true, nil
}

// width is how many characters a node always matches; -1 when that varies.
func (p *parser) width(n *node) int {
	switch n.op {
	case char, class:
		return 1
	case concat:
		total := 0
		for _, s := range n.subs {
			w := p.width(s)
			if w < 0 {
				return -1
			}
			total += w
		}
		return total
	case alternate:
		w := p.width(n.subs[0])
		for _, s := range n.subs[1:] {
			if p.width(s) != w {
				return -1
			}
		}
		return w
	case repeat:
		if w := p.width(n.subs[0]); w >= 0 && n.min == n.max {
			return w * n.min
		}
		return -1
	case capture, atomic:
		return p.width(n.subs[0])
	case reference:
		if w, ok := p.widths[n.group]; ok {
			return w
		}
		return -1
	}
	return 0
}
