// Package aws holds the resource types that Heat has for templates written for
// CloudFormation: AWS::*, over the services of OpenStack.
package aws

import "hearth/core/resource"

// Types are the types of this family.
var Types = []resource.Type{
	autoScalingGroupType,
	instanceType,
	launchConfigurationType,
	scalingPolicyType,
	waitConditionType,
	waitConditionHandleType,
}
