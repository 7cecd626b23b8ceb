package std

import (
	"hearth/core/yaql"
)

// legacyTuples is the part of yaql/standard_library/legacy.py for the legacy syntax, in
// which => is an operator that makes tuples.
var legacyTuples = []*yaql.Function{
	define("#operator_=>", "A tuple of both sides; a chain is one tuple.", "dict(a => 1).a = 1", buildTuple,
		yaql.P("left", yaql.ExpressionType), yaql.P("right", yaql.Any)),
	method("toList", "The collection as a list.", "[1, 2].select($).toList().len() = 2", legacyToList, collection),
	define("tuple", "The arguments as a tuple.", "tuple(1, 2) = [1, 2]", func(c *yaql.Call) (any, error) { return yaql.Tuple(c.Rest), nil }, yaql.Rest("args", yaql.Any)),
}

// legacy is the rest of it: the functions that runtimes up to 1.1 of Murano and
// dashboard forms use.
var legacy = []*yaql.Function{
	legacyDict,
	alias("#map", "{tuple(a, 1)}.a = 1", legacyDict),
	extension("range", "The integers from a start on, or up to a stop.", "range(1, 3).len() = 2", legacyRange,
		yaql.P("start", yaql.IntOrBool), yaql.Opt("stop", yaql.IntOrBool, nil)),
	ownContext(noKwargs(method("as", "Puts what the expressions make of the receiver into variables.", "[1, 2].as(sum($) => s) -> $s = 3", legacyAs,
		yaql.P("receiver", yaql.Any), yaql.Rest("mappings", yaql.LambdaType)))),
	define("#operator_.", "Evaluates the call on what as() was called on.", "[1, 2].as(sum($) => s).select($ * $s).sum() = 9", legacyDot,
		yaql.P("receiver", yaql.Scope), yaql.P("expr", yaql.ReceiverCall)),
	define("#operator_.", "The value of a key; null when there is none.", "{a => 1}.b = null", legacyKey, dictionary, yaql.P("key", yaql.KeywordType)),
}

// legacyExclusive hide what the standard library has under their names.
var legacyExclusive = []*yaql.Function{
	define("#indexer", "The item at a position, or the items for which a condition holds.", "[1, 2, 3][$ > 1].len() = 2", legacyIndexer,
		collection, yaql.P("indexExpression", yaql.LambdaType)),
	noKwargs(extension("switch", "The right side of the first mapping whose left side is true for the receiver.", "5.switch($ > 3 => big) = big", legacySwitch,
		yaql.P("value", yaql.Any), yaql.Rest("conditions", yaql.LambdaType))),
}

// legacyExtensions are the functions of the standard library that can be called both
// ways in the legacy dialect.
var legacyExtensions = []string{"get", "list", "bool", "int", "float", "select", "where", "join", "sum", "takeWhile"}

var legacyDict = noKwargs(extension("dict", "A dictionary of tuples.", "dict(tuple(a, 1)).a = 1",
	legacyBuildDict, yaql.Rest("tuples", yaql.TupleType)))

// buildTuple evaluates a chain of => on the left into one tuple.
func buildTuple(c *yaql.Call) (any, error) {
	x := c.Args[0].(*yaql.Expr)
	v, err := x.Eval(c.Run, c.Context)
	if err != nil {
		return nil, err
	}
	if t, ok := v.(yaql.Tuple); ok && x.Operator() == "=>" {
		return append(t[:len(t):len(t)], c.Args[1]), c.Run.Alloc(16 * (len(t) + 1))
	}
	return yaql.Tuple{v, c.Args[1]}, nil
}

func legacyToList(c *yaql.Call) (any, error) {
	items, err := c.Run.Collect(c.Args[0])
	if err != nil {
		return nil, err
	}
	return yaql.List(append([]any{}, items...)), c.Run.Alloc(16 * len(items))
}

func legacyBuildDict(c *yaql.Call) (any, error) {
	return c.Run.InvokeOuter(c.Function, "dict", c.Context, []any{yaql.Tuple(c.Rest)})
}

func legacyRange(c *yaql.Call) (any, error) {
	if c.Args[1] == nil {
		return countUp(c.Run, c.Args[0], int64(1))
	}
	it, err := integers(c.Run, c.Args[0], c.Args[1], int64(1))
	if err != nil {
		return nil, err
	}
	items, err := c.Run.Collect(it)
	return yaql.Tuple(items), err
}

// legacyAs shows each variable to the expressions after it.
func legacyAs(c *yaql.Call) (any, error) {
	for _, m := range c.Rest {
		v, err := apply(lambdaOf(m), c.Args[0])
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case yaql.Tuple:
			if len(v) != 2 {
				return nil, yaql.Errorf(yaql.ValueError, "as() tuples must be of size 2")
			}
			if err := setNamed(c.Context, v[1], v[0]); err != nil {
				return nil, err
			}
		case yaql.Rule:
			if err := setNamed(c.Context, v.Destination, v.Source); err != nil {
				return nil, err
			}
		default:
			return nil, yaql.Errorf(yaql.ValueError, "as() must have tuple parameters")
		}
	}
	c.Context.Set("0", c.Args[0])
	return c.Context, nil
}

func setNamed(scope *yaql.Context, name, value any) error {
	s, ok := name.(string)
	if !ok {
		return yaql.Errorf(yaql.AttributeError, "'%s' object has no attribute 'startswith'", yaql.TypeName(name))
	}
	scope.Set(s, value)
	return nil
}

func legacyDot(c *yaql.Call) (any, error) {
	scope := c.Args[0].(*yaql.Context)
	receiver, _ := scope.Get("0")
	return c.Lambda(1).OnIn(receiver, scope)
}

func legacyKey(c *yaql.Call) (any, error) {
	v, _, err := c.Run.Lookup(c.Dict(0), c.Args[1])
	return v, err
}

func legacyIndexer(c *yaql.Call) (any, error) {
	if yaql.IsSequence(c.Args[0]) {
		index, err := callOrNull(c.Lambda(1))
		if err != nil {
			return nil, err
		}
		if yaql.KindOf(index) == yaql.KindInt {
			return itemAt(c.Args[0], index)
		}
	}
	return where(c)
}

func legacySwitch(c *yaql.Call) (any, error) {
	scope := c.Context.Child()
	scope.Set("", c.Args[0])
	for _, condition := range c.Rest {
		l := lambdaOf(condition)
		if l == nil {
			return nil, yaql.Errorf(yaql.TypeError, "'NoneType' object is not callable")
		}
		v, err := l.In(scope)
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case yaql.Tuple:
			if len(v) != 2 {
				return nil, yaql.Errorf(yaql.ValueError, "switch() tuples must be of size 2")
			}
			if yaql.Truth(v[0]) {
				return v[1], nil
			}
		case yaql.Rule:
			if yaql.Truth(v.Source) {
				return v.Destination, nil
			}
		default:
			return nil, yaql.Errorf(yaql.ValueError, "switch() must have tuple or mapping parameters")
		}
	}
	return nil, nil
}
