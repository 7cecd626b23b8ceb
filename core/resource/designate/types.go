// Package designate holds the resource types of the DNS service: OS::Designate::*.
package designate

import "hearth/core/resource"

// Types are the types of this family.
var Types = []resource.Type{
	zoneType,
}
