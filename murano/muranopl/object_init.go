package muranopl

import (
	"slices"

	"hearth/core/yaql"
)

// initialize sets the properties of a new object from what its definition says, for its own
// class and then for its ancestors', and notes what is to run when all objects are there: the
// native parts and the .init methods, parents first (murano/dsl/murano_object.py initialize).
func (th *Thread) initialize(o *Object, caller *Frame, params *yaql.Dict) error {
	f := caller.copy()
	f.allowWrites = true
	return th.initializeView(o, f, params, map[string]bool{})
}

func (th *Thread) initializeView(o *Object, f *Frame, params *yaql.Dict, used map[string]bool) error {
	w := write{calling: f.class, allowed: true, dry: o.ready}
	for _, p := range o.class.properties {
		if p.Usage != usageConfig {
			continue
		}
		v := noValue
		if c, ok := o.config[p.Name]; ok {
			v = c
		}
		if err := o.set(th, p.Name, v, write{dry: o.ready}); err != nil {
			return err
		}
	}
	init := o.class.methodOf[".init"]
	initArgs, err := th.setProperties(o, init, params, used, w)
	if err != nil {
		return err
	}
	live := !th.store.initializing() && !th.dryRun
	if constructor := o.class.constructor; live && constructor != nil && o.native == nil && !o.ready && !o.gone {
		named := onlyParameters(constructor.native, params)
		th.later(func() error {
			v, err := th.construct(o, constructor, named, f)
			o.native = v
			return err
		})
	}
	for _, parent := range o.parents {
		if err := th.initializeView(parent, f, params, used); err != nil {
			return err
		}
	}
	if live && !o.ready && !o.gone {
		th.later(func() error {
			if init != nil {
				caller := f.copy()
				caller.argumentOwner = o.real
				if _, err := th.call(init, o.real, nil, initArgs, caller, false); err != nil {
					return err
				}
			}
			o.ready = true
			return nil
		})
	}
	return nil
}

func (th *Thread) later(run func() error) {
	l := th.store.loading
	l.initializers = append(l.initializers, run)
}

// setProperties sets what can be set, again and again: a default may refer to other
// properties. It gives the arguments of init.
func (th *Thread) setProperties(o *Object, init *Method, params *yaql.Dict, used map[string]bool, w write) ([]yaql.Kwarg, error) {
	var names []string
	for _, p := range o.class.properties {
		names = append(names, p.Name)
	}
	if init != nil {
		for _, a := range init.args {
			if !slices.Contains(names, a.Name) {
				names = append(names, a.Name)
			}
		}
	}
	var initArgs []yaql.Kwarg
	last := len(names)
	for {
		failed := 0
		for _, name := range names {
			if used[name] {
				continue
			}
			value, given := params.Get(name)
			if !given {
				value = noValue
			}
			if init != nil && init.argOf[name] != nil {
				initArgs = append(initArgs, yaql.Kwarg{Name: name, Value: value})
				used[name] = true
				continue
			}
			p := o.class.propertyOf[name]
			switch p.Usage {
			case usageConfig, usageStatic:
				used[name] = true
				continue
			case usageRuntime:
				if !p.hasDefault {
					used[name] = true
					continue
				}
				value = noValue
			}
			err := o.set(th, name, value, w)
			switch {
			case err == nil:
				used[name] = true
			case isDsl(err, "UninitializedPropertyAccessError"):
				failed++
			case p.Usage == usageRuntime && isDsl(err, "ContractViolationException"):
			default:
				return nil, err
			}
		}
		if failed == 0 {
			return initArgs, nil
		}
		if failed >= last {
			return nil, dslError("CircularExpressionDependenciesError", "")
		}
		last = failed
	}
}

// construct makes the native part of an object.
func (th *Thread) construct(o *Object, m *Method, named []yaql.Kwarg, caller *Frame) (any, error) {
	f := th.ex.objectFrame(o, caller)
	f.method, f.this = m, o
	c := f.open()
	f.names = o.class
	return th.run.Apply(m.native, c, yaql.NoValue, nil, named)
}

// onlyParameters keeps what a function has parameters for.
func onlyParameters(f *yaql.Function, params *yaql.Dict) []yaql.Kwarg {
	var out []yaql.Kwarg
	for k, v := range params.All() {
		name := k.(string)
		if slices.ContainsFunc(f.Params, func(p yaql.Param) bool { return p.Name == name }) {
			out = append(out, yaql.Kwarg{Name: name, Value: v})
		}
	}
	return out
}
