package heat

import (
	"maps"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/structured_config.py.
var structuredDeploymentType = resource.Type{
	Name:        "OS::Heat::StructuredDeployment",
	Description: "Has a configuration applied to a server after the values of inputs were put where the configuration asks for them.",
	Support:     schema.Support{Version: "2014.1"},
	Properties:  structuredProperties(deploymentProperties()),
	Attributes:  softwareDeploymentType.Attributes,
	New:         func() resource.Resource { return softwareDeployment{structured: true} },
}

// structuredProperties adds what structured deployments have beside the others.
func structuredProperties(common schema.Properties) schema.Properties {
	maps.Copy(common, schema.Properties{
		"input_key": {Kind: schema.String, Default: "get_input", Description: "The key of a map that stands for the value of an input: {get_input: name}."},
		"input_values_validate": {
			Kind: schema.String, Default: "LAX", Constraints: []schema.Constraint{schema.OneOf("LAX", "STRICT")},
			Description: "Whether an input without a value is null (LAX) or a mistake (STRICT).",
		},
	})
	return common
}

// substituted puts the values of inputs into a config.
func substituted(c *resource.Context, config any, inputs []*yaml.Map) (any, error) {
	s := substitution{key: c.Properties.String("input_key"), strict: c.Properties.String("input_values_validate") == "STRICT", inputs: inputValues(inputs)}
	return s.in(config)
}

// substitution stands for the inputs of one deployment.
type substitution struct {
	key    string
	strict bool
	inputs *yaml.Map
}

// in replaces every {key: name} by the value of that input; no value is looked into.
func (s *substitution) in(v any) (any, error) {
	switch v := v.(type) {
	case *yaml.Map:
		if v.Len() == 1 {
			arg, _ := v.Get(s.key)
			if name, ok := arg.(string); ok {
				return s.value(name)
			}
		}
		out := yaml.NewMap(v.Len())
		for key, x := range v.All() {
			y, err := s.in(x)
			if err != nil {
				return nil, err
			}
			out.Set(key, y)
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			y, err := s.in(x)
			if err != nil {
				return nil, err
			}
			out[i] = y
		}
		return out, nil
	}
	return v, nil
}

func (s *substitution) value(name string) (any, error) {
	v, ok := s.inputs.Get(name)
	if !ok && s.strict {
		return nil, core.Errorf(core.Invalid, "UserParameterMissing", "The Parameter (%s) was not provided.", name)
	}
	return v, nil
}
