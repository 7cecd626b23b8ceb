package template

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// The deletion policies.
const (
	Delete   = "Delete"
	Retain   = "Retain"
	Snapshot = "Snapshot"
)

// Definition is a resource as the template has it. Exprs that are not given are nil.
type Definition struct {
	Name        string
	Type        string
	Description string
	Index       int // its place in the template, from 0

	Properties   function.Expr
	Metadata     function.Expr
	UpdatePolicy function.Expr
	ExternalID   function.Expr
	Condition    function.Expr
	DependsOn    []string
	// DeletionPolicy is Delete, Retain or Snapshot. In a definition that Bound gives it
	// is decided; before, one that is a function counts as Delete.
	DeletionPolicy string

	Node *yaml.Node
	At   *yaml.Node // its name

	deletion function.Expr // the policy when it is a function
}

func (p *parsing) readResources() {
	t := p.t
	n := p.section(t.words.resources)
	shapeless := p.checkShapes(n)
	for i, pair := range n.Pairs {
		if shapeless[pair.Key] {
			continue
		}
		d := &Definition{Name: pair.Key, Index: i, Node: pair.Value, At: pair.At, DeletionPolicy: Delete}
		p.readDefinition(d)
		t.Resources = append(t.Resources, d)
		t.resources[d.Name] = d
	}
}

// checkShapes finds resources that are not even maps with a type. Heat looks at them in
// the order of their names, HOT and CFN with other words.
func (p *parsing) checkShapes(resources *yaml.Node) map[string]bool {
	bad := map[string]bool{}
	sorted := slices.Clone(resources.Pairs)
	if p.t.Kind == HOT {
		slices.SortFunc(sorted, func(a, b yaml.Pair) int { return strings.Compare(a.Key, b.Key) })
	}
	for _, pair := range sorted {
		problem, at := p.shape(pair.Value)
		if _, isText := pair.At.Text(); !isText && problem.Message == "" {
			problem.Message = notText("resource", pair)
		}
		if problem.Message != "" {
			bad[pair.Key] = at == nil // else it is one key alone that is wrong
			problem.Code = "resource"
			p.report(problem, cmp.Or(at, pair.At))
		}
	}
	return bad
}

// notText: a name like 1 or yes is no text in YAML.
func notText(what string, pair yaml.Pair) string {
	return fmt.Sprintf("The name of a %s must be a text: put %s in quotes", what, pair.Key)
}

// shape gives what is wrong with the shape of a resource, and the place when it is not the
// resource's name.
func (p *parsing) shape(n *yaml.Node) (diag.Diagnostic, *yaml.Node) {
	w := p.t.words
	wrong := func(message string) (diag.Diagnostic, *yaml.Node) { return diag.Diagnostic{Message: message}, nil }
	const noType = "Each Resource must contain a Type key."
	if p.t.Kind == HOT {
		known := []string{w.typ, w.properties, w.metadata, w.dependsOn, w.deletionPolicy, w.updatePolicy, w.about, w.externalID, w.condition}
		if emptyValue(n) {
			return wrong("Each resource must contain a type key.")
		}
		if n.Kind != yaml.Mapping {
			return wrong(fmt.Sprintf(`"resources" must contain a map of resource maps. Found a [<class '%s'>] instead`, yaml.TypeName(n.Plain())))
		}
		for _, pair := range n.Pairs {
			if !slices.Contains(known, pair.Key) {
				return diag.Diagnostic{Message: fmt.Sprintf(`"%s" is not a valid keyword inside a resource definition`, pair.Key),
					Hint: diag.DidYouMean(pair.Key, known)}, pair.At
			}
		}
		if n.Get(w.typ) == nil {
			return wrong("Each resource must contain a type key.")
		}
	}
	switch {
	case emptyValue(n):
		return wrong(noType)
	case n.Kind != yaml.Mapping:
		return wrong(fmt.Sprintf("Resources must contain Resource. Found a [<class '%s'>] instead", yaml.TypeName(n.Plain())))
	case n.Get(w.typ) == nil || emptyValue(n.Get(w.typ)):
		return wrong(noType)
	}
	return wrong("")
}

func (p *parsing) readDefinition(d *Definition) {
	t, w, n := p.t, p.t.words, d.Node
	if t.Kind == HOT && !t.version.HasConditions() {
		var wrong []string
		for _, key := range []string{w.condition, w.externalID} {
			if n.Get(key) != nil {
				wrong = append(wrong, key)
			}
		}
		if len(wrong) > 0 {
			p.invalid("resource", "", "Invalid keyword(s) inside a resource definition: "+strings.Join(wrong, ", "), n)
		}
	}
	at := []string{w.resources, d.Name}
	parse := func(key string) function.Expr {
		if v := n.Get(key); v != nil {
			return t.parser.Parse(v, at[0], at[1], key)
		}
		return nil
	}
	if typ, ok := p.literalText(d, w.typ); ok {
		d.Type = typ
	}
	d.Properties = p.expect(d, w.properties, parse(w.properties), "object", isObject)
	d.Metadata = p.expect(d, w.metadata, parse(w.metadata), "object", isObject)
	p.readDependsOn(d)
	p.readDeletionPolicy(d, parse(w.deletionPolicy))
	d.UpdatePolicy = p.expect(d, w.updatePolicy, parse(w.updatePolicy), "object", isObject)
	d.Description, _ = p.literalText(d, w.about)
	if t.Kind == HOT && t.version.HasConditions() {
		d.ExternalID = p.expect(d, w.externalID, parse(w.externalID), "string", isText)
		if d.ExternalID != nil {
			d.DeletionPolicy, d.deletion = Retain, nil
		}
	}
	if t.version.HasConditions() {
		if c := n.Get(w.condition); c != nil {
			e := t.parser.Condition(c, at[0], at[1], w.condition)
			d.Condition = p.expect(d, w.condition, e, p.conditionWords(), isConditionUse)
		}
	}
}

// conditionWords: HOT and CFN call the type of a condition differently.
func (p *parsing) conditionWords() string {
	if p.t.Kind == HOT {
		return "string_or_boolean"
	}
	return "string or boolean"
}

// literalText reads a key that must be a text; ok is false when it is not there or none.
func (p *parsing) literalText(d *Definition, key string) (string, bool) {
	n := d.Node.Get(key)
	if n == nil {
		return "", false
	}
	s, ok := n.Text()
	if !ok {
		p.wrongType(d, key, "string")
	}
	return s, ok
}

func (p *parsing) wrongType(d *Definition, key, typ string) {
	p.invalid("resource_key", "", fmt.Sprintf("Resource %s %s type must be %s", d.Name, key, typ), d.Node.Get(key))
}

// expect gives e when it is a function or of the right shape; else it reports.
func (p *parsing) expect(d *Definition, key string, e function.Expr, typ string, fits func(any) bool) function.Expr {
	switch e := e.(type) {
	case nil:
		return nil
	case *function.Literal:
		if !fits(e.Value) {
			p.wrongType(d, key, typ)
			return nil
		}
	case *function.List:
		p.wrongType(d, key, typ)
		return nil
	case *function.Map:
		if typ != "object" {
			p.wrongType(d, key, typ)
			return nil
		}
	}
	return e
}

func isObject(v any) bool { _, ok := v.(*yaml.Map); return ok }

func isText(v any) bool { _, ok := v.(string); return ok }

func isConditionUse(v any) bool {
	switch v.(type) {
	case string, bool:
		return true
	}
	return false
}

func (p *parsing) readDependsOn(d *Definition) {
	key := p.t.words.dependsOn
	n := d.Node.Get(key)
	if n == nil {
		return
	}
	if s, ok := n.Text(); ok {
		d.DependsOn = []string{s}
		return
	}
	if n.Kind != yaml.Sequence {
		p.wrongType(d, key, "list or string")
		return
	}
	for _, item := range n.Items {
		s, ok := item.Text()
		if !ok {
			p.invalid("resource_key", "", fmt.Sprintf("Resource %s %s must be a list of strings", d.Name, key), item)
			return
		}
		if !slices.Contains(d.DependsOn, s) {
			d.DependsOn = append(d.DependsOn, s)
		}
	}
}

func (p *parsing) readDeletionPolicy(d *Definition, e function.Expr) {
	e = p.expect(d, p.t.words.deletionPolicy, e, "string", isText)
	switch e := e.(type) {
	case *function.Literal:
		policy, ok := p.t.deletionPolicy(e.Value)
		if !ok {
			p.invalid("deletion_policy", "", fmt.Sprintf(`Invalid deletion policy "%s"`, yaml.Str(e.Value)), e.Node())
			return
		}
		d.DeletionPolicy = policy
	case *function.Call:
		d.deletion = e
	}
}

// deletionPolicy reads a policy's word; lower case is known from 2016-10-14 on.
func (t *Template) deletionPolicy(v any) (string, bool) {
	s, _ := v.(string)
	for _, policy := range []string{Delete, Retain, Snapshot} {
		if s == policy || t.Kind == HOT && t.version.HasConditions() && s == strings.ToLower(policy) {
			return policy, true
		}
	}
	return "", v == nil
}

// path is where the definition stands.
func (d *Definition) path(w *words) string { return schema.Join(w.resources, d.Name) }
