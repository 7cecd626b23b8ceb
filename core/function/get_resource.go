package function

import "hearth/core/yaml"

// getResource is {get_resource: name}: the reference id of a resource.
var getResource = def{
	doc: "A function for resolving resource references.",
	reference: func(s Scope, c *Call) (string, []any, error) {
		name, err := Resolve(c.Args, s)
		return yaml.Str(name), nil, err
	},
	result: func(s Scope, _ *Call, args any) (any, error) { return refID(s, args) },
}

func refID(s Scope, name any) (any, error) {
	text, ok := name.(string)
	if !ok || !s.Enabled(text) {
		return nil, noReference(name, "unknown")
	}
	return s.RefID(text)
}
