package aws

import (
	"context"

	"hearth/core/resource"
	"hearth/core/scaling"
	"hearth/core/schema"
)

// Follows heat/engine/resources/aws/autoscaling/scaling_policy.py. What Ref yields is a
// signed address that signals the resource.
var scalingPolicyType = resource.Type{
	Name:        "AWS::AutoScaling::ScalingPolicy",
	Description: "Changes the size of an AWS::AutoScaling::AutoScalingGroup whenever it is signalled.",
	Properties: schema.Properties{
		"AutoScalingGroupName": {Kind: schema.String, Required: true, Rank: -2, Description: "AutoScaling group name to apply policy to."},
		"ScalingAdjustment":    {Kind: schema.Integer, Required: true, Rank: -1, UpdateAllowed: true, Description: "Size of adjustment."},
		"AdjustmentType": {
			Kind: schema.String, Required: true, UpdateAllowed: true, Description: "Type of adjustment (absolute or percentage).",
			Constraints: []schema.Constraint{schema.OneOf(scaling.CfnChangeInCapacity, scaling.CfnExactCapacity, scaling.CfnPercentChange)},
		},
		"Cooldown": {Kind: schema.Integer, UpdateAllowed: true, Description: "Cooldown period, in seconds."},
		"MinAdjustmentStep": {
			Kind: schema.Integer, UpdateAllowed: true, Constraints: []schema.Constraint{schema.Range{Min: 0}},
			Description: "Minimum number of resources that are added or removed when the AutoScaling group scales up or down. This can be used only when specifying PercentChangeInCapacity for the AdjustmentType property.",
		},
	},
	Attributes: schema.Attributes{
		"AlarmUrl": {Kind: schema.String, Description: "A signed url to handle the alarm. (Heat extension)."},
	},
	New: func() resource.Resource { return scalingPolicy{} },
}

var policyNames = scaling.Policy{Group: "AutoScalingGroupName", By: "ScalingAdjustment", Type: "AdjustmentType",
	Cooldown: "Cooldown", MinStep: "MinAdjustmentStep"}

type scalingPolicy struct{}

var (
	_ resource.Updater    = scalingPolicy{}
	_ resource.Signaler   = scalingPolicy{}
	_ resource.Attributer = scalingPolicy{}
	_ resource.Referencer = scalingPolicy{}
	_ resource.Validator  = scalingPolicy{}
)

func (scalingPolicy) Validate(_ context.Context, c *resource.Context) error {
	return policyNames.Check(c.Properties, scaling.CfnPercentChange)
}

func (scalingPolicy) Create(_ context.Context, c *resource.Context) error {
	policyNames.Create(c)
	return nil
}

// Update changes what the next signal does.
func (scalingPolicy) Update(context.Context, *resource.Context, []string) error { return nil }

func (scalingPolicy) Delete(context.Context, *resource.Context) error { return nil }

func (scalingPolicy) Signal(ctx context.Context, c *resource.Context, _ any) (string, error) {
	return policyNames.Signal(ctx, c)
}

func (scalingPolicy) Attribute(_ context.Context, c *resource.Context, _ string) (any, error) {
	if c.PhysicalID == "" {
		return nil, nil
	}
	return c.Links.AlarmURL(c), nil
}

// ReferenceID is the policy's address.
func (scalingPolicy) ReferenceID(c *resource.Context) any {
	if c.PhysicalID == "" {
		return c.Name
	}
	return c.Links.AlarmURL(c)
}
