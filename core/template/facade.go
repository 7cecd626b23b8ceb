package template

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"hearth/core/diag"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Properties gives the parameters as properties: those of a resource whose type this
// template provides. defaults are the environment's parameter_defaults; a parameter with
// one is not required.
func (t *Template) Properties(defaults *yaml.Map) schema.Properties {
	out := make(schema.Properties, len(t.Parameters))
	for _, p := range t.Parameters {
		d, _ := defaults.Get(p.Name)
		out[p.Name] = schema.Property{
			Kind:          p.schemaKind(),
			Description:   p.Description,
			Required:      p.Default == nil && d == nil,
			Constraints:   p.Constraints,
			UpdateAllowed: true,
			Sensitive:     p.Hidden,
			Converts:      p.Type == TypeJSON || p.Type == TypeList,
		}
	}
	return out
}

// Attributes gives the outputs as attributes of a resource whose type this template
// provides.
func (t *Template) Attributes() schema.Attributes {
	out := make(schema.Attributes, len(t.Outputs))
	for _, o := range t.Outputs {
		out[o.Name] = schema.Attribute{Kind: schema.Any, Description: o.Description}
	}
	return out
}

// ParameterValues gives the values for the parameters of this template from the checked
// properties of a resource that it provides: lists become texts with commas, lists of
// maps .member.N.key=value (heat/engine/resources/template_resource.py child_params).
func (t *Template) ParameterValues(properties *yaml.Map) *yaml.Map {
	out := yaml.NewMap(len(t.Parameters))
	for _, p := range t.Parameters {
		v, _ := properties.Get(p.Name)
		if v == nil {
			continue
		}
		if list, ok := v.([]any); ok && p.Type == TypeList && !schema.HasUnknown(list) {
			v = commaText(list)
		}
		out.Set(p.Name, v)
	}
	return out
}

func commaText(list []any) string {
	var parts []string
	_, maps := first(list).(*yaml.Map)
	for i, item := range list {
		m, isMap := item.(*yaml.Map)
		switch {
		case maps && isMap:
			for k, v := range m.All() {
				parts = append(parts, ".member."+strconv.Itoa(i)+"."+k+"="+yaml.Str(v))
			}
		case item == nil:
			parts = append(parts, "")
		default:
			parts = append(parts, yaml.Str(item))
		}
	}
	return strings.Join(parts, ",")
}

func first(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// FacadeProblems checks that this template can stand for a class: properties and
// attributes are those of the class of type typ.
func (t *Template) FacadeProblems(typ string, properties schema.Properties, attributes schema.Attributes, defaults *yaml.Map) diag.List {
	var found diag.List
	report := func(format string, args ...any) {
		found = append(found, located(diag.Diagnostic{Code: "facade", Message: fmt.Sprintf(format, args...)}, "", nil))
	}
	own := t.Properties(defaults)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		class := properties[name]
		mine, ok := own[name]
		switch {
		case !ok && class.Required:
			report("Required property %s for facade %s missing in provider", name, typ)
		case ok && parameterKind(class.Kind) != mine.Kind:
			report("Property %s type mismatch between facade %s (%s) and provider (%s)", name, typ, title(class.Kind), title(mine.Kind))
		}
	}
	for _, p := range t.Parameters {
		if _, ok := properties[p.Name]; !ok && own[p.Name].Required {
			report("Provider requires property %s unknown in facade %s", p.Name, typ)
		}
	}
	outputs := t.Attributes()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if _, ok := outputs[name]; !ok && name != "show" {
			report("Attribute %s for facade %s missing in provider", name, typ)
		}
	}
	return found
}

// parameterKind is the kind of parameter that a property takes.
func parameterKind(k schema.Kind) schema.Kind {
	if k == schema.Integer {
		return schema.Number
	}
	return k
}

func title(k schema.Kind) string { return strings.ToUpper(string(k)[:1]) + string(k)[1:] }
