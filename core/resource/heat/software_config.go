package heat

import (
	"context"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

var configInputTypes = []schema.Constraint{schema.OneOf("String", "Number", "CommaDelimitedList", "Json", "Boolean")}

// ungrouped is the group of configs that no tool claims.
const ungrouped = "Heat::Ungrouped"

// configProperties are those of a software config whose config is of the given kind.
func configProperties(config schema.Property) schema.Properties {
	return schema.Properties{
		"config":  config,
		"group":   {Kind: schema.String, Default: ungrouped, Description: "Names the tool that understands the config."},
		"options": {Kind: schema.Map, Description: "Options for the tool."},
		"inputs": {
			Kind: schema.List, Description: "The inputs that the config takes.",
			Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
				"name":              {Kind: schema.String, Required: true, Description: "Name of the input."},
				"description":       {Kind: schema.String, Description: "What the input is for."},
				"type":              {Kind: schema.String, Default: "String", Constraints: configInputTypes, Description: "Type of the input's value."},
				"default":           {Kind: schema.Any, Description: "Value when the deployment gives none."},
				"replace_on_change": {Kind: schema.Boolean, Default: false, Description: "Whether a change of the input replaces the deployment."},
			}},
		},
		"outputs": {
			Kind: schema.List, Description: "The outputs that the config gives.",
			Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
				"name":         {Kind: schema.String, Required: true, Description: "Name of the output."},
				"description":  {Kind: schema.String, Description: "What the output is."},
				"type":         {Kind: schema.String, Default: "String", Constraints: configInputTypes, Description: "Type of the output's value."},
				"error_output": {Kind: schema.Boolean, Default: false, Description: "Whether a value of this output means that the deployment failed."},
			}},
		},
	}
}

// Follows heat/engine/resources/openstack/heat/software_config.py.
var softwareConfigType = resource.Type{
	Name:        "OS::Heat::SoftwareConfig",
	Description: "Stores a configuration that deployments apply to servers. It never changes; an update stores another one.",
	Support:     schema.Support{Version: "2014.1"},
	Properties:  configProperties(schema.Property{Kind: schema.String, Description: "The configuration, such as a script."}),
	Attributes:  schema.Attributes{"config": {Kind: schema.String, Description: "The configuration."}},
	New:         func() resource.Resource { return softwareConfig{} },
}

// Follows heat/engine/resources/openstack/heat/structured_config.py.
var structuredConfigType = resource.Type{
	Name:        "OS::Heat::StructuredConfig",
	Description: "Stores a configuration whose body is a map.",
	Support:     schema.Support{Version: "2014.1"},
	Properties:  configProperties(schema.Property{Kind: schema.Map, Description: "The configuration as a map."}),
	Attributes:  schema.Attributes{"config": {Kind: schema.Map, Description: "The configuration."}},
	New:         func() resource.Resource { return softwareConfig{} },
}

type softwareConfig struct{}

var (
	_ resource.Finder     = softwareConfig{}
	_ resource.Attributer = softwareConfig{}
	_ resource.Predictor  = softwareConfig{}
)

func (softwareConfig) Create(ctx context.Context, c *resource.Context) error {
	return storeConfig(ctx, c, c.Properties.String("group"), c.Properties.Get("config"))
}

// storeConfig stores a config, with the inputs, outputs and options of the properties,
// under the id of the resource's row, by which Find knows it.
func storeConfig(ctx context.Context, c *resource.Context, group string, config any) error {
	p := c.Properties
	inputs, outputs, options := declarations(p.Subs("inputs")), declarations(p.Subs("outputs")), p.Get("options")
	if options == nil {
		options = yaml.NewMap(0)
	}
	body, err := yaml.EncodeJSON(yaml.MapOf("config", config, "inputs", inputs, "outputs", outputs, "options", options))
	if err != nil {
		return err
	}
	err = c.Configs.CreateConfig(ctx, &core.SoftwareConfig{
		ID: c.ID, ProjectID: c.Stack.ProjectID, Name: c.PhysicalName(0), Group: group, Config: body, CreatedAt: c.Now().UTC(),
	})
	if err != nil {
		return err
	}
	c.PhysicalID = c.ID
	return nil
}

// declarations are inputs or outputs without what says nothing
// (heat/engine/software_config_io.py as_dict).
func declarations(list []resource.Values) []any {
	out := make([]any, len(list))
	for i, d := range list {
		m := yaml.NewMap(d.Map().Len())
		for key, v := range d.Map().All() {
			if v != nil && (key != "replace_on_change" || v != false) {
				m.Set(key, v)
			}
		}
		out[i] = m
	}
	return out
}

func (softwareConfig) Find(ctx context.Context, c *resource.Context) (bool, error) {
	_, err := c.Configs.FindConfig(ctx, c.ID)
	switch {
	case cloud.NotFound(err):
		return false, nil
	case err != nil:
		return false, err
	}
	c.PhysicalID = c.ID
	return true, nil
}

func (softwareConfig) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	return cloud.IgnoreNotFound(c.Configs.DeleteConfig(ctx, c.PhysicalID))
}

func (softwareConfig) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	cfg, err := c.Configs.FindConfig(ctx, c.PhysicalID)
	if cloud.NotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var body yaml.Map
	if err := body.UnmarshalJSON(cfg.Config); err != nil {
		return nil, err
	}
	v, _ := body.Get(name)
	return v, nil
}

// Predict knows the config of what is yet to be stored; it never changes afterwards.
func (softwareConfig) Predict(c *resource.Context, name string) (any, bool) {
	return c.Properties.Get(name), name == "config" && c.PhysicalID == ""
}
