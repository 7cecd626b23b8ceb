// Package barbican holds the resource types of the key manager: OS::Barbican::*.
package barbican

import "hearth/core/resource"

// Types are the types of this family.
var Types = []resource.Type{
	secretType,
}
