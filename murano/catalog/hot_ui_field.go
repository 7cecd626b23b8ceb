package catalog

import (
	"math/big"
	"strings"
	"unicode"

	"hearth/core/yaml"
)

// uiField is the field of a form that asks for a parameter.
func (p Parameter) uiField() *yaml.Map {
	f := yaml.MapOf("name", p.Name, "label", text(p.spec, "label", uiLabel(p.Name)), "type", uiType(p.Type))
	if d, ok := p.spec.Get("description"); ok {
		f.Set("description", d)
	}
	d, optional := p.spec.Get("default")
	if optional {
		f.Set("initial", d)
	}
	f.Set("required", !optional)
	constraints, _ := p.spec.Get("constraints")
	list, _ := constraints.([]any)
	var validators []any
	for _, c := range list {
		c, ok := c.(*yaml.Map)
		if !ok {
			continue
		}
		if v := uiConstraint(f, c); v != nil {
			if d, ok := c.Get("description"); ok {
				v.Set("message", d)
			}
			validators = append(validators, v)
		}
	}
	if validators != nil {
		f.Set("validators", validators)
	}
	return f
}

// uiConstraint turns a constraint into limits of the field or a validator. Custom
// constraints are left to the template.
func uiConstraint(f, c *yaml.Map) *yaml.Map {
	if spec, ok := c.Get("length"); ok {
		limits, _ := spec.(*yaml.Map)
		tighten(f, "minLength", limits, "min", 1)
		tighten(f, "maxLength", limits, "max", -1)
		return nil
	}
	if spec, ok := c.Get("range"); ok {
		limits, _ := spec.(*yaml.Map)
		var expr []string
		if v, ok := limits.Get("min"); ok {
			expr = append(expr, "$ >= "+yaml.Str(v))
		}
		if v, ok := limits.Get("max"); ok {
			expr = append(expr, "$ <= "+yaml.Str(v))
		}
		if expr == nil {
			return nil
		}
		return yaml.MapOf("expr", yaql(strings.Join(expr, " and ")))
	}
	if v, ok := c.Get("allowed_values"); ok {
		values, ok := v.([]any)
		if !ok {
			return nil
		}
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = yaqlLiteral(v)
		}
		return yaml.MapOf("expr", yaql("$ in list("+strings.Join(texts, ", ")+")"))
	}
	if v, ok := c.Get("allowed_pattern"); ok {
		return yaml.MapOf("expr", yaml.MapOf("regexpValidator", v))
	}
	return nil
}

// tighten sets a limit of the field unless the one that is there is tighter: the larger
// one for sign 1, the smaller one for -1.
func tighten(f *yaml.Map, field string, limits *yaml.Map, key string, sign int) {
	v, ok := limits.Get(key)
	if !ok || !yaml.IsNumber(v) {
		return
	}
	if old, ok := f.Get(field); ok && yaml.Compare(old, v) == sign {
		return
	}
	f.Set(field, v)
}

// yaqlLiteral writes a value as YAQL reads it.
func yaqlLiteral(v any) string {
	switch v := v.(type) {
	case int64, *big.Int, float64:
		return yaml.Str(v)
	case bool:
		if v {
			return "true"
		}
		return "false"
	case nil:
		return "null"
	}
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(yaml.Str(v)) + "'"
}

func uiType(parameter string) string {
	switch parameter {
	case "number":
		return "integer"
	case "boolean":
		return "boolean"
	}
	return "string"
}

// uiLabel makes "Image Id" of image_id.
func uiLabel(name string) string {
	var b strings.Builder
	inWord := false
	for _, r := range name {
		switch {
		case r == '_':
			r = ' '
		case inWord:
			r = unicode.ToLower(r)
		default:
			r = unicode.ToUpper(r)
		}
		inWord = unicode.IsLetter(r)
		b.WriteRune(r)
	}
	return b.String()
}
