package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/diag"
	"hearth/core/graph"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/template"
	"hearth/core/yaml"
)

// Source is what a stack is asked to be, before it is understood.
type Source struct {
	Template    *yaml.Node
	Environment *template.Environment
	Files       map[string]string
	Pseudo      template.Pseudo
	Facade      *template.Facade // the resource that this stack is, in a provider template
	// File is the name in Files that Template came from, for diagnostics; "" for the
	// template of the request.
	File string
	// Checker asks about values with custom constraints; nil: they pass.
	Checker schema.Checker
	// Lenient asks whether the template is sound by itself: values may be missing.
	Lenient bool
	// Early is for the nested stack of a resource that is not due yet: values of what it
	// depends on may be unknown.
	Early bool
	// Open looks at everything that can be looked at: parameters without a value are
	// template.NotGiven, and a problem does not keep others from being found. The Target is
	// then for Validation alone.
	Open bool
	// Locate gives the name among Files of what the template of a File calls by a name;
	// nil: the same name.
	Locate func(file, name string) string
}

// locate is Locate for this source's template; nil for none.
func (s *Source) locate() func(string) string {
	if s.Locate == nil {
		return nil
	}
	return func(name string) string { return s.Locate(s.File, name) }
}

// Target is what a stack is to be: a template with its values, its resource types found,
// its dependencies known.
type Target struct {
	Source
	Parsed *template.Template
	Values *template.Values
	Bound  *template.Bound

	defs     []*template.Definition
	index    map[string]int // in defs
	types    []*resource.Type
	mappings []template.Mapping // what the registry said of each type
	requires [][]string
	digests  []string
	paths    map[string][][]any
	below    string // what nested stacks inherit, see inherited
}

// Load understands a source. Every problem of the template, its parameters, types and
// references is in the list; the Target is nil when one of them is an error.
func Load(src Source, types *Types) (*Target, diag.List) {
	t, problems := Read(src, types)
	if t == nil || problems.HasErrors() {
		return nil, problems
	}
	return t, problems
}

// Read is Load that gives what could be understood although there are errors; nil when
// the template itself cannot be read.
func Read(src Source, types *Types) (*Target, diag.List) {
	if src.Environment == nil {
		src.Environment = &template.Environment{}
	}
	t := &Target{Source: src}
	var problems diag.List
	t.Parsed, problems = template.Parse(src.Template, types.templateOptions(src.File))
	if t.Parsed == nil {
		return nil, problems
	}
	var more diag.List
	t.Values, more = t.Parsed.ValuesWith(src.Environment, src.Pseudo, template.Checks{Checker: src.Checker, Declarations: src.Lenient, Early: src.Early, Open: src.Open})
	problems = append(problems, more...)
	if problems.HasErrors() && !(src.Open && t.Parsed.Readable()) {
		return t, problems
	}
	t.Bound, more = t.Parsed.Bind(t.Values, src.Files, src.Facade)
	if src.Lenient {
		more = WithoutMissing(more)
	}
	t.Bound.Locate = src.locate()
	problems = append(problems, t.own(more)...)
	t.defs = t.Bound.Resources()
	t.index = make(map[string]int, len(t.defs))
	t.types = make([]*resource.Type, len(t.defs))
	t.mappings = make([]template.Mapping, len(t.defs))
	for i, d := range t.defs {
		t.index[d.Name] = i
		if d.Type == "" { // Parse has said why
			continue
		}
		typ, mapping, list := types.Find(d, src.Environment, src.Files, t.locate())
		for _, p := range list {
			problems = append(problems, t.place(p, t.Parsed.TypeNode(d)))
		}
		t.types[i], t.mappings[i] = typ, mapping
	}
	if !problems.HasErrors() {
		problems = append(problems, t.findRequires()...)
	}
	if !problems.HasErrors() || src.Open {
		problems = append(problems, t.Bound.CheckAttributes(t.hasAttribute, t.attributes)...)
	}
	return t, problems
}

// WithoutMissing leaves out the problems of parameters that are not there: validate does
// not ask for them, as in Heat.
func WithoutMissing(problems diag.List) diag.List {
	return slices.DeleteFunc(slices.Clone(problems), func(d diag.Diagnostic) bool { return d.Type == "UserParameterMissing" })
}

// hasAttribute reports whether a resource has an attribute. Types that read whole paths
// decide for themselves, when it is read.
func (t *Target) hasAttribute(name, attribute string) bool {
	typ := t.Type(name)
	if typ == nil {
		return true
	}
	if _, ok := typ.New().(*templateResource); ok && t.Open {
		_, ok := typ.Attributes[attribute]
		return ok || attribute == "show" || strings.HasPrefix(attribute, "resource.")
	}
	return HasAttribute(typ, attribute)
}

// attributes lists the attributes of a resource.
func (t *Target) attributes(name string) []string {
	return slices.Sorted(maps.Keys(t.Type(name).Attributes))
}

// HasAttribute reports whether a type has an attribute. Types that read whole paths decide
// for themselves, when it is read.
func HasAttribute(typ *resource.Type, attribute string) bool {
	if typ.AnyProperties || attribute == "show" {
		return true
	}
	if _, ok := typ.New().(resource.PathAttributer); ok {
		return true
	}
	_, ok := typ.Attributes[attribute]
	return ok
}

// findRequires notes what each resource depends on: what its template says, then what
// its type knows.
func (t *Target) findRequires() diag.List {
	t.requires = make([][]string, len(t.defs))
	t.digests = make([]string, len(t.defs))
	t.paths = t.Bound.AttributePaths()
	depends := false
	for i, d := range t.defs {
		t.requires[i] = t.Bound.Requires(d)
		behaviour, typ := t.types[i].New(), t.types[i].Name+t.types[i].Digest
		if _, ok := behaviour.(resource.Parent); ok {
			typ += t.inherited()
		}
		t.digests[i] = t.Bound.Digest(d, typ)
		if _, ok := behaviour.(resource.Depender); ok {
			depends = true
		}
	}
	if depends {
		t.addImplicit()
	}
	var g graph.Graph[string]
	for i, d := range t.defs {
		g.Add(d.Name)
		for _, r := range t.requires[i] {
			g.Edge(d.Name, r)
		}
	}
	if _, err := g.Order(); err != nil {
		return diag.List{t.place(diag.Diagnostic{Code: "circular_dependency", Severity: diag.Error, Path: "resources",
			Type: "CircularDependencyException", Message: err.Error()}, t.Source.Template.Get("resources"))}
	}
	return nil
}

// addImplicit asks the types that know of dependencies which no template spells out. One
// that would close a circle is left out: the template's own order wins.
func (t *Target) addImplicit() {
	all := make([]resource.Sibling, len(t.defs))
	for i, d := range t.defs {
		props, _ := t.Properties(d.Name, nil)
		all[i] = resource.Sibling{Name: d.Name, Type: t.types[i].Name, Properties: resource.NewValues(props), Requires: t.requires[i]}
	}
	for i, d := range t.defs {
		dep, ok := t.types[i].New().(resource.Depender)
		if !ok {
			continue
		}
		for _, name := range dep.Dependencies(all[i], all) {
			if name == d.Name || slices.Contains(t.requires[i], name) || t.reaches(name, d.Name, map[string]bool{}) {
				continue
			}
			t.requires[i] = append(t.requires[i], name)
		}
	}
}

// reaches reports whether from depends on to, directly or not.
func (t *Target) reaches(from, to string, seen map[string]bool) bool {
	i, ok := t.index[from]
	if !ok || seen[from] {
		return false
	}
	seen[from] = true
	for _, r := range t.requires[i] {
		if r == to || t.reaches(r, to, seen) {
			return true
		}
	}
	return false
}

// Names gives the resources in template order.
func (t *Target) Names() []string {
	names := make([]string, len(t.defs))
	for i, d := range t.defs {
		names[i] = d.Name
	}
	return names
}

// Definition gives a resource's definition; nil when the template has none of that name
// or a condition takes it out.
func (t *Target) Definition(name string) *template.Definition {
	if i, ok := t.index[name]; ok {
		return t.defs[i]
	}
	return nil
}

// Type gives a resource's type; nil when there is no such resource.
func (t *Target) Type(name string) *resource.Type {
	if i, ok := t.index[name]; ok {
		return t.types[i]
	}
	return nil
}

// Requires gives the names of the resources that must be there before this one.
func (t *Target) Requires(name string) []string { return t.requires[t.index[name]] }

// RequiredBy gives, for every resource, the names of those that depend on it.
func (t *Target) RequiredBy() map[string][]string {
	out := make(map[string][]string, len(t.defs))
	for i, d := range t.defs {
		for _, r := range t.requires[i] {
			out[r] = append(out[r], d.Name)
		}
	}
	return out
}

// Digest is equal for two definitions when nothing but other resources' values can make
// them differ.
func (t *Target) Digest(name string) string { return t.digests[t.index[name]] }

// AttributePaths gives the attributes of a resource that the template asks for.
func (t *Target) AttributePaths(name string) [][]any { return t.paths[name] }

// Properties resolves a resource's properties, as they stand: without defaults and
// unchecked. With a nil rt the values of other resources are function.Unknown.
func (t *Target) Properties(name string, rt template.Runtime) (*yaml.Map, error) {
	d := t.Definition(name)
	if d.Properties == nil {
		return yaml.NewMap(0), nil
	}
	v, err := t.Bound.Resolve(d.Properties, rt)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case nil:
		return yaml.NewMap(0), nil
	case *yaml.Map:
		return v, nil
	}
	return nil, core.StackValidationFailed("resources.%s: \"properties\" must be a map, not %T", name, v)
}

// CheckProperties resolves a resource's properties and brings them to the schema of its
// type. given are the values before that. With a nil rt the values of other resources are
// function.Unknown; with one, problems are named as Heat names them while it works.
func (t *Target) CheckProperties(name string, rt template.Runtime, checker schema.Checker) (given, props *yaml.Map, problems diag.List) {
	d, typ := t.Definition(name), t.Type(name)
	if typ.AnyProperties {
		given, err := t.Properties(name, rt)
		if err != nil {
			return nil, nil, diag.List{describe(err)}
		}
		return given, yaml.NewMap(0), nil
	}
	path := ""
	if rt != nil {
		path = name + ".Properties"
	}
	given, props, problems = t.Bound.CheckShaped(d, shapeOf(typ), path, rt, checker)
	return settled(given), props, problems
}

// CheckProperties brings values that are resolved already to the schema of a type.
func CheckProperties(typ *resource.Type, given *yaml.Map, path string, check schema.Checker) (*yaml.Map, diag.List) {
	if typ.AnyProperties {
		return yaml.NewMap(0), nil
	}
	values, props := shapeOf(typ)(given)
	return schema.Check(props, values, path, check)
}

func shapeOf(typ *resource.Type) func(*yaml.Map) (*yaml.Map, schema.Properties) {
	if s, ok := typ.New().(resource.Shaper); ok {
		return s.Shape
	}
	return func(given *yaml.Map) (*yaml.Map, schema.Properties) { return given, typ.Properties }
}

// settled leaves out what could not be resolved and what an if has left out.
func settled(m *yaml.Map) *yaml.Map {
	out := yaml.NewMap(m.Len())
	for name, v := range m.All() {
		switch v.(type) {
		case schema.Failed, schema.Dropped:
			continue
		}
		out.Set(name, v)
	}
	return out
}

// Metadata resolves a resource's metadata; nil for none.
func (t *Target) Metadata(name string, rt template.Runtime) (*yaml.Map, error) {
	d := t.Definition(name)
	if d.Metadata == nil {
		return nil, nil
	}
	v, err := t.Bound.Resolve(d.Metadata, rt)
	if err != nil {
		return nil, err
	}
	m, _ := v.(*yaml.Map)
	return m, nil
}

// UpdatePolicy resolves update_policy by the type's schema of it; nil for none, and for
// one that validation has refused.
func (t *Target) UpdatePolicy(name string, typ *resource.Type, rt template.Runtime) *yaml.Map {
	d := t.Definition(name)
	if d.UpdatePolicy == nil {
		return nil
	}
	policy, _ := t.Bound.CheckUpdatePolicy(d, typ.UpdatePolicy, rt, nil)
	return policy
}

// ExternalID resolves external_id; "" for none.
func (t *Target) ExternalID(name string, rt template.Runtime) (string, error) {
	d := t.Definition(name)
	if d.ExternalID == nil {
		return "", nil
	}
	v, err := t.Bound.Resolve(d.ExternalID, rt)
	if err != nil || v == nil {
		return "", err
	}
	return fmt.Sprint(v), nil
}
