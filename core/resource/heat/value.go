package heat

import (
	"context"
	"maps"

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
	_ resource.Shaper     = value{}
	_ resource.Predictor  = value{}
)

// valueData is the key of Context.Data that holds the value as it was given, as JSON: what
// the attribute shows.
const valueData = "value"

// Shape has the value be of the type that type names.
func (value) Shape(given *yaml.Map) (*yaml.Map, schema.Properties) {
	typ, _ := given.Get("type")
	name, _ := typ.(string)
	kind, ok := valueKinds[name]
	if !ok {
		return given, valueType.Properties
	}
	props := maps.Clone(valueType.Properties)
	p := props["value"]
	p.Kind = kind
	props["value"] = p
	return given, props
}

func (value) Create(_ context.Context, c *resource.Context) error {
	c.PhysicalID = c.PhysicalName(0)
	return remember(c)
}

func (value) Update(_ context.Context, c *resource.Context, _ []string) error { return remember(c) }

func remember(c *resource.Context) error {
	b, err := yaml.EncodeJSON(c.Given.Get("value"))
	c.Data[valueData] = string(b)
	return err
}

func (value) Delete(context.Context, *resource.Context) error { return nil }

func (value) Attribute(_ context.Context, c *resource.Context, _ string) (any, error) {
	if raw, ok := c.Data[valueData]; ok {
		return yaml.DecodeJSON([]byte(raw))
	}
	return c.Properties.Get("value"), nil
}

// Predict is the value as it is given.
func (value) Predict(c *resource.Context, _ string) (any, bool) { return c.Given.Get("value"), true }
