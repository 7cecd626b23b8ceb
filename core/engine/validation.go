package engine

import (
	"hearth/core/diag"
	"hearth/core/template"
	"hearth/core/yaml"
)

// Validation is the answer of validate: the template's interface, and every problem.
type Validation struct {
	Template    *template.Template
	Environment *template.Environment
	Values      *template.Values
	Nested      []NestedValidation
	Problems    diag.List
}

// NestedValidation is the interface of a nested template.
type NestedValidation struct {
	Name, Type string
	Template   *template.Template
	Values     *template.Values
	Nested     []NestedValidation
}

// Describe gives the interface as POST /validate answers it, but for the environment.
func (v *Validation) Describe() *yaml.Map { return describe(v.Template, v.Values, v.Nested) }

func describe(t *template.Template, values *template.Values, nested []NestedValidation) *yaml.Map {
	out := yaml.MapOf("Description", t.DescriptionValue(), "Parameters", values.Describe())
	if len(t.ParameterGroups) > 0 {
		out.Set("ParameterGroups", t.Source.Get("parameter_groups").Plain())
	}
	if len(nested) == 0 {
		return out
	}
	inner := yaml.NewMap(len(nested))
	for _, n := range nested {
		child := yaml.MapOf("Type", n.Type)
		for k, v := range describe(n.Template, n.Values, n.Nested).All() {
			child.Set(k, v)
		}
		inner.Set(n.Name, child)
	}
	out.Set("NestedParameters", inner)
	return out
}
