package muranopl

import (
	"strings"

	"hearth/core/yaql"
)

// The three ways of new: a type with properties as named arguments, a type with a dictionary
// of them, and a definition.

var mappingOrNull = yaql.Mapping.Nullable()

var (
	newFunction = &yaql.Function{Name: "new", Params: []yaql.Param{yaql.P("__typeName", typeOrName), yaql.Opt("__owner", objectOrNull, nil),
		yaql.Opt("__objectName", yaql.String, nil), yaql.Opt("__extra", mappingOrNull, nil), yaql.Named("parameters", yaql.Any)},
		Body: func(c *yaql.Call) (any, error) {
			properties := yaql.NewDict(len(c.Named))
			for _, k := range c.Named {
				_ = properties.Set(k.Name, k.Value) // a text is always a key
			}
			return makeNew(c, 0, properties, c.Args[1], c.Args[2], c.Args[3])
		}}
	newFromDict = &yaql.Function{Name: "new", Params: []yaql.Param{yaql.P("typeName", typeOrName), yaql.P("parameters", yaql.Mapping),
		yaql.Opt("owner", objectOrNull, nil), yaql.Opt("objectName", yaql.String, nil), yaql.Opt("extra", mappingOrNull, nil)},
		Body: func(c *yaql.Call) (any, error) {
			return makeNew(c, 0, c.Dict(1), c.Args[2], c.Args[3], c.Args[4])
		}}
	newFromModel = &yaql.Function{Name: "new", Params: []yaql.Param{yaql.P("model", yaql.Mapping), yaql.Opt("owner", objectOrNull, nil)},
		Body: func(c *yaql.Call) (any, error) {
			f := frameOf(c.Context)
			owner, _ := c.Args[1].(*Object)
			th := ThreadOf(c)
			return th.store.load(th, c.Args[0], owner, loadOptions{frame: f, scope: f.names})
		}}
)

func makeNew(c *yaql.Call, typeArg int, properties *yaql.Dict, owner, name, extra any) (any, error) {
	t, err := typeParameter(c, typeArg)
	if err != nil {
		return nil, err
	}
	if properties, err = keywords(properties); err != nil {
		return nil, err
	}
	th, f := ThreadOf(c), frameOf(c.Context)
	d := &definition{class: t, properties: properties, name: name, extra: yaql.NewDict(0)}
	if e, ok := extra.(*yaql.Dict); ok {
		for k, v := range e.All() {
			if key, ok := k.(string); ok && strings.HasPrefix(key, "_") {
				_ = d.extra.Set(key, v) // a text is always a key
			}
		}
	}
	o, _ := owner.(*Object)
	if o != nil {
		o = o.real
	}
	return th.store.loadDefinition(th, d, o, loadOptions{frame: f, scope: f.names})
}
