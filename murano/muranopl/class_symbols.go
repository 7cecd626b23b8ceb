package muranopl

import (
	"slices"
	"sort"
)

// chooseSymbol finds what a name means in a class of several ancestors: of all ways up to a
// root it keeps what no more special class redefines (murano/dsl/murano_type.py _choose_symbol).
func chooseSymbol[T comparable](c *Class, get func(*Class) T) []T {
	var none T
	type way struct {
		class *Class
		path  []T
	}
	var chains [][]T
	queue := []way{{c, nil}}
	for len(queue) > 0 {
		w := queue[0]
		queue = queue[1:]
		path := w.path
		if s := get(w.class); s != none {
			path = append(slices.Clone(path), s)
		}
		if len(w.class.parents) == 0 && len(path) > 0 {
			chains = append(chains, path)
		}
		for _, p := range w.class.parents {
			queue = append(queue, way{p, path})
		}
	}
	sort.SliceStable(chains, func(i, j int) bool { return len(chains[i]) < len(chains[j]) })
	var out []T
	for i, chain := range chains {
		if !slices.Contains(out, chain[0]) && !slices.ContainsFunc(chains[i+1:], func(longer []T) bool { return endsWith(longer, chain) }) {
			out = append(out, chain[0])
		}
	}
	return out
}

func endsWith[T comparable](list, end []T) bool {
	return len(list) >= len(end) && slices.Equal(list[len(list)-len(end):], end)
}

// findMethod gives the methods that a name may mean.
func (c *Class) findMethod(name string) []*Method {
	found, ok := c.methodChoice[name]
	if !ok {
		found = chooseSymbol(c, func(c *Class) *Method { return c.methodOf[name] })
		if c.methodChoice == nil {
			c.methodChoice = map[string][]*Method{}
		}
		c.methodChoice[name] = found
	}
	return found
}

// method gives the one method of that name; NoMethodFound, AmbiguousMethodName.
func (c *Class) method(name string) (*Method, error) {
	switch found := c.findMethod(name); len(found) {
	case 0:
		return nil, dslError("NoMethodFound", "Method \"%s\" is not found", name)
	case 1:
		return found[0], nil
	}
	return nil, dslError("AmbiguousMethodName", "Found more than one method \"%s\"", name)
}

// findProperty gives the properties that a name may mean.
func (c *Class) findProperty(name string) []*Property {
	found, ok := c.propertyChoice[name]
	if !ok {
		found = chooseSymbol(c, func(c *Class) *Property { return c.propertyOf[name] })
		if c.propertyChoice == nil {
			c.propertyChoice = map[string][]*Property{}
		}
		c.propertyChoice[name] = found
	}
	return found
}

// property gives the one property of that name; NoPropertyFound, AmbiguousPropertyNameError.
func (c *Class) property(name string) (*Property, error) {
	return oneProperty(c.findProperty(name), name)
}

// staticProperty is property among the static ones.
func (c *Class) staticProperty(name string) (*Property, error) {
	return oneProperty(chooseSymbol(c, func(c *Class) *Property {
		if p := c.propertyOf[name]; p != nil && p.Usage == usageStatic {
			return p
		}
		return nil
	}), name)
}

func oneProperty(found []*Property, name string) (*Property, error) {
	switch len(found) {
	case 0:
		return nil, dslError("NoPropertyFound", "Property \"%s\" is not found", name)
	case 1:
		return found[0], nil
	}
	return nil, dslError("AmbiguousPropertyNameError", "Found more than one property \"%s\"", name)
}

// declares reports whether the class or an ancestor has a property of that name.
func (c *Class) declares(name string) bool { return len(c.findProperty(name)) > 0 }

// allMethods are the methods of the class and of its ancestors for which keep holds, each once.
func (c *Class) allMethods(keep func(*Method) bool) []*Method {
	var out []*Method
	for _, t := range c.lineage() {
		for _, m := range t.methods {
			if keep(m) && !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	return out
}

// methodNames are the names of all methods, the class's own first.
func (c *Class) methodNames() []string {
	return symbolNames(c, func(t *Class) []*Method { return t.methods }, func(m *Method) string { return m.Name })
}

// propertyNames are the names of all properties, the class's own first.
func (c *Class) propertyNames() []string {
	return symbolNames(c, func(t *Class) []*Property { return t.properties }, func(p *Property) string { return p.Name })
}

func symbolNames[T any](c *Class, of func(*Class) []T, name func(T) string) []string {
	var out []string
	for _, t := range c.lineage() {
		for _, s := range of(t) {
			if !slices.Contains(out, name(s)) {
				out = append(out, name(s))
			}
		}
	}
	return out
}
