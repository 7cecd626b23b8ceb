package std

import "hearth/core/yaql"

// branching is yaql/standard_library/branching.py.
var branching = []*yaql.Function{
	noKwargs(define("switch", "The right side of the first mapping whose left side is true; null if none is.",
		"switch(1 > 2 => a, 2 > 1 => b) = b", switchRules, yaql.Rest("args", yaql.LazyMapping))),
	define("selectCase", "The index of the first argument that is true; their number if none is.",
		"selectCase(1 > 2, 2 > 1) = 1", selectCase, yaql.Rest("args", yaql.LambdaType)),
	define("selectAllCases", "The indexes of the arguments that are true.",
		"selectAllCases(true, false, true).toList() = [0, 2]", selectAllCases, yaql.Rest("args", yaql.LambdaType)),
	define("examine", "Whether each argument is true.",
		"examine(1, 0).toList() = [true, false]", examine, yaql.Rest("args", yaql.LambdaType)),
	method("switchCase", "The argument of this index; the last one if there is none.",
		"1.switchCase(a, b, c) = b", switchCase, yaql.P("case", yaql.IntOrBool), yaql.Rest("args", yaql.LambdaType)),
	define("coalesce", "The first argument that is not null.",
		"coalesce(null, 1, 2) = 1", coalesce, yaql.Rest("args", yaql.LambdaType)),
}

func switchRules(c *yaql.Call) (any, error) {
	for _, a := range c.Rest {
		rule := a.(*yaql.LazyRule)
		ok, err := rule.Source()
		if err != nil {
			return nil, err
		}
		if yaql.Truth(ok) {
			return rule.Destination()
		}
	}
	return nil, nil
}

func lambdaOf(v any) *yaql.Lambda {
	l, _ := v.(*yaql.Lambda)
	return l
}

func selectCase(c *yaql.Call) (any, error) {
	for i, a := range c.Rest {
		v, err := callOrNull(lambdaOf(a))
		if err != nil {
			return nil, err
		}
		if yaql.Truth(v) {
			return int64(i), nil
		}
	}
	return int64(len(c.Rest)), nil
}

func selectAllCases(c *yaql.Call) (any, error) {
	i := -1
	return generate(func() (any, bool, error) {
		for i++; i < len(c.Rest); i++ {
			v, err := callOrNull(lambdaOf(c.Rest[i]))
			if err != nil || yaql.Truth(v) {
				return int64(i), true, err
			}
		}
		return nil, false, nil
	})
}

func examine(c *yaql.Call) (any, error) {
	i := -1
	return generate(func() (any, bool, error) {
		if i++; i >= len(c.Rest) {
			return nil, false, nil
		}
		v, err := callOrNull(lambdaOf(c.Rest[i]))
		return yaql.Truth(v), true, err
	})
}

func switchCase(c *yaql.Call) (any, error) {
	n := len(c.Rest)
	if n == 0 {
		return nil, nil
	}
	i := c.Int(0)
	if i < 0 || i >= int64(n) {
		i = int64(n - 1)
	}
	return callOrNull(lambdaOf(c.Rest[i]))
}

func coalesce(c *yaql.Call) (any, error) {
	for _, a := range c.Rest {
		v, err := callOrNull(lambdaOf(a))
		if err != nil || v != nil {
			return v, err
		}
	}
	return nil, nil
}
