// Package swift holds the resource types of the object store: OS::Swift::*.
package swift

import "hearth/core/resource"

// Types are the types of this family.
var Types = []resource.Type{
	containerType,
}
