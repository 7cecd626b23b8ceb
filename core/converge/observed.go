package converge

import (
	"context"

	"hearth/core/resource"
	"hearth/core/yaml"
)

// Observed gives the properties of a resource as an update with converge sees them: what
// is stored, with what the object is really like in its place. gone says that there is no
// object any more. Types that cannot look at their object give what is stored.
func Observed(ctx context.Context, behaviour resource.Resource, c *resource.Context) (old *yaml.Map, gone bool, err error) {
	if !observable(behaviour) {
		return c.Old.Map(), false, nil
	}
	s := &step{behaviour: behaviour, c: c}
	live, err := observeLive(ctx, s)
	return overlay(c.Old.Map(), live), s.replace, err
}
