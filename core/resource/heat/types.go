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
	cloudConfigType,
	delayType,
	deployedServerType,
	multipartMimeType,
	noneType,
	randomStringType,
	remoteStackType,
	resourceChainType,
	resourceGroupType,
	softwareComponentType,
	softwareConfigType,
	structuredConfigType,
	testResourceType,
	valueType,
	waitConditionType,
	waitConditionHandleType,
}
