package template

import (
	"fmt"
	"math"
	"slices"

	"hearth/core/diag"
	"hearth/core/schema"
	"hearth/core/yaml"
)

var constraintKeys = []string{"description", "length", "range", "modulo", "allowed_values", "allowed_pattern", "custom_constraint"}

// hotConstraints reads the list of constraints of a HOT parameter
// (heat/engine/hot/parameters.py).
func (p *parsing) hotConstraints(parameter string, n *yaml.Node) ([]schema.Constraint, bool) {
	if n.IsNull() {
		return nil, true
	}
	if n.Kind != yaml.Sequence {
		p.badSchema(n, "Invalid parameter constraints for parameter %s, expected a list", parameter)
		return nil, false
	}
	var out []schema.Constraint
	for _, item := range n.Items {
		if !p.checkKeys(item, constraintKeys, "parameter constraints") {
			return nil, false
		}
		c := p.hotConstraint(item)
		if c == nil {
			return nil, false
		}
		out = append(out, c)
	}
	return out, true
}

func (p *parsing) hotConstraint(n *yaml.Node) schema.Constraint {
	description := ""
	if d := n.Get("description"); !d.IsNull() {
		description = yaml.Str(d.Plain())
	}
	if m := n.Get("modulo"); m != nil && p.t.version.HasModulo() {
		return p.modulo(m, description)
	}
	if r := n.Get("range"); r != nil {
		if !p.checkKeys(r, []string{"min", "max"}, "range constraint") {
			return nil
		}
		return p.rangeOf(r, r.Get("min"), r.Get("max"), description)
	}
	if l := n.Get("length"); l != nil {
		if !p.checkKeys(l, []string{"min", "max"}, "length constraint") {
			return nil
		}
		return p.lengthOf(l, l.Get("min"), l.Get("max"), description)
	}
	if v := n.Get("allowed_values"); v != nil {
		return p.allowedValues(v, description)
	}
	if a := n.Get("allowed_pattern"); a != nil {
		return p.allowedPattern(a, description)
	}
	if c := n.Get("custom_constraint"); c != nil {
		return schema.Custom{Name: yaml.Str(c.Plain()), Description: description}
	}
	p.badSchema(n, "No constraint expressed")
	return nil
}

// cfnConstraints reads the constraints among the keys of a CFN parameter.
func (p *parsing) cfnConstraints(n *yaml.Node) ([]schema.Constraint, bool) {
	description := ""
	if d := n.Get("ConstraintDescription"); !d.IsNull() {
		description = yaml.Str(d.Plain())
	}
	var out []schema.Constraint
	add := func(c schema.Constraint) bool {
		out = append(out, c)
		return c != nil
	}
	if low, high := n.Get("MinValue"), n.Get("MaxValue"); low != nil || high != nil {
		if !add(p.rangeOf(n, low, high, description)) {
			return nil, false
		}
	}
	if low, high := n.Get("MinLength"), n.Get("MaxLength"); low != nil || high != nil {
		if !add(p.lengthOf(n, low, high, description)) {
			return nil, false
		}
	}
	if v := n.Get("AllowedValues"); v != nil {
		if !add(p.allowedValues(v, description)) {
			return nil, false
		}
	}
	if v := n.Get("AllowedPattern"); v != nil {
		if !add(p.allowedPattern(v, description)) {
			return nil, false
		}
	}
	return out, true
}

func (p *parsing) checkKeys(n *yaml.Node, known []string, what string) bool {
	if n.Kind != yaml.Mapping {
		p.badSchema(n, "Invalid %s, expected a mapping", what)
		return false
	}
	for _, pair := range n.Pairs {
		if !slices.Contains(known, pair.Key) {
			p.badSchema(pair.At, "Invalid key '%s' for %s", pair.Key, what)
			return false
		}
	}
	return true
}

// number reads a limit; nil for none, ok is false when it is no number.
func (p *parsing) number(n *yaml.Node) (v any, ok bool) {
	if n.IsNull() {
		return nil, true
	}
	v, err := schema.ToNumber(n.Plain())
	if err != nil {
		p.valueError(n, err.Error())
		return nil, false
	}
	return v, true
}

func (p *parsing) limits(n, low, high *yaml.Node, what string) (lo, hi any, ok bool) {
	lo, ok = p.number(low)
	if !ok {
		return nil, nil, false
	}
	if hi, ok = p.number(high); !ok {
		return nil, nil, false
	}
	if lo == nil && hi == nil {
		p.badSchema(n, "A %s constraint must have a min value and/or a max value specified.", what)
		return nil, nil, false
	}
	return lo, hi, true
}

func (p *parsing) rangeOf(n, low, high *yaml.Node, description string) schema.Constraint {
	lo, hi, ok := p.limits(n, low, high, "range")
	if !ok {
		return nil
	}
	return schema.Range{Min: lo, Max: hi, Description: description}
}

func (p *parsing) lengthOf(n, low, high *yaml.Node, description string) schema.Constraint {
	lo, hi, ok := p.limits(n, low, high, "length")
	if !ok {
		return nil
	}
	for _, v := range []any{lo, hi} {
		if _, isFloat := v.(float64); isFloat {
			p.badSchema(n, "min/max length must be integral")
			return nil
		}
	}
	return schema.Length{Min: lo, Max: hi, Description: description}
}

func (p *parsing) modulo(n *yaml.Node, description string) schema.Constraint {
	if !p.checkKeys(n, []string{"step", "offset"}, "modulo constraint") {
		return nil
	}
	stepValue, ok := p.number(n.Get("step"))
	if !ok {
		return nil
	}
	offsetValue, ok := p.number(n.Get("offset"))
	if !ok {
		return nil
	}
	if stepValue == nil || offsetValue == nil {
		p.badSchema(n, "A modulo constraint must have a step value and an offset value specified.")
		return nil
	}
	step, isInt := integral(stepValue)
	offset, offsetIsInt := integral(offsetValue)
	problem := ""
	switch {
	case !isInt || !offsetIsInt:
		problem = "step/offset must be integer"
	case step == 0:
		problem = "step cannot be 0."
	case abs(offset) >= abs(step):
		problem = "offset must be smaller (by absolute value) than step."
	case step < 0 && offset > 0 || step > 0 && offset < 0:
		problem = "step and offset must be both positive or both negative."
	}
	if problem != "" {
		p.badSchema(n, "%s", problem)
		return nil
	}
	return schema.Modulo{Step: step, Offset: offset, Description: description}
}

func integral(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

func (p *parsing) allowedValues(n *yaml.Node, description string) schema.Constraint {
	values, ok := n.Plain().([]any)
	if !ok {
		p.badSchema(n, "AllowedValues must be a list")
		return nil
	}
	return schema.AllowedValues{Values: values, Description: description}
}

func (p *parsing) allowedPattern(n *yaml.Node, description string) schema.Constraint {
	text, ok := n.Text()
	if !ok {
		p.badSchema(n, "AllowedPattern must be a string")
		return nil
	}
	c, err := schema.Pattern(text, description)
	if err != nil {
		p.badSchema(n, "%s", fmt.Sprintf("AllowedPattern %s is not a valid regular expression: %v", yaml.Repr(text), err))
		return nil
	}
	return c
}

func (p *parsing) valueError(n *yaml.Node, message string) {
	p.report(diag.Diagnostic{Code: "parameter_schema", Type: "ValueError", Message: message}, n)
}
