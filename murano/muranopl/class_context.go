package muranopl

import (
	"hearth/core/yaql"
)

// own are the methods of the class as functions, over the extension methods that it imports
// (murano/dsl/murano_type.py context).
func (c *Class) own() *yaql.Context {
	if c.functions == nil {
		var imported *yaql.Context
		for i := len(c.imports) - 1; i >= 0; i-- {
			layer := c.imports[i].extensions()
			if imported == nil {
				imported = layer
				continue
			}
			imported = yaql.Link(imported, layer)
		}
		c.functions = yaql.NewContext(imported)
		var functions []*yaql.Function
		for _, name := range c.methodNames() {
			found := c.findMethod(name)
			if len(found) > 1 {
				functions = append(functions, ambiguousMethod(name))
				continue
			}
			functions = append(functions, found[0].functions()...)
		}
		c.functions.Register(functions...)
		c.functions.Seal()
	}
	return c.functions
}

// extensions are the extension methods that an import of the class brings.
func (c *Class) extensions() *yaql.Context {
	if c.exported == nil {
		c.exported = yaql.NewContext(nil)
		var functions []*yaql.Function
		for _, name := range c.methodNames() {
			if found := c.findMethod(name); len(found) == 1 && found[0].Usage == usageExtension {
				functions = append(functions, found[0].functions()...)
			}
		}
		c.exported.Register(functions...)
		c.exported.Seal()
	}
	return c.exported
}

var (
	anyObject    = yaql.Host("object", func(v any) bool { _, ok := v.(*Object); return ok })
	anyType      = yaql.Host("type", func(v any) bool { _, ok := v.(TypeRef); return ok })
	notType      = yaql.Any.Except(anyType)
	restOfArgs   = yaql.Rest("*", yaql.Any)
	namedArgs    = yaql.Named("**", yaql.Any)
	typeOrName   = yaql.String.Or(anyType)
	objectOrNull = anyObject.Nullable()
)

// functions are what a method is called by: on objects, on its class, on any value that an
// extension method takes.
func (m *Method) functions() []*yaql.Function {
	switch {
	case m.Usage == usageExtension:
		return []*yaql.Function{m.extension(), m.onClass()}
	case m.static():
		return []*yaql.Function{m.onObject(), m.onClass()}
	}
	return []*yaql.Function{m.onObject()}
}

func (m *Method) onObject() *yaql.Function {
	receiver := yaql.Host("object of "+m.declaring.Name, func(v any) bool {
		o, ok := v.(*Object)
		return ok && o.class.extends(m.declaring)
	})
	if m.native != nil {
		receiver = notType
	}
	return &yaql.Function{Name: m.Name, Way: yaql.AsMethod, Params: []yaql.Param{yaql.P("__receiver", receiver), restOfArgs, namedArgs},
		Body: func(c *yaql.Call) (any, error) {
			return ThreadOf(c).invoke(m, c.Args[0], c.Rest, c.Named, FrameOf(c))
		}}
}

func (m *Method) onClass() *yaql.Function {
	receiver := yaql.Host("type "+m.declaring.Name, func(v any) bool {
		t, ok := v.(TypeRef)
		return ok && (m.native != nil || t.extends(m.declaring))
	})
	return &yaql.Function{Name: m.Name, Way: yaql.AsMethod, Params: []yaql.Param{yaql.P("__receiver", receiver), restOfArgs, namedArgs},
		Body: func(c *yaql.Call) (any, error) {
			return ThreadOf(c).invoke(m, c.Args[0], c.Rest, c.Named, FrameOf(c))
		}}
}

// extension is the method on a value that the contract of its first argument takes.
func (m *Method) extension() *yaql.Function {
	receiver := notType
	if m.native == nil && len(m.args) > 0 {
		first := m.args[0]
		ex := m.declaring.pkg.ex
		receiver = yaql.Any.Where("receiver of "+m.Name, func(v any) bool {
			th := ex.current()
			ok, err := first.fits(th, v, ex.classFrame(m.declaring, nil))
			return err == nil && ok
		})
	}
	return &yaql.Function{Name: m.Name, Way: yaql.AsMethod, Params: []yaql.Param{yaql.P("__receiver", receiver), restOfArgs, namedArgs},
		Body: func(c *yaql.Call) (any, error) {
			args := append([]any{c.Args[0]}, c.Rest...)
			return ThreadOf(c).invoke(m, TypeRef{m.declaring}, args, c.Named, FrameOf(c))
		}}
}

func ambiguousMethod(name string) *yaql.Function {
	return &yaql.Function{Name: name, Way: yaql.AsMethod, Params: []yaql.Param{yaql.P("__receiver", notType), restOfArgs, namedArgs},
		Body: func(*yaql.Call) (any, error) {
			return nil, dslError("AmbiguousMethodName", "Found more than one method \"%s\"", name)
		}}
}

// bindNative gives a class of the package its native part; without a class file the class is
// native altogether.
func (p *Package) bindNative(n *Native, name string) (*Class, error) {
	c, err := p.own(name)
	if err != nil {
		return nil, err
	}
	if c == nil {
		names, _ := newNamespaces(nil) // nothing can be wrong with none
		c = &Class{Name: name, pkg: p, names: names, usage: classUsage, methodOf: map[string]*Method{}, propertyOf: map[string]*Property{}}
		p.classes[name] = c
		if err := c.inherit(nil); err != nil {
			return nil, err
		}
		c.meta = &metadata{target: targetType, declaring: c}
	}
	c.native = n
	if n.New != nil {
		c.constructor = &Method{Name: "__init__", Usage: usageRuntime, Scope: scopeSession, declaring: c, native: n.New.Prepare()}
	}
	for _, nm := range n.Methods {
		m := &Method{Name: nm.Name, Usage: nm.Usage, Scope: scopeSession, declaring: c, native: nm.Prepare(), argOf: map[string]*Argument{}}
		if m.Usage == "" {
			m.Usage = usageRuntime
		}
		if nm.Public {
			m.Scope = scopePublic
		}
		c.addMethod(m)
	}
	return c, nil
}
