package muranopl

import (
	"slices"

	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// Throw, Try and Rethrow: murano/dsl/virtual_exceptions.py.

type throwStatement struct {
	names, message, cause any
	extra                 any
}

func compileThrow(m *syntax.Map) (statement, string, error) {
	names := m.Get("Throw")
	if !syntax.Truth(names) {
		return nil, "", pyError("ValueError", "")
	}
	return &throwStatement{syntax.AsList(names), m.Get("Message"), m.Get("Cause"), m.Get("Extra")}, "", nil
}

func (s *throwStatement) run(th *Thread, c *yaql.Context) (signal, error) {
	f := frameOf(c)
	e := &Exception{Stack: stackOf(f), Thrown: true}
	if syntax.Truth(s.cause) {
		v, err := th.evaluate(s.cause, c)
		if err != nil {
			return signal{}, err
		}
		o, ok := v.(*Object)
		if !ok {
			return signal{}, pyError("AttributeError", "'%s' object has no attribute 'get_property'", typeNameOf(v))
		}
		cause, err := o.get(th, "nativeException", nil)
		if err != nil {
			return signal{}, err
		}
		e.Cause, _ = cause.(*Exception)
	}
	names, err := th.evaluate(s.names, c)
	if err != nil {
		return signal{}, err
	}
	for _, name := range names.(yaql.Tuple) {
		full, err := f.class.names.Resolve(pyStr(name))
		if err != nil {
			return signal{}, err
		}
		e.Names = append(e.Names, full)
	}
	if e.Message, err = th.evaluate(s.message, c); err != nil {
		return signal{}, err
	}
	e.Extra = yaql.NewDict(0)
	if d, ok := plainValue(s.extra).(*yaql.Dict); ok {
		e.Extra = d
	}
	return signal{}, e
}

type tryStatement struct {
	body, otherwise, finally *block
	catches                  []*catchBlock
	catching                 bool
}

// catchBlock handles the exceptions of some names; of all without names.
type catchBlock struct {
	with []any  // nil: all
	as   string // "" of an expression: upstream binds what no code can name
	body *block

	bound bool
}

func compileTry(m *syntax.Map) (statement, string, error) {
	s := &tryStatement{}
	var err error
	if s.body, err = compileBlock(m.Get("Try")); err != nil {
		return nil, "", err
	}
	if catch := m.Get("Catch"); catch != nil {
		s.catching = true
		for _, v := range syntax.AsList(catch) {
			b, err := compileCatch(v)
			if err != nil {
				return nil, "", err
			}
			s.catches = append(s.catches, b)
		}
	}
	if s.finally, err = compileOptional(m.Get("Finally")); err != nil {
		return nil, "", err
	}
	s.otherwise, err = compileOptional(m.Get("Else"))
	return s, "", err
}

func compileCatch(v any) (*catchBlock, error) {
	m, ok := v.(*syntax.Map)
	if !ok {
		return nil, errOther
	}
	for _, e := range m.Entries {
		if name, ok := e.Key.(string); !ok || !slices.Contains([]string{"With", "As", "Do"}, name) {
			return nil, errOther
		}
	}
	b := &catchBlock{}
	if with := m.Get("With"); with != nil {
		b.with = syntax.AsList(with)
	}
	if as := m.Get("As"); as != nil {
		b.as, _ = as.(string)
		b.bound = true
	}
	var err error
	b.body, err = compileOptional(m.Get("Do"))
	return b, err
}

func (s *tryStatement) run(th *Thread, c *yaql.Context) (sig signal, err error) {
	if s.finally != nil {
		defer func() {
			last, ferr := s.finally.run(th, c)
			if ferr != nil || last.kind != going {
				sig, err = last, ferr
			}
		}()
	}
	sig, err = s.body.run(th, c)
	if err == nil {
		if sig.kind == going && s.otherwise != nil {
			return s.otherwise.run(th, c)
		}
		return sig, nil
	}
	e := asException(err)
	if e == nil || !s.catching {
		return sig, err
	}
	f := frameOf(c)
	f.exception = e
	defer func() { f.exception = nil }()
	for _, b := range s.catches {
		out, caught, cerr := b.run(th, c, e)
		if cerr != nil || caught {
			return out, cerr
		}
	}
	return sig, err
}

func (b *catchBlock) run(th *Thread, c *yaql.Context, e *Exception) (sig signal, caught bool, err error) {
	f := frameOf(c)
	var names []string
	for _, v := range b.with {
		full, err := f.class.names.Resolve(text(v))
		if err != nil {
			return sig, false, err
		}
		names = append(names, full)
	}
	for _, name := range e.Names {
		if b.with != nil && !slices.Contains(names, name) {
			continue
		}
		if b.body == nil {
			return sig, true, nil
		}
		if b.as != "" {
			o, err := th.exceptionObject(e, name, f)
			if err != nil {
				return sig, false, err
			}
			c.Set(b.as, o)
		}
		sig, err = b.body.run(th, c)
		return sig, true, err
	}
	return sig, false, nil
}

// exceptionObject makes the io.murano.Exception that a Catch's As names.
func (th *Thread) exceptionObject(e *Exception, name string, f *Frame) (*Object, error) {
	o, err := th.newCore("io.murano.Exception", f)
	if err != nil {
		return nil, err
	}
	trace, err := th.stackTrace(e.Stack, f)
	if err != nil {
		return nil, err
	}
	for _, p := range []struct {
		name  string
		value any
	}{{"name", name}, {"message", e.Message}, {"stackTrace", trace}, {"extra", e.Extra}, {"nativeException", e}} {
		if err := o.set(th, p.name, p.value, write{}); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// newCore makes an object of a class of io.murano.
func (th *Thread) newCore(class string, f *Frame) (*Object, error) {
	t, err := f.names.pkg.Class(class, true)
	if err != nil {
		return nil, err
	}
	return th.store.loadDefinition(th, &definition{class: t, properties: yaql.NewDict(0), extra: yaql.NewDict(0)}, nil, loadOptions{frame: f})
}

type rethrowStatement struct{}

func compileRethrow(*syntax.Map) (statement, string, error) {
	return rethrowStatement{}, "Rethrow", nil
}

func (rethrowStatement) run(_ *Thread, c *yaql.Context) (signal, error) {
	if e := frameOf(c).exception; e != nil {
		return signal{}, e
	}
	return signal{}, pyError("TypeError", "Rethrow must be inside Catch")
}
