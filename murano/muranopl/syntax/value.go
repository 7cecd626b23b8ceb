package syntax

import (
	"fmt"

	"hearth/core/yaql"
	yaqlsyntax "hearth/core/yaql/syntax"
)

// A value of a class file is nil, a bool, int64, *big.Int, float64 or string, an *Expression,
// a List or a *Map.

// Position is a place in a class file; Line and Column count from 1.
type Position struct {
	File         string
	Line, Column int
}

// Expression is a YAQL expression in a class file.
type Expression struct {
	Text   string
	At     Position
	Tree   yaqlsyntax.Node
	Parsed *yaql.Expression
}

// String is the source.
func (x *Expression) String() string { return x.Text }

// YAMLKey implements yaml.Keyed: no two expressions are one key.
func (x *Expression) YAMLKey() string { return fmt.Sprintf("%s %p", x.Text, x) }

// List is a sequence.
type List []any

// Entry is one pair of a Map. Key is a scalar or an *Expression.
type Entry struct{ Key, Value any }

// Map is a mapping in the order of the file.
type Map struct {
	At      Position
	Entries []Entry
}

// Get gives the value under a text key; nil when there is none.
func (m *Map) Get(key string) any {
	v, _ := m.Lookup(key)
	return v
}

// Lookup gives the value under a text key.
func (m *Map) Lookup(key string) (v any, ok bool) {
	if m == nil {
		return nil, false
	}
	for _, e := range m.Entries {
		if e.Key == key {
			return e.Value, true
		}
	}
	return nil, false
}

// Set puts a value under a text key.
func (m *Map) Set(key string, v any) {
	for i, e := range m.Entries {
		if e.Key == key {
			m.Entries[i].Value = v
			return
		}
	}
	m.Entries = append(m.Entries, Entry{key, v})
}

// Truth is Python's truth of a value of a class file: an expression is true.
func Truth(v any) bool {
	switch v := v.(type) {
	case *Expression:
		return true
	case List:
		return len(v) > 0
	case *Map:
		return v != nil && len(v.Entries) > 0
	}
	return yaql.Truth(v)
}

// AsList is a value as a list: none for null, one item for what is no list.
func AsList(v any) List {
	switch v := v.(type) {
	case nil:
		return nil
	case List:
		return v
	}
	return List{v}
}
