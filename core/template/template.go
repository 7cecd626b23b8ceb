package template

import (
	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/yaml"
)

// Kind is the family of a template.
type Kind uint8

// The kinds.
const (
	HOT     Kind = iota // heat_template_version
	CFN                 // AWSTemplateFormatVersion
	HeatCFN             // HeatTemplateFormatVersion
)

// Options are what Parse needs beside the text.
type Options struct {
	// File is the name under which the template came; "" for the root template.
	File string
	// Yaql parses YAQL expressions; nil: there are none.
	Yaql func(expression string) (function.Evaluator, error)
}

// Template is a parsed template.
type Template struct {
	Kind        Kind
	Version     string // as it stands in the template
	Description string // "No description" when there is none

	Parameters      []*Parameter
	ParameterGroups []ParameterGroup
	Conditions      []*Condition
	Resources       []*Definition
	Outputs         []*Output
	Mappings        *yaml.Map // CFN

	Source *yaml.Node
	File   string

	version    function.Version
	words      *words
	parser     *function.Parser
	parameters map[string]*Parameter
	resources  map[string]*Definition
	conditions map[string]*Condition
}

// Condition is a named condition.
type Condition struct {
	Name string
	Expr function.Expr
	// sound: a boolean or a function, as it must be
	sound bool
}

// Output is an output. Condition is nil when there is none.
type Output struct {
	Name        string
	Description string
	Value       function.Expr
	Condition   function.Expr
	Node        *yaml.Node
}

// Parse reads a template. It goes on after problems: what it returns is never nil and as
// complete as can be, but only without errors is it fit for Values and Bind.
func Parse(n *yaml.Node, o Options) (*Template, diag.List) {
	p := &parsing{t: &Template{Source: n, File: o.File}}
	p.t.parameters = map[string]*Parameter{}
	p.t.resources = map[string]*Definition{}
	p.t.conditions = map[string]*Condition{}
	if !p.readVersion(n) {
		return p.t, p.found
	}
	t := p.t
	t.words = wordsOf(t.Kind)
	t.parser = function.NewParser(t.version, o.Yaql)
	t.Description = "No description"
	if d := n.Get(t.words.description); !d.IsNull() {
		t.Description = yaml.Str(d.Plain())
	}
	p.readParameters()
	p.readSections()
	p.readParameterGroups()
	p.readMappings()
	p.readConditions()
	p.readResources()
	p.readOutputs()
	return t, p.found
}

// Readable reports whether the template's version is known, without which nothing in it is.
func (t *Template) Readable() bool { return t.words != nil }

// Declares reports whether the template's source names a resource or a parameter, be it in
// a way that cannot be understood.
func (t *Template) Declares(name string) bool {
	return t.Source.Get(t.words.resources).Get(name) != nil || t.Source.Get(t.words.parameters).Get(name) != nil
}

// Definition gives a resource's definition by its name; nil when there is none.
func (t *Template) Definition(name string) *Definition { return t.resources[name] }

// Parameter gives a parameter's declaration by its name; nil when there is none.
func (t *Template) Parameter(name string) *Parameter { return t.parameters[name] }

// DescriptionValue is Description with the type that it has in the template, as POST
// /validate answers it.
func (t *Template) DescriptionValue() any {
	if d := t.Source.Get(t.words.description); d != nil && !emptyValue(d) {
		return d.Plain()
	}
	return t.Description
}

// parsing is one run of Parse.
type parsing struct {
	t     *Template
	found diag.List
}

// report adds an error; n is its place.
func (p *parsing) report(d diag.Diagnostic, n *yaml.Node) {
	p.found = append(p.found, p.t.located(d, n))
}

// invalid reports a StackValidationFailed.
func (p *parsing) invalid(code, path, message string, n *yaml.Node) {
	p.report(diag.Diagnostic{Code: code, Path: path, Message: message}, n)
}

// located completes a diagnostic about a piece of the template.
func (t *Template) located(d diag.Diagnostic, n *yaml.Node) diag.Diagnostic {
	d = located(d, t.File, n)
	d.Pointer = yaml.Pointer(t.Source, n)
	return d
}

// Place puts a diagnostic at a piece of the template; one that has a place already keeps it.
func (t *Template) Place(d diag.Diagnostic, n *yaml.Node) diag.Diagnostic {
	if d.Line > 0 || n == nil || n.Line == 0 {
		return d
	}
	return t.located(d, n)
}

// located completes a diagnostic.
func located(d diag.Diagnostic, file string, n *yaml.Node) diag.Diagnostic {
	if d.Severity == "" {
		d.Severity = diag.Error
	}
	if d.Type == "" {
		d.Type = "StackValidationFailed"
	}
	d.File = file
	if n != nil {
		d.Line, d.Column = n.Line, n.Column
	}
	return d
}

// words are the keys of a kind of template.
type words struct {
	description, groups, parameters, conditions, resources, outputs, mappings string

	typ, properties, metadata, dependsOn, deletionPolicy, updatePolicy, about, externalID, condition string

	value string // of an output
}

var (
	hotWords = words{
		description: "description", groups: "parameter_groups", parameters: "parameters", conditions: "conditions",
		resources: "resources", outputs: "outputs",
		typ: "type", properties: "properties", metadata: "metadata", dependsOn: "depends_on",
		deletionPolicy: "deletion_policy", updatePolicy: "update_policy", about: "description",
		externalID: "external_id", condition: "condition", value: "value",
	}
	cfnWords = words{
		description: "Description", parameters: "Parameters", conditions: "Conditions",
		resources: "Resources", outputs: "Outputs", mappings: "Mappings",
		typ: "Type", properties: "Properties", metadata: "Metadata", dependsOn: "DependsOn",
		deletionPolicy: "DeletionPolicy", updatePolicy: "UpdatePolicy", about: "Description",
		condition: "Condition", value: "Value",
	}
)

func wordsOf(k Kind) *words {
	if k == HOT {
		return &hotWords
	}
	return &cfnWords
}
