// Package heat holds the resource types that need no cloud: OS::Heat::*.
package heat

import "hearth/core/resource"

// Types are the types of this family.
var Types = []resource.Type{
	noneType,
	randomStringType,
	resourceGroupType,
	softwareConfigType,
	structuredConfigType,
	testResourceType,
	valueType,
	waitConditionType,
	waitConditionHandleType,
}
