package validate

import (
	"fmt"
	"slices"

	"hearth/core/diag"
	"hearth/core/yaml"
	yaqlsyntax "hearth/core/yaql/syntax"
	"hearth/murano/muranopl"
	"hearth/murano/muranopl/syntax"
)

// contract checks a contract: lists and mappings of expressions.
func (s spot) contract(k *class, n *yaml.Node) {
	switch n.Kind {
	case yaml.Sequence:
		for _, item := range n.Items {
			s.contract(k, item)
		}
		return
	case yaml.Mapping:
		var open *yaml.Node
		for _, p := range n.Pairs {
			if expressionOf(p.At) != nil {
				if open != nil {
					s.fail("contract", p.At, "Dictionary contract cannot have more than one expression key", "")
				}
				open = p.At
				s.contract(k, p.At)
			}
			s.contract(k, p.Value)
		}
		return
	}
	switch v := n.Value.(type) {
	case *syntax.Expression:
		s.chain(k, n, v)
		s.expression(k, n, v)
	case *syntax.Unread:
		s.fail("contract", n, fmt.Sprintf("%q is no expression", v.Text), whyUnread(v))
	case string:
		s.warn("contract", n, fmt.Sprintf("only the text %q itself fulfils this contract", v), "a contract is an expression: $."+v+"()")
	}
}

// chain checks the methods that are called, one after the other, on the value of a contract.
func (s spot) chain(k *class, n *yaml.Node, x *syntax.Expression) {
	node := x.Tree
	for {
		dot, ok := node.(*yaqlsyntax.Call)
		if !ok || dot.Name != "#operator_." || len(dot.Args) != 2 {
			return
		}
		if call, ok := dot.Args[1].(*yaqlsyntax.Call); ok && call.Form == yaqlsyntax.Function && startsAtValue(dot.Args[0]) {
			s.link(k, n, x, call)
		}
		node = dot.Args[0]
	}
}

// startsAtValue reports whether an expression is $, or methods called on it.
func startsAtValue(n yaqlsyntax.Node) bool {
	for {
		switch v := n.(type) {
		case *yaqlsyntax.Variable:
			return v.Name == "$" || v.Name == "$1"
		case *yaqlsyntax.Call:
			if v.Name != "#operator_." || len(v.Args) != 2 {
				return false
			}
			n = v.Args[0]
		default:
			return false
		}
	}
}

func (s spot) link(k *class, n *yaml.Node, x *syntax.Expression, call *yaqlsyntax.Call) {
	known := muranopl.ContractMethods()
	i := slices.IndexFunc(known, func(m muranopl.ContractMethod) bool { return m.Name == call.Name })
	if i < 0 {
		if s.c.world.asMethods[call.Name] {
			return
		}
		names := make([]string, len(known))
		for i, m := range known {
			names[i] = m.Name
		}
		s.fail("contract_method", s.inside(n, x, call.At), fmt.Sprintf("there is no contract method %s()", call.Name), diag.DidYouMean(call.Name, names))
		return
	}
	m := known[i]
	if len(call.Args) < m.Least || len(call.Args) > m.Most {
		many := fmt.Sprint(m.Least)
		if m.Most != m.Least {
			many = fmt.Sprintf("%d to %d", m.Least, m.Most)
		}
		s.fail("contract_method", s.inside(n, x, call.At), fmt.Sprintf("%s() takes %s arguments, not %d", m.Name, many, len(call.Args)), "")
	}
	if (m.Name == "class" || m.Name == "template") && len(call.Args) > 0 {
		for _, arg := range call.Args[:min(2, len(call.Args))] {
			switch a := arg.(type) {
			case *yaqlsyntax.Keyword:
				s.resolve(k, a.Name, s.inside(n, x, a.At))
			case *yaqlsyntax.Constant:
				if name, ok := a.Value.(string); ok {
					s.resolve(k, name, s.inside(n, x, a.At))
				}
			}
		}
	}
}
