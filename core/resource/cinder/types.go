// Package cinder holds the resource types of the block storage service: OS::Cinder::*.
package cinder

import "hearth/core/resource"

// Types are the types of this family.
var Types = []resource.Type{
	volumeType,
	volumeAttachmentType,
}
