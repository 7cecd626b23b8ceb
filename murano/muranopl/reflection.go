package muranopl

import (
	"strings"

	"hearth/core/yaql"
	"hearth/murano/version"
)

// reflectionFunctions are what programs may ask classes, properties, methods, arguments,
// packages and versions (murano/dsl/reflection.py). A property x of a value is the function
// #property#x.
var reflectionFunctions = []*yaql.Function{
	classProperty("name", func(_ *Thread, c *Class) (any, error) { return c.Name, nil }),
	classProperty("usage", func(_ *Thread, c *Class) (any, error) { return c.usage, nil }),
	classProperty("version", func(_ *Thread, c *Class) (any, error) { return Version{c.pkg.Version}, nil }),
	classProperty("type", func(_ *Thread, c *Class) (any, error) { return TypeRef{c}, nil }),
	classProperty("package", func(_ *Thread, c *Class) (any, error) { return c.pkg, nil }),
	classProperty("methods", func(_ *Thread, c *Class) (any, error) {
		return symbols(c.methodNames(), c.findMethod), nil
	}),
	classProperty("properties", func(_ *Thread, c *Class) (any, error) {
		return symbols(c.propertyNames(), c.findProperty), nil
	}),
	classProperty("ancestors", func(_ *Thread, c *Class) (any, error) { return tupleOf(c.ancestors()), nil }),
	metaProperty("cardinality", func(c *Class) any { return c.cardinality }),
	metaProperty("targets", func(c *Class) any { return tupleOf(c.targets) }),
	metaProperty("inherited", func(c *Class) any { return c.inherited }),

	propertyProperty("name", func(p *Property) any { return p.Name }),
	propertyProperty("hasDefault", func(p *Property) any { return p.hasDefault }),
	propertyProperty("usage", func(p *Property) any { return p.Usage }),
	propertyProperty("declaringType", func(p *Property) any { return p.declaring }),
	{Name: "getValue", Way: yaql.AsMethod, Params: []yaql.Param{yaql.P("property", hostOf[*Property]("property")), yaql.P("object", objectOrNull)},
		Body: propertyValue},
	{Name: "setValue", Way: yaql.AsMethod, Params: []yaql.Param{yaql.P("property", hostOf[*Property]("property")), yaql.P("object", objectOrNull),
		yaql.P("value", yaql.Any)}, Body: setPropertyValue},

	reflected("name", func(_ *Thread, m *Method) (any, error) { return m.Name, nil }),
	reflected("declaringType", func(_ *Thread, m *Method) (any, error) { return m.declaring, nil }),
	reflected("arguments", func(_ *Thread, m *Method) (any, error) {
		if m.native != nil {
			return nil, nil
		}
		return tupleOf(m.args), nil
	}),
	{Name: "invoke", Way: yaql.AsMethod, Params: []yaql.Param{yaql.P("method", hostOf[*Method]("method")), yaql.P("__object", objectOrNull),
		yaql.Rest("args", yaql.Any), yaql.Named("kwargs", yaql.Any)}, Body: func(c *yaql.Call) (any, error) {
		o, _ := c.Args[1].(*Object)
		return ThreadOf(c).call(c.Args[0].(*Method), o, c.Rest, c.Named, frameOf(c.Context), false)
	}},

	reflected("name", func(_ *Thread, a *Argument) (any, error) { return a.Name, nil }),
	reflected("hasDefault", func(_ *Thread, a *Argument) (any, error) { return a.hasDefault, nil }),
	reflected("usage", func(_ *Thread, a *Argument) (any, error) { return a.Usage, nil }),
	reflected("declaringMethod", func(_ *Thread, a *Argument) (any, error) { return a.method, nil }),

	reflected("name", func(_ *Thread, p *Package) (any, error) { return p.Name, nil }),
	reflected("version", func(_ *Thread, p *Package) (any, error) { return Version{p.Version}, nil }),
	reflected("types", func(_ *Thread, p *Package) (any, error) {
		var out yaql.Tuple
		for _, name := range p.classNames() {
			c, err := p.Class(name, false)
			if err != nil {
				return nil, err
			}
			out = append(out, c)
		}
		return out, nil
	}),
	{Name: "#property#meta", Params: []yaql.Param{yaql.P("provider", yaql.Host("what has metadata", func(v any) bool {
		switch v.(type) {
		case *Class, *Property, *Method, *Argument, *Package:
			return true
		}
		return false
	}))}, Body: func(c *yaql.Call) (any, error) {
		list, err := ThreadOf(c).metaOf(c.Args[0], frameOf(c.Context))
		return yaql.List(tupleOf(list)), err
	}},
}

func hostOf[T any](name string) yaql.Type {
	return yaql.Host(name, func(v any) bool { _, ok := v.(T); return ok })
}

func reflected[T any](name string, get func(*Thread, T) (any, error)) *yaql.Function {
	return &yaql.Function{Name: "#property#" + name, Params: []yaql.Param{yaql.P("object", hostOf[T](name))},
		Body: func(c *yaql.Call) (any, error) { return get(ThreadOf(c), c.Args[0].(T)) }}
}

func classProperty(name string, get func(*Thread, *Class) (any, error)) *yaql.Function {
	return reflected(name, get)
}

func metaProperty(name string, get func(*Class) any) *yaql.Function {
	return &yaql.Function{Name: "#property#" + name,
		Params: []yaql.Param{yaql.P("object", yaql.Host("meta class", func(v any) bool { c, ok := v.(*Class); return ok && c.usage == metaUsage }))},
		Body:   func(c *yaql.Call) (any, error) { return get(c.Args[0].(*Class)), nil }}
}

func propertyProperty(name string, get func(*Property) any) *yaql.Function {
	return reflected(name, func(_ *Thread, p *Property) (any, error) { return get(p), nil })
}

func tupleOf[T any](list []T) yaql.Tuple {
	out := make(yaql.Tuple, len(list))
	for i := range list {
		out[i] = list[i]
	}
	return out
}

// symbols are what the names that are not hidden stand for.
func symbols[T any](names []string, find func(string) []T) yaql.Tuple {
	out := yaql.Tuple{}
	for _, name := range names {
		if strings.HasPrefix(name, "__") || strings.HasPrefix(name, ".") {
			continue
		}
		for _, s := range find(name) {
			out = append(out, s)
		}
	}
	return out
}

func propertyValue(c *yaql.Call) (any, error) {
	p, th, f := c.Args[0].(*Property), ThreadOf(c), frameOf(c.Context)
	o, ok := c.Args[1].(*Object)
	if !ok {
		return th.ex.staticValue(th, p.declaring, p.Name, f.classOf())
	}
	view, err := o.cast(p.declaring)
	if err != nil {
		return nil, err
	}
	return view.get(th, p.Name, f.classOf())
}

func setPropertyValue(c *yaql.Call) (any, error) {
	p, th, f := c.Args[0].(*Property), ThreadOf(c), frameOf(c.Context)
	w := write{calling: f.classOf(), allowed: f.allowWrites}
	o, ok := c.Args[1].(*Object)
	if !ok {
		return nil, th.ex.setStatic(th, p.declaring, p.Name, c.Args[2], w)
	}
	view, err := o.cast(p.declaring)
	if err != nil {
		return nil, err
	}
	return nil, view.set(th, p.Name, c.Args[2], w)
}

// Version is a version as a value of programs.
type Version struct{ version.Version }

// YaqlAttribute implements std.Attributes.
func (v Version) YaqlAttribute(name string) (any, bool, error) {
	switch name {
	case "major":
		return v.Major, true, nil
	case "minor":
		return v.Minor, true, nil
	case "patch":
		return v.Patch, true, nil
	case "prerelease":
		return tupleOf(v.Pre), true, nil
	case "build":
		return tupleOf(v.Build), true, nil
	}
	return nil, false, nil
}

// YaqlEqual implements yaql.Equaler.
func (v Version) YaqlEqual(other any) bool {
	o, ok := other.(Version)
	return ok && v.Equal(o.Version)
}

// YaqlKey implements yaql.Equaler.
func (v Version) YaqlKey() any { return "version " + v.String() }

// YaqlRepr implements yaql.Representer.
func (v Version) YaqlRepr() string { return v.String() }
