package function

import (
	"fmt"
	"strconv"
	"strings"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// getParam is {get_param: name} or [name, path…]. A path that leads nowhere gives "",
// and unlike that of get_attr it takes "1" for a list's index.
var getParam = def{
	doc:   "A function for resolving parameter references.",
	reads: true,
	result: func(s Scope, c *Call, args any) (any, error) {
		args = compact(args)
		if falsy(args) {
			return nil, fmt.Errorf("Function %q must have arguments", c.Name)
		}
		var name any
		var path []any
		switch a := args.(type) {
		case string:
			name = a
		case []any:
			name, path = a[0], a[1:]
		default:
			return nil, fmt.Errorf("Argument to %q must be string or list", c.Name)
		}
		text, ok := name.(string)
		if !ok {
			return nil, fmt.Errorf("Parameter name in %q must be string", c.Name)
		}
		value, err := s.Param(text)
		if err != nil {
			return nil, err
		}
		if schema.IsUnknown(value) {
			return value, nil
		}
		for _, key := range path {
			if value, ok = paramComponent(value, key); !ok {
				return "", nil
			}
		}
		return value, nil
	},
}

func paramComponent(collection, key any) (any, bool) {
	if text, ok := key.(string); ok {
		switch collection.(type) {
		case []any, string:
			i, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil {
				return nil, false
			}
			key = i
		}
	}
	if m, ok := collection.(*yaml.Map); ok {
		k, isText := key.(string)
		if !isText {
			return nil, false
		}
		return m.Get(k)
	}
	return component(collection, key)
}
