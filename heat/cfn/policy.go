package cfn

import "hearth/core/policy"

// The personas of Heat's secure role-based access (heat/policies/base.py). A role that
// implies another counts as such even where the identity service does not expand it.
const (
	reader    = "role:reader or role:member or role:admin"
	member    = "role:member or role:admin"
	stackUser = "role:heat_stack_user"
)

// rules are Heat's (heat/policies/cloudformation.py), one for each action.
var rules = []policy.Rule{
	{Name: "cloudformation:ListStacks", Check: reader, Description: "List the stacks of a project."},
	{Name: "cloudformation:CreateStack", Check: member, Description: "Create a stack."},
	{Name: "cloudformation:DescribeStacks", Check: reader, Description: "Show one stack or all."},
	{Name: "cloudformation:DeleteStack", Check: member, Description: "Delete a stack."},
	{Name: "cloudformation:UpdateStack", Check: member, Description: "Update a stack."},
	{Name: "cloudformation:CancelUpdateStack", Check: member, Description: "Cancel the update of a stack."},
	{Name: "cloudformation:DescribeStackEvents", Check: reader, Description: "List the events of one stack or all."},
	{Name: "cloudformation:ValidateTemplate", Check: reader, Description: "Validate a template."},
	{Name: "cloudformation:GetTemplate", Check: reader, Description: "Read the template of a stack."},
	{Name: "cloudformation:EstimateTemplateCost", Check: reader, Description: "Say what a template costs."},
	{Name: "cloudformation:DescribeStackResource", Check: reader + " or " + stackUser, Description: "Show a resource of a stack."},
	{Name: "cloudformation:DescribeStackResources", Check: reader, Description: "Show the resources of a stack."},
	{Name: "cloudformation:ListStackResources", Check: reader, Description: "List the resources of a stack."},
}
