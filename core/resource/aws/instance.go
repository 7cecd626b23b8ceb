package aws

import (
	"context"

	"hearth/core/resource"
	"hearth/core/scaling"
	"hearth/core/schema"
)

// Follows heat/engine/resources/aws/ec2/instance.py in part: user data reach the server as
// they are, volumes are there from the first boot, and another interface or subnet makes
// another server.
var instanceType = resource.Type{
	Name:              scaling.InstanceType,
	Description:       "A server of the compute service, described as CloudFormation does.",
	Service:           "compute",
	PhysicalNameLimit: 53,
	Properties: schema.Properties{
		"ImageId":               {Kind: schema.String, Required: true, Description: "Glance image ID or name.", Constraints: []schema.Constraint{schema.Custom{Name: "glance.image"}}},
		"InstanceType":          {Kind: schema.String, Required: true, UpdateAllowed: true, Description: "Nova instance type (flavor).", Constraints: []schema.Constraint{schema.Custom{Name: "nova.flavor"}}},
		"KeyName":               {Kind: schema.String, Description: "Optional Nova keypair name.", Constraints: []schema.Constraint{schema.Custom{Name: "nova.keypair"}}},
		"AvailabilityZone":      {Kind: schema.String, Description: "Availability zone to launch the instance in."},
		"DisableApiTermination": {Kind: schema.String, NotImplemented: true, Description: noEffect},
		"KernelId":              {Kind: schema.String, NotImplemented: true, Description: noEffect},
		"Monitoring":            {Kind: schema.Boolean, NotImplemented: true, Description: noEffect},
		"PlacementGroupName":    {Kind: schema.String, NotImplemented: true, Description: noEffect},
		"PrivateIpAddress":      {Kind: schema.String, NotImplemented: true, Description: noEffect},
		"RamDiskId":             {Kind: schema.String, NotImplemented: true, Description: noEffect},
		"SecurityGroups":        {Kind: schema.List, Description: "Security group names to assign."},
		"SecurityGroupIds":      {Kind: schema.List, Description: "Security group IDs to assign."},
		"NetworkInterfaces":     {Kind: schema.List, Description: "Network interfaces to associate with instance."},
		"SourceDestCheck":       {Kind: schema.Boolean, NotImplemented: true, Description: noEffect},
		"SubnetId":              {Kind: schema.String, Description: "Subnet ID to launch instance in."},
		"Tags":                  scaling.Tags("Tags to attach to instance.", true),
		"NovaSchedulerHints":    schedulerHints,
		"Tenancy":               {Kind: schema.String, NotImplemented: true, Description: noEffect, Constraints: []schema.Constraint{schema.OneOf("dedicated", "default")}},
		"UserData":              {Kind: schema.String, Description: "User data to pass to instance."},
		"Volumes": {
			Kind: schema.List, Default: []any{}, Description: "Volumes to attach to instance.",
			Item: &schema.Property{Kind: schema.Map, Description: "One volume.", Fields: schema.Properties{
				"Device":   {Kind: schema.String, Required: true, Description: "The device where the volume is exposed on the instance; not every cloud goes by it."},
				"VolumeId": {Kind: schema.String, Required: true, Description: "The ID of the volume to be attached.", Constraints: []schema.Constraint{schema.Custom{Name: "cinder.volume"}}},
			}},
		},
		"BlockDeviceMappings": blockDeviceMappings,
	},
	Attributes: schema.Attributes{
		"AvailabilityZone": {Kind: schema.String, Description: "The Availability Zone where the specified instance is launched."},
		"PrivateDnsName":   {Kind: schema.String, Description: "Private DNS name of the specified instance."},
		"PublicDnsName":    {Kind: schema.String, Description: "Public DNS name of the specified instance."},
		"PrivateIp":        {Kind: schema.String, Description: "Private IP address of the specified instance."},
		"PublicIp":         {Kind: schema.String, Description: "Public IP address of the specified instance."},
	},
	New: func() resource.Resource { return instance{} },
}

type instance struct{}

var (
	_ resource.Finder       = instance{}
	_ resource.CreateWaiter = instance{}
	_ resource.Updater      = instance{}
	_ resource.UpdateWaiter = instance{}
	_ resource.DeleteWaiter = instance{}
	_ resource.Checker      = instance{}
	_ resource.Attributer   = instance{}
	_ resource.Shower       = instance{}
	_ resource.Validator    = instance{}
)

func (instance) Validate(_ context.Context, c *resource.Context) error {
	return checkMappings(c.Properties)
}
