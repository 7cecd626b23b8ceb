package function

import (
	"unicode/utf8"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// Select reads a path in an attribute's value: keys of maps, numbers of list items. A
// miss is null, and so is "1" for a list (heat/engine/attributes.py select_from_attribute).
// An Unknown on the way stays one.
func Select(value any, path []any) any {
	for _, key := range path {
		if _, ok := value.(schema.Unknown); ok {
			return value
		}
		var ok bool
		if value, ok = component(value, key); !ok {
			return nil
		}
	}
	return value
}

// component is Python's collection[key] for the collections of templates.
func component(collection, key any) (any, bool) {
	switch c := collection.(type) {
	case *yaml.Map:
		k, ok := key.(string)
		if !ok {
			return nil, false
		}
		return c.Get(k)
	case []any:
		if i, ok := index(key, len(c)); ok {
			return c[i], true
		}
	case string:
		if i, ok := index(key, utf8.RuneCountInString(c)); ok {
			return string([]rune(c)[i]), true
		}
	}
	return nil, false
}

// index turns a Python index, negative ones too, into an offset.
func index(key any, n int) (int, bool) {
	var i int64
	switch k := key.(type) {
	case int:
		i = int64(k)
	case int64:
		i = k
	case bool:
		if k {
			i = 1
		}
	default:
		return 0, false
	}
	if i < 0 {
		i += int64(n)
	}
	return int(i), i >= 0 && i < int64(n)
}
