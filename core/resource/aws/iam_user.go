package aws

import (
	"context"
	"strings"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

const (
	iamUserName      = "AWS::IAM::User"
	accessPolicyName = "OS::Heat::AccessPolicy"
)

// Follows heat/engine/resources/aws/iam/user.py. A user is a name that access keys are made
// for; there is no account of it.
var iamUserType = resource.Type{
	Name:        iamUserName,
	Description: "Whom access keys belong to, and what they may read by them.",
	Properties: schema.Properties{
		"Path":   {Kind: schema.String, Description: noEffect},
		"Groups": {Kind: schema.List, Description: noEffect},
		"LoginProfile": {
			Kind: schema.Map, Description: "A password. There is nothing to log in to with it.",
			Fields: schema.Properties{"Password": {Kind: schema.String, Sensitive: true, Description: "The password."}},
		},
		"Policies": {Kind: schema.List, Description: "Resources of the type " + accessPolicyName + ": what is in all of them may be read. Without any the whole stack may be."},
	},
	New: func() resource.Resource { return iamUser{} },
}

type iamUser struct{}

var (
	_ resource.Referencer         = iamUser{}
	_ resource.ReferencePredictor = iamUser{}
)

// Create refuses policies that are no resources of the stack. Such as are no names at all
// are for Amazon.
func (iamUser) Create(ctx context.Context, c *resource.Context) error {
	for _, name := range policiesOf(c.Properties) {
		row, err := c.Siblings.ByName(ctx, name)
		if cloud.NotFound(err) || err == nil && row.Class != accessPolicyName {
			return core.Errorf(core.Invalid, "InvalidTemplateAttribute", "The Referenced Attribute (%s Policies) is incorrect.", c.Name)
		}
		if err != nil {
			return err
		}
	}
	c.PhysicalID = strings.ReplaceAll(c.ID, "-", "")
	return nil
}

func policiesOf(properties resource.Values) (names []string) {
	for _, p := range properties.List("Policies") {
		if name, ok := p.(string); ok {
			names = append(names, name)
		}
	}
	return names
}

func (iamUser) Delete(context.Context, *resource.Context) error { return nil }

// ReferenceID is the name.
func (iamUser) ReferenceID(c *resource.Context) any { return c.PhysicalName(0) }

// PredictReference knows the name of a user that there is.
func (u iamUser) PredictReference(c *resource.Context) (any, bool) {
	return u.ReferenceID(c), c.PhysicalID != ""
}
