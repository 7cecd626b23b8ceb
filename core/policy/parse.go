package policy

import (
	"errors"
	"fmt"
	"strings"
)

// parse reads an expression:
//
//	or   = and { "or" and }
//	and  = not { "and" not }
//	not  = "not" not | "(" or ")" | leaf
//	leaf = "@" | "!" | kind ":" match
//
// The empty expression allows everybody, as in oslo.policy.
func parse(text string) (check, error) {
	p := &parser{words: words(text)}
	if len(p.words) == 0 {
		return always(true), nil
	}
	c, err := p.or()
	if err == nil && len(p.words) > 0 {
		err = fmt.Errorf("unexpected %q", p.words[0])
	}
	return c, err
}

type parser struct{ words []string }

func (p *parser) accept(word string) bool {
	if len(p.words) == 0 || !strings.EqualFold(p.words[0], word) {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *parser) or() (check, error) {
	c, err := p.and()
	list := some{c}
	for err == nil && p.accept("or") {
		c, err = p.and()
		list = append(list, c)
	}
	if len(list) == 1 {
		return list[0], err
	}
	return list, err
}

func (p *parser) and() (check, error) {
	c, err := p.not()
	list := all{c}
	for err == nil && p.accept("and") {
		c, err = p.not()
		list = append(list, c)
	}
	if len(list) == 1 {
		return list[0], err
	}
	return list, err
}

func (p *parser) not() (check, error) {
	if p.accept("not") {
		c, err := p.not()
		return not{c}, err
	}
	if p.accept("(") {
		c, err := p.or()
		if err == nil && !p.accept(")") {
			err = errors.New("missing )")
		}
		return c, err
	}
	if len(p.words) == 0 {
		return nil, errors.New("ends too early")
	}
	word := p.words[0]
	p.words = p.words[1:]
	if c, ok := leaf(word); ok {
		return c, nil
	}
	return nil, fmt.Errorf("cannot read %q", word)
}

// words splits at spaces and sets parentheses apart, but for those of %(name)s.
func words(text string) []string {
	var out []string
	for _, w := range strings.Fields(text) {
		for strings.HasPrefix(w, "(") {
			out = append(out, "(")
			w = w[1:]
		}
		closing := 0
		for strings.HasSuffix(w, ")") {
			closing++
			w = w[:len(w)-1]
		}
		if w != "" {
			out = append(out, w)
		}
		for range closing {
			out = append(out, ")")
		}
	}
	return out
}
