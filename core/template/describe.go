package template

import (
	"strings"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// Describe gives the parameters as POST /validate answers them, by name: for a form that
// asks for values (heat/engine/api.py format_validate_parameter). Pseudo parameters are
// left out.
func (v *Values) Describe() *yaml.Map {
	out := yaml.NewMap(len(v.order))
	for _, name := range v.order {
		if item := v.items[name]; !item.pseudo {
			out.Set(name, item.describe())
		}
	}
	return out
}

func (v *value) describe() *yaml.Map {
	p := v.param
	out := yaml.MapOf("Type", p.apiType(), "Description", p.asWritten("description", p.Description), "NoEcho", "false",
		"Label", p.asWritten("label", p.Label))
	if p.Hidden {
		out.Set("NoEcho", "true")
	}
	if v.def != nil {
		out.Set("Default", v.def)
	}
	if raw := v.raw; raw != nil && !emptyValue(yaml.FromValue(raw)) {
		out.Set("Value", raw)
	}
	if len(p.Tags) > 0 {
		out.Set("Tags", p.Node.Get("tags").Plain())
	}
	DescribeConstraints(out, p.Constraints)
	return out
}

// asWritten gives a key's value with the type that it has in the template.
func (p *Parameter) asWritten(key string, otherwise any) any {
	for _, k := range []string{key, strings.ToUpper(key[:1]) + key[1:]} {
		if n := p.Node.Get(k); n != nil && !emptyValue(n) {
			return n.Plain()
		}
	}
	return otherwise
}

func (p *Parameter) apiType() string {
	for _, t := range parameterTypes {
		if t.hot == p.Type {
			return t.cfn
		}
	}
	return p.Type
}

// DescribeConstraints adds constraints to a parameter, in the words of CFN.
func DescribeConstraints(out *yaml.Map, constraints []schema.Constraint) {
	var descriptions []string
	set := func(name string, value any) {
		if value != nil {
			out.Set(name, value)
		}
	}
	for _, c := range constraints {
		description := ""
		switch c := c.(type) {
		case schema.Length:
			set("MinLength", c.Min)
			set("MaxLength", c.Max)
			description = c.Description
		case schema.Range:
			set("MinValue", c.Min)
			set("MaxValue", c.Max)
			description = c.Description
		case schema.Modulo:
			set("Step", c.Step)
			set("Offset", c.Offset)
			description = c.Description
		case schema.AllowedValues:
			set("AllowedValues", c.Values)
			description = c.Description
		case schema.AllowedPattern:
			set("AllowedPattern", c.Pattern)
			description = c.Description
		case schema.Custom:
			set("CustomConstraint", c.Name)
			description = c.Description
		}
		if description != "" {
			descriptions = append(descriptions, description)
		}
	}
	if len(descriptions) > 0 {
		out.Set("ConstraintDescription", strings.Join(descriptions, " "))
	}
}
