package neutron

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// The types that join objects of others are there or not.

// Observe asks the floating IP whether it leads to the port.
func (a *FloatingIPAssociation) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	now, err := floatingIPs.show(ctx, c, c.Data[joinedFloatingIP])
	if err != nil || now.String("port_id") == c.Data[joinedPort] {
		return nil, err
	}
	return yaml.MapOf("port_id", now.Get("port_id")), nil
}

// Observe asks the router for its gateway.
func (r *RouterGateway) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	router, network, _ := strings.Cut(c.PhysicalID, ":")
	now, err := routers.show(ctx, c, router)
	if err == nil && now.Sub("external_gateway_info").String("network_id") != network {
		err = core.EntityNotFound("Router gateway", c.PhysicalID)
	}
	return nil, err
}

// Observe looks for the port that the connection is.
func (r *RouterInterface) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	n := parseConnection(c.PhysicalID)
	found, err := ports.list(ctx, c, url.Values{"device_id": {n.router}})
	if err == nil && !slices.ContainsFunc(found, func(p resource.Values) bool {
		return n.port != "" && p.String("id") == n.port || n.subnet != "" && hasAddressOn(p, n.subnet)
	}) {
		err = core.EntityNotFound("Router interface", c.PhysicalID)
	}
	return nil, err
}
