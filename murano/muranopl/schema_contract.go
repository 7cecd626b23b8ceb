package muranopl

import (
	"errors"
	"maps"
	"slices"

	"hearth/core/yaql"
	yaqlsyntax "hearth/core/yaql/syntax"
	"hearth/murano/muranopl/syntax"
)

// What the contract methods make of a schema (generate_schema of murano/dsl/contracts).

// notNullMark is in a schema whose value cannot be null until it is finished.
const notNullMark = "_notNull"

func typeSchema(v any, name string) any { return plainDict("type", nullable(v, name)) }

// nullable is a type, with null unless notNull came before.
func nullable(v any, name string) any {
	if d, ok := v.(*yaql.Dict); ok {
		if _, ok := d.Get(notNullMark); ok {
			return name
		}
	}
	return yaql.List{name, "null"}
}

func notNullSchema(v any) any {
	d, ok := v.(*yaql.Dict)
	if !ok {
		return v
	}
	if t, _ := d.Get("type"); t != nil {
		if list, ok := t.(yaql.List); ok && len(list) == 2 && list[1] == "null" {
			_ = d.Set("type", list[0]) // a text is always a key
		}
	}
	_ = d.Set(notNullMark, true)
	return d
}

func classSchema(v any, t *Class) any {
	return plainDict("type", nullable(v, "muranoObject"), "muranoType", t.Name)
}

func templateSchema(v any, t *Class, excluded []string) any {
	d := classSchema(v, t).(*yaql.Dict)
	_ = d.Set("owned", true) // a text is always a key
	if len(excluded) > 0 {
		_ = d.Set("excludedProperties", tupleOf(excluded))
	}
	return d
}

func withEntry(v any, key string, value any) any {
	if d, ok := v.(*yaql.Dict); ok {
		_ = d.Set(key, value) // a text is always a key
	}
	return v
}

// checkSchema adds what is known of a predicate: bounds, enumerations and patterns, of the
// first of several that are joined by and, as upstream.
func checkSchema(run *contractRun, v any, args contractArgs) (any, error) {
	d, ok := v.(*yaql.Dict)
	if !ok || args.link == nil || args.link.args[0] == nil {
		return v, nil
	}
	x := args.link.args[0]
	for node := x.Tree; node != nil; {
		part := node
		node = nil
		if and := operation(part, "and"); and != nil {
			part, node = and.Args[0], and.Args[1]
		}
		known, err := predicateSchema(run, x, part)
		if err != nil {
			return nil, err
		}
		for _, key := range slices.Backward(slices.Sorted(maps.Keys(known))) { // maximum, exclusiveMaximum
			_ = d.Set(key, known[key]) // a text is always a key
		}
	}
	return d, nil
}

// operation gives the operator expression that a node is; nil when it is none of that sign.
func operation(n yaqlsyntax.Node, sign string) *yaqlsyntax.Call {
	c, ok := n.(*yaqlsyntax.Call)
	if ok && c.Form == yaqlsyntax.Binary && c.Operator == sign && len(c.Args) == 2 {
		return c
	}
	return nil
}

func dollar(n yaqlsyntax.Node) bool {
	v, ok := n.(*yaqlsyntax.Variable)
	return ok && (v.Name == "$" || v.Name == "$1")
}

func predicateSchema(run *contractRun, x *syntax.Expression, n yaqlsyntax.Node) (map[string]any, error) {
	// Upstream mirrors an operator in a list of four by its place, and so turns < into >=.
	mirrored := map[string]string{">": "<=", "<": ">=", ">=": "<", "<=": ">"}
	for sign, mirror := range mirrored {
		c := operation(n, sign)
		if c == nil {
			continue
		}
		op, of := sign, c.Args[1]
		switch {
		case dollar(c.Args[0]):
		case dollar(c.Args[1]):
			op, of = mirror, c.Args[0]
		default:
			return nil, nil
		}
		bound, err := constant(run, x, of)
		if bound == nil {
			return nil, err
		}
		name, exclusive := "minimum", "exclusiveMinimum"
		if op[0] == '<' {
			name, exclusive = "maximum", "exclusiveMaximum"
		}
		return map[string]any{name: bound, exclusive: len(op) == 1}, nil
	}
	if c := operation(n, "in"); c != nil && dollar(c.Args[0]) {
		v, err := constant(run, x, c.Args[1])
		if list, ok := v.(yaql.Tuple); ok {
			return map[string]any{"enum": yaql.List(list)}, nil
		}
		return nil, err
	}
	if c := operation(n, "."); c != nil && dollar(c.Args[0]) {
		call, ok := c.Args[1].(*yaqlsyntax.Call)
		if ok && call.Name == "matches" && len(call.Args) > 0 && call.Args[0] != nil {
			pattern, err := constant(run, x, call.Args[0])
			if err != nil || pattern == nil {
				return nil, err
			}
			return map[string]any{"pattern": pattern}, nil
		}
	}
	return nil, nil
}

// constant evaluates a part of a predicate that does not depend on $; nil when it does.
func constant(run *contractRun, x *syntax.Expression, n yaqlsyntax.Node) (any, error) {
	if c, ok := n.(*yaqlsyntax.Constant); ok {
		return c.Value, nil
	}
	if usesDollar(n) {
		return nil, nil
	}
	part := &syntax.Expression{Text: x.Text, At: x.At, Tree: n, Parsed: x.Parsed.Engine().Compile(n, x.Text)}
	v, err := run.th.evalArgument(part, run.frame.copy().open())
	if err == nil {
		v, err = freeze(run.th.run, v)
	}
	if _, ok := errors.AsType[*yaql.Error](err); ok {
		return nil, nil
	}
	return v, err
}

func usesDollar(n yaqlsyntax.Node) bool {
	switch n := n.(type) {
	case *yaqlsyntax.Variable:
		return dollar(n)
	case *yaqlsyntax.Wrap:
		return usesDollar(n.X)
	case *yaqlsyntax.Rule:
		return usesDollar(n.Source) || usesDollar(n.Destination)
	case *yaqlsyntax.Call:
		for _, a := range n.Args {
			if a != nil && usesDollar(a) {
				return true
			}
		}
	}
	return false
}
