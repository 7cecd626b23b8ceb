package aws

import (
	"context"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
)

// Follows heat/engine/resources/aws/autoscaling/launch_config.py, without copies of an
// existing instance.
var launchConfigurationType = resource.Type{
	Name:        "AWS::AutoScaling::LaunchConfiguration",
	Description: "Says how groups make their instances; makes nothing itself.",
	Properties: schema.Properties{
		"ImageId":             {Kind: schema.String, Description: "Glance image ID or name.", Constraints: []schema.Constraint{schema.Custom{Name: "glance.image"}}},
		"InstanceType":        {Kind: schema.String, Description: "Nova instance type (flavor).", Constraints: []schema.Constraint{schema.Custom{Name: "nova.flavor"}}},
		"InstanceId":          {Kind: schema.String, Description: "The ID of an existing instance to take the other properties from; not supported.", Constraints: []schema.Constraint{schema.Custom{Name: "nova.server"}}},
		"KeyName":             {Kind: schema.String, Description: "Optional Nova keypair name.", Constraints: []schema.Constraint{schema.Custom{Name: "nova.keypair"}}},
		"UserData":            {Kind: schema.String, Description: "User data to pass to instance."},
		"SecurityGroups":      {Kind: schema.List, Description: "Security group names to assign."},
		"KernelId":            {Kind: schema.String, NotImplemented: true, Description: noEffect},
		"RamDiskId":           {Kind: schema.String, NotImplemented: true, Description: noEffect},
		"BlockDeviceMappings": blockDeviceMappings,
		"NovaSchedulerHints":  schedulerHints,
	},
	New: func() resource.Resource { return launchConfiguration{} },
}

type launchConfiguration struct{}

var _ resource.Validator = launchConfiguration{}

// Validate refuses disks that are not made from a snapshot, and what lacks an image or a
// flavor.
func (launchConfiguration) Validate(_ context.Context, c *resource.Context) error {
	p := c.Properties
	if p.Has("InstanceId") {
		return core.NotSupported("InstanceId")
	}
	if err := checkMappings(p); err != nil {
		return err
	}
	if !p.Has("ImageId") || !p.Has("InstanceType") {
		return core.StackValidationFailed("If without InstanceId, ImageId and InstanceType are required.")
	}
	return nil
}

func (launchConfiguration) Create(_ context.Context, c *resource.Context) error {
	c.PhysicalID = c.PhysicalName(0)
	return nil
}

func (launchConfiguration) Delete(context.Context, *resource.Context) error { return nil }
