package muranopl

import (
	"fmt"
	"math/big"

	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// itemsLimit is how many items an iterator may have that becomes a value (dsl_iterators_limit).
const itemsLimit = 2000

// pyStr is Python's str of a value.
func pyStr(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case fmt.Stringer:
		if _, big := v.(*big.Int); !big {
			return v.String()
		}
	}
	s, err := (*yaql.Run)(nil).PyStr(plainValue(v))
	if err != nil {
		return fmt.Sprint(v)
	}
	return s
}

// plainValue turns a value of a class file into one of YAQL, expressions kept as they are.
func plainValue(v any) any {
	switch v := v.(type) {
	case syntax.List:
		items := make(yaql.List, len(v))
		for i := range v {
			items[i] = plainValue(v[i])
		}
		return items
	case *syntax.Map:
		d := yaql.NewDict(len(v.Entries))
		for _, e := range v.Entries {
			if err := (*yaql.Run)(nil).Put(d, e.Key, plainValue(e.Value)); err != nil {
				continue
			}
		}
		return d
	}
	return v
}

// scalarText is a value as messages show it (murano/dsl/helpers.py format_scalar).
func scalarText(v any) string {
	if s, ok := v.(string); ok {
		return "'" + s + "'"
	}
	return pyStr(v)
}

// freeze makes of what an expression gave what variables and properties hold: lists that do
// not change, with every iterator walked (murano/dsl/helpers.py evaluate).
func freeze(r *yaql.Run, v any) (any, error) {
	switch v := v.(type) {
	case nil, string, int64, bool, float64, *Object:
		return v, nil
	case *yaql.Dict:
		return freezeDict(r, v)
	case yaql.Tuple:
		for i := range v {
			switch v[i].(type) {
			case nil, string, int64, bool, float64, *Object:
				continue
			}
			return freezeItems(r, v)
		}
		return v, nil
	case yaql.List:
		return freezeItems(r, v)
	}
	switch yaql.KindOf(v) {
	case yaql.KindSet, yaql.KindKeys:
		items, err := r.Collect(v)
		if err != nil {
			return nil, err
		}
		frozen, err := freezeItems(r, items)
		if err != nil {
			return nil, err
		}
		return r.NewSet(frozen.(yaql.Tuple))
	}
	if !yaql.IsIterable(v) {
		return v, nil
	}
	items, err := limited(r, v)
	if err != nil {
		return nil, err
	}
	return freezeItems(r, items)
}

func freezeItems(r *yaql.Run, items []any) (any, error) {
	if err := r.Nest(); err != nil {
		return nil, err
	}
	defer r.Unnest()
	out := make(yaql.Tuple, len(items))
	var err error
	for i := range items {
		if out[i], err = freeze(r, items[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func freezeDict(r *yaql.Run, d *yaql.Dict) (any, error) {
	if err := r.Nest(); err != nil {
		return nil, err
	}
	defer r.Unnest()
	out := yaql.NewDict(d.Len())
	for k, item := range d.All() {
		key, err := freeze(r, k)
		if err != nil {
			return nil, err
		}
		value, err := freeze(r, item)
		if err != nil {
			return nil, err
		}
		if err := r.Put(out, key, value); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// limited collects an iterator of at most itemsLimit items.
func limited(r *yaql.Run, v any) ([]any, error) {
	var out []any
	it := r.Iterate(v)
	for {
		item, ok, err := it.Next()
		if err != nil || !ok {
			return out, err
		}
		if len(out) == itemsLimit {
			return nil, yaql.Errorf(yaql.CollectionTooLarge, "Collection length exceeds %d elements", itemsLimit)
		}
		out = append(out, item)
	}
}

// thaw makes of a value what native code gets: lists and dictionaries of the kind that Python
// changes (murano/dsl/dsl.py to_mutable).
func thaw(v any) any {
	switch v := v.(type) {
	case yaql.Tuple:
		out := make(yaql.List, len(v))
		for i := range v {
			out[i] = thaw(v[i])
		}
		return out
	case yaql.List:
		out := make(yaql.List, len(v))
		for i := range v {
			out[i] = thaw(v[i])
		}
		return out
	case *yaql.Dict:
		out := yaql.NewPlainDict(v.Len())
		for k, item := range v.All() {
			_ = out.Set(k, thaw(item)) // it was a key before
		}
		return out
	}
	return v
}

// dictOf makes a dictionary of names and values.
func dictOf(pairs ...any) *yaql.Dict {
	d := yaql.NewDict(len(pairs) / 2)
	for i := 0; i < len(pairs); i += 2 {
		_ = d.Set(pairs[i], pairs[i+1]) // a text is always a key
	}
	return d
}
