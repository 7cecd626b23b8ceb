package muranopl

import (
	"hearth/core/yaql"
)

// How a class may be used.
const (
	classUsage = "Class"
	metaUsage  = "Meta"
)

// Class is a MuranoPL class (murano/dsl/murano_type.py). Two classes of one name and version
// are the same: multiple inheritance may make a copy with other parents.
type Class struct {
	Name    string
	pkg     *Package
	names   *Namespaces
	usage   string
	parents []*Class
	ways    int // up to the root of all

	methods     []*Method // in the order of the file
	methodOf    map[string]*Method
	properties  []*Property
	propertyOf  map[string]*Property
	native      *Native
	constructor *Method
	meta        *metadata
	imports     []*Class

	// Of a Meta class.
	cardinality string
	targets     []string
	inherited   bool

	line           []*Class // the class and its ancestors, breadth first
	known          map[classKey]bool
	methodChoice   map[string][]*Method
	propertyChoice map[string][]*Property
	metaValues     []*Object
	metaKnown      bool
	functions      *yaql.Context // its methods, for objects of it
	exported       *yaql.Context // its extension methods, for classes that import it
	base           *yaql.Context // what its code starts from
}

type classKey struct{ name, version string }

func (c *Class) key() classKey { return classKey{c.Name, c.pkg.Version.String()} }

func (c *Class) same(o *Class) bool { return c == o || o != nil && c.key() == o.key() }

// Package is where the class is from.
func (c *Class) Package() *Package { return c.pkg }

// lineage is the class itself and all its ancestors, the nearest first.
func (c *Class) lineage() []*Class {
	if c.line == nil {
		c.known = map[classKey]bool{}
		queue := []*Class{c}
		for len(queue) > 0 {
			next := queue[0]
			queue = queue[1:]
			if c.known[next.key()] {
				continue
			}
			c.known[next.key()] = true
			c.line = append(c.line, next)
			queue = append(queue, next.parents...)
		}
	}
	return c.line
}

func (c *Class) ancestors() []*Class { return c.lineage()[1:] }

// extends reports whether the class is o or has it among its ancestors.
func (c *Class) extends(o *Class) bool {
	c.lineage()
	return c == o || c.known[o.key()]
}

// YaqlEqual implements yaql.Equaler.
func (c *Class) YaqlEqual(other any) bool {
	o, ok := other.(*Class)
	return ok && c.same(o)
}

// YaqlKey implements yaql.Equaler.
func (c *Class) YaqlKey() any { return c.key() }

// YaqlRepr implements yaql.Representer.
func (c *Class) YaqlRepr() string {
	if c.usage == metaUsage {
		return "MuranoMetaClass(" + c.Name + "/" + c.pkg.Version.String() + ")"
	}
	return "MuranoClass(" + c.Name + "/" + c.pkg.Version.String() + ")"
}

// String is the class as messages show it.
func (c *Class) String() string { return c.YaqlRepr() }

// TypeRef is a class as a value of programs: what :Name gives.
type TypeRef struct{ *Class }

// YaqlEqual implements yaql.Equaler.
func (t TypeRef) YaqlEqual(other any) bool {
	o, ok := other.(TypeRef)
	return ok && t.same(o.Class)
}

// YaqlKey implements yaql.Equaler.
func (t TypeRef) YaqlKey() any { return [2]classKey{t.key()} }

// YaqlRepr implements yaql.Representer.
func (t TypeRef) YaqlRepr() string { return "*" + t.Class.YaqlRepr() }

// String is the reference as messages show it.
func (t TypeRef) String() string { return t.YaqlRepr() }

// qualified is the class as object models have it: name/version@package.
func (c *Class) qualified() string {
	return c.Name + "/" + c.pkg.Version.String() + "@" + c.pkg.Name
}
