package function

import (
	"errors"
	"fmt"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// getAttrThenSelect is [resource, attribute, path…] of 2013-05-23: the attribute is read
// as a whole and the path applied to its value.
var getAttrThenSelect = def{
	doc:   "A function for resolving resource attributes.",
	check: checkGetAttr,
	reference: func(s Scope, c *Call) (string, []any, error) {
		resource, path, err := attrReference(s, c)
		return resource, path[:min(len(path), 1)], err
	},
	result: func(s Scope, _ *Call, args any) (any, error) {
		return readThenSelect(s, args.([]any))
	},
}

// getAttr hands the path down to the resource (2014-10-16).
var getAttr = def{
	doc:       getAttrThenSelect.doc,
	check:     checkGetAttr,
	reference: attrReference,
	result: func(s Scope, _ *Call, args any) (any, error) {
		return readAttr(s, args.([]any))
	},
}

// getAttrOrAll also takes [resource] alone: a map of all attributes (2015-10-15).
var getAttrOrAll = def{
	doc: getAttrThenSelect.doc,
	check: func(c *Call) error {
		if l, ok := c.Args.(*Literal); ok && falsy(l.Value) {
			return fmt.Errorf("Arguments to %q can be of the next forms: [resource_name] or [resource_name, attribute, (path), ...]", c.Name)
		}
		if _, isText := literalText(c.Args); !isText && !isList(c.Args) {
			return fmt.Errorf("Argument to %q must be a list", c.Name)
		}
		if items, _ := Items(c.Args); len(items) == 1 {
			return nil
		}
		return checkGetAttr(c)
	},
	reference: attrReference,
	result: func(s Scope, _ *Call, args any) (any, error) {
		return readAttr(s, args.([]any))
	},
}

func checkGetAttr(c *Call) error {
	items, ok := Items(c.Args)
	if !ok {
		return fmt.Errorf("Argument to %q must be a list", c.Name)
	}
	if len(items) < 2 {
		return fmt.Errorf("Arguments to %q must be of the form [resource_name, attribute, (path), ...]", c.Name)
	}
	return nil
}

// attrReference resolves the names; a path that is not known yet ends where it is known.
func attrReference(s Scope, c *Call) (string, []any, error) {
	items, ok := Items(c.Args)
	if !ok || len(items) == 0 {
		return "", nil, errors.New("no resource is named")
	}
	name, err := Resolve(items[0], s)
	if err != nil || schema.HasUnknown(name) {
		return "", nil, errors.Join(err, errors.New("the resource is not known yet"))
	}
	path := []any{}
	for _, item := range items[1:] {
		v, err := Resolve(item, s)
		if err != nil || schema.HasUnknown(v) {
			break
		}
		path = append(path, v)
	}
	return yaml.Str(name), path, nil
}

func readAttr(s Scope, args []any) (any, error) {
	name, ok := arg(args, 0).(string)
	if !ok || !s.Enabled(name) {
		return nil, noReference(arg(args, 0), "unknown")
	}
	path := make([]any, 0, len(args))
	for i := range args[1:] {
		path = append(path, arg(args, i+1))
	}
	return s.Attr(name, path)
}

func readThenSelect(s Scope, args []any) (any, error) {
	value, err := readAttr(s, args[:min(len(args), 2)])
	if u, ok := value.(Unknown); ok {
		u.Path = append(u.Path[:len(u.Path):len(u.Path)], args[2:]...)
		return u, nil
	}
	if err != nil || value == nil {
		return nil, err
	}
	return Select(value, args[2:]), nil
}
