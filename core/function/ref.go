package function

import (
	"fmt"

	"hearth/core/yaml"
)

// ref is {Ref: name}: a resource's reference id, or a parameter's value.
var ref = def{
	doc:   getResource.doc,
	reads: true,
	check: func(c *Call) error {
		switch v := argumentValue(c); v.(type) {
		case []any, *yaml.Map:
			return fmt.Errorf("unhashable type: '%s'", yaml.TypeName(v))
		}
		return nil
	},
	reference: func(s Scope, c *Call) (string, []any, error) {
		name, err := Resolve(c.Args, s)
		if err != nil {
			return "", nil, err
		}
		text, ok := name.(string)
		if !ok || !s.Enabled(text) && s.HasParam(text) {
			return "", nil, fmt.Errorf("%s is a parameter", yaml.Str(name))
		}
		return text, nil, nil
	},
	result: func(s Scope, _ *Call, args any) (any, error) {
		if name, ok := args.(string); ok && s.Enabled(name) {
			return s.RefID(name)
		}
		return readParam(s, args)
	},
}

// paramRef is Ref in a condition: a parameter's value.
var paramRef = def{
	doc:    "A function for resolving parameter references.",
	reads:  true,
	result: func(s Scope, _ *Call, args any) (any, error) { return readParam(s, args) },
}

func readParam(s Scope, name any) (any, error) {
	text, ok := name.(string)
	if !ok || !s.HasParam(text) {
		return nil, noReference(name, "unknown")
	}
	return s.Param(text)
}

func argumentValue(c *Call) any {
	switch e := c.Args.(type) {
	case *Literal:
		return e.Value
	case *List:
		return []any{}
	case *Map:
		return &yaml.Map{}
	}
	return nil
}
