package function

import (
	"errors"
	"fmt"
	"slices"

	"hearth/core/yaml"
)

// filter is [values, list]: the list without the values.
var filter = def{
	doc: "A function for filtering out values from lists.",
	check: func(c *Call) error {
		items, ok := Items(c.Args)
		switch {
		case !ok:
			return fmt.Errorf("Argument to %q must be a list", c.Name)
		case len(items) != 2:
			return fmt.Errorf("%q expected 2 arguments of the form [values, sequence] but got %d arguments instead", c.Name, len(items))
		}
		return nil
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		if falsy(arg(args, 1)) {
			return arg(args, 1), nil
		}
		list, ok := arg(args, 1).([]any)
		if !ok {
			return nil, fmt.Errorf("%q only works with lists", c.Name)
		}
		if falsy(arg(args, 0)) {
			return list, nil
		}
		values, ok := arg(args, 0).([]any)
		if !ok {
			return nil, errors.New(`"` + c.Name + `" filters a list of values`)
		}
		return slices.DeleteFunc(slices.Clone(list), func(v any) bool { return within(v, values) }), nil
	},
}

func within(v any, list []any) bool {
	return slices.ContainsFunc(list, func(x any) bool { return yaml.Equal(v, x) })
}
