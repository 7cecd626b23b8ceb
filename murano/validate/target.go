package validate

import (
	"fmt"

	"hearth/core/yaml"
	yaqlsyntax "hearth/core/yaql/syntax"
	"hearth/murano/muranopl/syntax"
)

// target checks what an assignment assigns to.
func (s spot) target(n *yaml.Node, x *syntax.Expression) {
	switch t := unwrapped(x.Tree).(type) {
	case *yaqlsyntax.Variable:
		if t.Name == "$" || t.Name == "$this" {
			s.fail("assignment", n, "Cannot assign to "+t.Name, "assign to a property: $.name")
		}
		return
	case *yaqlsyntax.Call:
		if part(t) && isPlace(t.Args[0]) {
			return
		}
	}
	s.fail("assignment", n, fmt.Sprintf("Invalid assignment target \"%s\"", x.Text), "a variable, a property, or an item of one: $x, $.x, $x.y, $x[0]")
}

// part reports whether a call takes a part of something: a property or an item.
func part(c *yaqlsyntax.Call) bool {
	if len(c.Args) != 2 {
		return false
	}
	_, isName := c.Args[1].(*yaqlsyntax.Keyword)
	return c.Name == "#operator_." && isName || c.Name == "#indexer" && c.Args[1] != nil
}

// isPlace reports whether parts of an expression can be assigned to.
func isPlace(n yaqlsyntax.Node) bool {
	switch n := unwrapped(n).(type) {
	case *yaqlsyntax.Variable:
		return true
	case *yaqlsyntax.Call:
		switch n.Name {
		case "#operator_:", "#unary_operator_:", "type":
			return true
		}
		return part(n) && isPlace(n.Args[0])
	}
	return false
}

func unwrapped(n yaqlsyntax.Node) yaqlsyntax.Node {
	for {
		w, ok := n.(*yaqlsyntax.Wrap)
		if !ok {
			return n
		}
		n = w.X
	}
}
