package function

import (
	"fmt"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// fnSelect is Fn::Select: [index, list or map or their JSON text]. A miss is "".
var fnSelect = def{
	doc: "A function for selecting an item from a list or map.",
	check: func(c *Call) error {
		_, err := unpack(c.Args, 2)
		if wrongCount(err) {
			return fmt.Errorf("Arguments to %q must be of the form [index, collection]", c.Name)
		}
		return err
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		key, from := arg(args, 0), arg(args, 1)
		if text, ok := from.(string); ok {
			if text == "" {
				return "", nil
			}
			v, err := yaml.DecodeJSON([]byte(text))
			if err != nil {
				return nil, fmt.Errorf("%q: %w", c.Name, err)
			}
			from = v
		}
		switch from := from.(type) {
		case nil:
			return "", nil
		case *yaml.Map:
			k, ok := key.(string)
			if !ok {
				return nil, fmt.Errorf("Index to %q must be a string", c.Name)
			}
			if v, ok := from.Get(k); ok {
				return v, nil
			}
			return "", nil
		case []any:
			n, err := schema.ToInteger(key)
			if err != nil {
				return nil, fmt.Errorf("Index to %q must be an integer", c.Name)
			}
			if i, ok := index(n, len(from)); ok {
				return from[i], nil
			}
			return "", nil
		}
		return nil, fmt.Errorf("Arguments to %s not fully resolved", c.Name)
	},
}
