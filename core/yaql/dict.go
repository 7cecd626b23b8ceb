package yaql

import "iter"

// Dict is a dictionary with any hashable key, in insertion order. Equal numbers of any
// type and true/false with 1/0 are one key, as in Python.
//
// The evaluator never changes a Dict that an expression can see; a host may fill one
// before it hands it over.
type Dict struct {
	entries []entry
	index   map[any]int // by hash key, from indexFrom entries on
	frozen  bool        // a FrozenDict: itself hashable
	mixed   bool        // some key is no text
}

type entry struct{ hash, key, value any }

const indexFrom = 9

// NewDict makes an empty frozen Dict with room for n entries, the kind that literals and
// input are.
func NewDict(n int) *Dict { return &Dict{entries: make([]entry, 0, n), frozen: true} }

// NewPlainDict makes an empty Dict of the kind that cannot be a key itself, as toDict,
// mergeWith and delete return.
func NewPlainDict(n int) *Dict { return &Dict{entries: make([]entry, 0, n)} }

// Len is the number of entries.
func (d *Dict) Len() int { return len(d.entries) }

// Get gives the value of key. A key that cannot be one, such as a List, is absent.
func (d *Dict) Get(key any) (any, bool) {
	hash, err := hashKey(key)
	if err != nil {
		return nil, false
	}
	if i := d.find(hash); i >= 0 {
		return d.entries[i].value, true
	}
	return nil, false
}

// Set puts a value; a key that is there keeps its place and its type. TypeError for a key
// that is not hashable.
func (d *Dict) Set(key, value any) error {
	hash, err := hashKey(key)
	if err == nil {
		d.put(hash, key, value)
	}
	return err
}

func (d *Dict) put(hash, key, value any) {
	if i := d.find(hash); i >= 0 {
		d.entries[i].value = value
		return
	}
	if _, ok := key.(string); !ok {
		d.mixed = true
	}
	d.entries = append(d.entries, entry{hash, key, value})
	switch n := len(d.entries); {
	case d.index != nil:
		d.index[hash] = n - 1
	case n >= indexFrom:
		d.index = make(map[any]int, 2*n)
		for i := range d.entries {
			d.index[d.entries[i].hash] = i
		}
	}
}

func (d *Dict) find(hash any) int {
	if d.index != nil {
		if i, ok := d.index[hash]; ok {
			return i
		}
		return -1
	}
	if s, ok := hash.(string); ok {
		for i := range d.entries {
			if t, ok := d.entries[i].hash.(string); ok && s == t {
				return i
			}
		}
		return -1
	}
	for i := range d.entries {
		if d.entries[i].hash == hash {
			return i
		}
	}
	return -1
}

// All walks the entries in order.
func (d *Dict) All() iter.Seq2[any, any] {
	return func(yield func(any, any) bool) {
		for i := range d.entries {
			if !yield(d.entries[i].key, d.entries[i].value) {
				return
			}
		}
	}
}

func (d *Dict) clone(frozen bool, room int) *Dict {
	c := &Dict{entries: make([]entry, 0, len(d.entries)+room), frozen: frozen}
	for _, e := range d.entries {
		c.put(e.hash, e.key, e.value)
	}
	return c
}

// Set is an immutable set; it keeps insertion order, which no expression may rely on.
type Set struct {
	dict  *Dict
	plain bool // a result, Python's mutable set: no key and no item of a set
}

// NewSet makes a Set; TypeError for an item that is not hashable.
func NewSet(items ...any) (*Set, error) {
	s := &Set{dict: NewDict(len(items))}
	for _, v := range items {
		hash, err := hashKey(v)
		if err != nil {
			return nil, err
		}
		s.add(hash, v)
	}
	return s, nil
}

func (s *Set) add(hash, v any) {
	if s.dict.find(hash) < 0 {
		s.dict.put(hash, v, nil)
	}
}

// Len is the number of items.
func (s *Set) Len() int { return s.dict.Len() }

// Has reports whether v is an item.
func (s *Set) Has(v any) bool { _, ok := s.dict.Get(v); return ok }

// All walks the items.
func (s *Set) All() iter.Seq[any] {
	return func(yield func(any) bool) {
		for i := range s.dict.entries {
			if !yield(s.dict.entries[i].key) {
				return
			}
		}
	}
}

type viewKind uint8

const (
	viewKeys viewKind = iota
	viewValues
	viewItems
)

// View is what keys, values and items of a Dict return: keys and items are sets, values
// only iterable; all can be walked again and again.
type View struct {
	dict *Dict
	kind viewKind
}

// KeysOf gives the keys of d.
func KeysOf(d *Dict) *View { return &View{d, viewKeys} }

// ValuesOf gives the values of d.
func ValuesOf(d *Dict) *View { return &View{d, viewValues} }

// ItemsOf gives the entries of d as pairs.
func ItemsOf(d *Dict) *View { return &View{d, viewItems} }

// Len is the number of entries.
func (v *View) Len() int { return v.dict.Len() }

func (v *View) at(i int) any {
	e := &v.dict.entries[i]
	switch v.kind {
	case viewKeys:
		return e.key
	case viewValues:
		return e.value
	}
	return Tuple{e.key, e.value}
}

// TypeName is the Python type of the view, for messages.
func (v *View) TypeName() string {
	names := [...]string{"KeysView", "ValuesView", "ItemsView"}
	if !v.dict.frozen {
		names = [...]string{"dict_keys", "dict_values", "dict_items"}
	}
	return names[v.kind]
}

// Delete removes the entry of a key from a Dict that the caller made.
func (d *Dict) Delete(key any) {
	hash, err := hashKey(key)
	if err != nil {
		return
	}
	i := d.find(hash)
	if i < 0 {
		return
	}
	d.entries = append(d.entries[:i], d.entries[i+1:]...)
	if d.index == nil {
		return
	}
	clear(d.index)
	for i := range d.entries {
		d.index[d.entries[i].hash] = i
	}
}
