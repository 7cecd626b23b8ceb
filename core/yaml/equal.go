package yaml

import (
	"math/big"
	"reflect"
)

// Equal is Python's ==: 1, 1.0 and true are equal, maps are compared without order.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case string:
		s, ok := b.(string)
		return ok && s == a
	case []any:
		l, ok := b.([]any)
		if !ok || len(l) != len(a) {
			return false
		}
		for i := range a {
			if !Equal(a[i], l[i]) {
				return false
			}
		}
		return true
	case *Map:
		m, ok := b.(*Map)
		if !ok || m.Len() != a.Len() {
			return false
		}
		for k, v := range a.All() {
			if w, ok := m.Get(k); !ok || !Equal(v, w) {
				return false
			}
		}
		return true
	}
	if IsNumber(a) && IsNumber(b) {
		return Compare(a, b) == 0
	}
	return reflect.DeepEqual(a, b)
}

// IsNumber reports whether v is a number in Python's sense, booleans included.
func IsNumber(v any) bool {
	switch v.(type) {
	case bool, int, int64, *big.Int, float64:
		return true
	}
	return false
}

// Compare orders two numbers (IsNumber): -1, 0, 1; 2 when one is NaN.
func Compare(a, b any) int {
	x, xf := number(a)
	y, yf := number(b)
	if x != nil && y != nil {
		return x.Cmp(y)
	}
	if x != nil {
		return compareFloat(x, yf)
	}
	if y != nil {
		if c := compareFloat(y, xf); c != 2 {
			return -c
		}
		return 2
	}
	switch {
	case xf < yf:
		return -1
	case xf > yf:
		return 1
	case xf == yf:
		return 0
	}
	return 2
}

// compareFloat compares exactly, as Python does, not after rounding.
func compareFloat(x *big.Int, f float64) int {
	if f != f {
		return 2
	}
	g := new(big.Float).SetFloat64(f)
	return new(big.Float).SetInt(x).Cmp(g)
}

// number splits v into an integer or a float.
func number(v any) (*big.Int, float64) {
	switch v := v.(type) {
	case bool:
		if v {
			return big.NewInt(1), 0
		}
		return new(big.Int), 0
	case int:
		return big.NewInt(int64(v)), 0
	case int64:
		return big.NewInt(v), 0
	case *big.Int:
		return v, 0
	case float64:
		return nil, v
	}
	return nil, 0
}
