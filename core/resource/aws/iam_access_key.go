package aws

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/aws/iam/user.py. The key is the access key of its own
// resource; what it may read its user's policies say.
var iamAccessKeyType = resource.Type{
	Name:        "AWS::IAM::AccessKey",
	Description: "An access key of a user, with which requests to the CloudFormation API are signed.",
	Properties: schema.Properties{
		"Serial":   {Kind: schema.Integer, NotImplemented: true, Description: noEffect},
		"UserName": {Kind: schema.String, Required: true, Description: "The user: what Ref yields for it."},
		"Status":   {Kind: schema.String, NotImplemented: true, Constraints: []schema.Constraint{schema.OneOf("Active", "Inactive")}, Description: noEffect},
	},
	Attributes: schema.Attributes{
		"UserName":        {Kind: schema.String, Description: "The user."},
		"SecretAccessKey": {Kind: schema.String, Description: "The secret that goes with the key."},
	},
	New: func() resource.Resource { return iamAccessKey{} },
}

type iamAccessKey struct{}

var (
	_ resource.Attributer = iamAccessKey{}
	_ resource.Gatekeeper = iamAccessKey{}
)

func (iamAccessKey) Create(ctx context.Context, c *resource.Context) error {
	if _, err := keyUser(ctx, c); err != nil {
		return err
	}
	c.PhysicalID, _ = c.Links.AccessKey(c)
	return nil
}

// keyUser is the user that the key belongs to.
func keyUser(ctx context.Context, c *resource.Context) (*core.Resource, error) {
	name := c.Properties.String("UserName")
	row, err := c.Siblings.ByPhysicalID(ctx, name)
	if cloud.NotFound(err) || err == nil && row.Class != iamUserName {
		return nil, core.Errorf(core.NotFound, "NotFound", "could not find user %s", name)
	}
	return row, err
}

func (iamAccessKey) Delete(context.Context, *resource.Context) error { return nil }

func (iamAccessKey) Attribute(_ context.Context, c *resource.Context, name string) (any, error) {
	switch {
	case name == "UserName":
		return c.Properties.String("UserName"), nil
	case c.PhysicalID == "":
		return "000-000-000", nil
	}
	_, secret := c.Links.AccessKey(c)
	return secret, nil
}

// Allows goes by the policies of the user: each of them must name the resource.
func (iamAccessKey) Allows(ctx context.Context, c *resource.Context, name string) (bool, error) {
	user, err := keyUser(ctx, c)
	if cloud.NotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	properties, err := stored(user)
	if err != nil {
		return false, err
	}
	for _, policy := range policiesOf(properties) {
		row, err := c.Siblings.ByName(ctx, policy)
		if cloud.NotFound(err) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		allowed, err := stored(row)
		if err != nil || row.Class != accessPolicyName || !slices.Contains(allowed.Strings("AllowedResources"), name) {
			return false, err
		}
	}
	return true, nil
}

// stored are the properties of another resource.
func stored(row *core.Resource) (resource.Values, error) {
	m := yaml.NewMap(0)
	if len(row.Properties) == 0 {
		return resource.NewValues(m), nil
	}
	err := m.UnmarshalJSON(row.Properties)
	return resource.NewValues(m), err
}
