package std

import "hearth/core/yaql"

// Attributes is a host object whose attributes expressions may read.
type Attributes interface {
	// YaqlAttribute gives an attribute; false when there is none of that name.
	YaqlAttribute(name string) (v any, ok bool, err error)
}

// Methods is a host object whose methods expressions may call.
type Methods interface {
	// YaqlCall calls a method; false when there is none of that name.
	YaqlCall(name string, args []any, kwargs []yaql.Kwarg) (v any, ok bool, err error)
}

// Items is a host object that expressions may index.
type Items interface {
	// YaqlItem gives the item of a key; false when there is none.
	YaqlItem(key any) (v any, ok bool, err error)
}

// yaqlized is yaql/standard_library/yaqlized.py: access to objects of the host that offer
// it. Names that start with an underscore are never reached.
var yaqlized = []*yaql.Function{
	define("#operator_.", "Calls a method of a host object.", "isBoolean($probe.method(1))", hostMethod,
		yaql.P("receiver", yaql.Host("object with methods", func(v any) bool { _, ok := v.(Methods); return ok })), yaql.P("expr", yaql.CallExpression)),
	define("#operator_.", "The attribute of a host object.", "isInteger($probe.attribute)", hostAttribute,
		yaql.P("obj", yaql.Host("object with attributes", func(v any) bool { _, ok := v.(Attributes); return ok })), yaql.P("attr", yaql.KeywordType)),
	define("#indexer", "The item of a host object.", "isString($probe[key])", hostItem,
		yaql.P("obj", yaql.Host("object with items", func(v any) bool { _, ok := v.(Items); return ok })), yaql.P("key", yaql.Any)),
}

func hostMethod(c *yaql.Call) (any, error) {
	x := c.Args[1].(*yaql.Expr)
	if hidden(x.Name()) {
		return nil, cannotAccess(x.Name())
	}
	args, kwargs, err := x.Arguments(c.Run, c.Context)
	if err != nil {
		return nil, err
	}
	v, ok, err := c.Args[0].(Methods).YaqlCall(x.Name(), args, kwargs)
	if err == nil && !ok {
		err = cannotAccess(x.Name())
	}
	return v, err
}

func hostAttribute(c *yaql.Call) (any, error) {
	name := c.String(1)
	if hidden(name) {
		return nil, cannotAccess(name)
	}
	v, ok, err := c.Args[0].(Attributes).YaqlAttribute(name)
	if err == nil && !ok {
		err = cannotAccess(name)
	}
	return v, err
}

func hostItem(c *yaql.Call) (any, error) {
	v, ok, err := c.Args[0].(Items).YaqlItem(c.Args[1])
	if err == nil && !ok {
		err = keyError(c.Run, c.Args[1])
	}
	return v, err
}

func hidden(name string) bool { return name == "" || name[0] == '_' }

func cannotAccess(name string) error {
	return yaql.Errorf(yaql.AttributeError, "Cannot access %s", name)
}
