package muranopl

import (
	"slices"

	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// Metadata are objects of Meta classes that are attached to packages, classes, properties,
// methods and arguments (murano/dsl/meta.py).

// What a Meta class may be attached to, and how often.
const (
	targetPackage  = "Package"
	targetType     = "Type"
	targetProperty = "Property"
	targetMethod   = "Method"
	targetArgument = "Argument"

	cardinalityOne  = "One"
	cardinalityMany = "Many"
)

var allTargets = []string{targetPackage, targetType, targetProperty, targetMethod, targetArgument}

// metadata is one Meta section.
type metadata struct {
	definition any
	target     string
	declaring  *Class
	resolved   bool
	parts      []metaPart
	objects    []*Object
	made       bool
}

type metaPart struct {
	class      *Class
	properties any
}

// resolve checks the section; it returns ValueError for what cannot be attached here.
func (m *metadata) resolve() error {
	if m.resolved {
		return nil
	}
	m.resolved = true
	for _, v := range syntax.AsList(m.definition) {
		name, properties := v, any(nil)
		if d, ok := v.(*syntax.Map); ok {
			if len(d.Entries) != 1 {
				return pyError("ValueError", "Invalid Meta format")
			}
			name, properties = d.Entries[0].Key, d.Entries[0].Value
		}
		t, err := m.declaring.resolve(name)
		if err != nil {
			return err
		}
		switch {
		case t.usage != metaUsage:
			return pyError("ValueError", "Only Meta classes can be attached")
		case !slices.Contains(t.targets, m.target):
			return pyError("ValueError", "Meta class %s is not applicable here", t.Name)
		case t.cardinality != cardinalityMany && slices.ContainsFunc(m.parts, func(p metaPart) bool { return p.class.same(t) }):
			return pyError("ValueError", "Cannot attach several Meta instances with cardinality One")
		}
		m.parts = append(m.parts, metaPart{t, properties})
	}
	return nil
}

// values makes the objects, once.
func (m *metadata) values(th *Thread, f *Frame) ([]*Object, error) {
	if m.made {
		return m.objects, nil
	}
	if err := m.resolve(); err != nil {
		return nil, err
	}
	var out []*Object
	for _, p := range m.parts {
		frame := th.ex.classFrame(m.declaring, f)
		c := frame.open()
		c.Set("", nil)
		properties, err := th.evaluate(p.properties, c)
		if err != nil {
			return nil, err
		}
		d, _ := properties.(*yaql.Dict)
		if d == nil {
			d = yaql.NewDict(0)
		}
		o, err := th.store.loadDefinition(th, &definition{class: p.class, properties: d, extra: yaql.NewDict(0)}, nil,
			loadOptions{frame: frame, scope: m.declaring, apart: true})
		if err != nil {
			return nil, err
		}
		o.core.declaring = m.declaring
		out = append(out, o)
	}
	m.objects, m.made = out, true
	return out, nil
}

// metaOf gives the metadata of anything that can have some, what is inherited included.
func (th *Thread) metaOf(v any, f *Frame) ([]*Object, error) {
	switch v := v.(type) {
	case *Class:
		return th.classMeta(v, f)
	case *Property:
		return th.propertyMeta(v, f)
	case *Method:
		return th.methodMeta(v, f)
	case *Argument:
		return v.meta.values(th, f)
	case *Package:
		return v.meta.values(th, f)
	}
	return nil, nil
}

func (th *Thread) classMeta(c *Class, f *Frame) (out []*Object, err error) {
	if !c.metaKnown {
		c.metaValues, err = th.mergeMeta(c, f, func(c *Class) *metadata { return c.meta })
		c.metaKnown = err == nil
	}
	return c.metaValues, err
}

func (th *Thread) propertyMeta(p *Property, f *Frame) (out []*Object, err error) {
	if !p.metaKnown {
		p.metaValues, err = th.mergeMeta(p.declaring, f, func(c *Class) *metadata {
			if q := c.propertyOf[p.Name]; q != nil {
				return q.meta
			}
			return nil
		})
		p.metaKnown = err == nil
	}
	return p.metaValues, err
}

func (th *Thread) methodMeta(m *Method, f *Frame) (out []*Object, err error) {
	if !m.metaKnown {
		m.metaValues, err = th.mergeMeta(m.declaring, f, func(c *Class) *metadata {
			if n := c.methodOf[m.Name]; n != nil {
				return n.meta
			}
			return nil
		})
		m.metaKnown = err == nil
	}
	return m.metaValues, err
}

type attachedMeta struct {
	class  *Class
	object *Object
}

// mergeMeta collects what the class and its ancestors have: of an ancestor only what is
// inherited and not given anew.
func (th *Thread) mergeMeta(c *Class, f *Frame, of func(*Class) *metadata) ([]*Object, error) {
	found, err := th.collectMeta([]*Class{c}, c, nil, f, of)
	if err != nil {
		return nil, err
	}
	out := make([]*Object, len(found))
	for i, a := range found {
		out[i] = a.object
	}
	return out, nil
}

func (th *Thread) collectMeta(classes []*Class, initial *Class, skip []*Class, f *Frame, of func(*Class) *metadata) ([]attachedMeta, error) {
	var all []attachedMeta
	for _, c := range classes {
		below := slices.Clone(skip)
		if m := of(c); m != nil {
			list, err := m.values(th, f)
			if err != nil {
				return nil, err
			}
			for _, o := range list {
				hidden := slices.ContainsFunc(skip, func(t *Class) bool { return t.same(o.class) })
				if !c.same(initial) && (!o.class.inherited || hidden) {
					continue
				}
				if o.class.cardinality == cardinalityOne {
					below = append(below, o.class)
				}
				all = append(all, attachedMeta{c, o})
			}
		}
		inherited, err := th.collectMeta(c.parents, initial, below, f, of)
		if err != nil {
			return nil, err
		}
		all = append(all, inherited...)
	}
	var out []attachedMeta
	owners := map[classKey]*Class{}
	for _, a := range all {
		if owner := owners[a.object.class.key()]; owner != nil {
			if !owner.same(a.class) {
				return nil, pyError("ValueError", "Found more than one instance of Meta %s with Cardinality One", a.object.class.Name)
			}
			continue
		}
		if a.object.class.cardinality == cardinalityOne {
			owners[a.object.class.key()] = a.class
		}
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out, nil
}
