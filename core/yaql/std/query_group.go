package std

import "hearth/core/yaql"

// groupBy groups at once and aggregates lazily. An aggregator gets the list of values;
// one written for the old library, which fails on that or returns a pair itself, is
// retried with the pair of key and values if fallback allows it.
func groupBy(fallback bool) body {
	return func(c *yaql.Call) (any, error) {
		it, groups := c.Iter(0), yaql.NewPlainDict(0)
		for {
			v, ok, err := it.Next()
			if err != nil {
				return nil, err
			}
			if !ok {
				break
			}
			if err := addToGroup(c, groups, v); err != nil {
				return nil, err
			}
		}
		a := &aggregator{lambda: c.Lambda(3), fallback: fallback}
		items := c.Run.Iterate(yaql.ItemsOf(groups))
		return generate(func() (any, bool, error) {
			v, ok, err := items.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			pair := v.(yaql.Tuple)
			result, err := a.apply(c.Run, yaql.Tuple{pair[0], yaql.List(*pair[1].(*group))})
			return result, true, err
		})
	}
}

type group []any

func addToGroup(c *yaql.Call, groups *yaql.Dict, v any) error {
	value, err := applyOr(c.Lambda(2), v)
	if err != nil {
		return err
	}
	key, err := apply(c.Lambda(1), v)
	if err != nil {
		return err
	}
	known, ok, err := c.Run.Lookup(groups, key)
	if err != nil {
		return err
	}
	if !ok {
		known = &group{}
		if err := c.Run.Put(groups, key, known); err != nil {
			return err
		}
	}
	g := known.(*group)
	*g = append(*g, value)
	if err := c.Run.Alloc(32); err != nil {
		return err
	}
	return c.Run.QuotaBytes(groups.Size())
}

type aggregator struct {
	lambda   *yaql.Lambda
	fallback bool
	failure  error
}

func (a *aggregator) apply(r *yaql.Run, item yaql.Tuple) (any, error) {
	if a.lambda == nil {
		return item, nil
	}
	if a.failure == nil {
		values := item[1].(yaql.List)
		result, err := a.lambda.Call1(values)
		switch {
		case err == nil:
			old, err := looksOld(r, values, result)
			if !old {
				a.fallback = false
			}
			return yaql.Tuple{item[0], result}, err
		case !yaql.IsClass(err, yaql.NoMatchingMethod, yaql.NoMatchingFunction, yaql.IndexError):
			return nil, err
		}
		a.failure = err
	}
	if a.fallback {
		result, err := a.lambda.Call1(item)
		if err == nil && lengthOf(result) == 2 {
			return result, nil
		}
		if yaql.IsClass(err, yaql.StepsExceeded, yaql.MemoryExceeded) {
			return nil, err
		}
	}
	return nil, a.failure
}

// looksOld reports whether the result for a group of two could be the pair of key and
// aggregate that an old aggregator returns.
func looksOld(r *yaql.Run, values yaql.List, result any) (bool, error) {
	items := sequence(result)
	if len(values) != 2 || len(items) != 2 {
		return false, nil
	}
	return r.Equal(items[0], values[0])
}

func lengthOf(v any) int {
	switch v := v.(type) {
	case string:
		return len([]rune(v))
	case *yaql.Dict:
		return v.Len()
	case *yaql.Set:
		return v.Len()
	case *yaql.View:
		return v.Len()
	}
	return len(sequence(v))
}
