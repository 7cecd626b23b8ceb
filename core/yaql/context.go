package yaql

import "strings"

// Context is where an expression finds its variables and functions: a chain of layers,
// the innermost first. Make it whole before evaluations share it; an evaluation writes
// only to the layers it makes itself.
type Context struct {
	parent *Context
	source *Context // of a linked layer: whose variables these are
	scope  *scope
	host   any

	first    any // $, which is $1
	hasFirst bool
	vars     []variable
}

type variable struct {
	name  string // without the dollar
	value any
}

// NewContext makes a layer over parent, which may be nil.
func NewContext(parent *Context) *Context {
	c := &Context{parent: parent}
	if parent != nil {
		c.scope, c.host = parent.scope, parent.host
	}
	return c
}

// Child makes a layer over c.
func (c *Context) Child() *Context { return &Context{parent: c, scope: c.scope, host: c.host} }

// Host gives what a host has put into this layer or the nearest outer one before this one
// was made: what its functions must know of where they are called.
func (c *Context) Host() any { return c.host }

// SetHost puts a host's own value into this layer, for the layers that are made over it.
func (c *Context) SetHost(v any) { c.host = v }

// Parent gives the next outer layer, nil for the outermost.
func (c *Context) Parent() *Context { return c.parent }

// Set puts a variable into this layer; the name may have its dollar. "", "$", "1" and
// "$1" are one variable.
func (c *Context) Set(name string, value any) {
	if c.source != nil {
		c.source.Set(name, value)
		return
	}
	name = strings.TrimPrefix(name, "$")
	if name == "" || name == "1" {
		c.first, c.hasFirst = value, true
		return
	}
	for i := range c.vars {
		if c.vars[i].name == name {
			c.vars[i].value = value
			return
		}
	}
	c.vars = append(c.vars, variable{name, value})
}

// Get finds a variable here or in an outer layer.
func (c *Context) Get(name string) (any, bool) { return c.lookup(variableName(name)) }

func variableName(name string) string {
	name = strings.TrimPrefix(name, "$")
	if name == "1" {
		return ""
	}
	return name
}

func (c *Context) lookup(name string) (any, bool) {
	for ; c != nil; c = c.parent {
		if v, ok := c.own(name); ok {
			return v, true
		}
	}
	return nil, false
}

func (c *Context) own(name string) (any, bool) {
	if c.source != nil {
		return c.source.own(name)
	}
	if name == "" {
		return c.first, c.hasFirst
	}
	for i := range c.vars {
		if c.vars[i].name == name {
			return c.vars[i].value, true
		}
	}
	return nil, false
}

// Vars gives the variables of this layer, in the order they were set.
func (c *Context) Vars() map[string]any {
	if c.source != nil {
		return c.source.Vars()
	}
	vars := make(map[string]any, len(c.vars)+1)
	for _, v := range c.vars {
		vars[v.name] = v.value
	}
	if c.hasFirst {
		vars[""] = c.first
	}
	return vars
}

// Register adds functions to this layer, as further overloads of their names.
func (c *Context) Register(functions ...*Function) { c.register(false, functions) }

// RegisterExclusive adds functions to this layer and hides those of the same names in
// outer layers.
func (c *Context) RegisterExclusive(functions ...*Function) { c.register(true, functions) }

func (c *Context) register(exclusive bool, functions []*Function) {
	if c.source != nil {
		c.source.register(exclusive, functions)
	}
	var outer *scope
	if c.parent != nil {
		outer = c.parent.scope
	}
	layer := &scope{outer: outer, functions: map[string][]*Function{}, exclusive: map[string]bool{}}
	if c.scope != nil && c.scope.owner == c {
		layer = c.scope.clone()
	}
	layer.owner = c
	for _, f := range functions {
		f.Prepare()
		layer.functions[f.Name] = append(layer.functions[f.Name], f)
		if exclusive {
			layer.exclusive[f.Name] = true
		}
	}
	c.scope = layer
}

// Seal declares that no function will be added to this layer or an outer one any more,
// so that expressions may remember what names mean here. Do it once to the layer that
// evaluations start from.
func (c *Context) Seal() {
	for s := c.scope; s != nil; s = s.outer {
		s.sealed = true
	}
}

// Link makes a chain that shows the layers of linked, variables and functions, and after
// them those of parent (yaql's LinkedContext).
func Link(parent, linked *Context) *Context {
	if linked.parent != nil {
		parent = Link(parent, linked.parent)
	}
	c := NewContext(parent)
	c.source = linked
	if s := linked.scope; s != nil && s.owner == linked {
		layer := s.clone()
		layer.owner, layer.outer = c, nil
		if parent != nil {
			layer.outer = parent.scope
		}
		c.scope = layer
	}
	return c
}
