package schema

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"hearth/core/diag"
	"hearth/core/yaml"
)

// PropertyError is what Heat puts in front of every problem that Check finds.
const PropertyError = "Property error"

// Check brings values to their schema: types are converted and defaults filled in as
// Heat does (heat/engine/properties.py), constraints checked, unknown and missing names
// reported. path is that of the values (resources.x.properties). What is Unknown stays;
// Failed and Dropped are understood at the top level. The result holds no absent keys.
func Check(props Properties, values *yaml.Map, path string, checker Checker) (*yaml.Map, diag.List) {
	c := &check{checker: checker}
	out := c.fields(props, values, path)
	return out, c.found
}

type check struct {
	checker Checker
	found   diag.List
}

func (c *check) report(code, path, message string) *diag.Diagnostic {
	c.found = append(c.found, diag.Diagnostic{
		Code: code, Severity: diag.Error, Type: "StackValidationFailed",
		Kind: PropertyError, Path: path, Message: message,
	})
	return &c.found[len(c.found)-1]
}

func (c *check) fields(props Properties, values *yaml.Map, path string) *yaml.Map {
	names := make([]string, 0, len(props))
	for name := range props {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(props[a].Rank-props[b].Rank, cmp.Compare(a, b)) })
	for key := range values.All() {
		if _, ok := props[key]; !ok {
			d := c.report("unknown_property", path, "Unknown Property "+key)
			d.Key, d.Hint = key, diag.DidYouMean(key, names)
		}
	}
	values = c.replace(props, values, path)
	out := yaml.NewMap(len(names))
	for _, name := range names {
		p := props[name]
		value, given := values.Get(name)
		at := Join(path, name)
		switch v := value.(type) {
		case Failed:
			c.report("value", at, errorText(v.Err))
			continue
		case Dropped:
			given = false
		}
		if given && p.NotImplemented {
			c.report("not_implemented", path, fmt.Sprintf("Property %s not implemented yet", name)).Severity = diag.Warning
		}
		switch {
		case given:
			if v, ok := c.value(&p, value, at); ok {
				out.Set(name, v)
			}
		case p.Default != nil:
			if v, ok := c.value(&p, nil, at); ok {
				out.Set(name, v)
			}
		case p.Required:
			if _, dropped := value.(Dropped); !dropped {
				at = path
			}
			c.report("missing_property", at, fmt.Sprintf("Property %s not assigned", name)).Key = name
		}
	}
	return out
}

// value converts and checks one value; ok is false when a problem was reported.
func (c *check) value(p *Property, v any, path string) (any, bool) {
	if IsUnknown(v) {
		return v, true
	}
	before := len(c.found)
	out, err := c.convert(p, v, path)
	if err != nil {
		c.report("property_type", path, err.Error())
		return nil, false
	}
	if len(c.found) == before && len(p.Constraints) > 0 && !HasUnknown(out) {
		if message := CheckConstraints(p.Kind, p.Constraints, out, c.checker); message != "" {
			c.report("property_constraint", path, message)
		}
	}
	return out, len(c.found) == before
}

func (c *check) convert(p *Property, v any, path string) (any, error) {
	if v == nil {
		v = p.Default
	}
	switch p.Kind {
	case String:
		return stringOf(v)
	case Integer:
		if v == nil {
			return int64(0), nil
		}
		return ToInteger(v)
	case Number:
		if v == nil {
			return int64(0), nil
		}
		return ToNumber(v)
	case Boolean:
		return boolOf(v)
	case Map:
		return c.mapOf(p, v, path)
	case List:
		return c.listOf(p, v, path)
	}
	return v, nil
}

func stringOf(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool, int, int64, *big.Int:
		return yaml.Str(v), nil
	}
	return nil, errors.New("Value must be a string; got " + yaml.Repr(v))
}

func boolOf(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case bool:
		return v, nil
	case string:
		switch s := strings.ToLower(v); s {
		case "true", "false":
			return s == "true", nil
		default:
			return nil, fmt.Errorf(`"%s" is not a valid boolean`, s)
		}
	}
	return nil, fmt.Errorf(`"%s" is not a valid boolean`, yaml.Str(v))
}

func (c *check) mapOf(p *Property, v any, path string) (any, error) {
	switch v := v.(type) {
	case nil:
		return c.mapOf(p, yaml.NewMap(0), path)
	case *yaml.Map:
		if p.Fields == nil {
			return v, nil
		}
		return complete(p.Fields, c.fields(p.Fields, v, path)), nil
	case string:
		if p.Converts {
			return v, nil
		}
	case []any:
		if p.Converts {
			return yaml.Dumps(v, false), nil
		}
	}
	return nil, fmt.Errorf(`"%s" is not a map`, yaml.Str(v))
}

// complete gives a map in which every key of its schema is there, as in Heat: null where
// nothing is given.
func complete(fields Properties, m *yaml.Map) *yaml.Map {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !m.Has(name) {
			m.Set(name, nil)
		}
	}
	return m
}

func (c *check) listOf(p *Property, v any, path string) (any, error) {
	if s, ok := v.(string); ok && p.Converts {
		v = SplitList(s)
	}
	if v == nil {
		v = []any{}
	}
	items, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf(`"%s" is not a list`, yaml.Repr(v))
	}
	if p.Item == nil {
		return items, nil
	}
	out := make([]any, 0, len(items))
	for i, item := range items {
		if x, ok := c.value(p.Item, item, Join(path, strconv.Itoa(i))); ok {
			out = append(out, x)
		}
	}
	return out, nil
}

// SplitList is how a comma_delimited_list reads a text: cut at commas, spaces kept; an
// empty text is an empty list.
func SplitList(s string) []any {
	if s == "" {
		return []any{}
	}
	parts := strings.Split(s, ",")
	out := make([]any, len(parts))
	for i, p := range parts {
		out[i] = p
	}
	return out
}

// Join puts a name behind a path as Heat writes it: a.b, but a[0] for digits.
func Join(path, name string) string {
	if name != "" && strings.Trim(name, "0123456789") == "" {
		return path + "[" + name + "]"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
