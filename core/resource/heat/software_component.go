package heat

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/software_component.py.
var softwareComponentType = resource.Type{
	Name:        "OS::Heat::SoftwareComponent",
	Description: "Stores the configurations of a software component, one for each part of its life.",
	Support:     schema.Support{Version: "2014.2"},
	Properties:  componentProperties(),
	// Upstream declares no attribute of its own and reads the inherited one as null.
	Attributes: schema.Attributes{"config": {Kind: schema.Any, Description: "Null: the configurations are read through the software configs of the API."}},
	New:        func() resource.Resource { return softwareComponent{} },
}

func componentProperties() schema.Properties {
	inherited := configProperties(schema.Property{})
	return schema.Properties{
		"configs": {
			Kind: schema.List, Required: true, Constraints: []schema.Constraint{schema.Length{Min: 1}},
			Description: "The configurations, of which each action has one at most.",
			Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
				"actions": {
					Kind: schema.List, Default: []any{"CREATE", "UPDATE"}, Constraints: []schema.Constraint{schema.Length{Min: 1}},
					Description: "Actions that the configuration is for: CREATE, UPDATE, SUSPEND, RESUME, DELETE, or what a hook in the server knows.",
					Item:        &schema.Property{Kind: schema.String},
				},
				"config": {Kind: schema.String, Description: "The configuration, such as a script."},
				"tool":   {Kind: schema.String, Required: true, Description: "Names the tool in the server that applies the configuration."},
			}},
		},
		"inputs": inherited["inputs"], "outputs": inherited["outputs"], "options": inherited["options"],
	}
}

type softwareComponent struct{ softwareConfig }

var _ resource.Validator = softwareComponent{}

// Validate refuses a second configuration for an action: nothing would say which is first.
func (softwareComponent) Validate(_ context.Context, c *resource.Context) error {
	var seen []string
	for _, config := range c.Properties.Subs("configs") {
		actions := config.Strings("actions")
		for _, a := range actions {
			if slices.Contains(seen, a) {
				return core.StackValidationFailed("Defining more than one configuration for the same action in SoftwareComponent \"%s\" is not allowed.", c.Name)
			}
		}
		seen = append(seen, actions...)
	}
	return nil
}

// Create stores the configurations inside the config of one software config.
func (softwareComponent) Create(ctx context.Context, c *resource.Context) error {
	return storeConfig(ctx, c, "component", yaml.MapOf("configs", c.Properties.Get("configs")))
}

func (softwareComponent) Attribute(context.Context, *resource.Context, string) (any, error) {
	return nil, nil
}
