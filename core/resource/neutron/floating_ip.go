package neutron

import (
	"context"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

var floatingIP = resource.Type{
	Name:        "OS::Neutron::FloatingIP",
	Description: "An address of an external network that can be moved from port to port.",
	Service:     "network",
	Properties: schema.Properties{
		"floating_network_id": replaced("floating_network", "neutron.network", "2014.2", "5.0.0"),
		"floating_network": {Kind: schema.String, Required: true, Support: since("2014.2"), Constraints: custom("neutron.network"),
			Description: "Name or ID of the network to take the address from."},
		"floating_subnet": {Kind: schema.String, Support: since("9.0.0"), Constraints: custom("neutron.subnet"),
			Description: "Name or ID of the subnet to take the address from."},
		"value_specs": valueSpecs(false),
		"port_id": {Kind: schema.String, UpdateAllowed: true, Constraints: custom("neutron.port"),
			Description: "ID of the port that the address leads to; the port must have an address itself."},
		"fixed_ip_address": {Kind: schema.String, UpdateAllowed: true, Constraints: custom("ip_addr"),
			Description: "Address of the port that is meant, when it has several."},
		"floating_ip_address": {Kind: schema.String, Support: since("5.0.0"), Constraints: custom("ip_addr"),
			Description: "The address to take. By default only administrators may choose."},
		"dns_name": {Kind: schema.String, UpdateAllowed: true, Support: since("7.0.0"), Constraints: custom("rel_dns_name"),
			Description: "DNS name of the address."},
		"dns_domain": {Kind: schema.String, UpdateAllowed: true, Support: since("7.0.0"), Constraints: custom("dns_domain"),
			Description: "DNS domain of the address."},
	},
	Attributes: schema.Attributes{
		"router_id":           text("ID of the router that passes the address on to its port."),
		"tenant_id":           text("Project that owns the address."),
		"floating_network_id": text("ID of the network that the address is of."),
		"fixed_ip_address":    {Kind: schema.String, Live: true, Description: "Address of the port that this one leads to."},
		"floating_ip_address": text("The address."),
		"port_id":             {Kind: schema.String, Live: true, Description: "ID of the port that the address leads to."},
	},
	New: func() resource.Resource { return newFloatingIP() },
}

// FloatingIP behaves as class FloatingIP of
// heat/engine/resources/openstack/neutron/floatingip.py.
type FloatingIP struct{ object }

var (
	_ resource.Finder       = (*FloatingIP)(nil)
	_ resource.Salvager     = (*FloatingIP)(nil)
	_ resource.Observer     = (*FloatingIP)(nil)
	_ resource.Updater      = (*FloatingIP)(nil)
	_ resource.DeleteWaiter = (*FloatingIP)(nil)
	_ resource.Attributer   = (*FloatingIP)(nil)
	_ resource.Shower       = (*FloatingIP)(nil)
	_ resource.Validator    = (*FloatingIP)(nil)
	_ resource.Depender     = (*FloatingIP)(nil)
)

func newFloatingIP() *FloatingIP {
	return &FloatingIP{object{noun: floatingIPs, fields: []field{
		{property: "floating_network", fixed: true, key: "floating_network_id", value: idOf((*cloud.Client).FindNetwork)},
		{property: "floating_subnet", fixed: true, key: "subnet_id", value: idOf((*cloud.Client).FindSubnet)},
		{property: "port_id", value: idOf((*cloud.Client).FindPort)},
		{property: "fixed_ip_address"},
		{property: "floating_ip_address", fixed: true},
		{property: "dns_name"},
		{property: "dns_domain"},
	}}}
}

// Validate checks that an address is of a port.
func (f *FloatingIP) Validate(_ context.Context, c *resource.Context) error {
	if c.Properties.Has("fixed_ip_address") && !c.Properties.Has("port_id") {
		return propertyDependency("fixed_ip_address", "port_id")
	}
	return nil
}

// Dependencies names the routers' gateways and interfaces: an address leads to a port only
// when a router has a gateway to the address's network and an interface on the port's subnet.
func (f *FloatingIP) Dependencies(self resource.Sibling, all []resource.Sibling) []string {
	names := interfacesFor(self.Requires, all)
	network := either(self.Properties, "floating_network", "floating_network_id")
	for _, s := range all {
		var gateway any
		switch s.Type {
		case routerGateway.Name:
			gateway = either(s.Properties, "network", "network_id")
		case router.Name:
			gateway = s.Properties.Sub("external_gateway_info").Get("network")
		}
		if same(network, gateway) {
			names = append(names, s.Name)
		}
	}
	return names
}

// Update moves the address. Neutron cannot change its DNS name.
func (f *FloatingIP) Update(ctx context.Context, c *resource.Context, _ []string) error {
	body, err := portOf(ctx, c)
	if err != nil {
		return err
	}
	return f.noun.update(ctx, c, c.PhysicalID, body)
}

// portOf is the body that leads a floating IP to the port that the properties name.
func portOf(ctx context.Context, c *resource.Context) (map[string]any, error) {
	body := map[string]any{"port_id": nil}
	name := c.Properties.String("port_id")
	if name == "" {
		return body, nil
	}
	id, err := c.Cloud.FindPort(ctx, name)
	if err != nil {
		return nil, err
	}
	body["port_id"] = id
	body["fixed_ip_address"] = c.Properties.Get("fixed_ip_address")
	return body, nil
}
