package muranopl

import (
	"math/big"
	"time"

	"hearth/core/yaql"
	"hearth/murano/version"
)

// registerLanguage adds what MuranoPL has beyond YAQL (murano/dsl/yaql_functions.py) to the
// root context of a format.
func registerLanguage(c *yaql.Context, f Format) {
	c.Register(languageFunctions...)
	c.Register(reflectionFunctions...)
	if f <= Format13 {
		c.Register(typeNameFunction)
	} else {
		c.Register(typeFunction)
	}
	if f <= Format11 {
		for _, g := range []*yaql.Function{idFunction, castFunction, superFunction, psuperFunction, typeNameFunction} {
			method := *g
			method.Way = yaql.AsMethod
			c.Register(&method)
		}
	}
	c.Register(typeFromName)
}

var languageFunctions = []*yaql.Function{
	castFunction, newFunction, newFromDict, newFromModel, idFunction, superFunction, psuperFunction,
	{Name: "require", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("value", yaql.Any)}, Body: require},
	{Name: "find", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("obj", anyObject), yaql.P("muranoClassRef", typeOrName)}, Body: findOwnerOf},
	{Name: "sleep", Params: []yaql.Param{yaql.P("seconds", yaql.Number)}, Body: sleep},
	{Name: "typeinfo", Params: []yaql.Param{yaql.P("object", objectOrNull)}, Body: func(c *yaql.Call) (any, error) {
		if o, ok := c.Args[0].(*Object); ok {
			return o.class, nil
		}
		return nil, nil
	}},
	{Name: "typeinfo", Params: []yaql.Param{yaql.P("cls", typeOrName)}, Body: func(c *yaql.Call) (any, error) {
		t, err := typeParameter(c, 0)
		return t, err
	}},
	{Name: "name", Params: []yaql.Param{yaql.P("object", objectOrNull)}, Body: func(c *yaql.Call) (any, error) {
		if o, ok := c.Args[0].(*Object); ok {
			return o.core.name, nil
		}
		return nil, nil
	}},
	{Name: "metadata", Params: []yaql.Param{yaql.P("object", anyObject)}, Body: func(c *yaql.Call) (any, error) {
		return c.Args[0].(*Object).core.metadata, nil
	}},
	{Name: "#operator_.", Params: []yaql.Param{yaql.P("obj", anyObject), yaql.P("propertyName", yaql.KeywordType)}, Body: func(c *yaql.Call) (any, error) {
		return c.Args[0].(*Object).get(ThreadOf(c), c.String(1), frameOf(c.Context).classOf())
	}},
	{Name: "#operator_.", Params: []yaql.Param{yaql.P("cls", anyType), yaql.P("propertyName", yaql.KeywordType)}, Body: func(c *yaql.Call) (any, error) {
		th := ThreadOf(c)
		return th.ex.staticValue(th, c.Args[0].(TypeRef).Class, c.String(1), frameOf(c.Context).classOf())
	}},
	{Name: "#operator_.", Params: []yaql.Param{yaql.P("receiver", anyObject), yaql.P("expr", yaql.ReceiverCall)}, Body: func(c *yaql.Call) (any, error) {
		o := c.Args[0].(*Object)
		return c.Lambda(1).OnIn(o, c.Context.Seen(o.class.visible()))
	}},
	{Name: "#operator_.", Params: []yaql.Param{yaql.P("receiver", anyType), yaql.P("expr", yaql.ReceiverCall)}, Body: func(c *yaql.Call) (any, error) {
		t := c.Args[0].(TypeRef)
		return c.Lambda(1).OnIn(t, c.Context.Seen(t.visible()))
	}},
	{Name: "#operator_:", Params: []yaql.Param{yaql.P("prefix", yaql.KeywordType), yaql.P("name", yaql.KeywordType)}, Body: func(c *yaql.Call) (any, error) {
		return typeNamed(c, c.String(0)+":"+c.String(1))
	}},
	{Name: "#unary_operator_:", Params: []yaql.Param{yaql.P("name", yaql.KeywordType)}, Body: func(c *yaql.Call) (any, error) {
		return typeNamed(c, ":"+c.String(0))
	}},
	{Name: "#operator_is", Params: []yaql.Param{yaql.P("obj", objectOrNull), yaql.P("type", typeOrName)}, Body: func(c *yaql.Call) (any, error) {
		t, err := typeParameter(c, 1)
		o, ok := c.Args[0].(*Object)
		return ok && err == nil && o.class.extends(t), err
	}},
	{Name: "isObject", Params: []yaql.Param{yaql.P("value", yaql.Any)}, Body: func(c *yaql.Call) (any, error) {
		switch c.Args[0].(type) {
		case *Object, TypeRef:
			return true, nil
		}
		return false, nil
	}},
	callFunction,
	{Name: "dump", Params: []yaql.Param{yaql.P("obj", anyObject), yaql.Opt("serializationType", yaql.String, dumpSerializable),
		yaql.Opt("ignoreUpcasts", yaql.Boolean, true)}, Body: dump},
}

// typeParameter is the class that an argument names.
func typeParameter(c *yaql.Call, i int) (*Class, error) {
	return namedType(c.Args[i], frameOf(c.Context).names)
}

func typeNamed(c *yaql.Call, name string) (any, error) {
	t, err := namedType(name, frameOf(c.Context).names)
	if err != nil {
		return nil, err
	}
	return TypeRef{t}, nil
}

var (
	typeFunction = &yaql.Function{Name: "type", Params: []yaql.Param{yaql.P("object", objectOrNull)}, Body: func(c *yaql.Call) (any, error) {
		if o, ok := c.Args[0].(*Object); ok {
			return TypeRef{o.class}, nil
		}
		return nil, nil
	}}
	typeNameFunction = &yaql.Function{Name: "type", Params: []yaql.Param{yaql.P("object", objectOrNull)}, Body: func(c *yaql.Call) (any, error) {
		if o, ok := c.Args[0].(*Object); ok {
			return o.class.Name, nil
		}
		return nil, nil
	}}
	typeFromName = &yaql.Function{Name: "type", Params: []yaql.Param{yaql.P("cls", typeOrName)}, Body: func(c *yaql.Call) (any, error) {
		t, err := typeParameter(c, 0)
		return TypeRef{t}, err
	}}
	idFunction = &yaql.Function{Name: "id", Params: []yaql.Param{yaql.P("object", anyObject)}, Body: func(c *yaql.Call) (any, error) {
		return c.Args[0].(*Object).core.value(), nil
	}}
	castFunction = &yaql.Function{Name: "cast", Params: []yaql.Param{yaql.P("object", anyObject), yaql.P("type", typeOrName),
		yaql.Opt("versionSpec", yaql.String, nil)}, Body: castValue}
	superFunction = &yaql.Function{Name: "super", Params: []yaql.Param{yaql.P("object", anyObject), yaql.Opt("func", yaql.LambdaType, nil)},
		Body: func(c *yaql.Call) (any, error) { return super(c, false) }}
	psuperFunction = &yaql.Function{Name: "psuper", Params: []yaql.Param{yaql.P("object", anyObject), yaql.Opt("func", yaql.LambdaType, nil)},
		Body: func(c *yaql.Call) (any, error) { return super(c, true) }}
)

func castValue(c *yaql.Call) (any, error) {
	t, err := typeParameter(c, 1)
	if err != nil {
		return nil, err
	}
	f := frameOf(c.Context)
	pov := castPoint{pkg: f.classOf().packageOf()}
	if s := c.String(2); s != "" {
		spec, err := version.ParseSpec(s)
		if err != nil {
			return nil, pyError("ValueError", "%s", err)
		}
		pov = castPoint{spec: &spec}
	}
	return castTo(c.Args[0].(*Object), t.Name, pov)
}

// super sees an object as each parent of the class whose code asks, and calls a function with
// each, in threads of their own if it is to be parallel.
func super(c *yaql.Call, parallel bool) (any, error) {
	o := c.Args[0].(*Object)
	class := frameOf(c.Context).classOf()
	if class == nil {
		return nil, pyError("AttributeError", "'NoneType' object has no attribute 'parents'")
	}
	views := make(yaql.List, len(class.parents))
	for i, p := range class.parents {
		v, err := o.cast(p)
		if err != nil {
			return nil, err
		}
		views[i] = v
	}
	do := c.Lambda(1)
	switch {
	case do == nil:
		return views, nil
	case parallel:
		return selectParallel(c, views, do)
	}
	return mapped(yaql.Items(views), do), nil
}

// mapped calls a function with each item as the result is walked.
func mapped(it yaql.Iterator, do *yaql.Lambda) yaql.Iterator {
	return yaql.Generate(func() (any, bool, error) {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		v, err = do.Call1(v)
		return v, true, err
	})
}

func selectParallel(c *yaql.Call, items []any, do *yaql.Lambda) (any, error) {
	const limit = 1000
	results, err := ThreadOf(c).parallel(len(items), limit, func(t *Thread, i int) (any, error) {
		return do.Bind(t.run).Call1(items[i])
	})
	return yaql.Items(results), err
}

func require(c *yaql.Call) (any, error) {
	if c.Args[0] == nil {
		return nil, pyError("ValueError", "Required value is missing")
	}
	return c.Args[0], nil
}

func findOwnerOf(c *yaql.Call) (any, error) {
	t, err := typeParameter(c, 1)
	if err != nil {
		return nil, err
	}
	if o := c.Args[0].(*Object).findOwner(func(p *Object) bool { return p.class.extends(t) }); o != nil {
		return o, nil
	}
	return nil, nil
}

func sleep(c *yaql.Call) (any, error) {
	var seconds float64
	switch v := c.Args[0].(type) {
	case int64:
		seconds = float64(v)
	case float64:
		seconds = v
	case *big.Int:
		seconds, _ = new(big.Float).SetInt(v).Float64()
	}
	return nil, ThreadOf(c).sleep(time.Duration(seconds * float64(time.Second)))
}

// callFunction is call() with an object or a class for a receiver; other receivers are YAQL's.
var callFunction = &yaql.Function{Name: "call", Params: []yaql.Param{yaql.P("name", yaql.String), yaql.P("args", yaql.Sequence),
	yaql.P("kwargs", yaql.Mapping), yaql.P("receiver", anyObject.Or(anyType))}, Body: func(c *yaql.Call) (any, error) {
	var class *Class
	switch r := c.Args[3].(type) {
	case *Object:
		class = r.class
	case TypeRef:
		class = r.Class
	}
	args, err := c.Run.Collect(c.Args[1])
	if err != nil {
		return nil, err
	}
	kwargs, err := keywords(c.Dict(2))
	if err != nil {
		return nil, err
	}
	var named []yaql.Kwarg
	for k, v := range kwargs.All() {
		named = append(named, yaql.Kwarg{Name: k.(string), Value: v})
	}
	return c.Run.Invoke(c.String(0), c.Context.Seen(class.visible()), c.Args[3], args, named)
}}
