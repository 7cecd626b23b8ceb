package std

import (
	"math"
	"math/big"

	"hearth/core/yaql"
)

func power(c *yaql.Call) (any, error) {
	_, af := c.Args[0].(float64)
	_, bf := c.Args[1].(float64)
	if c.Args[2] != nil {
		_, mf := c.Args[2].(float64)
		if af || bf || mf {
			return nil, yaql.Errorf(yaql.TypeError, "pow() 3rd argument not allowed unless all arguments are integers")
		}
		return powerModulo(c.Run, yaql.Big(c.Args[0]), yaql.Big(c.Args[1]), yaql.Big(c.Args[2]))
	}
	if !af && !bf {
		if b := yaql.Big(c.Args[1]); b.Sign() >= 0 {
			return powerOfInt(c.Run, yaql.Big(c.Args[0]), b)
		}
	}
	return powerOfFloat(c.Args[0], c.Args[1])
}

func powerOfInt(r *yaql.Run, a, b *big.Int) (any, error) {
	if a.BitLen() <= 1 { // 0, 1 and -1 have small powers
		if !b.IsInt64() {
			b = new(big.Int).And(b, big.NewInt(1))
			b.Add(b, big.NewInt(2))
		}
	} else if !b.IsInt64() || b.Int64() > 1<<32 {
		return nil, r.Alloc(1 << 40)
	} else if err := r.AllocInt(int(b.Int64()) * a.BitLen()); err != nil {
		return nil, err
	}
	return yaql.Int(new(big.Int).Exp(a, b, nil)), nil
}

func powerModulo(r *yaql.Run, a, b, m *big.Int) (any, error) {
	if m.Sign() == 0 {
		return nil, yaql.Errorf(yaql.ValueError, "pow() 3rd argument cannot be 0")
	}
	words := m.BitLen()/64 + 1
	if err := r.Step(b.BitLen() * words * words / 200); err != nil {
		return nil, err
	}
	n := new(big.Int)
	size := new(big.Int).Abs(m)
	base := new(big.Int).Mod(a, size)
	if b.Sign() < 0 {
		if base = base.ModInverse(base, size); base == nil {
			return nil, yaql.Errorf(yaql.ValueError, "base is not invertible for the given modulus")
		}
		b = new(big.Int).Neg(b)
	}
	n.Exp(base, b, size)
	if n.Mod(n, size); m.Sign() < 0 && n.Sign() != 0 {
		n.Add(n, m)
	}
	return yaql.Int(n), nil
}

func powerOfFloat(a, b any) (any, error) {
	x, err := yaql.Float(a)
	if err != nil {
		return nil, err
	}
	y, err := yaql.Float(b)
	if err != nil {
		return nil, err
	}
	switch {
	case x == 0 && y < 0:
		return nil, yaql.Errorf(yaql.ZeroDivisionError, "0.0 cannot be raised to a negative power")
	case x < 0 && y != math.Trunc(y) && !math.IsInf(x, 0) && !math.IsInf(y, 0):
		return nil, yaql.Errorf(yaql.ValueError, "a root of a negative number is no number")
	}
	p := math.Pow(x, y)
	if math.IsInf(p, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		return nil, yaql.Errorf(yaql.OverflowError, "(34, 'Numerical result out of range')")
	}
	return p, nil
}
