package swift

import (
	"context"
	"strings"

	"hearth/core/resource"
	"hearth/core/yaml"
)

// Observe sees the access lists and the metadata of the container. They cannot be changed
// in place: the container is replaced, as in Heat.
func (container) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	headers, err := head(ctx, c, c.PhysicalID)
	if err != nil {
		return nil, err
	}
	now, live := resource.NewValues(headers), yaml.NewMap(3)
	for _, property := range []string{"X-Container-Read", "X-Container-Write"} {
		if is := now.String(strings.ToLower(property)); c.Old.Has(property) && is != c.Old.String(property) {
			live.Set(property, is)
		}
	}
	wanted, found, same := metadata(c.Old.Sub("X-Container-Meta").Map()), yaml.NewMap(0), true
	for key, value := range wanted {
		is := now.Get("x-container-meta-" + strings.ToLower(key))
		same = same && is == value
		if is != nil {
			found.Set(key, is)
		}
	}
	if !same {
		live.Set("X-Container-Meta", found)
	}
	return live, nil
}
