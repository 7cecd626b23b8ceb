package template

import (
	"errors"
	"fmt"

	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Runtime gives what resources yield.
type Runtime interface {
	// RefID gives the reference id of a resource.
	RefID(resource string) (any, error)
	// Attr gives an attribute: path is its name and what is asked of it; empty: a map of
	// all attributes.
	Attr(resource string, path []any) (any, error)
}

// scope answers what functions ask.
type scope struct {
	b  *Bound
	rt Runtime // nil: references are Unknown
	// parsing: while definitions are read, every resource counts as there
	parsing bool
}

var _ function.Scope = (*scope)(nil)

func (s *scope) Param(name string) (any, error) { return s.b.Values.param(name) }

func (s *scope) HasParam(name string) bool { return s.b.Values.Has(name) }

func (s *scope) Enabled(resource string) bool {
	if s.parsing {
		return s.b.Template.resources[resource] != nil
	}
	return s.b.Enabled(resource)
}

func (s *scope) RefID(resource string) (any, error) {
	if s.rt == nil {
		return function.Unknown{Resource: resource}, nil
	}
	return s.rt.RefID(resource)
}

func (s *scope) Attr(resource string, path []any) (any, error) {
	if s.rt == nil {
		return function.Unknown{Resource: resource, Path: append([]any{}, path...)}, nil
	}
	return s.rt.Attr(resource, path)
}

func (s *scope) File(name string) (string, bool) {
	if s.b.Locate != nil {
		name = s.b.Locate(name)
	}
	text, ok := s.b.files[name]
	return text, ok
}

func (s *scope) Facade(what string) (any, error) {
	f := s.b.facade
	if f == nil {
		return nil, errors.New("resource_facade: the stack stands for no resource")
	}
	var v any
	switch what {
	case "metadata":
		v = f.Metadata
	case "update_policy":
		v = f.UpdatePolicy
	default:
		if f.DeletionPolicy == "" {
			return Delete, nil
		}
		return f.DeletionPolicy, nil
	}
	if v == nil {
		return yaml.NewMap(0), nil
	}
	return v, nil
}

func (s *scope) Mapping(name string) (*yaml.Map, bool) {
	v, _ := s.b.Template.Mappings.Get(name)
	m, ok := v.(*yaml.Map)
	return m, ok
}

func (s *scope) Zones() ([]any, error) {
	if s.b.Zones != nil {
		return s.b.Zones()
	}
	return []any{"nova"}, nil
}

// Condition decides a condition once; a problem is always the same error.
func (s *scope) Condition(name string) (bool, error) {
	c := s.b.Template.conditions[name]
	if c == nil {
		return false, function.NoCondition(name)
	}
	d := s.b.conditions[name]
	if d == nil {
		d = &decision{}
		s.b.conditions[name] = d
		d.value, d.err = s.condition(c)
		d.done = true
	}
	if !d.done {
		return false, &diag.Diagnostic{
			Code: "condition", Kind: "Condition validation error",
			Message: fmt.Sprintf(`Circular definition for condition "%s"`, name),
		}
	}
	return d.value, d.err
}

func (s *scope) condition(c *Condition) (bool, error) {
	if !c.sound {
		return false, function.Reported() // by Parse
	}
	v, err := function.Resolve(c.Expr, s)
	if err != nil {
		return false, err
	}
	if schema.IsUnknown(v) {
		return true, nil
	}
	yes, ok := v.(bool)
	if !ok {
		d := badCondition(c.Name, v)
		return false, &d
	}
	return yes, nil
}

// Failures are the calls in e that cannot be computed, although what resources yield is
// taken as given.
func (b *Bound) Failures(e function.Expr) []function.Problem {
	if e == nil {
		return nil
	}
	return function.Failures(e, b.static)
}

// Resolve computes an Expr. Without a Runtime, references yield function.Unknown. The
// value may be shared and must not be changed.
func (b *Bound) Resolve(e function.Expr, rt Runtime) (any, error) {
	if e == nil {
		return nil, nil
	}
	return function.Resolve(e, &scope{b: b, rt: rt})
}
