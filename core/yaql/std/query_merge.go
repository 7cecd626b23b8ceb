package std

import "hearth/core/yaql"

type merger struct {
	call   *yaql.Call
	toList *yaql.Delegate
}

func mergeWith(c *yaql.Call) (any, error) {
	m := &merger{c, c.Delegate("toList")}
	return removed(m.dicts(c.Dict(0), c.Dict(1), c.Int(4)))
}

// dicts merges two dictionaries, nested ones down to so many levels; 0 is all of them.
func (m *merger) dicts(a, b *yaql.Dict, levels int64) (*yaql.Dict, error) {
	r := m.call.Run
	if err := r.Nest(); err != nil {
		return nil, err
	}
	defer r.Unnest()
	out := yaql.NewPlainDict(a.Len() + b.Len())
	for k, x := range a.All() {
		y, both, err := r.Lookup(b, k)
		if err != nil {
			return nil, err
		}
		if both {
			if x, err = m.values(x, y, levels); err != nil {
				return nil, err
			}
		}
		if err := r.Put(out, k, x); err != nil {
			return nil, err
		}
	}
	for k, y := range b.All() {
		if _, ok, err := r.Lookup(a, k); err != nil || ok {
			if err != nil {
				return nil, err
			}
			continue
		}
		if err := r.Put(out, k, y); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (m *merger) values(x, y any, levels int64) (any, error) {
	if levels != 1 {
		if to, ok := y.(*yaql.Dict); ok {
			from, ok := x.(*yaql.Dict)
			if !ok {
				return nil, cannotMerge(x, y)
			}
			if levels != 0 {
				levels--
			}
			return removed(m.dicts(from, to, levels))
		}
		if yaql.IsSequence(y) {
			if !yaql.IsSequence(x) {
				return nil, cannotMerge(x, y)
			}
			if l := m.call.Lambda(2); l != nil {
				return l.Call(x, y)
			}
			return m.lists(x, y)
		}
	}
	if l := m.call.Lambda(3); l != nil {
		return l.Call(x, y)
	}
	return y, nil
}

// lists gives the items of both without duplicates.
func (m *merger) lists(x, y any) (any, error) {
	if yaql.KindOf(x) != yaql.KindOf(y) {
		return nil, yaql.Errorf(yaql.TypeError, "can only concatenate %[1]s (not \"%[2]s\") to %[1]s", yaql.TypeName(x), yaql.TypeName(y))
	}
	r := m.call.Run
	return m.toList.On(distinctItems(r, chain(r, []any{x, y}), nil))
}

func cannotMerge(x, y any) error {
	return yaql.Errorf(yaql.TypeError, "Cannot merge <class '%s'> with <class '%s'>", className(x), className(y))
}

func className(v any) string {
	if name := yaql.TypeName(v); name != "FrozenDict" {
		return name
	}
	return "yaql.language.utils.FrozenDict"
}
