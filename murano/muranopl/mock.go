package muranopl

import (
	"context"
	"strconv"

	"hearth/core/yaql"
)

// What tests of packages have beside the language (murano/engine/mock_context_manager.py):
// other code in the place of a method.

// mocks are what stands in for the methods of a class.
type mocks struct {
	functions []*yaql.Function         // by name, the last one counts
	layers    map[*Class]*yaql.Context // over the methods of the class
}

// visible is what expressions see of the class on objects of it: its methods, and in their
// places what a test has put there.
func (c *Class) visible() *yaql.Context {
	m := c.pkg.ex.mocks[c.Name]
	if m == nil {
		return c.own()
	}
	layer := m.layers[c]
	if layer == nil {
		layer = yaql.NewContext(c.own())
		layer.Register(m.functions...)
		layer.Seal()
		m.layers[c] = layer
	}
	return layer
}

// mock puts body in the place of a method on objects whose class has that name.
func (ex *Executor) mock(class *Class, m *Method, body func(c *yaql.Call) (any, error)) {
	f := &yaql.Function{Name: m.Name, Way: yaql.AsMethod, Params: m.onObject().Params, Body: body}
	if ex.mocks == nil {
		ex.mocks = map[string]*mocks{}
	}
	old := ex.mocks[class.Name]
	if old == nil {
		old = &mocks{}
	}
	next := &mocks{layers: map[*Class]*yaql.Context{}}
	for _, g := range old.functions {
		if g.Name != f.Name {
			next.functions = append(next.functions, g)
		}
	}
	next.functions = append(next.functions, f)
	ex.mocks[class.Name] = next
}

// originalContext is the variable under which code that stands in for a method finds where
// the method was called. No expression can name it.
const originalContext = "?originalContext"

// TestFunctions are the functions of the language of tests, for NewLanguage:
// inject(target, method, object, name), inject(target, method, expression) and
// withOriginal(name => expression).
func TestFunctions() []*yaql.Function {
	target := anyObject.Or(typeOrName)
	return []*yaql.Function{
		{Name: "inject", Params: []yaql.Param{yaql.P("target", target), yaql.P("targetMethod", yaql.String),
			yaql.P("mockObject", anyObject), yaql.P("mockName", yaql.String)}, Body: injectMethod},
		{Name: "inject", Params: []yaql.Param{yaql.P("target", target), yaql.P("targetMethod", yaql.String),
			yaql.P("expr", yaql.LambdaType)}, Body: injectExpression},
		{Name: "withOriginal", Params: []yaql.Param{yaql.Named("kwargs", yaql.LambdaType)}, Body: withOriginal},
	}
}

// injected is the class and the method that the first arguments of inject name.
func injected(c *yaql.Call) (*Class, *Method, error) {
	class, err := classOfTarget(c)
	if err != nil {
		return nil, nil, err
	}
	m, err := class.method(c.String(1))
	return class, m, err
}

// classOfTarget is that of the first argument: an object, a class or its name.
func classOfTarget(c *yaql.Call) (*Class, error) {
	if o, ok := c.Args[0].(*Object); ok {
		return o.class, nil
	}
	return typeParameter(c, 0)
}

func injectMethod(c *yaql.Call) (any, error) {
	class, target, err := injected(c)
	if err != nil {
		return nil, err
	}
	object := c.Args[2].(*Object)
	// The name is one of the class whose code injects.
	stand, err := frameOf(c.Context).class.method(c.String(3))
	if err != nil {
		return nil, err
	}
	class.pkg.ex.mock(class, target, func(c *yaql.Call) (any, error) {
		return ThreadOf(c).invoke(stand, object, c.Rest, c.Named, FrameOf(c))
	})
	return nil, nil
}

func injectExpression(c *yaql.Call) (any, error) {
	class, target, err := injected(c)
	if err != nil {
		return nil, err
	}
	expression, at, this := c.Lambda(2), c.Context, frameOf(c.Context).this
	class.pkg.ex.mock(class, target, func(call *yaql.Call) (any, error) {
		layer := at.Child()
		layer.Set(originalContext, call.Context)
		layer.Set("", this)
		for i, v := range call.Rest {
			layer.Set(strconv.Itoa(i+2), v)
		}
		for _, k := range call.Named {
			layer.Set(k.Name, k.Value)
		}
		layer.Register(&yaql.Function{Name: "originalMethod", Body: func(inner *yaql.Call) (any, error) {
			return ThreadOf(inner).invoke(target, call.Args[0], call.Rest, call.Named, FrameOf(call))
		}})
		return expression.Bind(call.Run).In(layer)
	})
	return nil, nil
}

// withOriginal gives a context with variables whose values are taken where the method was
// called.
func withOriginal(c *yaql.Call) (any, error) {
	v, _ := c.Context.Get(originalContext)
	original, ok := v.(*yaql.Context)
	if !ok {
		return nil, pyError("ValueError", "withOriginal stands outside of what inject puts in a method's place")
	}
	layer := c.Context.Child()
	for _, k := range c.Named {
		v, err := k.Value.(*yaql.Lambda).In(original)
		if err != nil {
			return nil, err
		}
		layer.Set(k.Name, v)
	}
	return layer, nil
}

// Make makes an object of a class, without an owner and with the defaults of its properties,
// that lasts as long as the executor.
func (ex *Executor) Make(ctx context.Context, class *Class) (o *Object, err error) {
	err = ex.outside(ctx, func(th *Thread) error {
		d := &definition{class: class, properties: yaql.NewDict(0), extra: yaql.NewDict(0)}
		if o, err = ex.main.loadDefinition(th, d, nil, loadOptions{}); err == nil {
			ex.roots = append(ex.roots, o)
		}
		return err
	})
	return o, err
}

// Invoke is Call for a method that need not be public: a test's.
func (ex *Executor) Invoke(ctx context.Context, o *Object, method string) error {
	return ex.outside(ctx, func(th *Thread) error {
		m, err := o.class.method(method)
		if err == nil {
			_, err = th.call(m, o, nil, nil, nil, false)
		}
		return err
	})
}
