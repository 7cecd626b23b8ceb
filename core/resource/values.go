package resource

import (
	"hearth/core/yaml"
)

// Values are the properties of a resource, by name, with typed reads. A read of a value
// that is absent or null gives the zero value; Has tells them apart. Values have been
// validated, so a read of another kind than the schema's is a programming error and
// gives the zero value as well.
type Values struct{ m *yaml.Map }

// NewValues wraps a map; nil is the empty one.
func NewValues(m *yaml.Map) Values { return Values{m} }

// Map gives the values as a map; nil when there are none.
func (v Values) Map() *yaml.Map { return v.m }

// Get gives the raw value, nil when absent.
func (v Values) Get(name string) any {
	x, _ := v.m.Get(name)
	return x
}

// Has reports whether the value is there and not null.
func (v Values) Has(name string) bool { return v.Get(name) != nil }

// String reads a text.
func (v Values) String(name string) string { s, _ := v.Get(name).(string); return s }

// Bool reads a boolean.
func (v Values) Bool(name string) bool { b, _ := v.Get(name).(bool); return b }

// Int reads an integer.
func (v Values) Int(name string) int {
	switch n := v.Get(name).(type) {
	case int64:
		return int(n)
	case int:
		return n
	case float64:
		return int(n)
	}
	return 0
}

// Float reads a number.
func (v Values) Float(name string) float64 {
	switch n := v.Get(name).(type) {
	case float64:
		return n
	case int64:
		return float64(n)
	case int:
		return float64(n)
	}
	return 0
}

// List reads a list.
func (v Values) List(name string) []any { l, _ := v.Get(name).([]any); return l }

// Strings reads a list of texts; other items are left out.
func (v Values) Strings(name string) []string {
	var out []string
	for _, x := range v.List(name) {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Sub reads a map as Values.
func (v Values) Sub(name string) Values { m, _ := v.Get(name).(*yaml.Map); return Values{m} }

// Subs reads a list of maps; other items are left out.
func (v Values) Subs(name string) []Values {
	var out []Values
	for _, x := range v.List(name) {
		if m, ok := x.(*yaml.Map); ok {
			out = append(out, Values{m})
		}
	}
	return out
}
