package yaql

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// scope is a layer of functions. Contexts without functions of their own share the scope
// of their parent.
type scope struct {
	owner     *Context
	outer     *scope
	functions map[string][]*Function
	exclusive map[string]bool
	sealed    bool
	composed  sync.Map // outer *scope → *scope, see over
}

func (s *scope) clone() *scope {
	c := &scope{owner: s.owner, outer: s.outer, functions: map[string][]*Function{}, exclusive: maps.Clone(s.exclusive)}
	for name, list := range s.functions {
		c.functions[name] = slices.Clone(list)
	}
	return c
}

// functionKey strips what a name may end with: for_ is for.
func functionKey(name string) string { return strings.TrimRight(name, "_") }

// cacheable gives the sealed scope that decides what name means, nil when a layer made
// by the evaluation itself has a say.
func (s *scope) cacheable(name string) *scope {
	for ; s != nil && !s.sealed; s = s.outer {
		if len(s.functions[name]) > 0 {
			return nil
		}
	}
	return s
}

// overloads collects the functions called name that can be called as asked, layer by
// layer from the innermost.
func (s *scope) overloads(name string, method bool) [][]*Function {
	var levels [][]*Function
	for ; s != nil; s = s.outer {
		var level []*Function
		for _, f := range s.functions[name] {
			if f.callable(method) {
				level = append(level, f)
			}
		}
		if level != nil {
			levels = append(levels, level)
		}
		if s.exclusive[name] {
			break
		}
	}
	return levels
}

// Functions gives all that can be called here, innermost layer first, each layer in the
// order of registration.
func (c *Context) Functions() []*Function {
	var all []*Function
	for s := c.scope; s != nil; s = s.outer {
		for _, name := range slices.Sorted(maps.Keys(s.functions)) {
			all = append(all, s.functions[name]...)
		}
	}
	return all
}

// Overloads gives the functions of one name, of both ways to call, innermost first.
func (c *Context) Overloads(name string) []*Function {
	var all []*Function
	for s := c.scope; s != nil; s = s.outer {
		all = append(all, s.functions[functionKey(name)]...)
		if s.exclusive[name] {
			break
		}
	}
	return all
}

// Seen gives a layer over c in which the functions of the layers of linked come first, then
// those of c: how the methods of an object are found wherever they are called. What was
// composed once is remembered, so both must be sealed, and linked have functions alone.
func (c *Context) Seen(linked *Context) *Context {
	child := c.Child()
	child.scope = linked.scope.over(c.scope)
	return child
}

// over is s, with its outer layers, in front of outer.
func (s *scope) over(outer *scope) *scope {
	if s == nil || s == outer {
		return outer
	}
	lasting := s.sealed && (outer == nil || outer.sealed)
	if known, ok := s.composed.Load(outer); ok {
		return known.(*scope)
	}
	layer := &scope{functions: s.functions, exclusive: s.exclusive, sealed: lasting}
	layer.outer = s.outer.over(outer)
	if !lasting { // made by an evaluation, gone with it
		return layer
	}
	known, _ := s.composed.LoadOrStore(outer, layer)
	return known.(*scope)
}
