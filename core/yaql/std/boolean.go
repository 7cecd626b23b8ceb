package std

import "hearth/core/yaql"

// boolean is yaql/standard_library/boolean.py. False are false, null, zero, zero
// timespan and everything empty; all else is true.
var boolean = []*yaql.Function{
	define("#operator_and", "The left side if it is false, else the right side, which is not evaluated before.",
		"(1 and 2) = 2", and, yaql.P("left", yaql.LambdaType), yaql.P("right", yaql.LambdaType)),
	define("#operator_or", "The left side if it is true, else the right side, which is not evaluated before.",
		"(0 or 2) = 2", or, yaql.P("left", yaql.LambdaType), yaql.P("right", yaql.LambdaType)),
	define("#unary_operator_not", "True if the operand is false.", "not []", not, yaql.P("arg", yaql.Any)),
	define("bool", "The truth of a value.", "bool(1) = true", toBool, yaql.P("value", yaql.Any)),
	define("isBoolean", "True for true and false.", "isBoolean(false)", isKind(yaql.KindBool), yaql.P("value", yaql.Any)),
}

func and(c *yaql.Call) (any, error) {
	v, err := callOrNull(c.Lambda(0))
	if err != nil || !yaql.Truth(v) {
		return v, err
	}
	return callOrNull(c.Lambda(1))
}

func or(c *yaql.Call) (any, error) {
	v, err := callOrNull(c.Lambda(0))
	if err != nil || yaql.Truth(v) {
		return v, err
	}
	return callOrNull(c.Lambda(1))
}

// callOrNull evaluates a lambda that call() may have passed as null.
func callOrNull(l *yaql.Lambda) (any, error) {
	if l == nil {
		return nil, yaql.Errorf(yaql.TypeError, "'NoneType' object is not callable")
	}
	return l.Call()
}

func not(c *yaql.Call) (any, error) { return !yaql.Truth(c.Args[0]), nil }

func toBool(c *yaql.Call) (any, error) { return yaql.Truth(c.Args[0]), nil }

// isKind makes a function that tests the kind of its argument.
func isKind(kinds ...yaql.Kind) body {
	return func(c *yaql.Call) (any, error) {
		kind := yaql.KindOf(c.Args[0])
		for _, k := range kinds {
			if k == kind {
				return true, nil
			}
		}
		return false, nil
	}
}
