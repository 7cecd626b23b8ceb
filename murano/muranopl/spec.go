package muranopl

import (
	"errors"

	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// noValue stands for a value that nobody gave: the default takes its place.
var noValue any = absent{}

type absent struct{}

// spec is a contract with a default: what properties and arguments share
// (murano/dsl/typespec.py).
type spec struct {
	contract   *contract
	hasDefault bool
	fallback   any // of the class file
	declaring  *Class
}

func (c *Class) newSpec(declaration any) (spec, *syntax.Map, error) {
	m, ok := declaration.(*syntax.Map)
	if !ok {
		return spec{}, nil, pyError("TypeError", "'%s' object is not subscriptable", typeNameOf(declaration))
	}
	body, ok := m.Lookup("Contract")
	if !ok {
		return spec{}, nil, pyError("KeyError", "'Contract'")
	}
	s := spec{contract: newContract(body, c.pkg), declaring: c}
	s.fallback, s.hasDefault = m.Lookup("Default")
	return s, m, nil
}

// frameFor is where the contract of s is judged for an object, or for a class alone.
func (s *spec) frameFor(th *Thread, this any) *Frame {
	if c, ok := this.(*Class); ok {
		return th.ex.classFrame(c, nil)
	}
	o := this.(*Object)
	if view := o.view(s.declaring); view != nil {
		return th.ex.objectFrame(view, nil)
	}
	return th.ex.objectFrame(o, nil)
}

// request is one application of a contract.
type request struct {
	this     any     // *Object, or *Class
	owner    *Object // of objects that the value defines
	calling  *Class  // whose code gives the value
	fallback any     // for noValue; nil: the spec's own default
	finalize bool    // bring the value into its last form, too
}

func (s *spec) transform(th *Thread, value any, r request) (any, error) {
	if r.fallback == nil {
		r.fallback = s.fallback
	}
	run := &contractRun{th: th, frame: s.frameFor(th, r.this), owner: r.owner, calling: r.calling, mode: modeTransform, finalize: r.finalize}
	if o, ok := r.this.(*Object); ok {
		run.this = o
	} else {
		run.owner = nil
	}
	return s.contract.apply(run, value, r.fallback)
}

func (s *spec) validate(th *Thread, value any, r request) error {
	if r.fallback == nil {
		r.fallback = s.fallback
	}
	_, err := s.contract.apply(&contractRun{th: th, frame: s.frameFor(th, r.this), calling: r.calling, mode: modeValidate}, value, r.fallback)
	return err
}

// fits reports whether a value is of the contract's type, for the choice of an extension method.
func (s *spec) fits(th *Thread, value any, frame *Frame) (bool, error) {
	_, err := s.contract.apply(&contractRun{th: th, frame: frame, calling: frame.class, mode: modeCheckType}, value, s.fallback)
	if isDsl(err, "ContractViolationException") {
		return false, nil
	}
	return err == nil, err
}

func (s *spec) finalize(th *Thread, value any, this any, calling *Class) (any, error) {
	return s.contract.apply(&contractRun{th: th, frame: s.frameFor(th, this), calling: calling, mode: modeFinalize}, value, nil)
}

// withPlace puts where a value stands in front of what is wrong with it.
func withPlace(err error, place func(path string) string) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Name != dslErrors+"ContractViolationException" {
		return err
	}
	return violation("[%s] %s", place(e.path), e.Message)
}

func typeNameOf(v any) string {
	switch v.(type) {
	case *syntax.Map:
		return "MuranoPlDict"
	case syntax.List:
		return "list"
	case *syntax.Expression:
		return "YaqlExpression"
	}
	return yaql.TypeName(v)
}
