package scaling

import (
	"maps"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Sizes names the properties that say how many members a group has.
type Sizes struct{ Min, Max, Desired string }

// Shape leaves to Check what is wrong with the sizes: Heat looks at them before it checks
// properties, and says so in other words.
func (s Sizes) Shape(given *yaml.Map, props schema.Properties) schema.Properties {
	out := maps.Clone(props)
	for _, name := range []string{s.Min, s.Max, s.Desired} {
		p := out[name]
		p.Required, p.Constraints = false, nil
		if v, ok := given.Get(name); ok && v != nil {
			if _, err := schema.ToInteger(v); err != nil && plain(v) {
				p.Kind = schema.Any
			}
		}
		out[name] = p
	}
	return out
}

// plain reports whether v is a value of its own, and does not stand for one.
func plain(v any) bool {
	switch v.(type) {
	case schema.Failed, schema.Dropped, schema.Unknown:
		return false
	}
	return true
}

// Check returns what is wrong with the sizes
// (heat/engine/resources/aws/autoscaling/autoscaling_group.py validate).
func (s Sizes) Check(p resource.Values) error {
	for _, name := range []string{s.Min, s.Max, s.Desired} {
		v := p.Get(name)
		if v == nil && name != s.Desired {
			return core.Errorf(core.Invalid, "ValueError", "Property %s not assigned", name)
		}
		if v == nil || !plain(v) {
			continue
		}
		if _, err := schema.ToInteger(v); err != nil {
			return core.Errorf(core.Invalid, "ValueError", "%s", err)
		}
	}
	known := func(name string) bool { return p.Has(name) && plain(p.Get(name)) }
	lowest, highest := p.Int(s.Min), p.Int(s.Max)
	if known(s.Min) && known(s.Max) && highest < lowest {
		return core.StackValidationFailed("MinSize can not be greater than MaxSize")
	}
	if known(s.Min) && lowest < 0 {
		return core.StackValidationFailed("The size of AutoScalingGroup can not be less than zero")
	}
	desired := p.Int(s.Desired)
	if known(s.Desired) && (known(s.Min) && desired < lowest || known(s.Max) && desired > highest) {
		return core.StackValidationFailed("DesiredCapacity must be between MinSize and MaxSize")
	}
	return nil
}

// Known reports whether the sizes have their values.
func (s Sizes) Known(p resource.Values) bool {
	return plain(p.Get(s.Min)) && plain(p.Get(s.Max)) && plain(p.Get(s.Desired))
}
