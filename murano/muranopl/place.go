package muranopl

import (
	"hearth/core/yaql"
	yaqlsyntax "hearth/core/yaql/syntax"
	"hearth/murano/muranopl/syntax"
)

// place is what an assignment assigns to (murano/dsl/lhs_expression.py): a variable, or a
// property, key or item of another place. Values do not change, so an assignment to a part
// assigns a new whole.
type place struct {
	source *syntax.Expression
	node   yaqlsyntax.Node
	index  map[yaqlsyntax.Node]*syntax.Expression
}

func newPlace(x *syntax.Expression) *place {
	return &place{x, x.Tree, map[yaqlsyntax.Node]*syntax.Expression{}}
}

// cell is a place in one execution.
type cell struct {
	get func() (any, error)
	set func(v any) error
}

func (p *place) assign(th *Thread, c *yaql.Context, v any) error {
	target, err := p.cell(th, c, p.node)
	if err != nil {
		return err
	}
	if target == nil {
		return p.invalid()
	}
	return target.set(v)
}

func (p *place) invalid() error {
	return dslError("InvalidLhsTargetError", "Invalid assignment target \"%s\"", p.source.Text)
}

// cell finds the place that a part of the expression is; nil when it is none.
func (p *place) cell(th *Thread, c *yaql.Context, n yaqlsyntax.Node) (*cell, error) {
	switch n := n.(type) {
	case *yaqlsyntax.Variable:
		return variableCell(c, n.Name), nil
	case *yaqlsyntax.Wrap:
		return p.cell(th, c, n.X)
	case *yaqlsyntax.Call:
		return p.callCell(th, c, n)
	}
	return nil, nil
}

func variableCell(c *yaql.Context, name string) *cell {
	return &cell{
		get: func() (any, error) { v, _ := c.Get(name); return v, nil },
		set: func(v any) error {
			if name == "" || name == "$" || name == "$this" {
				return pyError("ValueError", "Cannot assign to %s", name)
			}
			frameOf(c).vars.Set(name, v)
			return nil
		},
	}
}

func (p *place) callCell(th *Thread, c *yaql.Context, n *yaqlsyntax.Call) (*cell, error) {
	switch {
	case n.Name == "#operator_." && len(n.Args) == 2:
		key, ok := n.Args[1].(*yaqlsyntax.Keyword)
		if !ok {
			break
		}
		of, err := p.cell(th, c, n.Args[0])
		if err != nil || of == nil {
			return nil, p.orNoMatch(err, n)
		}
		return attributeCell(th, c, of, key.Name), nil
	case n.Name == "#indexer" && len(n.Args) == 2 && n.Args[1] != nil:
		of, err := p.cell(th, c, n.Args[0])
		if err != nil || of == nil {
			return nil, p.orNoMatch(err, n)
		}
		index, err := th.evalArgument(p.part(n.Args[1]), c)
		if err != nil {
			return nil, err
		}
		if i, ok := index.(int64); ok {
			return itemCell(th, c, of, i), nil
		}
		return attributeCell(th, c, of, index), nil
	case n.Name == "#operator_:" || n.Name == "#unary_operator_:" || n.Name == "type":
		return p.typeCell(th, c, n)
	}
	return nil, p.orNoMatch(nil, n)
}

// orNoMatch is upstream's answer to what no place is made of.
func (p *place) orNoMatch(err error, n *yaqlsyntax.Call) error {
	if err != nil {
		return err
	}
	name := n.Name
	switch name {
	case "#operator_.", "#indexer", "#operator_:", "#unary_operator_:", "type":
		return &Error{Name: yaqlErrors + "NoMatchingFunctionException", Message: "No function \"" + name + "\" matches supplied arguments"}
	}
	return &Error{Name: yaqlErrors + "NoFunctionRegisteredException", Message: "Unknown function \"" + name + "\""}
}

func (p *place) part(n yaqlsyntax.Node) *syntax.Expression {
	x := p.index[n]
	if x == nil {
		x = &syntax.Expression{Text: p.source.Text, At: p.source.At, Tree: n, Parsed: p.source.Parsed.Engine().Compile(n, p.source.Text)}
		p.index[n] = x
	}
	return x
}

// typeCell is a class, which can be asked for its static properties and not be assigned to.
func (p *place) typeCell(th *Thread, c *yaql.Context, n *yaqlsyntax.Call) (*cell, error) {
	v, err := th.evalArgument(p.part(n), c)
	if err != nil {
		return nil, err
	}
	return &cell{
		get: func() (any, error) { return v, nil },
		set: func(any) error { return p.invalid() },
	}, nil
}

func attributeCell(th *Thread, c *yaql.Context, of *cell, key any) *cell {
	f := frameOf(c)
	name, _ := key.(string)
	return &cell{
		get: func() (any, error) {
			src, err := of.get()
			if err != nil {
				return nil, err
			}
			switch src := src.(type) {
			case *yaql.Dict:
				if v, ok := src.Get(key); ok {
					return v, nil
				}
				return yaql.NewDict(0), nil
			case *Object:
				v, err := src.get(th, name, f.class)
				if isDsl(err, "UninitializedPropertyAccessError") {
					return yaql.NewDict(0), nil
				}
				return v, err
			case TypeRef:
				return th.ex.staticValue(th, src.Class, name, f.class)
			case *Class:
				return th.ex.staticValue(th, src, name, f.class)
			}
			return nil, errNoAttributes()
		},
		set: func(v any) error {
			src, err := of.get()
			if err != nil {
				return err
			}
			w := write{calling: f.class, allowed: f.allowWrites}
			switch src := src.(type) {
			case *yaql.Dict:
				d, err := th.run.CopyDict(src, true, 1)
				if err != nil {
					return err
				}
				if err := d.Set(key, v); err != nil {
					return err
				}
				return of.set(d)
			case *Object:
				return src.set(th, name, v, w)
			case TypeRef:
				return th.ex.setStatic(th, src.Class, name, v, w)
			case *Class:
				return th.ex.setStatic(th, src, name, v, w)
			}
			return errNoAttributes()
		},
	}
}

func errNoAttributes() error {
	return pyError("ValueError", "attribution may only be applied to objects and dictionaries")
}

func itemCell(th *Thread, c *yaql.Context, of *cell, index int64) *cell {
	at := func(n int) (int, error) {
		i := int(index)
		if i < 0 {
			i += n
		}
		if i < 0 || i >= n {
			return 0, pyError("IndexError", "tuple index out of range")
		}
		return i, nil
	}
	return &cell{
		get: func() (any, error) {
			src, err := of.get()
			if err != nil {
				return nil, err
			}
			items, ok := sequence(src)
			if !ok {
				return nil, pyError("ValueError", "indexation may only be applied to lists")
			}
			i, err := at(len(items))
			if err != nil {
				return nil, err
			}
			return items[i], nil
		},
		set: func(v any) error {
			src, err := of.get()
			if err != nil {
				return err
			}
			if _, ok := src.(*yaql.Dict); ok {
				return attributeCell(th, c, of, index).set(v)
			}
			items, ok := sequence(src)
			if !ok {
				return nil
			}
			return of.set(replaceItem(items, int(index), v))
		},
	}
}

// replaceItem is Python's src[:i] + (v,) + src[i + 1:], whatever i is.
func replaceItem(items []any, i int, v any) yaql.Tuple {
	slice := func(i int) int {
		if i < 0 {
			i += len(items)
		}
		return max(0, min(i, len(items)))
	}
	out := make(yaql.Tuple, 0, len(items)+1)
	out = append(out, items[:slice(i)]...)
	out = append(out, v)
	return append(out, items[slice(i+1):]...)
}

func sequence(v any) ([]any, bool) {
	switch v := v.(type) {
	case yaql.Tuple:
		return v, true
	case yaql.List:
		return v, true
	}
	return nil, false
}
