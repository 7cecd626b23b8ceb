package heat

import (
	"context"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
)

// Follows heat/engine/resources/openstack/heat/access_policy.py.
var accessPolicyType = resource.Type{
	Name:        "OS::Heat::AccessPolicy",
	Description: "Names the resources of the stack that users made by the stack may read.",
	Properties: schema.Properties{
		"AllowedResources": {Kind: schema.List, Required: true, Description: "Names of the resources that may be read."},
	},
	New: func() resource.Resource { return accessPolicy{} },
}

type accessPolicy struct{}

var _ resource.Validator = accessPolicy{}

// Validate refuses names that the template lacks.
func (accessPolicy) Validate(_ context.Context, c *resource.Context) error {
	if c.Declares == nil {
		return nil
	}
	for _, name := range c.Properties.Strings("AllowedResources") {
		if !c.Declares(name) {
			return core.StackValidationFailed("AccessPolicy resource %s not in stack", name)
		}
	}
	return nil
}

func (accessPolicy) Create(context.Context, *resource.Context) error { return nil }

func (accessPolicy) Delete(context.Context, *resource.Context) error { return nil }
