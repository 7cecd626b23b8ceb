package regex

import (
	"fmt"
	"slices"
	"strconv"
	"unicode"
)

func (p *parser) newGroup() int {
	p.groups++
	return p.groups
}

func (p *parser) group() (*node, error) {
	start := p.i
	p.i++
	if !p.take("?") {
		return p.captured(start, "")
	}
	switch {
	case p.take(":"):
		return p.body(start)
	case p.take(">"):
		b, err := p.body(start)
		return &node{op: atomic, subs: []*node{b}}, err
	case p.take("="):
		return p.look(start, false, false)
	case p.take("!"):
		return p.look(start, false, true)
	case p.take("<="):
		return p.look(start, true, false)
	case p.take("<!"):
		return p.look(start, true, true)
	case p.take("P<"):
		name, err := p.name('>')
		if err != nil {
			return nil, err
		}
		return p.captured(start, name)
	case p.take("P="):
		name, err := p.name(')')
		if err != nil {
			return nil, err
		}
		group, ok := p.names[name]
		if !ok {
			return nil, p.fail("unknown group name '"+name+"'", start+4)
		}
		return p.reference(group, start+4)
	case p.take("#"):
		end := slices.Index(p.src[p.i:], ')')
		if end < 0 {
			return nil, p.fail("missing ), unterminated comment", start)
		}
		p.i += end + 1
		return nil, nil
	}
	return p.flagGroup(start)
}

// body reads up to the closing parenthesis; flags set inside end with it.
func (p *parser) body(start int) (*node, error) {
	flags := p.flags
	n, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, p.fail("missing ), unterminated subpattern", start)
	}
	p.flags = flags
	return n, nil
}

func (p *parser) captured(start int, name string) (*node, error) {
	group := p.newGroup()
	if name != "" {
		if was, twice := p.names[name]; twice {
			return nil, p.fail(fmt.Sprintf("redefinition of group name '%s' as group %d; was group %d", name, group, was), start+4)
		}
		p.names[name] = group
	}
	p.open = append(p.open, group)
	b, err := p.body(start)
	if err != nil {
		return nil, err
	}
	p.open = p.open[:len(p.open)-1]
	p.widths[group] = p.width(b)
	return &node{op: capture, subs: []*node{b}, group: group}, nil
}

func (p *parser) look(start int, behind, negated bool) (*node, error) {
	b, err := p.body(start)
	if err != nil {
		return nil, err
	}
	n := &node{op: look, subs: []*node{b}, negated: negated, behind: -1}
	if behind {
		if n.behind = p.width(b); n.behind < 0 {
			return nil, p.fail("look-behind requires fixed-width pattern", -1)
		}
	}
	return n, nil
}

func (p *parser) name(end rune) (string, error) {
	start := p.i
	for p.more() && p.src[p.i] != end {
		p.i++
	}
	if !p.more() {
		return "", p.fail("missing "+string(end)+", unterminated name", start)
	}
	name := string(p.src[start:p.i])
	p.i++
	if name == "" {
		return "", p.fail("missing group name", start)
	}
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return "", p.fail("bad character in group name '"+name+"'", start)
		}
	}
	return name, nil
}

func (p *parser) reference(group, at int) (*node, error) {
	if group > p.groups {
		return nil, p.fail("invalid group reference "+strconv.Itoa(group), at)
	}
	if slices.Contains(p.open, group) {
		return nil, p.fail("cannot refer to an open group", at-1)
	}
	return &node{op: reference, group: group, flags: p.flags}, nil
}

var flagLetters = map[rune]Flags{'i': IgnoreCase, 'm': Multiline, 's': DotAll, 'x': Verbose, 'a': ASCII, 'u': 0}

// flagGroup reads (?i), (?i:…) and (?i-s:…).
func (p *parser) flagGroup(start int) (*node, error) {
	flags, off := p.flags, false
	for p.more() {
		r := p.src[p.i]
		p.i++
		f, known := flagLetters[r]
		switch {
		case known && off:
			flags &^= f
		case known:
			flags |= f
		case r == '-' && !off:
			off = true
		case r == ')' && !off:
			if start != 0 {
				return nil, p.fail("global flags not at the start of the expression", start)
			}
			p.flags = flags
			return nil, nil
		case r == ':':
			outer := p.flags
			p.flags = flags
			n, err := p.body(start)
			p.flags = outer
			return n, err
		default:
			return nil, p.fail("unknown extension ?"+string(r), start+1)
		}
	}
	return nil, p.fail("unexpected end of pattern", len(p.src))
}
