package heat

import (
	"context"

	"hearth/core/resource"
	"hearth/core/scaling"
	"hearth/core/schema"
)

// Follows heat/engine/resources/openstack/heat/scaling_policy.py. alarm_url needs
// no token, signal_url does.
var scalingPolicyType = resource.Type{
	Name:        "OS::Heat::ScalingPolicy",
	Description: "Changes the size of an OS::Heat::AutoScalingGroup whenever it is signalled.",
	Properties: schema.Properties{
		"auto_scaling_group_id": {Kind: schema.String, Required: true, Rank: -2, Description: "AutoScaling group ID to apply policy to."},
		"scaling_adjustment":    {Kind: schema.Number, Required: true, Rank: -1, UpdateAllowed: true, Description: "Size of adjustment."},
		"adjustment_type": {
			Kind: schema.String, Required: true, UpdateAllowed: true, Description: "Type of adjustment (absolute or percentage).",
			Constraints: []schema.Constraint{schema.OneOf(scaling.ChangeInCapacity, scaling.ExactCapacity, scaling.PercentChange)},
		},
		"cooldown": {Kind: schema.Number, UpdateAllowed: true, Description: "Cooldown period, in seconds."},
		"min_adjustment_step": {
			Kind: schema.Integer, UpdateAllowed: true, Constraints: notNegative,
			Description: "Minimum number of resources that are added or removed when the AutoScaling group scales up or down. This can be used only when specifying percent_change_in_capacity for the adjustment_type property.",
		},
	},
	Attributes: schema.Attributes{
		"alarm_url":  {Kind: schema.String, Description: "A signed url to handle the alarm."},
		"signal_url": {Kind: schema.String, Description: "A url to handle the alarm using native API.", Support: schema.Support{Version: "5.0.0"}},
	},
	New: func() resource.Resource { return scalingPolicy{} },
}

var scalingPolicyNames = scaling.Policy{Group: "auto_scaling_group_id", By: "scaling_adjustment", Type: "adjustment_type",
	Cooldown: "cooldown", MinStep: "min_adjustment_step"}

type scalingPolicy struct{}

var (
	_ resource.Updater    = scalingPolicy{}
	_ resource.Signaler   = scalingPolicy{}
	_ resource.Attributer = scalingPolicy{}
	_ resource.Validator  = scalingPolicy{}
)

func (scalingPolicy) Validate(_ context.Context, c *resource.Context) error {
	return scalingPolicyNames.Check(c.Properties, scaling.PercentChange)
}

func (scalingPolicy) Create(_ context.Context, c *resource.Context) error {
	scalingPolicyNames.Create(c)
	return nil
}

// Update changes what the next signal does.
func (scalingPolicy) Update(context.Context, *resource.Context, []string) error { return nil }

func (scalingPolicy) Delete(context.Context, *resource.Context) error { return nil }

func (scalingPolicy) Signal(ctx context.Context, c *resource.Context, _ any) (string, error) {
	return scalingPolicyNames.Signal(ctx, c)
}

func (scalingPolicy) Attribute(_ context.Context, c *resource.Context, name string) (any, error) {
	switch {
	case c.PhysicalID == "":
		return nil, nil
	case name == "alarm_url":
		return c.Links.AlarmURL(c), nil
	}
	return c.Links.Signal(c), nil
}
