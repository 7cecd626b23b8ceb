package std

import "hearth/core/yaql"

// common is yaql/standard_library/common.py: equality, and null in comparisons. null
// sorts below everything and equals itself.
var common = []*yaql.Function{
	operator("*equal", "True if both sides are equal.", "1 = 1.0",
		func(r *yaql.Run, a, b any) (any, error) { return r.Equal(a, b) },
		yaql.P("left", yaql.Any), yaql.P("right", yaql.Any)),
	operator("*not_equal", "True if the sides are not equal.", "1 != '1'", notEqual,
		yaql.P("left", yaql.Any), yaql.P("right", yaql.Any)),

	define("#operator_<", "False: no value is below null.", "not (1 < null)", constantly(false), valueLeft, nullRight),
	define("#operator_<=", "False: no value is below null.", "not (1 <= null)", constantly(false), valueLeft, nullRight),
	define("#operator_>", "True: every value is above null.", "1 > null", constantly(true), valueLeft, nullRight),
	define("#operator_>=", "True: every value is above null.", "1 >= null", constantly(true), valueLeft, nullRight),

	define("#operator_<", "True: null is below every value.", "null < 1", constantly(true), nullLeft, valueRight),
	define("#operator_<=", "True: null is below every value.", "null <= 1", constantly(true), nullLeft, valueRight),
	define("#operator_>", "False: null is above no value.", "not (null > 1)", constantly(false), nullLeft, valueRight),
	define("#operator_>=", "False: null is above no value.", "not (null >= 1)", constantly(false), nullLeft, valueRight),

	define("#operator_<", "False: null is not below itself.", "not (null < null)", constantly(false), nullLeft, nullRight),
	define("#operator_<=", "True: null equals itself.", "null <= null", constantly(true), nullLeft, nullRight),
	define("#operator_>", "False: null is not above itself.", "not (null > null)", constantly(false), nullLeft, nullRight),
	define("#operator_>=", "True: null equals itself.", "null >= null", constantly(true), nullLeft, nullRight),
}

var (
	valueLeft  = yaql.P("left", yaql.NotNull)
	valueRight = yaql.P("right", yaql.NotNull)
	nullLeft   = yaql.P("left", yaql.Null)
	nullRight  = yaql.P("right", yaql.Null)
)

func constantly(v bool) body { return func(*yaql.Call) (any, error) { return v, nil } }

func notEqual(r *yaql.Run, a, b any) (any, error) {
	eq, err := r.Equal(a, b)
	return !eq, err
}
