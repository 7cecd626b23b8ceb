package yaql

// evalCall evaluates a call as it stands in an expression.
func (r *Run) evalCall(x *Expr, c *Context, receiver any) (any, error) {
	if err := r.Step(1); err != nil {
		return nil, err
	}
	method := x.usesReceiver && receiver != NoValue
	var kind Kind
	if method {
		kind = KindOf(receiver)
	}
	key := c.scope.cacheable(x.name)
	var p *plan
	if key != nil && (!method || kind != KindHost) {
		p = x.site.find(key, kind, method)
	}
	if p == nil {
		args := x.args
		if method {
			args = append(append(make([]any, 0, len(x.args)+1), receiver), x.args...)
		}
		p = r.planCall(x.name, c.scope, method, args, nil)
		if key != nil && (!method || kind != KindHost) {
			if method && p.args != nil {
				p.args = append([]any{NoValue}, p.args[1:]...) // keep the plan, not the receiver
			}
			x.site.remember(sitePlan{key, kind, method, p})
		}
	}
	if p.fail != nil {
		return nil, p.fail(r, receiverOf(method, receiver))
	}
	if p.two {
		return r.evalTwo(x.name, p, c)
	}
	args, kwargs, kinds, err := r.evalArgs(p, c, method, receiver)
	if err != nil {
		return nil, err
	}
	return r.dispatch(x.name, p, c, receiverOf(method, receiver), args, kwargs, kinds)
}

// evalTwo is evalArgs and dispatch for an operator: two arguments to evaluate and no
// receiver.
func (r *Run) evalTwo(name string, p *plan, c *Context) (any, error) {
	left, leftKind, err := r.evalEagerly(p.args[0].(*Expr), c)
	if err != nil {
		return nil, err
	}
	right, rightKind, err := r.evalEagerly(p.args[1].(*Expr), c)
	if err != nil {
		return nil, err
	}
	kinds := leftKind<<bitsOfKind | rightKind
	if p.values || p.hosts && (leftKind == hostKind || rightKind == hostKind) {
		kinds = noKindOfArgs
	} else if b := p.winner(kinds); b != nil && b.binary {
		return r.invokeBinary(b.function, left, right)
	}
	args := []any{left, right}
	for i, x := range p.args {
		if x.(*Expr).literal() {
			args[i] = x
		}
	}
	return r.dispatch(name, p, c, NoValue, args, nil, kinds)
}

func (r *Run) evalEagerly(x *Expr, c *Context) (v any, kind uint64, err error) {
	if x.literal() {
		return x.value, 0, nil
	}
	v, err = x.eval(r, c, NoValue)
	return v, uint64(KindOf(v)) + 1, err
}

func (r *Run) invokeBinary(f *Function, a, b any) (any, error) {
	if r.trace != nil {
		r.trace(f)
	}
	if r.quota <= 0 {
		return f.Binary(r, a, b)
	}
	if err := r.Quota(a); err != nil {
		return nil, err
	}
	if err := r.Quota(b); err != nil {
		return nil, err
	}
	v, err := f.Binary(r, a, b)
	if err == nil {
		err = r.Quota(v)
	}
	return v, err
}

func receiverOf(method bool, receiver any) any {
	if method {
		return receiver
	}
	return NoValue
}

// evalArgs evaluates the arguments that are not lazy; kinds packs the kinds of those that
// vary from one evaluation to the next.
func (r *Run) evalArgs(p *plan, c *Context, method bool, receiver any) (args []any, kwargs []Kwarg, kinds uint64, err error) {
	room := len(p.args)
	if len(p.levels) == 1 && len(p.levels[0]) == 1 {
		room = max(room, len(p.levels[0][0].function.positional))
	}
	host := false
	args = make([]any, len(p.args), room)
	copy(args, p.args)
	start := 0
	if method {
		args[0], start = receiver, 1
		kinds = uint64(KindOf(receiver)) + 1
		host = kinds == hostKind
	}
	for i := start; i < len(args); i++ {
		x, ok := args[i].(*Expr)
		if !ok || p.lazy[i] || x.literal() {
			continue
		}
		if args[i], err = x.eval(r, c, NoValue); err != nil {
			return nil, nil, 0, err
		}
		kind := uint64(KindOf(args[i])) + 1
		kinds, host = kinds<<bitsOfKind|kind, host || kind == hostKind
	}
	if len(p.kwargs) > 0 {
		kwargs = make([]Kwarg, len(p.kwargs))
		copy(kwargs, p.kwargs)
		for i := range kwargs {
			x, ok := kwargs[i].Value.(*Expr)
			if !ok || p.kwLazy[i] || x.literal() {
				continue
			}
			if kwargs[i].Value, err = x.eval(r, c, NoValue); err != nil {
				return nil, nil, 0, err
			}
			kind := uint64(KindOf(kwargs[i].Value)) + 1
			kinds, host = kinds<<bitsOfKind|kind, host || kind == hostKind
		}
	}
	if p.values || p.hosts && host || len(args)+len(kwargs) > packedKinds {
		kinds = noKindOfArgs
	}
	return args, kwargs, kinds, nil
}

// valueCache is what a Delegate remembers: all its arguments are values.
type valueCache struct {
	scope   *scope
	kinds   uint64
	binding *binding
}

// callValues calls a function by name with values; an *Expr among them is passed as it is.
func (r *Run) callValues(name string, c *Context, receiver any, values []any, named []Kwarg, cache *valueCache) (any, error) {
	if err := r.Step(valuesSteps); err != nil {
		return nil, err
	}
	if err := r.enter(callFrames); err != nil {
		return nil, err
	}
	defer r.leave(callFrames)
	method := receiver != NoValue
	args := make([]any, 0, len(values)+2)
	if method {
		args = append(args, receiver)
	}
	args = append(args, values...)
	kinds := packKinds(args, named)
	if cache != nil && cache.binding != nil && cache.kinds == kinds && kinds != noKindOfArgs && cache.scope == c.scope {
		return r.invoke(cache.binding, c, receiver, args, nil)
	}
	p := r.planCall(name, c.scope, method, args, named)
	if p.fail != nil {
		return nil, p.fail(r, receiver)
	}
	args = append(make([]any, 0, len(p.args)+1), p.args...)
	kwargs := append([]Kwarg(nil), p.kwargs...)
	if err := r.evalEager(p, c, args, kwargs); err != nil {
		return nil, err
	}
	b, twice := r.choose(p, args, kwargs)
	switch {
	case twice:
		return nil, ambiguous(name)(r, receiver)
	case b == nil:
		return nil, noMatch(name)(r, receiver)
	}
	if cache != nil && kinds != noKindOfArgs {
		*cache = valueCache{c.scope, kinds, b}
	}
	return r.invoke(b, c, receiver, args, kwargs)
}

// evalEager evaluates the expressions among passed-on arguments whose parameter takes a
// value.
func (r *Run) evalEager(p *plan, c *Context, args []any, kwargs []Kwarg) error {
	for i, a := range args {
		if x, ok := a.(*Expr); ok && !p.lazy[i] && !x.literal() {
			v, err := x.eval(r, c, NoValue)
			if err != nil {
				return err
			}
			args[i] = v
		}
	}
	for i := range kwargs {
		if x, ok := kwargs[i].Value.(*Expr); ok && !p.kwLazy[i] && !x.literal() {
			v, err := x.eval(r, c, NoValue)
			if err != nil {
				return err
			}
			kwargs[i].Value = v
		}
	}
	return nil
}

func packKinds(args []any, named []Kwarg) uint64 {
	if len(named) > 0 || len(args) > packedKinds {
		return noKindOfArgs
	}
	var kinds uint64
	for _, a := range args {
		if _, ok := a.(*Expr); ok {
			return noKindOfArgs
		}
		kind := KindOf(a)
		if kind == KindHost {
			return noKindOfArgs
		}
		kinds = kinds<<bitsOfKind | uint64(kind) + 1
	}
	return kinds
}

func (r *Run) dispatch(name string, p *plan, c *Context, receiver any, args []any, kwargs []Kwarg, kinds uint64) (any, error) {
	var b *binding
	if kinds != noKindOfArgs {
		b = p.winner(kinds)
	}
	if b == nil {
		var twice bool
		b, twice = r.choose(p, args, kwargs)
		switch {
		case twice:
			return nil, ambiguous(name)(r, receiver)
		case b == nil:
			return nil, noMatch(name)(r, receiver)
		}
		if kinds != noKindOfArgs {
			p.rememberWinner(kinds, b)
		}
	}
	return r.invoke(b, c, receiver, args, kwargs)
}

// invoke converts the arguments and runs the body.
func (r *Run) invoke(b *binding, c *Context, receiver any, args []any, kwargs []Kwarg) (any, error) {
	f := b.function
	if r.trace != nil {
		r.trace(f)
	}
	if err := r.Step(invokeSteps); err != nil {
		return nil, err
	}
	call := &Call{Run: r, Function: f, Context: c, Receiver: receiver}
	if f.OwnContext {
		call.Context = c.Child()
	}
	if err := r.convertArgs(call, b, args, kwargs); err != nil {
		return nil, err
	}
	v, err := f.Body(call)
	if err == nil && r.quota > 0 {
		err = r.Quota(v)
	}
	return v, err
}

func (r *Run) convertArgs(call *Call, b *binding, args []any, kwargs []Kwarg) (err error) {
	f := b.function
	n := len(f.positional)
	if b.direct {
		call.Args = args[:min(n, len(args))]
		if len(args) > n {
			call.Rest = args[n:]
		}
		for len(call.Args) < n {
			call.Args = append(call.Args, NoValue)
		}
	} else {
		call.Args = make([]any, n)
		for i := range call.Args {
			call.Args[i] = NoValue
		}
		copy(call.Args, args)
		if len(args) > n {
			call.Rest = args[n:]
		}
	}
	for i, p := range b.kwargs {
		if p == f.named {
			v, err := r.convert(p, kwargs[i].Value, call)
			if err != nil {
				return err
			}
			call.Named = append(call.Named, Kwarg{kwargs[i].Name, v})
			continue
		}
		call.Args[f.order(p)] = kwargs[i].Value
	}
	for i, p := range f.positional {
		v := call.Args[i]
		if v == NoValue && p.Optional {
			v = p.Default
		}
		if call.Args[i], err = r.convert(p, v, call); err != nil {
			return err
		}
	}
	for i, v := range call.Rest {
		if call.Rest[i], err = r.convert(f.rest, v, call); err != nil {
			return err
		}
	}
	return nil
}

func (f *Function) order(p *Param) int {
	for i, q := range f.positional {
		if p == q {
			return i
		}
	}
	return -1
}

// convert makes of an argument what the body gets.
func (r *Run) convert(p *Param, v any, call *Call) (any, error) {
	x, unevaluated := v.(*Expr)
	switch p.Type.role {
	case roleLambda:
		switch {
		case unevaluated:
			return &Lambda{run: r, context: call.Context, expr: x}, nil
		case v == nil:
			return nil, nil
		}
		return &Lambda{run: r, context: call.Context, value: v}, nil
	case roleKeywordArg, roleExpression:
		return v, nil
	case roleRule:
		return &LazyRule{r, call.Context, call.Receiver, x}, nil
	}
	if unevaluated {
		v = x.value
	}
	if r.quota > 0 {
		if err := r.Quota(v); err != nil {
			return nil, err
		}
	}
	if p.Type.role == roleIterable && v != nil {
		return r.Limit(v)
	}
	return v, nil
}
