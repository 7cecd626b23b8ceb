package function

import (
	"fmt"

	"hearth/core/yaml"
)

// findInMap is Fn::FindInMap: [map, key, attribute] of the Mappings.
var findInMap = def{
	doc:   "A function for resolving keys in the template mappings.",
	reads: true,
	check: func(c *Call) error {
		_, err := unpack(c.Args, 3)
		if wrongCount(err) {
			return keyError(err.Error())
		}
		return err
	},
	result: func(s Scope, _ *Call, args any) (any, error) {
		m, ok := s.Mapping(yaml.Str(arg(args, 0)))
		if !ok {
			return nil, fmt.Errorf("%s", yaml.Repr(arg(args, 0)))
		}
		var value any = m
		for _, key := range []any{arg(args, 1), arg(args, 2)} {
			inner, isMap := value.(*yaml.Map)
			if !isMap {
				return nil, fmt.Errorf("'%s' object is not subscriptable", yaml.TypeName(value))
			}
			if value, ok = component(inner, key); !ok {
				return nil, fmt.Errorf("%s", yaml.Repr(key))
			}
		}
		return value, nil
	},
}
