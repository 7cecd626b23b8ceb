package template

import (
	"fmt"
	"slices"

	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// sectionNames are the top-level keys that the template's version knows.
func (t *Template) sectionNames() []string {
	var names []string
	switch t.Kind {
	case HOT:
		names = []string{function.HOTSection}
	default:
		names = []string{function.AWSSection, function.HeatSection}
	}
	w := t.words
	for _, name := range []string{w.description, w.groups, w.parameters, w.resources, w.outputs, w.mappings} {
		if name != "" {
			names = append(names, name)
		}
	}
	if t.version.HasConditions() {
		names = append(names, w.conditions)
	}
	return names
}

func (p *parsing) readSections() {
	known := p.t.sectionNames()
	for _, pair := range p.t.Source.Pairs {
		if !slices.Contains(known, pair.Key) {
			p.report(diag.Diagnostic{
				Code: diag.UnknownSection, Message: "The template section is invalid: " + pair.Key,
				Hint: diag.DidYouMean(pair.Key, known),
			}, pair.At)
		}
	}
}

// section gives a section that must be a map; an absent or null one is empty.
func (p *parsing) section(name string) *yaml.Node {
	n := p.t.Source.Get(name)
	if n.IsNull() {
		return &yaml.Node{Kind: yaml.Mapping}
	}
	if n.Kind != yaml.Mapping {
		if !emptyValue(n) {
			p.invalid("section_type", "", fmt.Sprintf("'%s' object has no attribute 'items'", yaml.TypeName(n.Plain())), n)
		}
		return &yaml.Node{Kind: yaml.Mapping}
	}
	return n
}

// emptyValue is Python's `not value` of a section.
func emptyValue(n *yaml.Node) bool {
	switch n.Kind {
	case yaml.Sequence:
		return len(n.Items) == 0
	case yaml.Mapping:
		return len(n.Pairs) == 0
	}
	switch v := n.Value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	}
	return yaml.IsNumber(n.Value) && yaml.Compare(n.Value, 0) == 0
}

func (p *parsing) readMappings() {
	if p.t.words.mappings == "" {
		return
	}
	n := p.section(p.t.words.mappings)
	p.t.Mappings, _ = n.Plain().(*yaml.Map)
}

func (p *parsing) readConditions() {
	t := p.t
	if !t.version.HasConditions() {
		return
	}
	n := t.Source.Get(t.words.conditions)
	if n == nil {
		return
	}
	if n.Kind != yaml.Mapping {
		p.report(diag.Diagnostic{
			Code: "section_type", Kind: "Conditions validation error",
			Message: fmt.Sprintf("Condition definitions must be a map. Found a %s instead", yaml.TypeName(n.Plain())),
		}, n)
		return
	}
	for _, pair := range n.Pairs {
		c := &Condition{Name: pair.Key, Expr: t.parser.Condition(pair.Value, t.words.conditions, pair.Key)}
		c.sound = isCondition(c.Expr)
		t.Conditions = append(t.Conditions, c)
		t.conditions[c.Name] = c
	}
	for _, c := range t.Conditions {
		if !c.sound {
			p.report(badCondition(c.Name, c.Expr.Node().Plain()), c.Expr.Node())
			continue
		}
		for _, problem := range append(function.Problems(c.Expr, nil), function.Validate(c.Expr, nil)...) {
			p.invalid("function_arguments", problem.Path, problem.Message, problem.Node)
		}
	}
}

// isCondition: a condition's definition is a boolean or a function.
func isCondition(e function.Expr) bool {
	switch e := e.(type) {
	case *function.Call:
		return true
	case *function.Literal:
		_, ok := e.Value.(bool)
		return ok
	}
	return false
}

func badCondition(name string, definition any) diag.Diagnostic {
	return diag.Diagnostic{
		Code: "condition", Kind: "Condition validation error",
		Message: fmt.Sprintf(`The definition of condition "%s" is invalid: %s`, name, yaml.Str(definition)),
	}
}

func (p *parsing) readOutputs() {
	t := p.t
	for _, pair := range p.section(t.words.outputs).Pairs {
		path := schema.Join(t.words.outputs, pair.Key)
		n := pair.Value
		message := ""
		_, isText := pair.At.Text()
		switch {
		case !isText:
			message = notText("output", pair)
		case n.Kind != yaml.Mapping:
			message = fmt.Sprintf("Output definitions must be a map. Found a %s instead", yaml.TypeName(n.Plain()))
		case n.Get(t.words.value) == nil:
			message = fmt.Sprintf("Each output definition must contain a %s key.", t.words.value)
		}
		if message != "" {
			p.report(diag.Diagnostic{Code: "output", Kind: "Output validation error", Path: path, Message: message}, pair.At)
			continue
		}
		o := &Output{Name: pair.Key, Node: n}
		if d := n.Get(t.words.about); !d.IsNull() {
			o.Description = yaml.Str(d.Plain())
		}
		o.Value = t.parser.Parse(n.Get(t.words.value), t.words.outputs, pair.Key, t.words.value)
		if c := n.Get(t.words.condition); t.version.HasConditions() && c != nil {
			o.Condition = t.parser.Condition(c, t.words.outputs, pair.Key, t.words.condition)
		}
		t.Outputs = append(t.Outputs, o)
	}
}
