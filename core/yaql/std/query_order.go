package std

import (
	"sort"

	"hearth/core/yaql"
)

// ordering is an ordered sequence: sorted when first walked, by all the keys it has by then.
type ordering struct {
	run    *yaql.Run
	source any
	fields []field
	lt, gt *yaql.Delegate
	sorted []any
	done   bool
}

type field struct {
	selector  *yaql.Lambda
	ascending bool
}

// YaqlKind makes ordering the kind of value that thenBy takes.
func (*ordering) YaqlKind() yaql.Kind { return yaql.KindOrdering }

// Restart walks the items in order.
func (o *ordering) Restart() (yaql.Iterator, error) {
	if !o.done {
		if err := o.sort(); err != nil {
			return nil, err
		}
	}
	return yaql.Items(o.sorted), nil
}

func orderBy(ascending bool) body {
	return func(c *yaql.Call) (any, error) {
		return &ordering{run: c.Run, source: c.Args[0], fields: []field{{c.Lambda(1), ascending}},
			lt: c.Delegate("#operator_<"), gt: c.Delegate("#operator_>")}, nil
	}
}

func thenBy(ascending bool) body {
	return func(c *yaql.Call) (any, error) {
		o := c.Args[0].(*ordering)
		o.fields = append(o.fields, field{c.Lambda(1), ascending})
		return o, nil
	}
}

func (o *ordering) sort() error {
	source, err := o.run.Collect(o.source)
	if err != nil {
		return err
	}
	items := append([]any(nil), source...)
	if err := o.run.Alloc(16 * len(items)); err != nil {
		return err
	}
	var failure error
	sort.SliceStable(items, func(i, j int) bool {
		if failure != nil {
			return false
		}
		c, err := o.compare(items[i], items[j])
		failure = err
		return c < 0
	})
	if failure == nil {
		o.sorted, o.done = items, true
	}
	return failure
}

func (o *ordering) compare(a, b any) (int, error) {
	for _, f := range o.fields {
		x, err := apply(f.selector, a)
		if err != nil {
			return 0, err
		}
		y, err := apply(f.selector, b)
		if err != nil {
			return 0, err
		}
		result := 0
		if less, err := o.lt.Call2(x, y); err != nil {
			return 0, err
		} else if yaql.Truth(less) {
			result = -1
		} else if more, err := o.gt.Call2(x, y); err != nil {
			return 0, err
		} else if yaql.Truth(more) {
			result = 1
		}
		if result != 0 {
			if !f.ascending {
				result = -result
			}
			return result, nil
		}
	}
	return 0, nil
}

// memory is an iterator that keeps what it gave, and so can be walked again.
type memory struct {
	source *memorySource
	pos    int
}

type memorySource struct {
	run   *yaql.Run
	it    yaql.Iterator
	given []any
}

// memorized makes an iterator able to be walked again; other values stay.
func memorized(r *yaql.Run, v any) any {
	if yaql.KindOf(v) != yaql.KindIterator {
		return v
	}
	return &memory{source: &memorySource{run: r, it: r.Iterate(v)}}
}

// Restart walks the items from the first one.
func (m *memory) Restart() (yaql.Iterator, error) { return &memory{source: m.source}, nil }

// Next gives the next item.
func (m *memory) Next() (any, bool, error) {
	s := m.source
	if m.pos == len(s.given) {
		v, ok, err := s.it.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		s.given = append(s.given, v)
		if err := s.run.Alloc(32); err != nil {
			return nil, false, err
		}
		if err := s.run.QuotaBytes(yaql.ListSize(len(s.given))); err != nil {
			return nil, false, err
		}
	}
	m.pos++
	return s.given[m.pos-1], true, s.run.Step(1)
}

func defaultIfEmpty(c *yaql.Call) (any, error) {
	v := memorized(c.Run, c.Args[0])
	_, some, err := c.Run.Iterate(v).Next()
	if err != nil {
		return nil, err
	}
	if !some {
		return c.Args[1], nil
	}
	return v, nil
}
