package muranopl

import (
	"cmp"

	"hearth/core/yaql"
)

// call calls a method that no expression calls: from outside, or by the engine itself. With
// outside, only public methods can be (murano/dsl/executor.py invoke_method).
func (th *Thread) call(m *Method, this *Object, args []any, named []yaql.Kwarg, caller *Frame, outside bool) (any, error) {
	if this == nil && !m.static() {
		return nil, pyError("Exception", "A class instance is required")
	}
	var f *Frame
	var receiver any = TypeRef{m.declaring}
	if this != nil {
		if !this.class.extends(m.declaring) {
			return nil, pyError("Exception", "'this' must be of compatible type")
		}
		view, err := this.cast(m.declaring)
		if err != nil {
			return nil, err
		}
		f, receiver = th.ex.objectFrame(view, caller), this.real
	} else {
		f = th.ex.classFrame(m.declaring, caller)
	}
	f.method, f.skip = m, true
	f.actionsOnly = outside && m.Name[0] != '.'
	if this != nil && m.Usage == usageExtension && len(m.args) > 0 {
		if ok, err := m.args[0].fits(th, this.real, f); err != nil || !ok {
			return nil, cmp.Or(err, error(&Error{Name: yaqlErrors + "ArgumentException", Message: "Invalid argument " + m.args[0].Name}))
		}
		args, receiver = append([]any{this.real}, args...), TypeRef{m.declaring}
	}
	return th.invoke(m, receiver, args, named, f)
}

// invoke calls a method for an expression in the frame caller: the arguments go through
// their contracts, then the body runs. receiver is what stands before the dot.
func (th *Thread) invoke(m *Method, receiver any, args []any, named []yaql.Kwarg, caller *Frame) (any, error) {
	if m.native == nil {
		var err error
		if args, named, err = th.contracted(m, receiver, args, named, caller); err != nil {
			return nil, err
		}
	}
	if caller.actionsOnly && !m.public() {
		return nil, dslError("MethodNotExposed", "%s is not an action", m.Name)
	}
	object, isObject := receiver.(*Object)
	if m.Usage == usageExtension {
		object, isObject = nil, false
	}
	var f *Frame
	if isObject && !m.static() {
		view, err := object.cast(m.declaring)
		if err != nil {
			return nil, pyError("Exception", "'this' must be of compatible type")
		}
		f = th.ex.objectFrame(view, caller)
		if object.real.gone {
			return nil, dslError("ObjectDestroyedError", "Object %s is already destroyed", object.real)
		}
		object = object.real
	} else {
		if !m.static() {
			return nil, pyError("Exception", "A class instance is required")
		}
		f = th.ex.classFrame(m.declaring, caller)
	}
	f.method = m
	f.names = caller.names
	if m.native != nil {
		f.receiver = receiver
		return th.invokeNative(m, f, args, named)
	}
	values, err := m.bind(receiver, args, named)
	if err != nil {
		return nil, err
	}
	lock, err := th.lockMethod(m, object, values, f)
	if err != nil {
		return nil, err
	}
	defer lock.release(th)
	c := f.open()
	for i, a := range m.args {
		c.Set(a.Name, values[i])
	}
	f.names = m.declaring
	return th.runBody(m, f, c)
}

// runBody runs the statements of a method.
func (th *Thread) runBody(m *Method, f *Frame, c *yaql.Context) (any, error) {
	if err := th.run.Nest(); err != nil {
		return nil, err
	}
	defer th.run.Unnest()
	outer := th.top
	th.top = f
	defer func() { th.top = outer }()
	s, err := m.body.run(th, c)
	if err != nil {
		return nil, err
	}
	switch s.kind {
	case breaking:
		return nil, dslError("DslInvalidOperationError", "Break cannot be used on method level")
	case continuing:
		return nil, dslError("DslInvalidOperationError", "Continue cannot be used on method level")
	}
	return s.value, nil
}

func (th *Thread) invokeNative(m *Method, f *Frame, args []any, named []yaql.Kwarg) (any, error) {
	lock, err := th.lockMethod(m, thisOf(f), nil, f)
	if err != nil {
		return nil, err
	}
	defer lock.release(th)
	if o := thisOf(f); o != nil { // what a native method works on is the view of its class
		view, err := o.cast(m.declaring)
		if err != nil {
			return nil, err
		}
		f.this = view
	}
	mutable := make([]any, len(args))
	for i := range args {
		mutable[i] = thaw(args[i])
	}
	args = mutable
	for i := range named {
		named[i].Value = thaw(named[i].Value)
	}
	c := f.open()
	f.names = m.declaring
	outer := th.top
	th.top = f
	defer func() { th.top = outer }()
	v, err := th.run.Apply(m.native, c, yaql.NoValue, args, named)
	if err != nil {
		return nil, err
	}
	return freeze(th.run, v)
}

func thisOf(f *Frame) *Object {
	o, _ := f.this.(*Object)
	return o
}

// contracted puts the arguments through the contracts of their parameters, in the frame of
// the caller; those that nobody gives get their defaults.
func (th *Thread) contracted(m *Method, receiver any, args []any, named []yaql.Kwarg, caller *Frame) ([]any, []yaql.Kwarg, error) {
	r := request{this: receiver, owner: caller.argumentOwner, calling: caller.class, finalize: true}
	switch this := receiver.(type) {
	case *Object:
		r.this = this.real
	case TypeRef:
		r.this = this.Class
	default:
		r.this = m.declaring
	}
	out := make([]any, 0, len(args))
	var kw []yaql.Kwarg
	position := 0
	for _, a := range m.args {
		switch a.Usage {
		case argVar:
			for ; position < len(args); position++ {
				v := args[position]
				if v != nil { // as upstream, whatever the contract says
					var err error
					if v, err = a.set(th, v, r); err != nil {
						return nil, nil, err
					}
				}
				out = append(out, v)
			}
			continue
		case argKw:
			continue
		}
		value := noValue
		given := namedArg(named, a.Name)
		switch {
		case position < len(args) && (m.varArgs == nil || !follows(m, a)):
			if given != nil {
				return nil, nil, noMatchingMethod(m.Name, receiver)
			}
			value = args[position]
			position++
			v, err := a.set(th, value, r)
			if err != nil {
				return nil, nil, err
			}
			out = append(out, v)
			continue
		case given != nil:
			value = given.Value
		}
		v, err := a.set(th, value, r)
		if err != nil {
			return nil, nil, err
		}
		kw = append(kw, yaql.Kwarg{Name: a.Name, Value: v})
	}
	out = append(out, args[position:]...)
	for _, k := range named {
		a := m.argOf[k.Name]
		if a != nil && a.Usage == argStandard {
			continue
		}
		v := k.Value
		if m.kwArgs != nil {
			var err error
			if v, err = m.kwArgs.set(th, v, r); err != nil {
				return nil, nil, err
			}
		}
		kw = append(kw, yaql.Kwarg{Name: k.Name, Value: v})
	}
	return out, kw, nil
}

// follows reports whether an argument stands behind the one that takes all positional ones.
func follows(m *Method, a *Argument) bool {
	for _, b := range m.args {
		if b == m.varArgs {
			return true
		}
		if b == a {
			return false
		}
	}
	return false
}

func namedArg(named []yaql.Kwarg, name string) *yaql.Kwarg {
	for i := range named {
		if named[i].Name == name {
			return &named[i]
		}
	}
	return nil
}

// bind gives the value of each argument of the method, in their order.
func (m *Method) bind(receiver any, args []any, named []yaql.Kwarg) ([]any, error) {
	values := make([]any, len(m.args))
	var rest yaql.Tuple
	kw := yaql.NewDict(0)
	for i, v := range args {
		if i < len(m.args) && m.args[i].Usage == argStandard {
			values[i] = v
			continue
		}
		if m.varArgs == nil {
			return nil, noMatchingMethod(m.Name, receiver)
		}
		rest = append(rest, v)
	}
	for _, k := range named {
		a := m.argOf[k.Name]
		if a != nil && a.Usage == argStandard {
			values[m.order(a)] = k.Value
			continue
		}
		if m.kwArgs == nil {
			return nil, noMatchingMethod(m.Name, receiver)
		}
		if err := kw.Set(k.Name, k.Value); err != nil {
			return nil, err
		}
	}
	for i, a := range m.args {
		switch a.Usage {
		case argVar:
			if rest == nil {
				rest = yaql.Tuple{}
			}
			values[i] = rest
		case argKw:
			values[i] = kw
		}
	}
	return values, nil
}

func (m *Method) order(a *Argument) int {
	for i := range m.args {
		if m.args[i] == a {
			return i
		}
	}
	return -1
}

func noMatchingMethod(name string, receiver any) error {
	if t, ok := receiver.(TypeRef); ok {
		receiver = t.Class
	}
	return &Error{Name: yaqlErrors + "NoMatchingMethodException",
		Message: "No method \"" + name + "\" for receiver " + pyStr(receiver) + " matches supplied arguments"}
}
