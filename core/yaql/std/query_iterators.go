package std

import "hearth/core/yaql"

func selectMany(c *yaql.Call) (any, error) {
	it := c.Iter(0)
	var inner yaql.Iterator
	return generate(func() (any, bool, error) {
		for {
			if inner != nil {
				if v, ok, err := inner.Next(); ok || err != nil {
					return v, ok, err
				}
				inner = nil
			}
			v, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			v, err = apply(c.Lambda(1), v)
			if err != nil || !yaql.IsIterable(v) {
				return v, true, err
			}
			inner = c.Run.Iterate(v)
		}
	})
}

func rangeTo(c *yaql.Call) (any, error) { return integers(c.Run, int64(0), c.Args[0], int64(1)) }

func rangeFrom(c *yaql.Call) (any, error) { return integers(c.Run, c.Args[0], c.Args[1], c.Args[2]) }

func integers(r *yaql.Run, start, stop, step any) (any, error) {
	start, stop, step = yaql.Int(yaql.Big(start)), yaql.Int(yaql.Big(stop)), yaql.Int(yaql.Big(step))
	up := yaql.CompareNumbers(step, int64(0))
	if up == 0 {
		return nil, yaql.Errorf(yaql.ValueError, "range() arg 3 must not be zero")
	}
	i := start
	return generate(func() (any, bool, error) {
		if yaql.CompareNumbers(i, stop)*up >= 0 {
			return nil, false, nil
		}
		v := i
		var err error
		i, err = r.Add(i, step)
		return v, true, err
	})
}

func sequenceFrom(c *yaql.Call) (any, error) { return countUp(c.Run, c.Args[0], c.Args[1]) }

func countUp(r *yaql.Run, i, step any) (any, error) {
	return generate(func() (any, bool, error) {
		v := i
		var err error
		i, err = r.Add(yaql.Int(yaql.Big(i)), yaql.Int(yaql.Big(step)))
		return v, true, err
	})
}

func repeat(c *yaql.Call) (any, error) {
	n := c.Int(1)
	return generate(func() (any, bool, error) {
		if n == 0 {
			return nil, false, nil
		}
		if n > 0 {
			n--
		}
		return c.Args[0], true, nil
	})
}

func cycle(c *yaql.Call) (any, error) {
	it, i, ended := c.Iter(0), 0, false
	var saved []any
	return generate(func() (any, bool, error) {
		if !ended {
			v, ok, err := it.Next()
			if err != nil {
				return nil, false, err
			}
			if ok {
				saved = append(saved, v)
				return v, true, c.Run.Alloc(32)
			}
			ended = true
		}
		if len(saved) == 0 {
			return nil, false, nil
		}
		i++
		return saved[(i-1)%len(saved)], true, nil
	})
}

func takeWhile(c *yaql.Call) (any, error) {
	it := c.Iter(0)
	return generate(func() (any, bool, error) {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		yes, err := apply(c.Lambda(1), v)
		return v, yaql.Truth(yes), err
	})
}

func skipWhile(c *yaql.Call) (any, error) {
	it, skipping := c.Iter(0), true
	return generate(func() (any, bool, error) {
		for {
			v, ok, err := it.Next()
			if err != nil || !ok || !skipping {
				return v, ok, err
			}
			yes, err := apply(c.Lambda(1), v)
			if err != nil {
				return nil, false, err
			}
			if skipping = yaql.Truth(yes); !skipping {
				return v, true, nil
			}
		}
	})
}

func joinCollections(c *yaql.Call) (any, error) {
	outer, second := c.Iter(0), memorized(c.Run, c.Args[1])
	var inner yaql.Iterator
	var left any
	return generate(func() (any, bool, error) {
		for {
			if inner == nil {
				v, ok, err := outer.Next()
				if err != nil || !ok {
					return nil, false, err
				}
				left, inner = v, c.Run.Iterate(second)
			}
			right, ok, err := inner.Next()
			if err != nil {
				return nil, false, err
			}
			if err := c.Run.Step(1); err != nil {
				return nil, false, err
			}
			if !ok {
				inner = nil
				continue
			}
			yes, err := call2(c.Lambda(2), left, right)
			if err != nil {
				return nil, false, err
			}
			if yaql.Truth(yes) {
				v, err := call2(c.Lambda(3), left, right)
				return v, true, err
			}
		}
	})
}

func iterators(c *yaql.Call) []yaql.Iterator {
	its := make([]yaql.Iterator, len(c.Rest))
	for i, v := range c.Rest {
		its[i] = c.Run.Iterate(v)
	}
	return its
}

func zip(c *yaql.Call) (any, error) {
	its := iterators(c)
	return generate(func() (any, bool, error) {
		row := make(yaql.Tuple, len(its))
		for i, it := range its {
			v, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			row[i] = v
		}
		return row, len(its) > 0, nil
	})
}

func zipLongest(c *yaql.Call) (any, error) {
	its := iterators(c)
	var missing any
	for _, k := range c.Named {
		if k.Name == "default" {
			missing = k.Value
		}
	}
	return generate(func() (any, bool, error) {
		row, some := make(yaql.Tuple, len(its)), false
		for i, it := range its {
			row[i] = missing
			if it == nil {
				continue
			}
			v, ok, err := it.Next()
			switch {
			case err != nil:
				return nil, false, err
			case ok:
				row[i], some = v, true
			default:
				its[i] = nil
			}
		}
		return row, some, nil
	})
}

func sliceItems(c *yaql.Call) (any, error) {
	it, toList := c.Iter(0), c.Delegate("toList")
	return generate(func() (any, bool, error) {
		part, err := firstItems(it, c.Int(1))
		if err != nil {
			return nil, false, err
		}
		list, err := toList.On(part)
		return list, yaql.Truth(list), err
	})
}

// listed is the collection as a list, by the toList of the caller's context.
func listed(c *yaql.Call) ([]any, error) {
	list, err := c.Delegate("toList").On(c.Args[0])
	return sequence(list), err
}

func splitWhere(c *yaql.Call) (any, error) {
	return sections(c, func(items []any, start int) (end, next int, err error) {
		for end = start; end < len(items); end++ {
			yes, err := apply(c.Lambda(1), items[end])
			if err != nil {
				return 0, 0, err
			}
			if yaql.Truth(yes) {
				return end, end + 1, nil
			}
		}
		return end, end, nil
	})
}

func sliceWhere(c *yaql.Call) (any, error) {
	before := yaql.NoValue
	return sections(c, func(items []any, start int) (end, next int, err error) {
		for end = start; end < len(items); end++ {
			now := before
			if end > start || before == yaql.NoValue {
				if now, err = apply(c.Lambda(1), items[end]); err != nil {
					return 0, 0, err
				}
			}
			same := before == yaql.NoValue
			if !same {
				if same, err = c.Run.Equal(now, before); err != nil {
					return 0, 0, err
				}
			}
			before = now
			if !same {
				return end, end, nil
			}
		}
		return end, end, nil
	})
}

// sections yields the parts of a list that cut finds, the last one unless it is empty.
func sections(c *yaql.Call, cut func(items []any, start int) (end, next int, err error)) (any, error) {
	var items []any
	start, started := 0, false
	return generate(func() (any, bool, error) {
		var err error
		if !started {
			started = true
			if items, err = listed(c); err != nil {
				return nil, false, err
			}
		}
		if start >= len(items) {
			return nil, false, nil
		}
		end, next, err := cut(items, start)
		part := yaql.Tuple(items[start:end:end])
		start = next
		return part, true, err
	})
}

func splitAt(c *yaql.Call) (any, error) {
	items, err := listed(c)
	if err != nil {
		return nil, err
	}
	_, at := slice(0, c.Int(1), int64(len(items)))
	return yaql.List{yaql.Tuple(items[:at:at]), yaql.Tuple(items[at:])}, nil
}

func reverse(c *yaql.Call) (any, error) {
	items, err := listed(c)
	i := len(items)
	if err != nil {
		return nil, err
	}
	return generate(func() (any, bool, error) {
		if i--; i < 0 {
			return nil, false, nil
		}
		return items[i], true, nil
	})
}
