package yaql

import (
	"math"
	"math/big"
	"math/bits"
)

// Int gives an integer value its shortest form: int64 when it fits.
func Int(n *big.Int) any {
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

// Big gives the integer behind an int64, *big.Int or bool; nil for anything else.
func Big(v any) *big.Int {
	switch v := v.(type) {
	case int64:
		return big.NewInt(v)
	case *big.Int:
		return v
	case bool:
		if v {
			return big.NewInt(1)
		}
		return new(big.Int)
	}
	return nil
}

// Float gives a number as a float; OverflowError for an integer that is too large.
func Float(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case int64:
		return float64(v), nil
	}
	n := Big(v)
	f, _ := new(big.Float).SetInt(n).Float64()
	if math.IsInf(f, 0) {
		return 0, Errorf(OverflowError, "int too large to convert to float")
	}
	return f, nil
}

// CompareNumbers orders two numbers exactly, whatever their types. NaN compares equal
// here: callers that care ask for it.
func CompareNumbers(a, b any) int {
	x, xi := a.(int64)
	y, yi := b.(int64)
	if xi && yi {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	f, ff := a.(float64)
	g, gf := b.(float64)
	switch {
	case ff && gf:
		return compareFloats(f, g)
	case ff:
		return -compareIntFloat(b, f)
	case gf:
		return compareIntFloat(a, g)
	}
	return Big(a).Cmp(Big(b))
}

func compareFloats(f, g float64) int {
	switch {
	case f < g:
		return -1
	case f > g:
		return 1
	}
	return 0
}

func compareIntFloat(n any, f float64) int {
	switch {
	case math.IsNaN(f):
		return 0
	case math.IsInf(f, 0):
		return compareFloats(0, f)
	}
	if i, ok := n.(int64); ok && i < 1<<53 && i > -1<<53 {
		return compareFloats(float64(i), f)
	}
	return new(big.Float).SetInt(Big(n)).Cmp(big.NewFloat(f))
}

// Add is a + b. Like Sub and Mul it is Python's operator on int, float and bool.
func (r *Run) Add(a, b any) (any, error) {
	if x, ok := a.(int64); ok {
		if y, ok := b.(int64); ok {
			if s := x + y; (s > x) == (y > 0) {
				return s, nil
			}
		}
	}
	return r.arithmetic(a, b, func(x, y float64) float64 { return x + y }, (*big.Int).Add)
}

// Sub is a - b.
func (r *Run) Sub(a, b any) (any, error) {
	if x, ok := a.(int64); ok {
		if y, ok := b.(int64); ok {
			if d := x - y; (d < x) == (y > 0) {
				return d, nil
			}
		}
	}
	return r.arithmetic(a, b, func(x, y float64) float64 { return x - y }, (*big.Int).Sub)
}

// Mul is a * b.
func (r *Run) Mul(a, b any) (any, error) {
	if x, ok := a.(int64); ok {
		if y, ok := b.(int64); ok {
			hi, lo := bits.Mul64(magnitude(x), magnitude(y))
			if hi == 0 && lo < 1<<63 {
				return x * y, nil
			}
		}
	}
	return r.arithmetic(a, b, func(x, y float64) float64 { return x * y }, (*big.Int).Mul)
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

func (r *Run) arithmetic(a, b any, floats func(x, y float64) float64, ints func(z, x, y *big.Int) *big.Int) (any, error) {
	_, af := a.(float64)
	_, bf := b.(float64)
	if af || bf {
		x, err := Float(a)
		if err != nil {
			return nil, err
		}
		y, err := Float(b)
		return floats(x, y), err
	}
	x, y := Big(a), Big(b)
	if err := r.AllocInt(x.BitLen() + y.BitLen()); err != nil {
		return nil, err
	}
	return Int(ints(new(big.Int), x, y)), nil
}

// AllocInt charges for an integer of so many bits and the work to multiply it.
func (r *Run) AllocInt(bitLen int) error {
	words := float64(bitLen) / 64
	if words < 4 {
		return nil
	}
	if err := r.Step(int(math.Pow(words, 1.585) / 20)); err != nil {
		return err
	}
	return r.Alloc(bitLen / 8)
}

// Div is YAQL's division: integers floor, anything else is a float.
func (r *Run) Div(a, b any) (any, error) {
	_, af := a.(float64)
	_, bf := b.(float64)
	if af || bf {
		x, err := Float(a)
		if err != nil {
			return nil, err
		}
		y, err := Float(b)
		if err == nil && y == 0 {
			err = Errorf(ZeroDivisionError, "float division by zero")
		}
		return x / y, err
	}
	q, _, err := r.divMod(a, b)
	return q, err
}

// Mod is Python's a % b: the sign of b.
func (r *Run) Mod(a, b any) (any, error) {
	_, af := a.(float64)
	_, bf := b.(float64)
	if !af && !bf {
		_, m, err := r.divMod(a, b)
		return m, err
	}
	x, err := Float(a)
	if err != nil {
		return nil, err
	}
	y, err := Float(b)
	switch {
	case err != nil:
		return nil, err
	case y == 0:
		return nil, Errorf(ZeroDivisionError, "float modulo")
	}
	m := math.Mod(x, y)
	switch {
	case m == 0:
		m = math.Copysign(0, y)
	case (m < 0) != (y < 0):
		m += y
	}
	return m, nil
}

func (r *Run) divMod(a, b any) (q, m any, err error) {
	x, xi := a.(int64)
	y, yi := b.(int64)
	if xi && yi && y != 0 && (x != math.MinInt64 || y != -1) {
		q, m := x/y, x%y
		if m != 0 && (m < 0) != (y < 0) {
			q, m = q-1, m+y
		}
		return q, m, nil
	}
	n, d := Big(a), Big(b)
	if d.Sign() == 0 {
		return nil, nil, Errorf(ZeroDivisionError, "integer division or modulo by zero")
	}
	if err := r.AllocInt(n.BitLen() + d.BitLen()); err != nil {
		return nil, nil, err
	}
	bq, bm := new(big.Int).QuoRem(n, d, new(big.Int))
	if bm.Sign() != 0 && bm.Sign() != d.Sign() {
		bq.Sub(bq, big.NewInt(1))
		bm.Add(bm, d)
	}
	return Int(bq), Int(bm), nil
}
