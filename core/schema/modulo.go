package schema

import (
	"math"
	"math/big"
)

// remainder is Python's n % step: it has the sign of step. NaN when there is none.
func remainder(n any, step int64) float64 {
	switch n := n.(type) {
	case float64:
		r := math.Mod(n, float64(step))
		if r != 0 && (r < 0) != (step < 0) {
			r += float64(step)
		}
		return r
	case bool:
		if n {
			return remainder(int64(1), step)
		}
		return 0
	case int64:
		return remainder(big.NewInt(n), step)
	case *big.Int:
		m := big.NewInt(step)
		r := new(big.Int).Rem(n, m)
		if r.Sign() != 0 && r.Sign() != m.Sign() {
			r.Add(r, m)
		}
		f, _ := new(big.Float).SetInt(r).Float64()
		return f
	}
	return math.NaN()
}
