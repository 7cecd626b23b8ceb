package muranopl

import (
	"slices"
	"strings"

	"hearth/murano/muranopl/syntax"
)

// newClass makes a class of its document (murano/dsl/murano_type.py create).
func (p *Package) newClass(doc *syntax.Map, name string, names *Namespaces) (*Class, error) {
	c := &Class{Name: name, pkg: p, names: names, usage: classUsage, methodOf: map[string]*Method{}, propertyOf: map[string]*Property{}}
	if u, ok := doc.Lookup("Usage"); ok {
		if u != classUsage && u != metaUsage {
			return nil, pyError("ValueError", "Invalid type Usage: \"%s\"", text(u))
		}
		c.usage = u.(string)
	}
	if err := c.readMetaClass(doc); err != nil {
		return nil, err
	}
	if err := c.inherit(doc.Get("Extends")); err != nil {
		return nil, err
	}
	c.meta = &metadata{definition: doc.Get("Meta"), target: targetType, declaring: c}
	if err := c.meta.resolve(); err != nil {
		return nil, err
	}
	if err := c.resolveImports(doc.Get("Import")); err != nil {
		return nil, err
	}
	properties, err := section(doc.Get("Properties"))
	if err != nil {
		return nil, err
	}
	if properties != nil {
		for _, e := range properties.Entries {
			prop, err := c.newProperty(text(e.Key), e.Value)
			if err != nil {
				return nil, err
			}
			c.addProperty(prop)
		}
	}
	list := doc.Get("Methods")
	if !syntax.Truth(list) {
		list = doc.Get("Workflow")
	}
	methods, err := section(list)
	if err != nil {
		return nil, err
	}
	if methods != nil {
		for _, e := range methods.Entries {
			m, err := c.newMethod(methodName(text(e.Key)), e.Value)
			if err != nil {
				return nil, err
			}
			c.addMethod(m)
		}
	}
	return c, nil
}

// section is a mapping of a class document; nil when there is none.
func section(v any) (*syntax.Map, error) {
	m, ok := v.(*syntax.Map)
	if !ok && syntax.Truth(v) {
		return nil, pyError("AttributeError", "'%s' object has no attribute 'items'", typeNameOf(v))
	}
	return m, nil
}

func methodName(name string) string {
	switch name {
	case "initialize":
		return ".init"
	case "destroy":
		return ".destroy"
	}
	return name
}

func (c *Class) addProperty(p *Property) {
	c.properties = append(c.properties, p)
	c.propertyOf[p.Name] = p
}

func (c *Class) addMethod(m *Method) {
	if old := c.methodOf[m.Name]; old != nil {
		c.methods[slices.Index(c.methods, old)] = m
	} else {
		c.methods = append(c.methods, m)
	}
	c.methodOf[m.Name] = m
}

// readMetaClass reads what only Meta classes have.
func (c *Class) readMetaClass(doc *syntax.Map) error {
	if c.usage != metaUsage {
		return nil
	}
	c.cardinality = cardinalityOne
	if v, ok := doc.Lookup("Cardinality"); ok {
		if v != cardinalityOne && v != cardinalityMany {
			return pyError("ValueError", "Invalid MetaClass Cardinality \"%s\"", text(v))
		}
		c.cardinality = v.(string)
	}
	c.targets = slices.Clone(allTargets)
	if v, ok := doc.Lookup("Applies"); ok {
		var wrong []string
		c.targets = nil
		for _, t := range syntax.AsList(v) {
			switch name := text(t); {
			case name == "All":
				c.targets = slices.Clone(allTargets)
			case !slices.Contains(allTargets, name):
				wrong = append(wrong, name)
			default:
				c.targets = append(c.targets, name)
			}
		}
		if len(wrong) > 0 {
			return pyError("ValueError", "Invalid MetaClass target(s) %s:", `"`+strings.Join(wrong, `", "`)+`"`)
		}
	}
	if v, ok := doc.Lookup("Inherited"); ok {
		if c.inherited, ok = v.(bool); !ok {
			return pyError("ValueError", "Invalid Inherited value. Must be true or false")
		}
	}
	return nil
}

// inherit finds the parents; a class without any extends io.murano.Object.
func (c *Class) inherit(extends any) error {
	if !syntax.Truth(extends) {
		extends = nil
	}
	ex := c.pkg.ex
	ex.inheriting = append(ex.inheriting, c.Name)
	defer func() { ex.inheriting = ex.inheriting[:len(ex.inheriting)-1] }()
	for _, v := range syntax.AsList(extends) {
		full, err := c.names.Resolve(text(v))
		if err != nil {
			return err
		}
		parent, err := c.pkg.Class(full, true)
		if i := slices.Index(ex.inheriting, full); i >= 0 && isDsl(err, "NoClassFound") {
			return dslError("InvalidInheritanceError", "Type %s cannot be its own ancestor: %s", full,
				strings.Join(append(slices.Clone(ex.inheriting[i:]), full), " extends "))
		}
		if err != nil {
			return err
		}
		c.parents = append(c.parents, parent)
	}
	if len(c.parents) == 0 && c.Name != rootClass {
		root, err := c.pkg.Class(rootClass, true)
		if err != nil {
			return err
		}
		c.parents = []*Class{root}
	}
	if c.Name == rootClass {
		c.parents = nil
	}
	for _, parent := range c.parents {
		if parent.usage == metaUsage && c.usage != metaUsage {
			return dslError("InvalidInheritanceError", "Type %s cannot have parent with Usage %s", c.Name, parent.usage)
		}
	}
	for _, parent := range c.parents {
		c.ways += max(1, parent.ways)
	}
	if c.ways > maxWays {
		return dslError("InvalidInheritanceError", "Type %s has %d ways up to its ancestors; at most %d are possible", c.Name, c.ways, maxWays)
	}
	return c.remapParents()
}

// maxWays is how many ways there may be from a class up to the root: each is looked at for a
// name, and they double with every diamond.
const maxWays = 1000

// rootClass is the ancestor of all.
const rootClass = "io.murano.Object"

func (c *Class) resolveImports(imports any) error {
	seen := map[string]bool{c.Name: true}
	for _, v := range syntax.AsList(imports) {
		if seen[text(v)] {
			continue
		}
		t, err := c.resolve(v)
		if err != nil {
			return err
		}
		if seen[t.Name] {
			continue
		}
		seen[text(v)], seen[t.Name] = true, true
		c.imports = append(c.imports, t)
	}
	return nil
}

// resolve gives the class that a name or a reference means in the code of c; nil for null.
func (c *Class) resolve(v any) (*Class, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case *Class:
		return v, nil
	case TypeRef:
		return v.Class, nil
	}
	full, err := c.names.Resolve(text(v))
	if err != nil {
		return nil, err
	}
	return c.pkg.Class(full, true)
}
