// Package zaqar holds the resource types of the messaging service: OS::Zaqar::*.
package zaqar

import "hearth/core/resource"

// Types are the types of this family.
var Types = []resource.Type{
	queueType,
}
