package agent

// expression is a choice: a if c else b.
func (p *parser) expression() (expression, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	then, err := p.or()
	if err != nil || !p.accept("if") {
		return then, err
	}
	condition, err := p.or()
	if err != nil {
		return nil, err
	}
	if err := p.expect("else"); err != nil {
		return nil, err
	}
	otherwise, err := p.expression()
	return func(b *body) (any, error) {
		v, err := condition(b)
		switch {
		case err != nil:
			return nil, err
		case truth(v):
			return then(b)
		}
		return otherwise(b)
	}, err
}

func (p *parser) or() (expression, error) { return p.shortCut("or", p.and, true) }

func (p *parser) and() (expression, error) { return p.shortCut("and", p.not, false) }

// shortCut reads operands of an operator that ends at the first whose truth is end.
func (p *parser) shortCut(word string, operand func() (expression, error), end bool) (expression, error) {
	left, err := operand()
	for err == nil && p.accept(word) {
		first := left
		var second expression
		second, err = operand()
		left = func(b *body) (any, error) {
			v, err := first(b)
			if err != nil || truth(v) == end {
				return v, err
			}
			return second(b)
		}
	}
	return left, err
}

func (p *parser) not() (expression, error) {
	if !p.accept("not") {
		return p.comparison()
	}
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	e, err := p.not()
	return func(b *body) (any, error) {
		v, err := e(b)
		return !truth(v), err
	}, err
}

func (p *parser) comparison() (expression, error) {
	left, err := p.sum()
	if err != nil {
		return nil, err
	}
	op := ""
	switch t := p.peek(); {
	case p.is("==", "!=", "<", "<=", ">", ">=", "in"):
		op = p.next().text
	case p.is("is"):
		p.next()
		if op = "=="; p.accept("not") {
			op = "!="
		}
	case p.is("not"):
		p.next()
		if !p.accept("in") {
			return nil, p.fail(t)
		}
		op = "not in"
	default:
		return left, nil
	}
	right, err := p.sum()
	if t := p.peek(); err == nil && p.is("==", "!=", "<", "<=", ">", ">=", "in", "is") {
		return nil, &bodyError{t.line, "comparisons cannot be chained in the Body of a plan here"}
	}
	return binary(left, right, func(x, y any) (any, error) { return compare(op, x, y) }), err
}

func binary(left, right expression, do func(x, y any) (any, error)) expression {
	return func(b *body) (any, error) {
		x, err := left(b)
		if err != nil {
			return nil, err
		}
		y, err := right(b)
		if err != nil {
			return nil, err
		}
		return bounded(do(x, y))
	}
}

func (p *parser) sum() (expression, error) { return p.arithmetic(p.product, "+", "-") }

func (p *parser) product() (expression, error) { return p.arithmetic(p.sign, "*", "/", "//", "%") }

func (p *parser) arithmetic(operand func() (expression, error), operators ...string) (expression, error) {
	left, err := operand()
	for err == nil && p.is(operators...) {
		op, first := p.next().text, left
		var second expression
		second, err = operand()
		left = binary(first, second, func(x, y any) (any, error) { return calculate(op, x, y) })
	}
	return left, err
}

func (p *parser) sign() (expression, error) {
	if !p.accept("-") {
		return p.primary()
	}
	e, err := p.primary()
	return binary(func(*body) (any, error) { return int64(0), nil }, e, func(x, y any) (any, error) { return calculate("-", x, y) }), err
}

// primary is an atom with what follows it: attributes, items, calls.
func (p *parser) primary() (expression, error) {
	e, err := p.atom()
	for err == nil {
		of := e
		switch {
		case p.accept("."):
			name := p.next()
			if name.kind != tokenName {
				return nil, p.fail(name)
			}
			e = func(b *body) (any, error) {
				v, err := of(b)
				if err != nil {
					return nil, err
				}
				return attribute(v, name.text)
			}
		case p.accept("["):
			var index expression
			if index, err = p.expression(); err == nil {
				err = p.expect("]")
			}
			e = binary(of, index, item)
		case p.accept("("):
			e, err = p.arguments(of)
		default:
			return e, nil
		}
	}
	return nil, err
}

func (p *parser) arguments(of expression) (expression, error) {
	var args []expression
	named := map[string]expression{}
	for !p.accept(")") {
		name := ""
		if t := p.peek(); t.kind == tokenName && p.tokens[p.at+1].kind == tokenOperator && p.tokens[p.at+1].text == "=" {
			name = t.text
			p.at += 2
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		if name != "" {
			named[name] = e
		} else {
			args = append(args, e)
		}
		if !p.accept(",") && !p.is(")") {
			return nil, p.fail(p.peek())
		}
	}
	list := listOf(args)
	return func(b *body) (any, error) {
		f, err := of(b)
		if err != nil {
			return nil, err
		}
		given, err := list(b)
		if err != nil {
			return nil, err
		}
		byName := make(map[string]any, len(named))
		for k, e := range named {
			if byName[k], err = e(b); err != nil {
				return nil, err
			}
		}
		return b.apply(f, given.([]any), byName)
	}, nil
}

func constant(v any) expression { return func(*body) (any, error) { return v, nil } }

func (p *parser) atom() (expression, error) {
	t := p.next()
	switch {
	case t.kind == tokenNumber:
		return constant(t.value), nil
	case t.kind == tokenText:
		text := t.text
		for p.peek().kind == tokenText {
			text += p.next().text
		}
		return constant(text), nil
	case t.kind == tokenName:
		return nameOf(t), nil
	case t.kind != tokenOperator:
	case t.text == "(":
		if p.accept(")") {
			return listOf(nil), nil
		}
		e, err := p.tuple()
		if err != nil {
			return nil, err
		}
		return e, p.expect(")")
	case t.text == "[":
		var items []expression
		for !p.accept("]") {
			e, err := p.expression()
			if err != nil {
				return nil, err
			}
			items = append(items, e)
			if !p.accept(",") && !p.is("]") {
				return nil, p.fail(p.peek())
			}
		}
		return listOf(items), nil
	case t.text == "{":
		return p.dictionary()
	}
	return nil, p.fail(t)
}

func (p *parser) dictionary() (expression, error) {
	var keys, values []expression
	for !p.accept("}") {
		k, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.expect(":"); err != nil {
			return nil, err
		}
		v, err := p.expression()
		if err != nil {
			return nil, err
		}
		keys, values = append(keys, k), append(values, v)
		if !p.accept(",") && !p.is("}") {
			return nil, p.fail(p.peek())
		}
	}
	return dictOf(keys, values), nil
}

func nameOf(t token) expression {
	switch t.text {
	case "None":
		return constant(nil)
	case "True":
		return constant(true)
	case "False":
		return constant(false)
	}
	return func(b *body) (any, error) {
		if v, ok := b.names[t.text]; ok {
			return v, nil
		}
		if f, ok := builtins[t.text]; ok {
			return f, nil
		}
		return nil, raise("name '%s' is not defined", t.text)
	}
}
