package engine

import (
	"maps"
	"slices"
	"strings"

	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/template"
	"hearth/core/yaml"
)

// Templates made from a resource type: its properties as parameters, its attributes as
// outputs (heat/engine/properties.py schema_to_parameters_and_properties, heat/engine/
// resource.py resource_to_template).

// cfnTypes and hotTypes are the parameter types of property types.
var (
	cfnTypes = map[schema.Kind]string{
		schema.String: "String", schema.Integer: "Number", schema.Number: "Number", schema.Boolean: "Boolean",
		schema.Map: "Json", schema.List: "CommaDelimitedList", schema.Any: "Json",
	}
	hotTypes = map[schema.Kind]string{
		schema.String: "string", schema.Integer: "number", schema.Number: "number", schema.Boolean: "boolean",
		schema.Map: "json", schema.List: "comma_delimited_list", schema.Any: "json",
	}
)

// generatable are the properties that a generated template has, by name.
func generatable(t *resource.Type) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(t.Properties)) {
		if p := t.Properties[name]; !p.NotImplemented && !Hidden(p.Support) {
			out = append(out, name)
		}
	}
	return out
}

// shortName is what the resource is called: the last word of its type.
func shortName(t *resource.Type) string { return t.Name[strings.LastIndex(t.Name, "::")+2:] }

// TemplateOf makes a template of a type; kind is hot or cfn.
func TemplateOf(t *resource.Type, kind string) *yaml.Map {
	if kind == "hot" {
		return generateHOT(t)
	}
	return generateCFN(t)
}

func isCustom(c schema.Constraint) bool { _, ok := c.(schema.Custom); return ok }

func generateCFN(t *resource.Type) *yaml.Map {
	name := shortName(t)
	parameters, properties := yaml.NewMap(0), yaml.NewMap(0)
	for _, key := range generatable(t) {
		p := t.Properties[key]
		d := yaml.MapOf("Type", cfnTypes[p.Kind])
		about(d, "Description", "Default", &p)
		template.DescribeConstraints(d, slices.DeleteFunc(slices.Clone(p.Constraints), isCustom))
		if p.Kind == schema.Boolean {
			d.Set("AllowedValues", []any{"True", "true", "False", "false"})
		}
		parameters.Set(key, d)
		ref := yaml.MapOf("Ref", key)
		if p.Kind == schema.List {
			ref = yaml.MapOf("Fn::Split", []any{",", ref})
		}
		properties.Set(key, ref)
	}
	outputs := yaml.NewMap(0)
	docs := attributeDocs(t)
	for _, at := range slices.Sorted(maps.Keys(docs)) {
		outputs.Set(at, yaml.MapOf("Value", yaml.MapOf("Fn::GetAtt", []any{name, at}), "Description", docs[at].Description))
	}
	outputs.Set("OS::stack_id", yaml.MapOf("Value", yaml.MapOf("Ref", name)))
	return yaml.MapOf(
		"HeatTemplateFormatVersion", "2012-12-12",
		"Description", "Initial template of "+name,
		"Parameters", parameters,
		"Resources", yaml.MapOf(name, yaml.MapOf("Type", t.Name, "Properties", properties)),
		"Outputs", outputs,
	)
}

func generateHOT(t *resource.Type) *yaml.Map {
	name := shortName(t)
	parameters, properties := yaml.NewMap(0), yaml.NewMap(0)
	for _, key := range generatable(t) {
		p := t.Properties[key]
		d := yaml.MapOf("type", hotTypes[p.Kind])
		about(d, "description", "default", &p)
		var constraints []any
		for _, c := range p.Constraints {
			if isCustom(c) {
				constraints = append(constraints, yaml.NewMap(0)) // as Heat has it
				continue
			}
			constraints = append(constraints, c.Doc())
		}
		if constraints != nil {
			d.Set("constraints", constraints)
		}
		parameters.Set(key, d)
		properties.Set(key, yaml.MapOf("get_param", key))
	}
	outputs := yaml.NewMap(0)
	docs := attributeDocs(t)
	for _, at := range slices.Sorted(maps.Keys(docs)) {
		outputs.Set(at, yaml.MapOf("value", yaml.MapOf("get_attr", []any{name, at}), "description", docs[at].Description))
	}
	outputs.Set("OS::stack_id", yaml.MapOf("value", yaml.MapOf("get_resource", name)))
	return yaml.MapOf(
		"heat_template_version", "2016-10-14",
		"description", "Initial template of "+name,
		"parameters", parameters,
		"outputs", outputs,
		"resources", yaml.MapOf(name, yaml.MapOf("type", t.Name, "properties", properties)),
	)
}

// about sets description and default of a parameter.
func about(d *yaml.Map, description, byDefault string, p *schema.Property) {
	if p.Description != "" {
		d.Set(description, p.Description)
	}
	if p.Default != nil {
		d.Set(byDefault, p.Default)
	}
}
