package std

import "hearth/core/yaql"

// each walks an iterable until f is done or fails.
func each(it yaql.Iterator, f func(i int64, v any) (done bool, err error)) error {
	for i := int64(0); ; i++ {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return err
		}
		if done, err := f(i, v); done || err != nil {
			return err
		}
	}
}

func anyItem(c *yaql.Call) (any, error) {
	found := false
	err := each(c.Iter(0), func(_ int64, v any) (bool, error) {
		yes := any(true)
		var err error
		if l := c.Lambda(1); l != nil {
			yes, err = l.Call1(v)
		}
		found = yaql.Truth(yes)
		return found, err
	})
	return found, err
}

func allItems(c *yaql.Call) (any, error) {
	holds := true
	err := each(c.Iter(0), func(_ int64, v any) (bool, error) {
		yes, err := applyOr(c.Lambda(1), v)
		holds = yaql.Truth(yes)
		return !holds, err
	})
	return holds, err
}

func countIterator(c *yaql.Call) (any, error) {
	n := int64(0)
	err := each(c.Iter(0), func(int64, any) (bool, error) {
		n++
		return false, c.Run.Step(3)
	})
	return n, err
}

func countItems(c *yaql.Call) (any, error) {
	n := int64(0)
	err := each(c.Iter(0), func(int64, any) (bool, error) {
		n++
		return false, nil
	})
	return n, err
}

func reduceBy(function string) body {
	return func(c *yaql.Call) (any, error) {
		f := c.Delegate(function)
		return reduce(c.Iter(0), c.Args[1], f.Call2)
	}
}

func aggregate(c *yaql.Call) (any, error) {
	return reduce(c.Iter(0), c.Args[2], func(a, b any) (any, error) { return call2(c.Lambda(1), a, b) })
}

func call2(l *yaql.Lambda, a, b any) (any, error) {
	if l == nil {
		return nil, yaql.Errorf(yaql.TypeError, "'NoneType' object is not callable")
	}
	return l.Call(a, b)
}

func reduce(it yaql.Iterator, total any, f func(a, b any) (any, error)) (any, error) {
	err := each(it, func(_ int64, v any) (bool, error) {
		if total == yaql.NoValue {
			total = v
			return false, nil
		}
		var err error
		total, err = f(total, v)
		return false, err
	})
	if err == nil && total == yaql.NoValue {
		err = yaql.Errorf(yaql.TypeError, "reduce() of empty iterable with no initial value")
	}
	return total, err
}

func accumulate(c *yaql.Call) (any, error) {
	it, total, started := c.Iter(0), c.Args[2], false
	return generate(func() (any, bool, error) {
		if !started {
			started = true
			if total != yaql.NoValue {
				return total, true, nil
			}
			v, ok, err := it.Next()
			if err == nil && !ok {
				err = yaql.Errorf(yaql.TypeError, "accumulate() of empty sequence with no initial value")
			}
			total = v
			return v, ok, err
		}
		v, ok, err := it.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		total, err = call2(c.Lambda(1), total, v)
		return total, true, err
	})
}

func first(c *yaql.Call) (any, error) {
	v, ok, err := c.Iter(0).Next()
	if err == nil && !ok {
		return orStop(c.Args[1])
	}
	return v, err
}

func orStop(value any) (any, error) {
	if value == yaql.NoValue {
		return nil, yaql.Errorf(yaql.StopIteration, "")
	}
	return value, nil
}

func single(c *yaql.Call) (any, error) {
	it := c.Iter(0)
	v, err := next(it)
	if err != nil {
		return nil, err
	}
	if _, more, err := it.Next(); err != nil || !more {
		return v, err
	}
	return nil, yaql.Errorf(yaql.StopIteration, "Collection contains more than one item")
}

func last(c *yaql.Call) (any, error) {
	if yaql.IsSequence(c.Args[0]) {
		if items := sequence(c.Args[0]); len(items) > 0 {
			return items[len(items)-1], nil
		}
		return orStop(c.Args[1])
	}
	v := c.Args[1]
	err := each(c.Iter(0), func(_ int64, item any) (bool, error) {
		v = item
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	return orStop(v)
}

func lastIndexOf(c *yaql.Call) (any, error) {
	index := int64(-1)
	err := each(c.Iter(0), func(i int64, v any) (bool, error) {
		eq, err := c.Run.Equal(v, c.Args[1])
		if eq {
			index = i
		}
		return false, err
	})
	return index, err
}

func indexWhere(stop bool) body {
	return func(c *yaql.Call) (any, error) {
		index := int64(-1)
		err := each(c.Iter(0), func(i int64, v any) (bool, error) {
			yes, err := apply(c.Lambda(1), v)
			if yaql.Truth(yes) {
				index = i
				return stop, err
			}
			return false, err
		})
		return index, err
	}
}
