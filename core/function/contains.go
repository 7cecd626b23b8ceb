package function

import (
	"fmt"
	"strings"

	"hearth/core/yaml"
)

// contains is [value, sequence]; the sequence is a list or a text.
var contains = def{
	doc: "A function for checking whether specific value is in sequence.",
	check: func(c *Call) error {
		items, ok := Items(c.Args)
		switch {
		case !ok || len(items) == 0:
			return fmt.Errorf(`Incorrect arguments to "%s" should be: "%s" : [ "value1", [ "value1", "value2"]]`, c.Name, c.Name)
		case len(items) != 2:
			return fmt.Errorf("Arguments to %q must be of the form: [value1, [value1, value2]]", c.Name)
		}
		return nil
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		value := arg(args, 0)
		switch sequence := arg(args, 1).(type) {
		case []any:
			return within(value, sequence), nil
		case string:
			text, ok := value.(string)
			if !ok {
				return nil, fmt.Errorf("'in <string>' requires string as left operand, not %s", yaml.TypeName(value))
			}
			return strings.Contains(sequence, text), nil
		}
		return nil, fmt.Errorf("Second argument to %q should be a sequence.", c.Name)
	},
}
