package muranopl

import (
	"errors"
	"slices"

	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// contract says what a value must be like, and makes it so (murano/dsl/contracts/contracts.py):
// a tree of lists and dictionaries with expressions, in which $ is the value.
type contract struct {
	spec any
	pkg  *Package
	fast map[*syntax.Expression]*chain // expressions that are mere calls of contract methods
}

func newContract(spec any, pkg *Package) *contract {
	c := &contract{spec: spec, pkg: pkg, fast: map[*syntax.Expression]*chain{}}
	c.compile(spec)
	return c
}

func (c *contract) compile(v any) {
	switch v := v.(type) {
	case *syntax.Expression:
		if chain := compileChain(v); chain != nil {
			c.fast[v] = chain
		}
	case syntax.List:
		for _, item := range v {
			c.compile(item)
		}
	case *syntax.Map:
		for _, e := range v.Entries {
			c.compile(e.Key)
			c.compile(e.Value)
		}
	}
}

type contractMode int

const (
	modeTransform contractMode = iota
	modeValidate
	modeCheckType
	modeFinalize
	modeSchema
)

// contractRun is one application of a contract.
type contractRun struct {
	th       *Thread
	frame    *Frame  // where defaults and predicates are evaluated
	this     *Object // whose property or argument it is; nil for a class
	owner    *Object // of the objects that the value defines
	calling  *Class
	mode     contractMode
	finalize bool // with modeTransform
	inner    *yaql.Context
}

// objRef stands for an object of a model that is not loaded yet.
type objRef struct{ id string }

// apply puts a value through the contract; noValue is the fallback.
func (c *contract) apply(run *contractRun, value, fallback any) (any, error) {
	if value == noValue {
		var err error
		if value, err = run.th.evaluate(fallback, run.frame.open()); err != nil {
			return nil, err
		}
	}
	if run.th.isPasskey(value) {
		return value, nil
	}
	run.inner = c.pkg.ex.lang.dialect(c.pkg.Format).contract.Child()
	run.inner.SetHost(&Frame{ex: run.th.ex, names: run.frame.names, contract: run})
	return c.mapValue(run, value, c.spec, "")
}

func (th *Thread) isPasskey(v any) bool { return th.passkey != nil && v == th.passkey }

func (c *contract) mapValue(run *contractRun, value, spec any, path string) (any, error) {
	if run.th.isPasskey(value) {
		return value, nil
	}
	switch spec := spec.(type) {
	case *syntax.Expression:
		v, err := c.expression(run, value, spec)
		if e, ok := errors.AsType[*Error](err); ok && e.Name == dslErrors+"ContractViolationException" {
			at := *e
			at.path = path
			err = &at
		}
		return v, err
	case *syntax.Map:
		return c.mapDict(run, value, spec, path)
	case syntax.List:
		return c.mapList(run, value, spec, path)
	}
	same, err := run.th.run.Equal(value, spec)
	if err == nil && !same {
		err = violation("Value %s is not equal to %s", scalarText(value), pyStr(spec))
	}
	return value, err
}

func (c *contract) expression(run *contractRun, value any, x *syntax.Expression) (any, error) {
	if chain := c.fast[x]; chain != nil {
		return chain.apply(run, value)
	}
	layer := run.inner.Child()
	layer.Set("", value)
	return run.th.eval(x, layer)
}

func (c *contract) mapDict(run *contractRun, value any, spec *syntax.Map, path string) (any, error) {
	if value == nil || value == noValue {
		value = yaql.NewDict(0)
	}
	d, ok := value.(*yaql.Dict)
	if !ok {
		return nil, violation("Value %s is not of a dictionary type", scalarText(value))
	}
	if len(spec.Entries) == 0 {
		return d, nil
	}
	out := yaql.NewDict(d.Len())
	var other *syntax.Entry
	for i, e := range spec.Entries {
		if _, ok := e.Key.(*syntax.Expression); ok {
			if other != nil {
				return nil, dslError("DslContractSyntaxError", "Dictionary contract cannot have more than one expression key")
			}
			other = &spec.Entries[i]
			continue
		}
		item, _ := d.Get(e.Key)
		v, err := c.mapValue(run, item, e.Value, path+"["+scalarText(e.Key)+"]")
		if err != nil {
			return nil, err
		}
		if err := out.Set(e.Key, v); err != nil {
			return nil, err
		}
	}
	if other == nil {
		return out, nil
	}
	for k, item := range d.All() {
		if _, done := out.Get(k); done {
			continue
		}
		key, err := c.mapValue(run, k, other.Key, path)
		if err != nil {
			return nil, err
		}
		v, err := c.mapValue(run, item, other.Value, path+"["+scalarText(key)+"]")
		if err != nil {
			return nil, err
		}
		if err := out.Set(key, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// mapList takes what is no list for a list of one item. Numbers at the end of the contract
// bound the length.
func (c *contract) mapList(run *contractRun, value any, spec syntax.List, path string) (any, error) {
	var items []any
	switch v := value.(type) {
	case yaql.Tuple:
		items = v
	case yaql.List:
		items = v
	case nil, absent:
	case yaql.Iterator:
		list, err := run.th.run.Collect(v)
		if err != nil {
			return nil, err
		}
		items = list
	default:
		items = []any{value}
	}
	if len(spec) == 0 {
		return yaql.Tuple(items), nil
	}
	least, most, bounds := int64(0), int64(-1), 0
	if n, ok := spec[len(spec)-1].(int64); ok {
		least, bounds = n, 1
		if len(spec) >= 2 {
			if m, ok := spec[len(spec)-2].(int64); ok {
				least, most, bounds = m, n, 2
			}
		}
	}
	n := int64(len(items))
	switch {
	case most >= 0 && (n < least || n > most):
		return nil, violation("Array length %d is not within [%d..%d] range", n, least, most)
	case n < least:
		return nil, violation("Array length %d must not be less than %d", n, least)
	}
	out := make(yaql.Tuple, len(items))
	for i, item := range items {
		at := min(i, len(spec)-bounds-1)
		if at < 0 {
			return nil, pyError("IndexError", "list index out of range")
		}
		v, err := c.mapValue(run, item, spec[at], path+"["+pyStr(int64(i))+"]")
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return slices.Clip(out), nil
}
