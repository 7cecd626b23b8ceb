package yaml

import (
	"iter"
	"slices"
)

// Map is a map of texts to values that keeps the order in which keys were set, as
// Python's dict does: templates echo, parameters list and YAQL iterates in the author's
// order. The zero Map and a nil *Map are empty; a nil *Map can be read, not set.
//
// Values are nil, bool, int64, *big.Int, float64, string, []any and *Map.
type Map struct {
	keys  []string
	items map[string]any
}

// NewMap makes a Map with room for n keys.
func NewMap(n int) *Map {
	return &Map{keys: make([]string, 0, n), items: make(map[string]any, n)}
}

// MapOf makes a Map of key, value, key, value…; it panics on an odd count or a key that
// is no string, and so is for literals.
func MapOf(pairs ...any) *Map {
	m := NewMap(len(pairs) / 2)
	for i := 0; i < len(pairs); i += 2 {
		m.Set(pairs[i].(string), pairs[i+1])
	}
	return m
}

// Get gives the value of key and whether it is there.
func (m *Map) Get(key string) (any, bool) {
	if m == nil {
		return nil, false
	}
	v, ok := m.items[key]
	return v, ok
}

// Has reports whether key is there, be its value null.
func (m *Map) Has(key string) bool { _, ok := m.Get(key); return ok }

// Set puts a value; a key that is there keeps its place.
func (m *Map) Set(key string, value any) {
	if m.items == nil {
		m.items = map[string]any{}
	}
	if _, ok := m.items[key]; !ok {
		m.keys = append(m.keys, key)
	}
	m.items[key] = value
}

// Delete removes key.
func (m *Map) Delete(key string) {
	if !m.Has(key) {
		return
	}
	delete(m.items, key)
	m.keys = slices.DeleteFunc(m.keys, func(k string) bool { return k == key })
}

// Len is the number of keys.
func (m *Map) Len() int {
	if m == nil {
		return 0
	}
	return len(m.keys)
}

// Keys gives the keys in order.
func (m *Map) Keys() []string {
	if m == nil {
		return nil
	}
	return slices.Clone(m.keys)
}

// All walks keys and values in order. The Map must not be changed meanwhile.
func (m *Map) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		if m == nil {
			return
		}
		for _, k := range m.keys {
			if !yield(k, m.items[k]) {
				return
			}
		}
	}
}

// Clone copies the Map, not what its values hold.
func (m *Map) Clone() *Map {
	c := NewMap(m.Len())
	for k, v := range m.All() {
		c.Set(k, v)
	}
	return c
}
