package heat

import (
	"context"

	"hearth/core/resource"
	"hearth/core/scaling"
	"hearth/core/schema"
)

// Follows heat/engine/resources/openstack/heat/instance_group.py, without load balancers.
var instanceGroupType = resource.Type{
	Name:        "OS::Heat::InstanceGroup",
	Description: "Makes a number of instances from a launch configuration.",
	Properties: schema.Properties{
		"AvailabilityZones":       {Kind: schema.List, Required: true, Description: "Not Implemented."},
		"LaunchConfigurationName": {Kind: schema.String, Required: true, UpdateAllowed: true, Description: "The reference to a LaunchConfiguration resource."},
		"Size":                    {Kind: schema.Integer, Required: true, UpdateAllowed: true, Description: "Desired number of instances."},
		"LoadBalancerNames":       {Kind: schema.List, Description: "List of LoadBalancer resources; none are supported."},
		"Tags":                    scaling.Tags("Tags to attach to this group.", false),
	},
	Attributes: schema.Attributes{
		"InstanceList": {Kind: schema.String, Description: "A comma-delimited list of server ip addresses. (Heat extension)."},
	},
	UpdatePolicy: groupOfInstances.UpdatePolicy(),
	New:          func() resource.Resource { return instanceGroup{} },
}

var groupOfInstances = scaling.Instances{Policy: "RollingUpdate", Tag: "metering.groupname"}

type instanceGroup struct{}

var (
	_ resource.Parent     = instanceGroup{}
	_ resource.Attributer = instanceGroup{}
	_ resource.Validator  = instanceGroup{}
)

func (instanceGroup) Create(context.Context, *resource.Context) error { return errParent }
func (instanceGroup) Delete(context.Context, *resource.Context) error { return errParent }

func (instanceGroup) Validate(_ context.Context, c *resource.Context) error {
	return groupOfInstances.Check(c)
}

// Child is a template of instances with random names. There is none as long as the size
// or the launch configuration is not known.
func (instanceGroup) Child(ctx context.Context, c *resource.Context) (*resource.ChildStack, error) {
	definition, err := groupOfInstances.Definition(ctx, c)
	if err != nil || definition == nil || schema.IsUnknown(c.Properties.Get("Size")) {
		return nil, err
	}
	rolling, err := groupOfInstances.Rolling(c)
	if err != nil {
		return nil, err
	}
	size := max(c.Properties.Int("Size"), 0)
	return scaling.Group{Min: size, Max: size, Desired: size, Definition: definition, Rolling: rolling}.Child(ctx, c)
}

func (instanceGroup) Attribute(ctx context.Context, c *resource.Context, _ string) (any, error) {
	return groupOfInstances.Addresses(ctx, c)
}
