package heat

import (
	"context"

	"hearth/core/resource"
	"hearth/core/schema"
)

// Follows heat/engine/resources/openstack/heat/none_resource.py.
var noneType = resource.Type{
	Name:          "OS::Heat::None",
	Description:   "Accepts every property and every attribute and makes nothing; a registry maps types to it to switch them off.",
	Support:       schema.Support{Version: "5.0.0"},
	AnyProperties: true,
	New:           func() resource.Resource { return none{} },
}

type none struct{}

var (
	_ resource.Attributer = none{}
	_ resource.Predictor  = none{}
)

func (none) Create(_ context.Context, c *resource.Context) error {
	c.PhysicalID = c.ID
	return nil
}

func (none) Delete(context.Context, *resource.Context) error { return nil }

func (none) Attribute(context.Context, *resource.Context, string) (any, error) { return nil, nil }

// Predict is null, as is every attribute.
func (none) Predict(*resource.Context, string) (any, bool) { return nil, true }
