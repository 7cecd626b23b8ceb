package patch

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano"
)

// Compile makes a schema of its JSON text; it panics when that is not one, and so is for
// literals.
func Compile(name, text string) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		panic(name + ": " + err.Error())
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, doc); err != nil {
		panic(name + ": " + err.Error())
	}
	return c.MustCompile(name)
}

// Validate checks a value. It returns Invalid with the text of Python's jsonschema.
func Validate(schema *jsonschema.Schema, value any) error {
	err := schema.Validate(plain(value))
	if err == nil {
		return nil
	}
	ve, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return fmt.Errorf("validate: %w", err)
	}
	worst := foremost(ve)
	return murano.Explain(core.Invalid, "%s", message(worst, at(value, worst.InstanceLocation)))
}

// checkSchema validates the value against the part of the schema that the path leads to;
// where the schema says nothing of the path, anything is good.
func (r Rules) checkSchema(op Operation) error {
	schema := r.Schema
	if schema == nil {
		return nil
	}
	for _, part := range op.Path {
		var next *jsonschema.Schema
		switch only(schema) {
		case "array":
			next, _ = schema.Items.(*jsonschema.Schema)
		case "object":
			next = schema.Properties[part]
		default:
			continue
		}
		if next == nil {
			return nil
		}
		schema = next
	}
	return Validate(schema, op.Value)
}

// only is the one type that a schema allows; "" when there are several.
func only(s *jsonschema.Schema) string {
	if s.Types == nil {
		return ""
	}
	if types := s.Types.ToStrings(); len(types) == 1 {
		return types[0]
	}
	return ""
}

// foremost is the error nearest to the top of the value, as jsonschema's best_match has it.
func foremost(e *jsonschema.ValidationError) *jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return e
	}
	best := foremost(e.Causes[0])
	for _, c := range e.Causes[1:] {
		if f := foremost(c); len(f.InstanceLocation) < len(best.InstanceLocation) {
			best = f
		}
	}
	return best
}

func message(e *jsonschema.ValidationError, value any) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		want := make([]string, len(k.Want))
		for i, w := range k.Want {
			want[i] = yaml.Repr(w)
		}
		slices.SortStableFunc(want, func(a, b string) int { return cmp.Compare(isNull(a), isNull(b)) })
		return yaml.Repr(value) + " is not of type " + strings.Join(want, ", ")
	case *kind.Required:
		return yaml.Repr(k.Missing[0]) + " is a required property"
	case *kind.UniqueItems:
		return yaml.Repr(value) + " has non-unique elements"
	case *kind.AdditionalProperties:
		names := make([]string, len(k.Properties))
		for i, p := range k.Properties {
			names[i] = yaml.Repr(p)
		}
		slices.Sort(names)
		verb := "was"
		if len(names) > 1 {
			verb = "were"
		}
		return fmt.Sprintf("Additional properties are not allowed (%s %s unexpected)", strings.Join(names, ", "), verb)
	}
	return fmt.Sprintf("%s is not valid", yaml.Repr(value))
}

// isNull puts null last, as the schemas do.
func isNull(repr string) int {
	if repr == "'null'" {
		return 1
	}
	return 0
}

// at gives the part of a value that a location leads to.
func at(value any, location []string) any {
	for _, key := range location {
		switch v := value.(type) {
		case *yaml.Map:
			value, _ = v.Get(key)
		case []any:
			i, ok := index(key)
			if !ok || i >= len(v) {
				return nil
			}
			value = v[i]
		}
	}
	return value
}

// plain gives a value with Go's maps, as the validator reads it.
func plain(v any) any {
	switch v := v.(type) {
	case *yaml.Map:
		out := make(map[string]any, v.Len())
		for k, item := range v.All() {
			out[k] = plain(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = plain(item)
		}
		return out
	case *big.Int:
		return json.Number(v.String())
	}
	return v
}
