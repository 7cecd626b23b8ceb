package yaql

import (
	"encoding/json"
	"iter"
	"math/big"
	"strconv"
	"time"
)

// OrderedMap is a host's ordered map of texts, such as yaml.Map.
type OrderedMap interface {
	Len() int
	All() iter.Seq2[string, any]
}

// Input turns a host's data into values: lists into Tuples, maps into frozen Dicts, all
// integers into one type. What it does not know stays, as an object of the host.
func Input(v any) any { return convertInput(v, true) }

func convertInput(v any, frozen bool) any {
	switch v := v.(type) {
	case nil, string, bool, int64, float64, *Dict, Tuple, List, *Set:
		return v
	case OrderedMap:
		d := &Dict{entries: make([]entry, 0, v.Len()), frozen: frozen}
		for k, item := range v.All() {
			d.put(k, k, convertInput(item, frozen))
		}
		return d
	case map[string]any:
		d := &Dict{entries: make([]entry, 0, len(v)), frozen: frozen}
		for _, k := range sortedKeys(v) {
			d.put(k, k, convertInput(v[k], frozen))
		}
		return d
	case []any:
		items := make([]any, len(v))
		for i := range v {
			items[i] = convertInput(v[i], frozen)
		}
		if frozen {
			return Tuple(items)
		}
		return List(items)
	case []string:
		items := make(Tuple, len(v))
		for i := range v {
			items[i] = v[i]
		}
		return items
	case int:
		return int64(v)
	case int32:
		return int64(v)
	case uint64:
		return Int(new(big.Int).SetUint64(v))
	case float32:
		return float64(v)
	case *big.Int:
		return Int(v)
	case json.Number:
		return numberOf(string(v))
	case time.Time:
		return v.Truncate(time.Microsecond)
	}
	return v
}

func numberOf(s string) any {
	if n, ok := new(big.Int).SetString(s, 10); ok {
		return Int(n)
	}
	f, _ := strconv.ParseFloat(s, 64)
	return f
}

// Output is what #finalize does: dictionaries become plain, Tuples and iterators Lists,
// sets stay sets unless the options say otherwise. limit is called with every collection
// before it is walked.
func (r *Run) Output(v any, limit func(v any) (any, error)) (any, error) {
	return r.output(v, limit, 0)
}

func (r *Run) output(v any, limit func(v any) (any, error), depth int) (any, error) {
	kind := KindOf(v)
	if kind != KindDict && !iterableKinds.has(kind) {
		return v, nil
	}
	if err := r.visit(depth); err != nil {
		return nil, err
	}
	if d, ok := v.(*Dict); ok {
		return r.outputDict(d, limit, depth)
	}
	limited, err := limit(v)
	if err != nil {
		return nil, err
	}
	it := r.Iterate(limited)
	var items []any
	for {
		item, ok, err := it.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if item, err = r.output(item, limit, depth+1); err != nil {
			return nil, err
		}
		if err := r.Alloc(itemBytes); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	switch {
	case setKinds.has(kind) && !r.Engine.options.SetsToLists:
		s, err := r.NewSet(items)
		if err != nil {
			return nil, err
		}
		s.plain = true
		return s, nil
	case kind == KindTuple && r.Engine.options.KeepTuples:
		return Tuple(items), nil
	}
	if items == nil {
		items = []any{}
	}
	return List(items), nil
}

func (r *Run) outputDict(d *Dict, limit func(v any) (any, error), depth int) (any, error) {
	if _, err := limit(ItemsOf(d)); err != nil {
		return nil, err
	}
	if err := r.Alloc(entryBytes * d.Len()); err != nil {
		return nil, err
	}
	out := NewPlainDict(d.Len())
	for _, e := range d.entries {
		key, err := r.output(e.key, limit, depth+1)
		if err != nil {
			return nil, err
		}
		value, err := r.output(e.value, limit, depth+1)
		if err != nil {
			return nil, err
		}
		if err := r.Put(out, key, value); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Put sets an entry of a Dict that the caller made.
func (r *Run) Put(d *Dict, key, value any) error {
	hash, err := r.Key(key)
	if err != nil {
		return err
	}
	d.put(hash, key, value)
	if err := r.Step(putSteps); err != nil {
		return err
	}
	return r.Alloc(entryBytes)
}

// Lookup finds an entry; TypeError for a key that is not hashable.
func (r *Run) Lookup(d *Dict, key any) (any, bool, error) {
	hash, err := r.Key(key)
	if err != nil {
		return nil, false, err
	}
	if i := d.find(hash); i >= 0 {
		return d.entries[i].value, true, nil
	}
	return nil, false, nil
}

// CopyDict copies a Dict, frozen or plain, with room for more entries.
func (r *Run) CopyDict(d *Dict, frozen bool, room int) (*Dict, error) {
	if err := r.Alloc(entryBytes * (d.Len() + room)); err != nil {
		return nil, err
	}
	return d.clone(frozen, room), r.Step(d.Len())
}

// Remove gives a plain copy of d without the keys.
func (r *Run) Remove(d *Dict, keys []any) (*Dict, error) {
	gone := map[any]bool{}
	for _, k := range keys {
		hash, err := r.Key(k)
		if err != nil {
			return nil, err
		}
		gone[hash] = true
	}
	if err := r.Alloc(entryBytes * d.Len()); err != nil {
		return nil, err
	}
	out := NewPlainDict(d.Len())
	for _, e := range d.entries {
		if !gone[e.hash] {
			out.put(e.hash, e.key, e.value)
		}
	}
	return out, r.Step(d.Len())
}

// NewSet makes a Set; TypeError for an item that is not hashable.
func (r *Run) NewSet(items []any) (*Set, error) {
	s := &Set{dict: NewDict(len(items))}
	for _, v := range items {
		if err := r.AddItem(s, v); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// AddItem adds an item to a Set that the caller made.
func (r *Run) AddItem(s *Set, v any) error {
	hash, err := r.Key(v)
	if err != nil {
		return err
	}
	s.add(hash, v)
	if err := r.Step(putSteps); err != nil {
		return err
	}
	return r.Alloc(entryBytes)
}
