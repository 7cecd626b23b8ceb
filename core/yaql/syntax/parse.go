package syntax

// maxNesting bounds how deep brackets, operators and calls may stand in each other, so
// that no text can exhaust the stack. Python's own parser and evaluator stop earlier.
const maxNesting = 500

// Parse reads an expression. The error is an *Error.
func (s *Syntax) Parse(src string) (Node, error) {
	p := &parser{scanner: scanner{syntax: s, src: src}}
	n, err := p.parse()
	if err != nil {
		return nil, err
	}
	return n, nil
}

type parser struct {
	scanner
	tok   token
	depth int
}

func (p *parser) parse() (Node, *Error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	n, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokenEnd {
		return nil, p.unexpected()
	}
	return n, nil
}

func (p *parser) advance() *Error {
	var err *Error
	p.tok, err = p.next()
	return err
}

func (p *parser) unexpected() *Error { return grammarError(p.src, p.tok) }

func (p *parser) at(sign string) bool { return p.tok.kind == tokenSign && p.tok.text == sign }

// expression reads operators that bind at least as tight as least.
func (p *parser) expression(least int) (Node, *Error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return nil, &Error{TooDeep, characters(p.src, p.tok.at), "maximum recursion depth exceeded"}
	}
	left, err := p.operand()
	for err == nil && p.tok.kind == tokenSign {
		t := p.tok
		if t.text == "(" {
			if !p.syntax.delegates {
				break
			}
			left, err = p.bracket(Function, "#call", ")", left)
			continue
		}
		op := p.syntax.operators[t.text]
		if op == nil || op.binary == 0 || op.binary < least {
			break
		}
		if t.text == "[" {
			left, err = p.bracket(Index, "#indexer", "]", left)
			continue
		}
		if err = p.advance(); err != nil {
			break
		}
		next := op.binary + 1
		if op.right {
			next = op.binary
		}
		var right Node
		if right, err = p.expression(next); err == nil {
			left = &Call{Form: Binary, Name: op.binaryName, Operator: t.text, Args: []Node{left, right}, At: t.at}
		}
	}
	return left, err
}

func (p *parser) operand() (Node, *Error) {
	t := p.tok
	switch t.kind {
	case tokenConstant:
		return &Constant{t.value, t.at}, p.advance()
	case tokenKeyword:
		return &Keyword{t.text, t.at}, p.advance()
	case tokenVariable:
		return &Variable{t.text, t.at}, p.advance()
	case tokenFunction:
		return p.bracket(Function, t.text, ")")
	case tokenSign:
		switch t.text {
		case "(":
			return p.wrapped()
		case "[":
			return p.bracket(List, "#list", "]")
		case "{":
			return p.bracket(Map, "#map", "}")
		}
		if op := p.syntax.operators[t.text]; op != nil && op.prefix > 0 {
			return p.prefixed(op)
		}
	}
	return nil, p.unexpected()
}

func (p *parser) wrapped() (Node, *Error) {
	at := p.tok.at
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if !p.at(")") {
		return nil, p.unexpected()
	}
	return &Wrap{x, at}, p.advance()
}

func (p *parser) prefixed(op *operator) (Node, *Error) {
	t := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.expression(op.prefix)
	if err != nil {
		return nil, err
	}
	return &Call{Form: Unary, Name: op.prefixName, Operator: t.text, Args: []Node{x}, At: t.at}, nil
}

// bracket reads the arguments up to end; the current token is the opening one.
func (p *parser) bracket(form Form, name, end string, first ...Node) (Node, *Error) {
	call := &Call{Form: form, Name: name, Args: first, At: p.tok.at}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.at(end) {
		return call, p.advance()
	}
	return call, p.arguments(call, end)
}

// arguments reads positional arguments, any of which but the last may be left out, then
// rules. Just one may be left out right before the first rule, and not the first of all.
func (p *parser) arguments(call *Call, end string) *Error {
	named, skipped, given := false, 0, 0
	for {
		if p.at(",") && !named {
			call.Args = append(call.Args, nil)
			skipped++
			if err := p.advance(); err != nil {
				return err
			}
			continue
		}
		arg, rule, err := p.argument()
		switch {
		case err != nil:
			return err
		case rule && !named && skipped > 0 && (skipped > 1 || given == 0), !rule && named:
			return p.unexpected()
		}
		call.Args = append(call.Args, arg)
		named, skipped, given = rule, 0, given+1
		if p.at(end) {
			return p.advance()
		}
		if !p.at(",") {
			return p.unexpected()
		}
		if err := p.advance(); err != nil {
			return err
		}
	}
}

func (p *parser) argument() (n Node, rule bool, err *Error) {
	n, err = p.expression(0)
	if err != nil || p.syntax.nameValue == "" || !p.at(p.syntax.nameValue) {
		return n, false, err
	}
	at := p.tok.at
	if err = p.advance(); err != nil {
		return nil, true, err
	}
	value, err := p.expression(0)
	return &Rule{n, value, at}, true, err
}
