// Package aws holds the resource types that Heat has for templates written for
// CloudFormation: AWS::*, over the services of OpenStack.
package aws

import "hearth/core/resource"

// Types are the types of this family.
var Types = []resource.Type{
	autoScalingGroupType,
	iamAccessKeyType,
	iamUserType,
	instanceType,
	launchConfigurationType,
	scalingPolicyType,
	waitConditionType,
	waitConditionHandleType,
}

// noEffect describes what Amazon has, and Nova and Heat do not.
const noEffect = "Taken for the sake of templates written for Amazon's cloud; it has no effect, as in Heat."
