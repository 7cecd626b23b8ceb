package function

import (
	"fmt"

	"hearth/core/yaml"
)

// equals is [a, b]: Python's ==, for which 1, 1.0 and true are equal.
var equals = def{
	doc: "A function for comparing whether two values are equal.",
	check: func(c *Call) error {
		if items, ok := Items(c.Args); !ok || len(items) != 2 {
			return fmt.Errorf("Arguments to %q must be of the form: [value_1, value_2]", c.Name)
		}
		return nil
	},
	result: func(_ Scope, _ *Call, args any) (any, error) {
		return yaml.Equal(arg(args, 0), arg(args, 1)), nil
	},
}
