package scaling

import (
	"context"
	"errors"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
)

// Policy names the properties of a scaling policy
// (heat/engine/resources/openstack/heat/scaling_policy.py).
type Policy struct{ Group, By, Type, Cooldown, MinStep string }

// Check returns what is wrong with the properties: a least step is one of percentages.
func (n Policy) Check(p resource.Values, percent string) error {
	if kind := p.Get(n.Type); p.Has(n.MinStep) && !schema.IsUnknown(kind) && kind != percent {
		return core.Errorf(core.Invalid, "ResourcePropertyValueDependency", "%s property should only be specified for %s with value %s.", n.MinStep, n.Type, percent)
	}
	return nil
}

// Create takes a name for the policy: Heat's is the id of the user who may signal it.
func (Policy) Create(c *resource.Context) { c.PhysicalID = strings.ReplaceAll(c.ID, "-", "") }

// Signal has the policy's group change its size. It returns ErrNoAction when the group
// stays as it is, NotFound when there is none.
func (n Policy) Signal(ctx context.Context, c *resource.Context) (string, error) {
	p := c.Properties
	a := resource.Adjustment{Type: p.String(n.Type), By: p.Float(n.By), MinStep: p.Int(n.MinStep)}
	if p.Has(n.Cooldown) {
		cooldown := Seconds(p.Float(n.Cooldown))
		a.Cooldown = &cooldown
	}
	group := p.String(n.Group)
	err := c.Adjust(ctx, group, a)
	if e, ok := errors.AsType[*core.Error](err); ok && e.Code == core.NotFound {
		err = core.Errorf(core.NotFound, "NotFound", `Alarm %s could not find scaling group named "%s"`, c.Name, group)
	}
	return "", err
}
