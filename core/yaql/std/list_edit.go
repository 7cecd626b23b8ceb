package std

import "hearth/core/yaql"

// inRange reports whether index i is one of count from position on; all of them when
// count is negative.
func inRange(i, position, count int64) bool {
	if count < 0 {
		return i >= position
	}
	return position <= i && i < addClamped(position, count)
}

func deleteItems(c *yaql.Call) (any, error) {
	it, i := c.Iter(0), int64(-1)
	return generate(func() (any, bool, error) {
		for {
			v, ok, err := it.Next()
			if i++; err != nil || !ok || !inRange(i, c.Int(1), c.Int(2)) {
				return v, ok, err
			}
		}
	})
}

func replaceItems(c *yaql.Call) (any, error) {
	return replaceRange(c, yaql.Items([]any{c.Args[2]}))
}

func replaceMany(c *yaql.Call) (any, error) { return replaceRange(c, c.Iter(2)) }

func replaceRange(c *yaql.Call, replacement yaql.Iterator) (any, error) {
	it, i, replacing := c.Iter(0), int64(-1), false
	return generate(func() (any, bool, error) {
		for {
			if replacing {
				if v, ok, err := replacement.Next(); ok || err != nil {
					return v, ok, err
				}
				replacing = false
			}
			v, ok, err := it.Next()
			if i++; err != nil || !ok || !inRange(i, c.Int(1), c.Int(3)) {
				return v, ok, err
			}
			replacing = true
		}
	})
}

func insertIter(c *yaql.Call) (any, error) {
	return insertAll(c.Iter(0), c.Int(1), yaql.Items([]any{c.Args[2]}), false)
}

func insertMany(c *yaql.Call) (any, error) {
	return insertAll(c.Iter(0), c.Int(1), c.Iter(2), true)
}

// insertAll puts items before the position, at the end when it is beyond, and at the
// start, if atStart, when it is negative.
func insertAll(it yaql.Iterator, position int64, items yaql.Iterator, atStart bool) (any, error) {
	i, ended, inserting := int64(-1), false, atStart && position < 0
	var held any
	holding := false
	return generate(func() (any, bool, error) {
		for {
			switch {
			case inserting:
				v, ok, err := items.Next()
				if ok || err != nil {
					return v, ok, err
				}
				inserting = false
			case holding:
				holding = false
				return held, true, nil
			case ended:
				return nil, false, nil
			default:
				v, ok, err := it.Next()
				if err != nil {
					return nil, false, err
				}
				if !ok {
					ended, inserting = true, position > i
					continue
				}
				if i++; i != position {
					return v, true, nil
				}
				held, holding, inserting = v, true, true
			}
		}
	})
}

func insertList(c *yaql.Call) (any, error) {
	items := sequence(c.Args[0])
	n := int64(len(items))
	at, _ := slice(c.Int(1), c.Int(1), n)
	if err := c.Run.Alloc(16 * (len(items) + 1)); err != nil {
		return nil, err
	}
	out := make(yaql.List, 0, n+1)
	out = append(out, items[:at]...)
	out = append(out, c.Args[2])
	return append(out, items[at:]...), nil
}
