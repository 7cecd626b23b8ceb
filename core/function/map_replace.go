package function

import (
	"fmt"

	"hearth/core/yaml"
)

// mapReplace is [map, {keys, values}]: keys and values are replaced by table. A new key
// must be no key of the map already.
var mapReplace = def{
	doc: "A function for performing substitutions on maps.",
	result: func(_ Scope, c *Call, args any) (any, error) {
		list, ok := compact(args).([]any)
		if !ok || len(list) != 2 {
			return nil, mapReplaceUsage(c)
		}
		in, err := mapOrEmpty(c, list[0])
		if err != nil {
			return nil, err
		}
		tables, err := mapOrEmpty(c, list[1])
		if err != nil {
			return nil, err
		}
		for k := range tables.All() {
			if k != "keys" && k != "values" {
				return nil, mapReplaceUsage(c)
			}
		}
		keys, err := mapOrEmpty(c, named(tables, "keys"))
		if err != nil {
			return nil, err
		}
		values, err := mapOrEmpty(c, named(tables, "values"))
		if err != nil {
			return nil, err
		}
		return replaceInMap(in, keys, values)
	},
}

func replaceInMap(in, keys, values *yaml.Map) (any, error) {
	out := yaml.NewMap(in.Len())
	for k, v := range in.All() {
		key := k
		if to, _ := keys.Get(k); to != nil {
			if !hashable(to) {
				return nil, fmt.Errorf("unhashable type: '%s'", yaml.TypeName(to))
			}
			key = yaml.Str(to)
			switch {
			case key != k && in.Has(key):
				return nil, fmt.Errorf("key replacement %s collides with a key in the input map", key)
			case out.Has(key):
				return nil, fmt.Errorf("key replacement %s collides with a key in the output map", key)
			}
		}
		if text, isText := v.(string); isText {
			if to, ok := values.Get(text); ok {
				v = to
			}
		}
		out.Set(key, v)
	}
	return out, nil
}

func hashable(v any) bool {
	switch v.(type) {
	case []any, *yaml.Map:
		return false
	}
	return true
}

func mapOrEmpty(c *Call, v any) (*yaml.Map, error) {
	m, ok := v.(*yaml.Map)
	if !ok && v != nil {
		return nil, fmt.Errorf(`Incorrect arguments: to "%s", arguments must be a list of maps. Example:  %s`, c.Name, mapReplaceExample(c))
	}
	return m, nil
}

func mapReplaceExample(c *Call) string {
	return fmt.Sprintf(`"%s" : [ { "key1": "val1" }, {"keys": {"key1": "key2"}, "values": {"val1": "val2"}}]`, c.Name)
}

func mapReplaceUsage(c *Call) error {
	return fmt.Errorf(`Incorrect arguments to "%s" should be: %s`, c.Name, mapReplaceExample(c))
}
