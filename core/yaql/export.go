package yaql

import (
	"slices"
	"strconv"
	"time"
)

// MapBuilder is a map that a host has Export fill, such as a new yaml.Map.
type MapBuilder interface{ Set(key string, value any) }

// Export turns a result into a host's data: lists and sets into []any, dictionaries into
// what newMap makes, with keys as JSON writes them; times and timespans into texts. What
// the host put in stays. TypeError for a key that is a collection.
func Export(v any, newMap func(n int) MapBuilder) (any, error) { return export(v, newMap, 0) }

func export(v any, newMap func(n int) MapBuilder, depth int) (any, error) {
	if depth > maxVisit {
		return nil, tooDeep()
	}
	switch v := v.(type) {
	case time.Time:
		return ISOTime(v), nil
	case Timespan:
		return spanText(v), nil
	case *Dict:
		m := newMap(v.Len())
		for k, item := range v.All() {
			key, err := keyText(k)
			if err != nil {
				return nil, err
			}
			value, err := export(item, newMap, depth+1)
			if err != nil {
				return nil, err
			}
			m.Set(key, value)
		}
		return m, nil
	}
	if !IsIterable(v) {
		return v, nil
	}
	items := []any{}
	it := (*Run)(nil).Iterate(v)
	for {
		item, ok, err := it.Next()
		if err != nil || !ok {
			return items, err
		}
		if item, err = export(item, newMap, depth+1); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
}

func keyText(k any) (string, error) {
	switch k := k.(type) {
	case string:
		return k, nil
	case nil:
		return "null", nil
	case bool:
		return strconv.FormatBool(k), nil
	case int64, float64, Timespan, time.Time:
		return (*Run)(nil).PyStr(k)
	}
	if b := Big(k); b != nil {
		return b.String(), nil
	}
	return "", Errorf(TypeError, "keys must be str, int, float, bool or None, not %s", TypeName(k))
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
