package resource

import (
	"encoding/base32"
	"strings"

	"github.com/google/uuid"
)

// PhysicalName is the deterministic name of the object behind a resource:
// stack-resource-<12 characters of the row's id>, cut in the middle of its first part
// to limit characters (0: 255) (heat/engine/resource.py physical_resource_name).
func (c *Context) PhysicalName(limit int) string {
	return PhysicalName(c.Stack.Name, c.Name, c.ID, limit)
}

// PhysicalName is Context.PhysicalName for the row id of a resource of a stack.
func PhysicalName(stack, resource, id string, limit int) string {
	if limit <= 0 {
		limit = 255
	}
	return reduceName(stack+"-"+resource+"-"+ShortID(id), limit)
}

// ShortID is 12 characters [a-z2-7] of the random bits of a UUID
// (heat/common/short_id.py). Anything that is no UUID gives itself.
func ShortID(id string) string {
	u, err := uuid.Parse(id)
	if err != nil {
		return id
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(u[8:16]))[1:13]
}

// reduceName keeps the first two characters and the tail, as Heat does.
func reduceName(name string, limit int) string {
	runes := []rune(name)
	if len(runes) <= limit {
		return name
	}
	if limit <= 4 {
		return string(runes[:limit])
	}
	return string(runes[:2]) + "-" + string(runes[len(runes)-(limit-3):])
}
