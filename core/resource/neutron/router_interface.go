package neutron

import (
	"context"
	"net/url"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	layer3 "github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/layer3/routers"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

var routerInterface = resource.Type{
	Name:        "OS::Neutron::RouterInterface",
	Description: "The connection of a router with a subnet, on the subnet's gateway address or on a port.",
	Service:     "network",
	Properties: schema.Properties{
		"router":    {Kind: schema.String, Required: true, Constraints: custom("neutron.router"), Description: "Name or ID of the router."},
		"router_id": replaced("router", "neutron.router", "2015.1", "6.0.0"),
		"subnet": {Kind: schema.String, Constraints: custom("neutron.subnet"),
			Description: "Name or ID of the subnet to connect; either this or port."},
		"subnet_id": replaced("subnet", "neutron.subnet", "2014.2", "5.0.0"),
		"port": {Kind: schema.String, Support: since("2015.1"), Constraints: custom("neutron.port"),
			Description: "Name or ID of the port to connect; either this or subnet."},
		"port_id": replaced("port", "neutron.port", "2015.1", "6.0.0"),
	},
	New: func() resource.Resource { return &RouterInterface{} },
}

// RouterInterface behaves as class RouterInterface of
// heat/engine/resources/openstack/neutron/router.py. Its physical id is
// <router>:subnet_id=<subnet> or <router>:port_id=<port>.
type RouterInterface struct{}

var (
	_ resource.Finder       = (*RouterInterface)(nil)
	_ resource.Observer     = (*RouterInterface)(nil)
	_ resource.DeleteWaiter = (*RouterInterface)(nil)
	_ resource.Validator    = (*RouterInterface)(nil)
)

// Validate checks that one of subnet and port is given.
func (r *RouterInterface) Validate(_ context.Context, c *resource.Context) error {
	return exactlyOne(c.Properties, "subnet", "port")
}

// connection is a router and what it is connected with: a subnet or a port.
type connection struct{ router, subnet, port string }

func (n connection) String() string {
	if n.subnet != "" {
		return n.router + ":subnet_id=" + n.subnet
	}
	return n.router + ":port_id=" + n.port
}

// parseConnection reads a physical id; <router>:<subnet> is its oldest form.
func parseConnection(id string) connection {
	router, end, _ := strings.Cut(id, ":")
	if port, ok := strings.CutPrefix(end, "port_id="); ok {
		return connection{router: router, port: port}
	}
	return connection{router: router, subnet: strings.TrimPrefix(end, "subnet_id=")}
}

// connection is what the properties ask for, in ids.
func (r *RouterInterface) connection(ctx context.Context, c *resource.Context) (n connection, err error) {
	if n.router, err = c.Cloud.FindRouter(ctx, c.Properties.String("router")); err != nil {
		return n, err
	}
	if name := c.Properties.String("subnet"); name != "" {
		n.subnet, err = c.Cloud.FindSubnet(ctx, name)
	} else {
		n.port, err = c.Cloud.FindPort(ctx, c.Properties.String("port"))
	}
	return n, err
}

func (r *RouterInterface) Create(ctx context.Context, c *resource.Context) error {
	n, err := r.connection(ctx, c)
	if err != nil {
		return err
	}
	err = with(c, func(client *gophercloud.ServiceClient) error {
		return layer3.AddInterface(ctx, client, n.router, layer3.AddInterfaceOpts{SubnetID: n.subnet, PortID: n.port}).Err
	})
	if err != nil {
		return err
	}
	c.PhysicalID = n.String()
	return nil
}

// Find looks for the port that a connection is.
func (r *RouterInterface) Find(ctx context.Context, c *resource.Context) (bool, error) {
	n, err := r.connection(ctx, c)
	if cloud.NotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	filters := url.Values{"device_id": {n.router}}
	if n.port != "" {
		filters.Set("id", n.port)
	}
	found, err := ports.list(ctx, c, filters)
	if err != nil {
		return false, err
	}
	for _, p := range found {
		if n.port != "" || hasAddressOn(p, n.subnet) {
			c.PhysicalID = n.String()
			return true, nil
		}
	}
	return false, nil
}

func hasAddressOn(port resource.Values, subnet string) bool {
	if port.String("device_owner") == "network:router_gateway" {
		return false
	}
	for _, address := range port.Subs("fixed_ips") {
		if address.String("subnet_id") == subnet {
			return true
		}
	}
	return false
}

func (r *RouterInterface) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	n := parseConnection(c.PhysicalID)
	return deleted(c, with(c, func(client *gophercloud.ServiceClient) error {
		return layer3.RemoveInterface(ctx, client, n.router, layer3.RemoveInterfaceOpts{SubnetID: n.subnet, PortID: n.port}).Err
	}))
}

func (r *RouterInterface) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return deleteAgain(ctx, c, r.Delete)
}
