package yaql

import (
	"strconv"
)

// Lambda is an expression and the context it was written in, to be evaluated with
// arguments as $ (or $1), $2, …
type Lambda struct {
	run     *Run
	context *Context
	expr    *Expr // nil when it is a value: a *Lambda to call, or a constant
	value   any
}

// Call evaluates the lambda in a layer of its own.
func (l *Lambda) Call(args ...any) (any, error) {
	c := l.context.Child()
	for i, v := range args {
		if i == 0 {
			c.first, c.hasFirst = v, true
			continue
		}
		c.Set(strconv.Itoa(i+1), v)
	}
	return l.eval(c, NoValue, args, nil)
}

// Call1 is Call with one argument.
func (l *Lambda) Call1(v any) (any, error) {
	c := &Context{parent: l.context, scope: l.context.scope, host: l.context.host, first: v, hasFirst: true}
	if l.expr != nil {
		return l.evalExpr(c, NoValue)
	}
	return l.eval(c, NoValue, []any{v}, nil)
}

// CallNamed evaluates the lambda with positional and named arguments.
func (l *Lambda) CallNamed(args []any, named []Kwarg) (any, error) {
	c := l.context.Child()
	for i, v := range args {
		c.Set(strconv.Itoa(i+1), v)
	}
	for _, n := range named {
		c.Set(n.Name, n.Value)
	}
	return l.eval(c, NoValue, args, named)
}

// In evaluates the lambda in the given context instead of its own.
func (l *Lambda) In(c *Context) (any, error) { return l.eval(c, NoValue, nil, nil) }

// On evaluates the lambda, a method call, on a receiver.
func (l *Lambda) On(receiver any) (any, error) {
	return l.eval(l.context.Child(), receiver, nil, nil)
}

// OnIn evaluates the lambda, a method call, on a receiver in the given context.
func (l *Lambda) OnIn(receiver any, c *Context) (any, error) { return l.eval(c, receiver, nil, nil) }

// Context is where the lambda was written.
func (l *Lambda) Context() *Context { return l.context }

// Bind gives the lambda to another run: for lambdas that outlive the evaluation that
// made them.
func (l *Lambda) Bind(r *Run) *Lambda {
	b := *l
	b.run = r
	return &b
}

func (l *Lambda) eval(c *Context, receiver any, args []any, named []Kwarg) (any, error) {
	if l.expr != nil {
		return l.evalExpr(c, receiver)
	}
	if f, ok := l.value.(*Lambda); ok {
		return f.CallNamed(args, named)
	}
	return l.value, nil
}

func (l *Lambda) evalExpr(c *Context, receiver any) (any, error) {
	if err := l.run.Step(lambdaSteps); err != nil {
		return nil, err
	}
	if err := l.run.enter(lambdaFrames); err != nil {
		return nil, err
	}
	v, err := l.expr.eval(l.run, c, receiver)
	l.run.leave(lambdaFrames)
	return v, err
}

// LazyRule is a mapping whose sides are evaluated when asked.
type LazyRule struct {
	run      *Run
	context  *Context
	receiver any
	expr     *Expr
}

// Source evaluates the left side.
func (l *LazyRule) Source() (any, error) { return l.side(0) }

// Destination evaluates the right side.
func (l *LazyRule) Destination() (any, error) { return l.side(1) }

func (l *LazyRule) side(i int) (any, error) {
	if err := l.run.enter(lambdaFrames); err != nil {
		return nil, err
	}
	v, err := l.expr.args[i].(*Expr).eval(l.run, l.context, l.receiver)
	l.run.leave(lambdaFrames)
	return v, err
}

// Delegate is a function by name, called from inside another one with whatever
// overloads the caller's context has.
type Delegate struct {
	run     *Run
	context *Context
	name    string
	cache   valueCache
}

// Delegate gives the function called name, as the caller's context has it.
func (c *Call) Delegate(name string) *Delegate {
	return &Delegate{run: c.Run, context: c.Context, name: name}
}

// Call calls it as a function.
func (d *Delegate) Call(args ...any) (any, error) {
	return d.run.callValues(d.name, d.context, NoValue, args, nil, &d.cache)
}

// Call2 calls it as a function of two values.
func (d *Delegate) Call2(a, b any) (any, error) {
	r := d.run
	if w := &d.cache; w.binding != nil && w.binding.binary && w.scope == d.context.scope &&
		w.kinds == (uint64(KindOf(a))+1)<<bitsOfKind|uint64(KindOf(b))+1 {
		if err := r.Step(1); err != nil {
			return nil, err
		}
		return r.invokeBinary(w.binding.function, a, b)
	}
	return d.Call(a, b)
}

// On calls it as a method.
func (d *Delegate) On(receiver any, args ...any) (any, error) {
	return d.run.callValues(d.name, d.context, receiver, args, nil, &d.cache)
}

// Invoke calls a function by name in the context, as a method unless receiver is NoValue.
func (r *Run) Invoke(name string, c *Context, receiver any, args []any, named []Kwarg) (any, error) {
	return r.callValues(functionKey(name), c, receiver, args, named, nil)
}

// InvokeOuter calls a function by name as it is in the layers outside the one that has f:
// what f stands in for.
func (r *Run) InvokeOuter(f *Function, name string, c *Context, args []any) (any, error) {
	for s := c.scope; s != nil; s = s.outer {
		for _, g := range s.functions[f.Name] {
			if g == f && s.outer != nil {
				outer := c.Child()
				outer.scope = s.outer
				return r.callValues(name, outer, NoValue, args, nil, nil)
			}
		}
	}
	return nil, Errorf(NoFunction, "Unknown function \"%s\"", name)
}

// Apply calls f itself, as if it were the only function of its name: as a method unless
// receiver is NoValue. NoMatchingFunction or NoMatchingMethod when there are too many
// arguments, ArgumentError when one does not fit.
func (r *Run) Apply(f *Function, c *Context, receiver any, args []any, named []Kwarg) (any, error) {
	f.Prepare()
	all := make([]any, 0, len(args)+1)
	if receiver != NoValue {
		all = append(all, receiver)
	}
	all = append(all, args...)
	b := r.bind(f, all, named)
	if b == nil || !r.fits(b, all, named) {
		if name := r.unfit(f, all, named); name != "" {
			return nil, Errorf(ArgumentError, "Invalid argument %s", name)
		}
		return nil, noMatch(f.Name)(r, receiver)
	}
	return r.invoke(b, c, receiver, all, append([]Kwarg(nil), named...))
}

// unfit names the first parameter that has no argument or one that does not fit; "" when
// there are too many arguments.
func (r *Run) unfit(f *Function, args []any, named []Kwarg) string {
	for i, p := range f.positional {
		if i < len(args) {
			if !r.accepts(p, args[i]) {
				return p.Name
			}
			continue
		}
		k := kwargIndex(named, p.Name)
		if k >= 0 && !r.accepts(p, named[k].Value) || k < 0 && !p.Optional {
			return p.Name
		}
	}
	return ""
}
