package template

import (
	"slices"

	"hearth/core/function"
	"hearth/core/yaml"
)

// Requires gives the names of the resources that d needs: those that its properties and
// metadata refer to, and those it depends on; in template order, those that exist. An
// external resource needs none.
func (b *Bound) Requires(d *Definition) []string {
	if d.ExternalID != nil {
		return nil
	}
	var names []string
	add := func(name string) {
		if b.Enabled(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	b.references(d, func(_ *function.Call, resource string, _ []any) { add(resource) })
	for _, name := range d.DependsOn {
		add(name)
	}
	slices.SortFunc(names, func(x, y string) int { return b.all[x].Index - b.all[y].Index })
	return names
}

// AttributePaths gives, for each resource, every attribute path that definitions and
// outputs ask for: the attribute's name and what is asked of it; an empty path is all
// attributes.
func (b *Bound) AttributePaths() map[string][][]any {
	out := map[string][][]any{}
	add := func(resource string, path []any) {
		if path == nil || !b.Enabled(resource) {
			return
		}
		known := slices.ContainsFunc(out[resource], func(p []any) bool { return samePath(p, path) })
		if !known {
			out[resource] = append(out[resource], path)
		}
	}
	for _, d := range b.enabled {
		b.references(d, func(_ *function.Call, resource string, path []any) { add(resource, path) })
	}
	for _, o := range b.outputs {
		if o.Enabled {
			o.Value.Walk(b.static, func(c *function.Call) {
				if resource, path, ok := c.Reference(b.static); ok {
					add(resource, path)
				}
			})
		}
	}
	return out
}

// samePath tells 1 from "1" and true from 1, as paths must.
func samePath(a, b []any) bool {
	return slices.EqualFunc(a, b, func(x, y any) bool {
		return yaml.TypeName(x) == yaml.TypeName(y) && yaml.Equal(x, y)
	})
}
