package function

import (
	"fmt"

	"hearth/core/yaml"
)

// Parser makes Exprs of the nodes of a template of one version.
type Parser struct {
	version    Version
	functions  map[string]*def
	conditions map[string]*def
	yaql       func(expression string) (Evaluator, error)
}

// NewParser gives the Parser for a version. yaql parses YAQL expressions; without it
// they are reported as not available.
func NewParser(v Version, yaql func(expression string) (Evaluator, error)) *Parser {
	return &Parser{version: v, functions: functionsOf(v), conditions: conditionsOf(v), yaql: yaql}
}

// Parse reads a value; steps are the names that lead to it: "resources", "x", "properties".
func (p *Parser) Parse(n *yaml.Node, steps ...string) Expr {
	return p.parse(p.functions, n, start(steps))
}

// Condition reads a condition, where only condition functions are allowed.
func (p *Parser) Condition(n *yaml.Node, steps ...string) Expr {
	return p.parse(p.conditions, n, start(steps))
}

func start(steps []string) *path {
	var at *path
	for _, s := range steps {
		at = at.field(s)
	}
	return at
}

func (p *Parser) parse(known map[string]*def, n *yaml.Node, at *path) Expr {
	switch {
	case n == nil:
		return &Literal{}
	case n.Kind == yaml.Sequence:
		items := make([]Expr, len(n.Items))
		literal := true
		for i, item := range n.Items {
			items[i] = p.parse(known, item, at.item(i))
			literal = literal && isLiteral(items[i])
		}
		if literal {
			values := make([]any, len(items))
			for i, item := range items {
				values[i] = item.(*Literal).Value
			}
			return &Literal{Value: values, node: n}
		}
		return &List{Items: items, node: n}
	case n.Kind == yaml.Mapping:
		if len(n.Pairs) == 1 {
			if d := known[n.Pairs[0].Key]; d != nil {
				return p.call(known, d, n, at)
			}
		}
		return p.mapping(known, n, at)
	}
	return &Literal{Value: n.Value, node: n}
}

func (p *Parser) mapping(known map[string]*def, n *yaml.Node, at *path) Expr {
	fields := make([]Field, len(n.Pairs))
	literal := true
	for i, pair := range n.Pairs {
		fields[i] = Field{Key: pair.Key, Value: p.parse(known, pair.Value, at.field(pair.Key))}
		literal = literal && isLiteral(fields[i].Value)
	}
	if !literal {
		return &Map{Fields: fields, node: n}
	}
	m := yaml.NewMap(len(fields))
	for _, f := range fields {
		m.Set(f.Key, f.Value.(*Literal).Value)
	}
	return &Literal{Value: m, node: n}
}

func (p *Parser) call(known map[string]*def, d *def, n *yaml.Node, at *path) Expr {
	pair := n.Pairs[0]
	c := &Call{Name: pair.Key, def: d, node: n, yaql: p.yaql}
	c.path = at.function(c.Name)
	if d.macro != nil {
		c.err = d.macro(p, c, pair.Value)
		return c
	}
	c.Args = p.parse(known, pair.Value, c.path)
	if d.check != nil {
		c.err = d.check(c)
	}
	return c
}

func isLiteral(e Expr) bool { _, ok := e.(*Literal); return ok }

// misplaced stands in conditions for functions that are none.
var misplaced = def{check: func(c *Call) error {
	return fmt.Errorf("The function %q is invalid in this context", c.Name)
}}
