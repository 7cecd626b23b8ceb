package aws

import (
	"context"
	"errors"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/scaling"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/aws/autoscaling/autoscaling_group.py, without load
// balancers and copies of an existing instance.
var autoScalingGroupType = resource.Type{
	Name:        "AWS::AutoScaling::AutoScalingGroup",
	Description: "Makes instances from a launch configuration, as many as it is told, and as scaling policies change that.",
	Support:     schema.Support{Version: "2014.1"},
	Properties: schema.Properties{
		"AvailabilityZones":       {Kind: schema.List, Required: true, Description: noEffect},
		"LaunchConfigurationName": {Kind: schema.String, UpdateAllowed: true, Description: "The reference to a LaunchConfiguration resource."},
		"InstanceId":              {Kind: schema.String, Description: "The ID of an existing instance to take the place of a launch configuration; not supported.", Constraints: []schema.Constraint{schema.Custom{Name: "nova.server"}}},
		"MaxSize":                 {Kind: schema.Integer, Required: true, UpdateAllowed: true, Description: "Maximum number of instances in the group."},
		"MinSize":                 {Kind: schema.Integer, Required: true, UpdateAllowed: true, Description: "Minimum number of instances in the group."},
		"Cooldown":                {Kind: schema.Integer, UpdateAllowed: true, Description: "Cooldown period, in seconds."},
		"DesiredCapacity":         {Kind: schema.Integer, UpdateAllowed: true, Description: "Desired initial number of instances."},
		"HealthCheckGracePeriod":  {Kind: schema.Integer, NotImplemented: true, Description: noEffect},
		"HealthCheckType":         {Kind: schema.String, NotImplemented: true, Description: noEffect, Constraints: []schema.Constraint{schema.OneOf("EC2", "ELB")}},
		"LoadBalancerNames":       {Kind: schema.List, Description: "List of LoadBalancer resources; none are supported."},
		"VPCZoneIdentifier": {
			Kind: schema.List, Description: "The internal subnet to which the instances are attached; the list has one item.",
			Item: &schema.Property{Kind: schema.String, Description: "UUID of the subnet."},
		},
		"Tags": scaling.Tags("Tags to attach to this group.", false),
	},
	Attributes: schema.Attributes{
		"InstanceList": {Kind: schema.String, Description: "A comma-delimited list of server ip addresses. (Heat extension)."},
	},
	UpdatePolicy: instances.UpdatePolicy(),
	New:          func() resource.Resource { return autoScalingGroup{} },
}

var (
	instances = scaling.Instances{Policy: "AutoScalingRollingUpdate", Tag: "metering.AutoScalingGroupName", MarkAlways: true}
	sizes     = scaling.Sizes{Min: "MinSize", Max: "MaxSize", Desired: "DesiredCapacity"}
)

type autoScalingGroup struct{}

var (
	_ resource.Parent     = autoScalingGroup{}
	_ resource.Adjuster   = autoScalingGroup{}
	_ resource.Attributer = autoScalingGroup{}
	_ resource.Shaper     = autoScalingGroup{}
	_ resource.Validator  = autoScalingGroup{}
)

var errParent = errors.New("the engine makes nested stacks itself")

func (autoScalingGroup) Create(context.Context, *resource.Context) error { return errParent }
func (autoScalingGroup) Delete(context.Context, *resource.Context) error { return errParent }

// Shape leaves the sizes to Validate.
func (autoScalingGroup) Shape(given *yaml.Map) (*yaml.Map, schema.Properties) {
	return given, sizes.Shape(given, autoScalingGroupType.Properties)
}

func (autoScalingGroup) Validate(_ context.Context, c *resource.Context) error {
	p := c.Properties
	if err := sizes.Check(p); err != nil {
		return err
	}
	if subnets := p.List("VPCZoneIdentifier"); len(subnets) > 1 {
		return core.NotSupported("Anything other than one VPCZoneIdentifier")
	}
	if p.Has("InstanceId") == p.Has("LaunchConfigurationName") {
		return core.StackValidationFailed("Either 'InstanceId' or 'LaunchConfigurationName' must be provided.")
	}
	if p.Has("InstanceId") {
		return core.NotSupported("InstanceId")
	}
	return instances.Check(c)
}

// group is what the properties say; nil as long as not all of it is known.
func group(ctx context.Context, c *resource.Context) (*scaling.Group, error) {
	p, of := c.Properties, instances
	if !sizes.Known(p) || schema.HasUnknown(p.Get("VPCZoneIdentifier")) {
		return nil, nil
	}
	if subnets := p.Strings("VPCZoneIdentifier"); len(subnets) > 0 {
		of.Subnet = subnets[0]
	}
	definition, err := of.Definition(ctx, c)
	if err != nil || definition == nil {
		return nil, err
	}
	rolling, err := of.Rolling(c)
	return &scaling.Group{Min: p.Int("MinSize"), Max: p.Int("MaxSize"), Desired: p.Int("DesiredCapacity"),
		Definition: definition, Rolling: rolling, Cooldown: scaling.Seconds(p.Float("Cooldown"))}, err
}

// Child is a template of instances with random names; none as long as their number or the
// launch configuration is not known.
func (autoScalingGroup) Child(ctx context.Context, c *resource.Context) (*resource.ChildStack, error) {
	g, err := group(ctx, c)
	if g == nil || err != nil {
		return nil, err
	}
	return g.Child(ctx, c)
}

func (autoScalingGroup) Adjust(ctx context.Context, c *resource.Context, a resource.Adjustment) (*resource.ChildStack, error) {
	g, err := group(ctx, c)
	if err != nil {
		return nil, err
	}
	if g == nil {
		return nil, resource.ErrNoAction
	}
	return g.Adjust(ctx, c, a)
}

func (autoScalingGroup) Adjusted(ctx context.Context, c *resource.Context) error {
	return scaling.Group{Cooldown: scaling.Seconds(c.Properties.Float("Cooldown"))}.Adjusted(ctx, c)
}

func (autoScalingGroup) Attribute(ctx context.Context, c *resource.Context, _ string) (any, error) {
	return instances.Addresses(ctx, c)
}
