package schema

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"hearth/core/yaml"
)

// Range limits numbers. Min and Max are int, int64, *big.Int or float64; nil: no limit.
type Range struct {
	Min, Max    any
	Description string // stands for the message when set
}

// Check follows heat/engine/constraints.py Range.
func (c Range) Check(value any) string {
	n, err := ToNumber(value)
	if err != nil {
		return ""
	}
	if c.holds(n) {
		return ""
	}
	return or(c.Description, fmt.Sprintf("%s is out of range (min: %s, max: %s)", yaml.Str(value), yaml.Str(c.Min), yaml.Str(c.Max)))
}

func (c Range) holds(n any) bool {
	return (c.Min == nil || yaml.Compare(n, c.Min) != -1) && (c.Max == nil || yaml.Compare(n, c.Max) != 1)
}

// Doc is {"range": {"min": …, "max": …}}.
func (c Range) Doc() map[string]any { return doc("range", c.limits(), c.Description) }

func (c Range) limits() map[string]any {
	out := map[string]any{}
	if c.Min != nil {
		out["min"] = c.Min
	}
	if c.Max != nil {
		out["max"] = c.Max
	}
	return out
}

// Length limits the length of texts (in characters), lists and maps; Min and Max as in Range.
type Length struct {
	Min, Max    any
	Description string
}

// Check follows heat/engine/constraints.py Length.
func (c Length) Check(value any) string {
	var n int
	switch v := value.(type) {
	case string:
		n = utf8.RuneCountInString(v)
	case []any:
		n = len(v)
	case *yaml.Map:
		n = v.Len()
	default:
		return ""
	}
	if (Range{Min: c.Min, Max: c.Max}).holds(int64(n)) {
		return ""
	}
	return or(c.Description, fmt.Sprintf("length (%d) is out of range (min: %s, max: %s)", n, yaml.Str(c.Min), yaml.Str(c.Max)))
}

// Doc is {"length": {"min": …, "max": …}}.
func (c Length) Doc() map[string]any {
	return doc("length", Range{Min: c.Min, Max: c.Max}.limits(), c.Description)
}

// AllowedValues lists what a value may be; for a list what each of its items may be.
type AllowedValues struct {
	Values      []any
	Description string
}

// OneOf is the AllowedValues of the given texts.
func OneOf(values ...string) AllowedValues {
	out := AllowedValues{Values: make([]any, len(values))}
	for i, v := range values {
		out.Values[i] = v
	}
	return out
}

// Check compares as Python does, without conversions; see checkKind.
func (c AllowedValues) Check(value any) string { return c.checkKind("", value) }

// checkKind first brings both sides to the schema's type, so that "5" is the number 5.
func (c AllowedValues) checkKind(k Kind, value any) string {
	if items, ok := value.([]any); ok {
		for _, item := range items {
			if !IsUnknown(item) && !c.has("", item) {
				return c.message(value)
			}
		}
		return ""
	}
	if c.has(k, value) {
		return ""
	}
	return c.message(value)
}

func (c AllowedValues) has(k Kind, value any) bool {
	value = ofKind(k, value)
	for _, a := range c.Values {
		if yaml.Equal(value, ofKind(k, a)) {
			return true
		}
	}
	return false
}

func ofKind(k Kind, v any) any {
	switch k {
	case String:
		return yaml.Str(v)
	case Integer, Number:
		if n, err := ToNumber(v); err == nil {
			return n
		}
	case Boolean:
		if b, err := ToBool(v); err == nil {
			return b
		}
	}
	return v
}

func (c AllowedValues) message(value any) string {
	texts := make([]string, len(c.Values))
	for i, v := range c.Values {
		texts[i] = yaml.Dumps(v, false)
	}
	return or(c.Description, fmt.Sprintf("%s is not an allowed value [%s]", yaml.Dumps(value, false), strings.Join(texts, ", ")))
}

// Doc is {"allowed_values": […]}.
func (c AllowedValues) Doc() map[string]any { return doc("allowed_values", c.Values, c.Description) }

// Modulo wants numbers that are Offset more than a multiple of Step.
type Modulo struct {
	Step, Offset int64
	Description  string
}

// Check follows heat/engine/constraints.py Modulo: Python's %, whose sign is Step's.
func (c Modulo) Check(value any) string {
	n, err := ToNumber(value)
	if err != nil || remainder(n, c.Step) == float64(c.Offset) {
		return ""
	}
	return or(c.Description, fmt.Sprintf("%s is not a multiple of %d with an offset of %d", yaml.Str(value), c.Step, c.Offset))
}

// Doc is {"modulo": {"step": …, "offset": …}}.
func (c Modulo) Doc() map[string]any {
	return doc("modulo", map[string]any{"step": c.Step, "offset": c.Offset}, c.Description)
}

// Custom is a constraint that a Checker knows by name (ip_addr, nova.flavor …).
type Custom struct {
	Name        string
	Description string
}

// Check passes everything: what Custom means only a Checker knows.
func (c Custom) Check(any) string { return "" }

// Doc is {"custom_constraint": name}.
func (c Custom) Doc() map[string]any { return doc("custom_constraint", c.Name, c.Description) }

// Checker knows custom constraints. It gives Heat's text for what is wrong with the
// value, "" for nothing. A nil Checker skips them.
type Checker func(constraint string, value any) string

// CheckConstraints gives the message of the first constraint that the value breaks, ""
// when there is none. k is the type that the value has been brought to.
func CheckConstraints(k Kind, constraints []Constraint, value any, checker Checker) string {
	for _, c := range constraints {
		var message string
		switch c := c.(type) {
		case AllowedValues:
			message = c.checkKind(k, value)
		case Custom:
			if checker != nil {
				if message = checker(c.Name, value); message != "" {
					message = or(c.Description, message)
				}
			}
		default:
			message = c.Check(value)
		}
		if message != "" {
			return message
		}
	}
	return ""
}

func doc(name string, value any, description string) map[string]any {
	out := map[string]any{name: value}
	if description != "" {
		out["description"] = description
	}
	return out
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
