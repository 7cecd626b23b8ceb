package heat

import (
	"context"

	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/value.py.
var valueType = resource.Type{
	Name:        "OS::Heat::Value",
	Description: "Passes a value on under a name, after checking its type.",
	Support:     schema.Support{Version: "7.0.0"},
	Properties: schema.Properties{
		"value": {Kind: schema.Any, Required: true, UpdateAllowed: true, Description: "The value to pass on."},
		"type": {
			Kind: schema.String, UpdateAllowed: true, Description: "What the value must be.",
			Constraints: []schema.Constraint{schema.OneOf("string", "number", "comma_delimited_list", "json", "boolean")},
		},
	},
	Attributes: schema.Attributes{
		"value": {Kind: schema.Any, Description: "The value."},
	},
	New: func() resource.Resource { return value{} },
}

var valueKinds = map[string]schema.Kind{
	"string": schema.String, "number": schema.Number, "comma_delimited_list": schema.List, "json": schema.Map, "boolean": schema.Boolean,
}

type value struct{}

var (
	_ resource.Attributer = value{}
	_ resource.Updater    = value{}
	_ resource.Validator  = value{}
)

// Validate checks the value against its type; the attribute shows it as it was given.
func (value) Validate(_ context.Context, c *resource.Context) error {
	kind, ok := valueKinds[c.Properties.String("type")]
	if !ok || schema.HasUnknown(c.Properties.Get("value")) {
		return nil
	}
	typed := schema.Properties{"value": {Kind: kind, Required: true}}
	_, found := schema.Check(typed, yaml.MapOf("value", c.Properties.Get("value")), "resources."+c.Name+".properties", nil)
	return found.Err()
}

func (value) Create(_ context.Context, c *resource.Context) error {
	c.PhysicalID = c.PhysicalName(0)
	return nil
}

func (value) Update(context.Context, *resource.Context, []string) error { return nil }

func (value) Delete(context.Context, *resource.Context) error { return nil }

func (value) Attribute(_ context.Context, c *resource.Context, _ string) (any, error) {
	return c.Properties.Get("value"), nil
}
