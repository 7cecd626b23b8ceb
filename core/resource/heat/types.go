// Package heat holds the resource types that need no cloud: OS::Heat::*.
package heat

import (
	"slices"

	"hearth/core/resource"
)

// Types are the types of this family, and those of retired services that only hold a place.
var Types = slices.Concat(ownTypes, placeholderTypes())

var ownTypes = []resource.Type{
	accessPolicyType,
	autoScalingGroupType,
	cloudConfigType,
	delayType,
	deployedServerType,
	instanceGroupType,
	multipartMimeType,
	noneType,
	randomStringType,
	remoteStackType,
	resourceChainType,
	resourceGroupType,
	scalingPolicyType,
	softwareComponentType,
	softwareConfigType,
	softwareDeploymentType,
	softwareDeploymentGroupType,
	softwareDeploymentsType,
	structuredConfigType,
	structuredDeploymentType,
	structuredDeploymentGroupType,
	structuredDeploymentsType,
	swiftSignalType,
	swiftSignalHandleType,
	testResourceType,
	updateWaitConditionHandleType,
	valueType,
	waitConditionType,
	waitConditionHandleType,
}
