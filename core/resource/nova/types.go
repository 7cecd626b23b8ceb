// Package nova holds the resource types of the compute service: OS::Nova::*.
package nova

import "hearth/core/resource"

// Types are the types of this family.
var Types = []resource.Type{
	keyPairType,
	serverGroupType,
	serverType,
}
