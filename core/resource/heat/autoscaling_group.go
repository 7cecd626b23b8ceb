package heat

import (
	"context"

	"hearth/core/resource"
	"hearth/core/scaling"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/autoscaling_group.py.
var autoScalingGroupType = resource.Type{
	Name:        "OS::Heat::AutoScalingGroup",
	Description: "Makes like resources in a nested stack, as many as it is told, and as scaling policies change that.",
	Support:     schema.Support{Version: "2014.1"},
	Properties: schema.Properties{
		"resource": {
			Kind: schema.Map, Required: true, UpdateAllowed: true,
			Description: "Resource definition for the resources in the group, in HOT format. The value of this property is the definition of a resource just as if it had been declared in the template itself.",
		},
		"max_size":         {Kind: schema.Integer, Required: true, UpdateAllowed: true, Constraints: notNegative, Description: "Maximum number of resources in the group."},
		"min_size":         {Kind: schema.Integer, Required: true, UpdateAllowed: true, Constraints: notNegative, Description: "Minimum number of resources in the group."},
		"cooldown":         {Kind: schema.Integer, UpdateAllowed: true, Description: "Cooldown period, in seconds."},
		"desired_capacity": {Kind: schema.Integer, UpdateAllowed: true, Description: "Desired initial number of resources."},
		"rolling_updates": {
			Kind: schema.Map, UpdateAllowed: true, Description: "Policy for rolling updates for this scaling group.",
			Default: yaml.MapOf("min_in_service", int64(0), "max_batch_size", int64(1), "pause_time", int64(0)),
			Fields: schema.Properties{
				"min_in_service": {
					Kind: schema.Integer, Default: int64(0), Constraints: notNegative,
					Description: "The minimum number of resources in service while rolling updates are being executed.",
				},
				"max_batch_size": {
					Kind: schema.Integer, Default: int64(1), Constraints: []schema.Constraint{schema.Range{Min: 1}},
					Description: "The maximum number of resources to replace at once.",
				},
				"pause_time": {
					Kind: schema.Number, Default: int64(0), Constraints: notNegative,
					Description: "The number of seconds to wait between batches of updates.",
				},
			},
		},
	},
	Attributes: schema.Attributes{
		"outputs": {
			Kind: schema.Map, Support: schema.Support{Version: "2014.2"},
			Description: "A map of resource names to the specified attribute of each individual resource that is part of the AutoScalingGroup. This map specifies output parameters that are available once the AutoScalingGroup has been instantiated.",
		},
		"outputs_list": {
			Kind: schema.List, Support: schema.Support{Version: "2014.2"},
			Description: "A list of the specified attribute of each individual resource that is part of the AutoScalingGroup. This list of attributes is available as an output once the AutoScalingGroup has been instantiated.",
		},
		"current_size": {Kind: schema.Integer, Support: schema.Support{Version: "2015.1"}, Description: "The current size of AutoscalingResourceGroup."},
		"refs":         {Kind: schema.List, Support: schema.Support{Version: "7.0.0"}, Description: "A list of resource IDs for the resources in the group."},
		"refs_map":     {Kind: schema.Map, Support: schema.Support{Version: "7.0.0"}, Description: "A map of resource names to IDs for the resources in the group."},
	},
	UpdatePolicy: schema.Properties{},
	New:          func() resource.Resource { return autoScalingGroup{} },
}

var groupSizes = scaling.Sizes{Min: "min_size", Max: "max_size", Desired: "desired_capacity"}

type autoScalingGroup struct{}

var (
	_ resource.Parent         = autoScalingGroup{}
	_ resource.Adjuster       = autoScalingGroup{}
	_ resource.PathAttributer = autoScalingGroup{}
	_ resource.Group          = autoScalingGroup{}
	_ resource.Shaper         = autoScalingGroup{}
	_ resource.Validator      = autoScalingGroup{}
)

func (autoScalingGroup) Create(context.Context, *resource.Context) error { return errParent }
func (autoScalingGroup) Delete(context.Context, *resource.Context) error { return errParent }

// Shape leaves the sizes to Validate.
func (autoScalingGroup) Shape(given *yaml.Map) (*yaml.Map, schema.Properties) {
	return given, groupSizes.Shape(given, autoScalingGroupType.Properties)
}

func (autoScalingGroup) Validate(_ context.Context, c *resource.Context) error {
	return groupSizes.Check(c.Properties)
}

func scalingGroup(p resource.Values) scaling.Group {
	policy := p.Sub("rolling_updates")
	definition, _ := p.Get("resource").(*yaml.Map)
	return scaling.Group{
		Min: p.Int("min_size"), Max: p.Int("max_size"), Desired: p.Int("desired_capacity"),
		Definition: definition, Rolling: rolling(policy), Cooldown: scaling.Seconds(p.Float("cooldown")),
	}
}

// rolling reads a policy for rolling updates, of this type or of a ResourceGroup.
func rolling(policy resource.Values) *scaling.Rolling {
	return &scaling.Rolling{MinInService: policy.Int("min_in_service"), MaxBatch: policy.Int("max_batch_size"),
		Pause: scaling.Seconds(policy.Float("pause_time"))}
}

// Child is a template of members with random names. As long as it is not known how many
// there are there is none.
func (autoScalingGroup) Child(ctx context.Context, c *resource.Context) (*resource.ChildStack, error) {
	if !groupSizes.Known(c.Properties) || schema.IsUnknown(c.Properties.Get("resource")) {
		return nil, nil
	}
	child, err := scalingGroup(c.Properties).Child(ctx, c)
	if child != nil {
		child.Definition = "resource"
	}
	return child, err
}

func (autoScalingGroup) Adjust(ctx context.Context, c *resource.Context, a resource.Adjustment) (*resource.ChildStack, error) {
	return scalingGroup(c.Properties).Adjust(ctx, c, a)
}

func (autoScalingGroup) Adjusted(ctx context.Context, c *resource.Context) error {
	return scalingGroup(c.Properties).Adjusted(ctx, c)
}
