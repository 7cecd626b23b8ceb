package template

import (
	"strings"

	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// CheckProperties resolves a definition's properties and checks them against a schema.
// Problems stand at the property they belong to, with its place in the source. rt as in
// Resolve: without it, references stay function.Unknown and pass.
func (b *Bound) CheckProperties(d *Definition, props schema.Properties, rt Runtime, checker schema.Checker) (*yaml.Map, diag.List) {
	_, out, found := b.CheckShaped(d, func(given *yaml.Map) (*yaml.Map, schema.Properties) { return given, props }, "", rt, checker)
	return out, found
}

// CheckShaped is CheckProperties where the values themselves say what they are to be:
// shape gives the values to check and their schema. given are the values as they resolve.
// path stands for the place in the template when it is not "".
func (b *Bound) CheckShaped(d *Definition, shape func(given *yaml.Map) (*yaml.Map, schema.Properties), path string, rt Runtime, checker schema.Checker) (given, checked *yaml.Map, found diag.List) {
	return b.checkSection(d, d.Properties, b.Template.words.properties, shape, path, rt, checker)
}

// CheckUpdatePolicy is CheckProperties for the update policy.
func (b *Bound) CheckUpdatePolicy(d *Definition, props schema.Properties, rt Runtime, checker schema.Checker) (*yaml.Map, diag.List) {
	shape := func(given *yaml.Map) (*yaml.Map, schema.Properties) { return given, props }
	_, out, found := b.checkSection(d, d.UpdatePolicy, b.Template.words.updatePolicy, shape, "", rt, checker)
	return out, found
}

func (b *Bound) checkSection(d *Definition, e function.Expr, section string, shape func(*yaml.Map) (*yaml.Map, schema.Properties), path string, rt Runtime, checker schema.Checker) (given, checked *yaml.Map, found diag.List) {
	if path == "" {
		path = d.path(b.Template.words) + "." + section
	}
	given, problem := b.sectionValues(e, path, rt)
	if problem != nil {
		return nil, nil, diag.List{located(*problem, b.Template.File, e.Node())}
	}
	values, props := shape(given)
	checked, found = schema.Check(props, values, path, checker)
	for i := range found {
		at := nodeAt(d.Node.Get(section), strings.TrimPrefix(found[i].Path, path))
		found[i] = b.Template.located(found[i], at)
	}
	return given, checked, found
}

// sectionValues resolves each entry for itself, so that a failure stays with its entry.
func (b *Bound) sectionValues(e function.Expr, path string, rt Runtime) (*yaml.Map, *diag.Diagnostic) {
	if e == nil {
		return yaml.NewMap(0), nil
	}
	s := &scope{b: b, rt: rt}
	fields, ok := function.Fields(e)
	if !ok {
		v, err := function.Resolve(e, s)
		if err != nil {
			return nil, &diag.Diagnostic{Code: "value", Kind: schema.PropertyError, Path: path, Message: err.Error()}
		}
		if schema.IsUnknown(v) {
			return yaml.NewMap(0), nil
		}
		m, isMap := v.(*yaml.Map)
		if !isMap && v != nil {
			return nil, &diag.Diagnostic{Code: "value", Kind: schema.PropertyError, Path: path, Message: `"` + yaml.Str(v) + `" is not a map`}
		}
		return m, nil
	}
	out := yaml.NewMap(len(fields))
	for _, f := range fields {
		v, err := f.Value.Resolve(s)
		if err != nil {
			v = schema.Failed{Err: err}
		}
		out.Set(f.Key, v)
	}
	return out, nil
}

// PropertyNode gives the place of a property of the definition: path as schema.Check
// writes it (resources.x.properties.y[0]), followed as far as the source spells it out.
// With a key, the entry of that name there. The resource's own name when there is none.
func (t *Template) PropertyNode(d *Definition, path, key string) *yaml.Node {
	at := nodeAt(d.Node.Get(t.words.properties), strings.TrimPrefix(path, "resources."+d.Name+".properties"))
	for _, pair := range pairsOf(at) {
		if pair.Key == key {
			return pair.At
		}
	}
	if at == nil || key != "" && at == d.Node.Get(t.words.properties) {
		return d.At
	}
	return at
}

// TypeNode is the place of the definition's type.
func (t *Template) TypeNode(d *Definition) *yaml.Node { return d.Node.Get(t.words.typ) }

func pairsOf(n *yaml.Node) []yaml.Pair {
	if n == nil {
		return nil
	}
	return n.Pairs
}

// nodeAt follows a path like .a.b[0] as far as it leads.
func nodeAt(n *yaml.Node, path string) *yaml.Node {
	for path != "" && n != nil {
		next, rest := step(n, path)
		if next == nil {
			return n
		}
		n, path = next, rest
	}
	return n
}

func step(n *yaml.Node, path string) (*yaml.Node, string) {
	if inner, ok := strings.CutPrefix(path, "["); ok {
		number, rest, _ := strings.Cut(inner, "]")
		i := 0
		for _, c := range number {
			i = i*10 + int(c-'0')
		}
		if n.Kind == yaml.Sequence && i < len(n.Items) {
			return n.Items[i], rest
		}
		return n.Get(number), rest
	}
	path = strings.TrimPrefix(path, ".")
	for _, pair := range n.Pairs {
		if rest, ok := strings.CutPrefix(path, pair.Key); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return pair.Value, rest
		}
	}
	return nil, ""
}
