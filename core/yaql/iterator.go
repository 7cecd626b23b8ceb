package yaql

// Iterator gives items one by one, once: ok is false at the end and after an error.
// A value that is an Iterator and a Restarter can be walked again.
type Iterator interface {
	Next() (v any, ok bool, err error)
}

// Restarter is an Iterator, or another iterable, that can be walked from its start again.
type Restarter interface{ Restart() (Iterator, error) }

// Generator is an Iterator made of a function.
type Generator struct{ next func() (any, bool, error) }

// Generate makes an Iterator of next, which is not called again after its end.
func Generate(next func() (any, bool, error)) *Generator { return &Generator{next} }

// Next gives the next item.
func (g *Generator) Next() (any, bool, error) {
	if g.next == nil {
		return nil, false, nil
	}
	v, ok, err := g.next()
	if !ok || err != nil {
		g.next = nil
		return nil, false, err
	}
	return v, true, nil
}

type sliceIterator struct {
	items []any
	pos   int
}

func (it *sliceIterator) Next() (any, bool, error) {
	if it.pos >= len(it.items) {
		return nil, false, nil
	}
	v := it.items[it.pos]
	it.pos++
	return v, true, nil
}

// Items makes an Iterator over a slice, which must not change.
func Items(items []any) Iterator { return &sliceIterator{items: items} }

type failed struct{ err error }

func (f failed) Next() (any, bool, error) { return nil, false, f.err }

// Iterate is Python's iter(v): an Iterator over any iterable, the keys of a Dict, the
// characters of a text. Over anything else it fails with TypeError at the first item.
func (r *Run) Iterate(v any) Iterator {
	switch v := v.(type) {
	case Restarter:
		it, err := v.Restart()
		if err != nil {
			return failed{err}
		}
		return it
	case Iterator:
		return v
	case Tuple:
		return Items(v)
	case List:
		return Items(v)
	case *Dict:
		return (&View{v, viewKeys}).iterate()
	case *Set:
		return (&View{v.dict, viewKeys}).iterate()
	case *View:
		return v.iterate()
	case string:
		runes, pos := []rune(v), 0
		return Generate(func() (any, bool, error) {
			if pos >= len(runes) {
				return nil, false, nil
			}
			pos++
			return string(runes[pos-1]), true, nil
		})
	}
	return failed{Errorf(TypeError, "'%s' object is not iterable", TypeName(v))}
}

func (v *View) iterate() Iterator {
	pos := 0
	return Generate(func() (any, bool, error) {
		if pos >= v.Len() {
			return nil, false, nil
		}
		pos++
		return v.at(pos - 1), true, nil
	})
}

// limited is what a parameter of an iterable type gets: every item is a step, and there
// are at most limit of them when limit is not negative.
type limited struct {
	run    *Run
	source any
	it     Iterator
	count  int
}

func (l *limited) Next() (any, bool, error) {
	r := l.run
	if l.it == nil {
		l.it = r.Iterate(l.source)
	}
	if err := r.enter(nextFrames); err != nil {
		return nil, false, err
	}
	v, ok, err := l.it.Next()
	r.leave(nextFrames)
	if err != nil || !ok {
		return nil, false, err
	}
	if r.limit >= 0 && l.count >= r.limit {
		return nil, false, tooLarge(r.limit)
	}
	l.count++
	return v, true, r.Step(nextSteps)
}

func tooLarge(limit int) error {
	return Errorf(CollectionTooLarge, "Collection length exceeds %d elements", limit)
}

// Limit is what an iterable becomes as an argument: collections of a known length are
// checked and stay, all others are wrapped so that they fail after too many items.
func (r *Run) Limit(v any) (any, error) {
	n := -1
	switch v := v.(type) {
	case Tuple:
		n = len(v)
	case List:
		n = len(v)
	case *Dict:
		n = v.Len()
	case *Set:
		n = v.Len()
	case *View:
		if v.kind != viewValues {
			n = v.Len()
		}
	}
	switch {
	case n < 0:
		return &limited{run: r, source: v}, r.Alloc(iteratorBytes)
	case r.limit >= 0 && n > r.limit:
		return nil, tooLarge(r.limit)
	}
	return v, nil
}

// Collect walks an iterable to its end.
func (r *Run) Collect(v any) ([]any, error) {
	switch v := v.(type) {
	case Tuple:
		return v, nil
	case List:
		return v, nil
	}
	it := r.Iterate(v)
	var items []any
	for {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return items, err
		}
		if err := r.Step(1); err != nil {
			return nil, err
		}
		if err := r.Alloc(itemBytes); err != nil {
			return nil, err
		}
		items = append(items, v)
	}
}
