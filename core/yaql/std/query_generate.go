package std

import "hearth/core/yaql"

// past remembers values, to leave a cycle.
type past struct {
	run  *yaql.Run
	seen *yaql.Dict
}

func newPast(r *yaql.Run, decycle bool) *past {
	if !decycle {
		return nil
	}
	return &past{r, yaql.NewDict(0)}
}

// first reports whether v has not come before.
func (p *past) first(v any) (bool, error) {
	if p == nil {
		return true, nil
	}
	n := p.seen.Len()
	if err := p.run.Put(p.seen, v, nil); err != nil || p.seen.Len() == n {
		return false, err
	}
	return true, p.run.QuotaBytes(yaql.SetSize(p.seen.Len()))
}

func generateItems(c *yaql.Call) (any, error) {
	current, started, p := c.Args[0], false, newPast(c.Run, c.Bool(4))
	return generate(func() (any, bool, error) {
		var err error
		if started {
			if current, err = apply(c.Lambda(2), current); err != nil {
				return nil, false, err
			}
		}
		started = true
		goOn, err := apply(c.Lambda(1), current)
		if err != nil || !yaql.Truth(goOn) {
			return nil, false, err
		}
		if fresh, err := p.first(current); err != nil || !fresh {
			return nil, false, err
		}
		v, err := applyOr(c.Lambda(3), current)
		return v, true, err
	})
}

func generateMany(c *yaql.Call) (any, error) {
	queue, p := []any{c.Args[0]}, newPast(c.Run, c.Bool(3))
	var current any
	pending := false
	return generate(func() (any, bool, error) {
		if pending {
			var err error
			if queue, err = produce(c, queue, current); err != nil {
				return nil, false, err
			}
		}
		for len(queue) > 0 {
			current, queue = queue[0], queue[1:]
			pending = true
			fresh, err := p.first(current)
			if err != nil {
				return nil, false, err
			}
			if fresh {
				v, err := applyOr(c.Lambda(2), current)
				return v, true, err
			}
			if err := c.Run.Step(1); err != nil {
				return nil, false, err
			}
		}
		return nil, false, nil
	})
}

// produce adds what the producer makes of v to the queue: in front of it when depth goes
// first.
func produce(c *yaql.Call, queue []any, v any) ([]any, error) {
	made, err := apply(c.Lambda(1), v)
	if err != nil {
		return nil, err
	}
	items, err := c.Run.Collect(made)
	if err != nil {
		return nil, err
	}
	if err := c.Run.Alloc(16 * len(items)); err != nil {
		return nil, err
	}
	if c.Bool(4) {
		if err := c.Run.Alloc(16 * len(queue)); err != nil {
			return nil, err
		}
		queue = append(append(make([]any, 0, len(items)+len(queue)), items...), queue...)
	} else {
		queue = append(queue, items...)
	}
	return queue, c.Run.QuotaBytes(760 + 528*(len(queue)/65))
}
