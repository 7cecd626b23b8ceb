package schema

import (
	"fmt"
	"slices"

	"hearth/core/yaml"
)

// replace moves what is given under a former name (Property.ReplacedBy) to the name that
// took its place, as heat/engine/translation.py does with its REPLACE rules.
func (c *check) replace(props Properties, values *yaml.Map, path string) *yaml.Map {
	out := values
	for _, name := range values.Keys() {
		by := props[name].ReplacedBy
		if by == "" {
			continue
		}
		value, _ := values.Get(name)
		if _, dropped := value.(Dropped); dropped {
			continue
		}
		if out == values {
			out = values.Clone()
		}
		out.Delete(name)
		if isNothing(value) {
			continue
		}
		if now, _ := values.Get(by); !isNothing(now) {
			c.report("property_conflict", Join(path, by), fmt.Sprintf("Cannot define the following properties at the same time: %s, %s", by, name))
			continue
		}
		out.Set(by, value)
	}
	return out
}

// isNothing reports what Python holds for false among the values a reference can be.
func isNothing(v any) bool { return slices.Contains([]any{nil, "", Dropped{}}, v) }
