package function

import (
	"errors"
	"fmt"

	"hearth/core/yaml"
)

// mapMerge is a list of maps: a later one wins, null counts as empty.
var mapMerge = def{
	doc: "A function for merging maps.",
	result: func(_ Scope, c *Call, args any) (any, error) {
		var items []any
		switch a := compact(args).(type) {
		case []any:
			items = a
		case string:
			for _, r := range a {
				items = append(items, string(r))
			}
		default:
			return nil, fmt.Errorf(`Incorrect arguments to "%s" should be: "%s" : [ { "key1": "val1" }, { "key2": "val2" } ]`, c.Name, c.Name)
		}
		out := yaml.NewMap(0)
		for _, item := range items {
			m, ok := item.(*yaml.Map)
			if !ok && item != nil {
				return nil, errors.New("Incorrect arguments: Items to merge must be maps.")
			}
			for k, v := range m.All() {
				out.Set(k, v)
			}
		}
		return out, nil
	},
}
