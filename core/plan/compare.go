package plan

import (
	"slices"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Difference is how properties have changed.
type Difference struct {
	Changed []string // top-level names, sorted
	Replace bool     // one of them can only be had by another object
	Refused string   // one of them may not change at all; "" for none
}

// Compare tells how the properties of a resource differ. Null and absent are the same.
func Compare(typ *resource.Type, old, new *yaml.Map) Difference {
	var d Difference
	if typ.AnyProperties {
		return d
	}
	names := map[string]bool{}
	for _, m := range []*yaml.Map{old, new} {
		for name := range m.All() {
			names[name] = true
		}
	}
	for name := range names {
		a, _ := old.Get(name)
		b, _ := new.Get(name)
		if yaml.Equal(a, b) {
			continue
		}
		d.Changed = append(d.Changed, name)
		p := typ.Properties[name]
		switch {
		case p.Immutable:
			d.Refused = name
		case !p.UpdateAllowed:
			d.Replace = true
		}
	}
	slices.Sort(d.Changed)
	return d
}

// masked is what stands for a secret.
const masked = "******"

// Mask gives properties without the secrets among them, for events and plans.
func Mask(typ *resource.Type, props *yaml.Map) *yaml.Map {
	if typ == nil || props == nil {
		return props
	}
	return mask(typ.Properties, props)
}

func mask(props schema.Properties, values *yaml.Map) *yaml.Map {
	out := yaml.NewMap(values.Len())
	for name, v := range values.All() {
		p := props[name]
		switch sub := v.(type) {
		case nil:
		case *yaml.Map:
			if p.Fields != nil {
				v = mask(p.Fields, sub)
			}
		case []any:
			if p.Item != nil && p.Item.Fields != nil {
				list := make([]any, len(sub))
				for i, x := range sub {
					list[i] = x
					if m, ok := x.(*yaml.Map); ok {
						list[i] = mask(p.Item.Fields, m)
					}
				}
				v = list
			}
		}
		if p.Sensitive && v != nil {
			v = masked
		}
		out.Set(name, v)
	}
	return out
}

// HasAttributes reports whether a row holds every attribute asked for.
func HasAttributes(row *core.Resource, paths [][]any) bool {
	if len(paths) == 0 {
		return true
	}
	v, err := yaml.DecodeJSON(row.Attributes)
	if err != nil {
		return false
	}
	stored, _ := v.(*yaml.Map)
	for _, path := range paths {
		if stored.Has(AttributeKey(path)) || stored.Has(AttributeErrorKey(path)) || len(path) > 1 && stored.Has(AttributeKey(path[:1])) {
			continue
		}
		return false
	}
	return true
}

// AttributeErrorKey is the key under which a row stores why the attribute at a path cannot
// be read.
func AttributeErrorKey(path []any) string { return "!" + AttributeKey(path) }

// AttributeKey is the key under which a row stores the attribute at a path.
func AttributeKey(path []any) string {
	if path == nil {
		path = []any{}
	}
	b, err := yaml.EncodeJSON(path)
	if err != nil {
		return ""
	}
	return string(b)
}
