package neutron

import (
	"context"
	"strings"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

var routerGateway = resource.Type{
	Name:        "OS::Neutron::RouterGateway",
	Description: "The gateway of a router that is made elsewhere.",
	Service:     "network",
	Support: schema.Support{Status: "HIDDEN", Version: "5.0.0",
		Message:  "Use the `external_gateway_info` property in the router resource to set up the gateway.",
		Previous: &schema.Support{Status: "DEPRECATED", Version: "2014.1"}},
	Properties: schema.Properties{
		"router_id":  {Kind: schema.String, Required: true, Constraints: custom("neutron.router"), Description: "Name or ID of the router."},
		"network_id": replaced("network", "neutron.network", "2014.2", "9.0.0"),
		"network":    {Kind: schema.String, Constraints: custom("neutron.network"), Description: "Name or ID of the external network."},
	},
	New: func() resource.Resource { return &RouterGateway{} },
}

// RouterGateway behaves as class RouterGateway of
// heat/engine/resources/openstack/neutron/router.py. Its physical id is <router>:<network>.
type RouterGateway struct{}

var (
	_ resource.Finder       = (*RouterGateway)(nil)
	_ resource.Observer     = (*RouterGateway)(nil)
	_ resource.DeleteWaiter = (*RouterGateway)(nil)
	_ resource.Validator    = (*RouterGateway)(nil)
	_ resource.Depender     = (*RouterGateway)(nil)
)

// Validate checks that there is a network, which the schema cannot demand under two names.
func (r *RouterGateway) Validate(_ context.Context, c *resource.Context) error {
	if !given(c.Properties, "network") {
		return propertyUnspecified("network", "network_id")
	}
	return nil
}

// Dependencies names the interfaces of the same router, which so go last, and the subnets of the external network, from which the gateway takes an address.
func (r *RouterGateway) Dependencies(self resource.Sibling, all []resource.Sibling) []string {
	names := subnetsOn(either(self.Properties, "network", "network_id"), all)
	for _, s := range all {
		if s.Type == routerInterface.Name && same(self.Properties.Get("router_id"), either(s.Properties, "router", "router_id")) {
			names = append(names, s.Name)
		}
	}
	return names
}

func (r *RouterGateway) ids(ctx context.Context, c *resource.Context) (router, network string, err error) {
	if router, err = c.Cloud.FindRouter(ctx, c.Properties.String("router_id")); err != nil {
		return "", "", err
	}
	network, err = c.Cloud.FindNetwork(ctx, c.Properties.String("network"))
	return router, network, err
}

func (r *RouterGateway) Create(ctx context.Context, c *resource.Context) error {
	router, network, err := r.ids(ctx, c)
	if err != nil {
		return err
	}
	body := map[string]any{"external_gateway_info": map[string]any{"network_id": network}}
	if err := routers.update(ctx, c, router, body); err != nil {
		return err
	}
	c.PhysicalID = router + ":" + network
	return nil
}

// Find asks the router for its gateway.
func (r *RouterGateway) Find(ctx context.Context, c *resource.Context) (bool, error) {
	router, network, err := r.ids(ctx, c)
	if err == nil {
		var now resource.Values
		if now, err = routers.show(ctx, c, router); err == nil && now.Sub("external_gateway_info").String("network_id") == network {
			c.PhysicalID = router + ":" + network
			return true, nil
		}
	}
	if cloud.NotFound(err) {
		err = nil
	}
	return false, err
}

func (r *RouterGateway) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	router, _, _ := strings.Cut(c.PhysicalID, ":")
	return deleted(c, routers.update(ctx, c, router, map[string]any{"external_gateway_info": map[string]any{}}))
}

func (r *RouterGateway) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return deleteAgain(ctx, c, r.Delete)
}
