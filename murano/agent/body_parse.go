package agent

import (
	"slices"

	"hearth/core/yaml"
)

// parseBody gives the statements of a Body; the error is a *bodyError.
func parseBody(text string) ([]statement, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	var program []statement
	for p.peek().kind != tokenEnd {
		s, err := p.statements()
		if err != nil {
			return nil, err
		}
		program = append(program, s...)
	}
	return program, nil
}

type parser struct {
	tokens []token
	at     int
	depth  int
}

// maxNesting keeps expressions and blocks from exhausting the stack.
const maxNesting = 100

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

func (p *parser) fail(t token) error {
	if t.text == "" {
		return &bodyError{t.line, "invalid syntax"}
	}
	return &bodyError{t.line, "invalid syntax at " + t.text}
}

// is tells whether the next token is one of these words or operators.
func (p *parser) is(texts ...string) bool {
	t := p.peek()
	return (t.kind == tokenOperator || t.kind == tokenName) && slices.Contains(texts, t.text)
}

// accept takes the next token if it is this word or operator.
func (p *parser) accept(text string) bool {
	if !p.is(text) {
		return false
	}
	p.at++
	return true
}

func (p *parser) expect(text string) error {
	if !p.accept(text) {
		return p.fail(p.peek())
	}
	return nil
}

func (p *parser) deeper() error {
	if p.depth++; p.depth > maxNesting {
		return &bodyError{p.peek().line, "too many nested parts"}
	}
	return nil
}

// unsupported are the statements of Python that Bodies may not have.
var unsupported = []string{"for", "while", "def", "class", "import", "from", "try", "with", "raise", "lambda", "del", "global", "assert", "yield", "exec", "async", "await"}

// statements reads a line, which may have several, or a compound statement.
func (p *parser) statements() ([]statement, error) {
	if p.is("if") {
		p.next()
		s, err := p.ifStatement()
		return []statement{s}, err
	}
	if t := p.peek(); p.is(unsupported...) {
		return nil, &bodyError{t.line, "the statement " + t.text + " cannot be used in the Body of a plan here"}
	}
	var out []statement
	for {
		s, err := p.simple()
		if err != nil {
			return nil, err
		}
		out = append(out, s)
		if p.accept(";") && p.peek().kind != tokenNewline {
			continue
		}
		if t := p.next(); t.kind != tokenNewline {
			return nil, p.fail(t)
		}
		return out, nil
	}
}

func (p *parser) simple() (statement, error) {
	switch {
	case p.accept("pass"):
		return func(*body) (bool, error) { return false, nil }, nil
	case p.accept("return"):
		if p.peek().kind == tokenNewline || p.is(";") {
			return func(b *body) (bool, error) { b.value = nil; return true, nil }, nil
		}
		e, err := p.tuple()
		return func(b *body) (_ bool, err error) { b.value, err = e(b); return true, err }, err
	}
	if t := p.peek(); t.kind == tokenName && p.tokens[p.at+1].text == "=" && p.tokens[p.at+1].kind == tokenOperator {
		p.at += 2
		e, err := p.tuple()
		return func(b *body) (bool, error) {
			v, err := e(b)
			b.names[t.text] = v
			return false, err
		}, err
	}
	e, err := p.tuple()
	return func(b *body) (bool, error) { _, err := e(b); return false, err }, err
}

func (p *parser) ifStatement() (statement, error) {
	condition, err := p.expression()
	if err != nil {
		return nil, err
	}
	then, err := p.suite()
	if err != nil {
		return nil, err
	}
	var otherwise []statement
	switch {
	case p.accept("elif"):
		s, err := p.ifStatement()
		if err != nil {
			return nil, err
		}
		otherwise = []statement{s}
	case p.accept("else"):
		if otherwise, err = p.suite(); err != nil {
			return nil, err
		}
	}
	return func(b *body) (bool, error) {
		v, err := condition(b)
		if err != nil {
			return false, err
		}
		if truth(v) {
			return b.block(then)
		}
		return b.block(otherwise)
	}, nil
}

// suite is what a colon introduces: the rest of the line, or an indented block.
func (p *parser) suite() ([]statement, error) {
	if err := p.expect(":"); err != nil {
		return nil, err
	}
	if p.peek().kind != tokenNewline {
		return p.statements()
	}
	p.next()
	if t := p.next(); t.kind != tokenIndent {
		return nil, &bodyError{t.line, "expected an indented block"}
	}
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	var out []statement
	for p.peek().kind != tokenDedent {
		if t := p.peek(); t.kind == tokenEnd {
			return nil, p.fail(t)
		}
		s, err := p.statements()
		if err != nil {
			return nil, err
		}
		out = append(out, s...)
	}
	p.next()
	return out, nil
}

// tuple is one expression, or several that make a list.
func (p *parser) tuple() (expression, error) {
	first, err := p.expression()
	if err != nil || !p.is(",") {
		return first, err
	}
	items := []expression{first}
	for p.accept(",") {
		if k := p.peek().kind; k == tokenNewline || p.is(")", ";") {
			break
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		items = append(items, e)
	}
	return listOf(items), nil
}

func listOf(items []expression) expression {
	return func(b *body) (any, error) {
		out := make([]any, len(items))
		for i, e := range items {
			var err error
			if out[i], err = e(b); err != nil {
				return nil, err
			}
		}
		return bounded(out, nil)
	}
}

func dictOf(keys, values []expression) expression {
	return func(b *body) (any, error) {
		out := yaml.NewMap(len(keys))
		for i := range keys {
			k, err := keys[i](b)
			if err != nil {
				return nil, err
			}
			v, err := values[i](b)
			if err != nil {
				return nil, err
			}
			out.Set(yaml.Str(k), v)
		}
		return bounded(out, nil)
	}
}
