package std

import (
	"math"
	"math/big"
	"math/rand/v2"

	"hearth/core/yaql"
)

// math is yaql/standard_library/math.py. Integers have no bounds but the memory quota;
// division of integers floors and modulo has the sign of its right side, as in Python.
var mathematics = []*yaql.Function{
	operator("#operator_+", "The sum.", "1 + 2.5 = 3.5", (*yaql.Run).Add, left, right),
	operator("#operator_-", "The difference.", "1 - 2 = -1", (*yaql.Run).Sub, left, right),
	operator("#operator_*", "The product.", "2 * 3 = 6", (*yaql.Run).Mul, left, right),
	operator("#operator_/", "The quotient; of integers, rounded down.", "-7 / 2 = -4 and 7.0 / 2 = 3.5", (*yaql.Run).Div, left, right),
	operator("#operator_mod", "The rest of the division, with the sign of the right side.", "-7 mod 3 = 2", (*yaql.Run).Mod, left, right),
	define("#unary_operator_+", "The number.", "+2 = 2", unaryPlus, yaql.P("op", yaql.Number)),
	define("#unary_operator_-", "The negative number.", "-2 = 0 - 2", unaryMinus, yaql.P("op", yaql.Number)),
	operator("#operator_>", "Compares numbers.", "3 > 2", compareNumbers(func(c int) bool { return c > 0 }), left, right),
	operator("#operator_>=", "Compares numbers.", "2 >= 2.0", compareNumbers(func(c int) bool { return c >= 0 }), left, right),
	operator("#operator_<", "Compares numbers.", "2 < 3", compareNumbers(func(c int) bool { return c < 0 }), left, right),
	operator("#operator_<=", "Compares numbers.", "2 <= 2", compareNumbers(func(c int) bool { return c <= 0 }), left, right),
	define("abs", "The absolute value.", "abs(-2) = 2", absolute, yaql.P("op", yaql.Number)),
	define("int", "A number or text as an integer; null is 0.", "int('12') = 12 and int(2.9) = 2", toInt, yaql.P("value", yaql.Any)),
	define("float", "A number or text as a float; null is 0.0.", "float('2.5') = 2.5", toFloat, yaql.P("value", yaql.Any)),
	define("random", "A random float from 0 to 1, 1 excluded.", "random() < 1",
		func(*yaql.Call) (any, error) { return rand.Float64(), nil }),
	define("random", "A random integer from one bound to the other, both included.", "random(3, 3) = 3", randomBetween,
		yaql.P("from", yaql.Any), yaql.P("to", yaql.Any)),
	define("bitwiseAnd", "The bits that both numbers have.", "bitwiseAnd(6, 12) = 4", bitwise((*big.Int).And), leftInt, rightInt),
	define("bitwiseOr", "The bits that either number has.", "bitwiseOr(6, 12) = 14", bitwise((*big.Int).Or), leftInt, rightInt),
	define("bitwiseXor", "The bits that one of the numbers has.", "bitwiseXor(6, 12) = 10", bitwise((*big.Int).Xor), leftInt, rightInt),
	define("bitwiseNot", "The bits that the number has not.", "bitwiseNot(6) = -7",
		func(c *yaql.Call) (any, error) { return yaql.Int(new(big.Int).Not(yaql.Big(c.Args[0]))), nil }, yaql.P("arg", yaql.IntOrBool)),
	define("shiftBitsRight", "The number without its last bits.", "shiftBitsRight(8, 2) = 2", shiftRight, shiftValue, shiftCount),
	define("shiftBitsLeft", "The number with further zero bits.", "shiftBitsLeft(8, 2) = 32", shiftLeft, shiftValue, shiftCount),
	define("max", "The greater of two values.", "max(1, 2) = 2", greater(true), yaql.P("a", yaql.Any), yaql.P("b", yaql.Any)),
	define("min", "The lesser of two values.", "min(1, 2) = 1", greater(false), yaql.P("a", yaql.Any), yaql.P("b", yaql.Any)),
	define("pow", "a to the power of b, modulo c if there is one.", "pow(2, 10) = 1024 and pow(2, 10, 7) = 2", power,
		yaql.P("a", yaql.Number), yaql.P("b", yaql.Number), yaql.Opt("c", yaql.Number, nil)),
	define("sign", "1, 0 or -1 as the number is above, at or below zero.", "sign(-2.5) = -1", sign, yaql.P("num", yaql.Number)),
	define("round", "The number rounded half to even to so many digits.", "round(2.5) = 2 and round(1.26, 1) = 1.3", round,
		yaql.P("number", yaql.Number), yaql.Opt("ndigits", yaql.IntOrBool, int64(0))),
	define("isInteger", "True for integers.", "isInteger(1)", isKind(yaql.KindInt), yaql.P("value", yaql.Any)),
	define("isNumber", "True for integers and floats.", "isNumber(1.5)", isKind(yaql.KindInt, yaql.KindFloat), yaql.P("value", yaql.Any)),
}

var (
	left       = yaql.P("left", yaql.Number)
	right      = yaql.P("right", yaql.Number)
	leftInt    = yaql.P("left", yaql.IntOrBool)
	rightInt   = yaql.P("right", yaql.IntOrBool)
	shiftValue = yaql.P("value", yaql.IntOrBool)
	shiftCount = yaql.P("bitsNumber", yaql.IntOrBool)
)

func compareNumbers(ok func(c int) bool) func(r *yaql.Run, a, b any) (any, error) {
	return func(_ *yaql.Run, a, b any) (any, error) {
		if isNaN(a) || isNaN(b) {
			return false, nil
		}
		return ok(yaql.CompareNumbers(a, b)), nil
	}
}

func isNaN(v any) bool {
	f, ok := v.(float64)
	return ok && math.IsNaN(f)
}

func unaryPlus(c *yaql.Call) (any, error) { return c.Args[0], nil }

func unaryMinus(c *yaql.Call) (any, error) {
	if f, ok := c.Args[0].(float64); ok {
		return -f, nil
	}
	return c.Run.Sub(int64(0), c.Args[0])
}

func absolute(c *yaql.Call) (any, error) {
	if f, ok := c.Args[0].(float64); ok {
		return math.Abs(f), nil
	}
	return yaql.Int(new(big.Int).Abs(yaql.Big(c.Args[0]))), nil
}

func randomBetween(c *yaql.Call) (any, error) {
	a, b := yaql.Big(c.Args[0]), yaql.Big(c.Args[1])
	if a == nil || b == nil {
		return nil, yaql.Errorf(yaql.TypeError, "randint() takes integers")
	}
	span := new(big.Int).Sub(b, a)
	if span.Sign() < 0 {
		return nil, yaql.Errorf(yaql.ValueError, "empty range for randrange() (%s, %s, %s)", a, new(big.Int).Add(b, big.NewInt(1)), span)
	}
	n := new(big.Int)
	for range span.BitLen()/64 + 1 {
		n.Or(n.Lsh(n, 64), new(big.Int).SetUint64(rand.Uint64()))
	}
	n.Mod(n, span.Add(span, big.NewInt(1)))
	return yaql.Int(n.Add(n, a)), nil
}

func bitwise(op func(z, x, y *big.Int) *big.Int) body {
	return func(c *yaql.Call) (any, error) {
		a, b := yaql.Big(c.Args[0]), yaql.Big(c.Args[1])
		if err := c.Run.Alloc((a.BitLen() + b.BitLen()) / 8); err != nil {
			return nil, err
		}
		n := op(new(big.Int), a, b)
		if yaql.KindOf(c.Args[0]) == yaql.KindBool && yaql.KindOf(c.Args[1]) == yaql.KindBool {
			return n.Sign() != 0, nil
		}
		return yaql.Int(n), nil
	}
}

func shiftRight(c *yaql.Call) (any, error) {
	n := c.Int(1)
	if n < 0 {
		return nil, yaql.Errorf(yaql.ValueError, "negative shift count")
	}
	return yaql.Int(new(big.Int).Rsh(yaql.Big(c.Args[0]), uint(min(n, 1<<31)))), nil
}

func shiftLeft(c *yaql.Call) (any, error) {
	n, v := c.Int(1), yaql.Big(c.Args[0])
	switch {
	case n < 0:
		return nil, yaql.Errorf(yaql.ValueError, "negative shift count")
	case v.Sign() == 0:
		return int64(0), nil
	}
	if err := c.Run.Alloc(int(min(n, 1<<40)+int64(v.BitLen())) / 8); err != nil {
		return nil, err
	}
	return yaql.Int(new(big.Int).Lsh(v, uint(n))), nil
}

func greater(wanted bool) body {
	return func(c *yaql.Call) (any, error) {
		above, err := c.Delegate("#operator_>").Call2(c.Args[1], c.Args[0])
		if err != nil {
			return nil, err
		}
		if yaql.Truth(above) == wanted {
			return c.Args[1], nil
		}
		return c.Args[0], nil
	}
}

func sign(c *yaql.Call) (any, error) {
	if isNaN(c.Args[0]) {
		return int64(0), nil
	}
	return int64(yaql.CompareNumbers(c.Args[0], int64(0))), nil
}

func round(c *yaql.Call) (any, error) {
	digits := c.Int(1)
	f, isFloat := c.Args[0].(float64)
	switch {
	case isFloat:
		return roundFloat(f, digits), nil
	case digits >= 0:
		return c.Args[0], nil
	case -digits > 10000:
		return int64(0), nil
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(-digits), nil)
	n := yaql.Big(c.Args[0])
	if err := c.Run.AllocInt(n.BitLen() + unit.BitLen()); err != nil {
		return nil, err
	}
	return yaql.Int(new(big.Int).Mul(halfEven(new(big.Rat).SetFrac(n, unit)), unit)), nil
}

// roundFloat rounds the exact value of f half to even.
func roundFloat(f float64, digits int64) float64 {
	if math.IsInf(f, 0) || math.IsNaN(f) || digits > 330 {
		return f
	}
	if digits < -310 {
		return math.Copysign(0, f)
	}
	exact := new(big.Rat).SetFloat64(f)
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(max(digits, -digits)), nil))
	if digits < 0 {
		unit.Inv(unit)
	}
	rounded := new(big.Rat).SetInt(halfEven(exact.Mul(exact, unit)))
	out, _ := rounded.Quo(rounded, unit).Float64()
	return math.Copysign(out, f)
}

func halfEven(r *big.Rat) *big.Int {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	switch m.Lsh(m, 1).Cmp(r.Denom()) {
	case 1:
		q.Add(q, big.NewInt(1))
	case 0:
		if q.Bit(0) == 1 {
			q.Add(q, big.NewInt(1))
		}
	}
	return q
}
