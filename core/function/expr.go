package function

import (
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Expr is a parsed piece of a template: a literal, a list or map of Exprs, or a Call.
type Expr interface {
	// Resolve computes the value. What it gives may be shared with the template and must
	// not be changed.
	Resolve(s Scope) (any, error)
	// Walk calls f for every Call in reach, the inner ones first. Branches of `if` that
	// are not taken are not in reach.
	Walk(s Scope, f func(*Call))
	// Node is where the Expr stands in the source; never nil, but perhaps without a place.
	Node() *yaml.Node
}

// Literal is a piece without functions.
type Literal struct {
	Value any
	node  *yaml.Node
}

// Resolve gives the value.
func (l *Literal) Resolve(Scope) (any, error) { return l.Value, nil }

// Walk finds nothing.
func (l *Literal) Walk(Scope, func(*Call)) {}

// Node is the place.
func (l *Literal) Node() *yaml.Node { return orNowhere(l.node) }

// List is a list that holds a function somewhere.
type List struct {
	Items []Expr
	node  *yaml.Node
}

// Resolve computes the items; those that an `if` drops are left out.
func (l *List) Resolve(s Scope) (any, error) {
	out := make([]any, 0, len(l.Items))
	for _, item := range l.Items {
		v, err := item.Resolve(s)
		if err != nil {
			return nil, err
		}
		if _, dropped := v.(schema.Dropped); !dropped {
			out = append(out, v)
		}
	}
	return out, nil
}

// Walk goes through the items.
func (l *List) Walk(s Scope, f func(*Call)) {
	for _, item := range l.Items {
		item.Walk(s, f)
	}
}

// Node is the place.
func (l *List) Node() *yaml.Node { return orNowhere(l.node) }

// Map is a map that holds a function somewhere.
type Map struct {
	Fields []Field
	node   *yaml.Node
}

// Field is one entry of a Map.
type Field struct {
	Key   string
	Value Expr
}

// Resolve computes the values; entries that an `if` drops are left out.
func (m *Map) Resolve(s Scope) (any, error) {
	out := yaml.NewMap(len(m.Fields))
	for _, f := range m.Fields {
		v, err := f.Value.Resolve(s)
		if err != nil {
			return nil, err
		}
		if _, dropped := v.(schema.Dropped); !dropped {
			out.Set(f.Key, v)
		}
	}
	return out, nil
}

// Walk goes through the values.
func (m *Map) Walk(s Scope, f func(*Call)) {
	for _, field := range m.Fields {
		field.Value.Walk(s, f)
	}
}

// Node is the place.
func (m *Map) Node() *yaml.Node { return orNowhere(m.node) }

// Fields gives the entries of a map as it is written; ok is false for anything else.
func Fields(e Expr) (fields []Field, ok bool) {
	switch e := e.(type) {
	case *Map:
		return e.Fields, true
	case *Literal:
		m, ok := e.Value.(*yaml.Map)
		if !ok {
			return nil, false
		}
		for k, v := range m.All() {
			n := e.node.Get(k)
			fields = append(fields, Field{Key: k, Value: &Literal{Value: v, node: n}})
		}
		return fields, true
	}
	return nil, false
}

// Items gives the items of a list as it is written; ok is false for anything else.
func Items(e Expr) (items []Expr, ok bool) {
	switch e := e.(type) {
	case *List:
		return e.Items, true
	case *Literal:
		l, ok := e.Value.([]any)
		if !ok {
			return nil, false
		}
		for i, v := range l {
			item := &Literal{Value: v}
			if e.node != nil && i < len(e.node.Items) {
				item.node = e.node.Items[i]
			}
			items = append(items, item)
		}
		return items, true
	}
	return nil, false
}

// Resolve computes e; what an `if` drops is null.
func Resolve(e Expr, s Scope) (any, error) {
	v, err := e.Resolve(s)
	if _, dropped := v.(schema.Dropped); dropped {
		v = nil
	}
	return v, err
}

var nowhere = &yaml.Node{}

func orNowhere(n *yaml.Node) *yaml.Node {
	if n == nil {
		return nowhere
	}
	return n
}
