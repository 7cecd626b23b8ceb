package cfn

import "hearth/core/policy"

// rules are Heat's (heat/policies/cloudformation.py), one for each action.
var rules = []policy.Rule{
	{Name: "cloudformation:ListStacks", Check: policy.Reader, Description: "List the stacks of a project."},
	{Name: "cloudformation:CreateStack", Check: policy.Member, Description: "Create a stack."},
	{Name: "cloudformation:DescribeStacks", Check: policy.Reader, Description: "Show one stack or all."},
	{Name: "cloudformation:DeleteStack", Check: policy.Member, Description: "Delete a stack."},
	{Name: "cloudformation:UpdateStack", Check: policy.Member, Description: "Update a stack."},
	{Name: "cloudformation:CancelUpdateStack", Check: policy.Member, Description: "Cancel the update of a stack."},
	{Name: "cloudformation:DescribeStackEvents", Check: policy.Reader, Description: "List the events of one stack or all."},
	{Name: "cloudformation:ValidateTemplate", Check: policy.Reader, Description: "Validate a template."},
	{Name: "cloudformation:GetTemplate", Check: policy.Reader, Description: "Read the template of a stack."},
	{Name: "cloudformation:EstimateTemplateCost", Check: policy.Reader, Description: "Say what a template costs."},
	{Name: "cloudformation:DescribeStackResource", Check: policy.Reader + " or " + policy.StackUser, Description: "Show a resource of a stack."},
	{Name: "cloudformation:DescribeStackResources", Check: policy.Reader, Description: "Show the resources of a stack."},
	{Name: "cloudformation:ListStackResources", Check: policy.Reader, Description: "List the resources of a stack."},
}
