package function

import (
	"fmt"

	"hearth/core/yaml"
)

// removed is a function that earlier versions of HOT had.
var removed = def{
	validate: func(_ Scope, c *Call) error {
		return fmt.Errorf("The template version is invalid: The function %s is not supported in this version of HOT.", c.Name)
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		return yaml.MapOf(c.Name, args), nil
	},
}
