package neutron

import (
	"context"
	"net/netip"
	"slices"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

var ipv6Modes = oneOf("dhcpv6-stateful", "dhcpv6-stateless", "slaac")

var subnet = resource.Type{
	Name:        "OS::Neutron::Subnet",
	Description: "A block of addresses on a network, from which its ports get theirs.",
	Service:     "network",
	Properties: schema.Properties{
		"network_id": replaced("network", "neutron.network", "2014.2", "5.0.0"),
		"network": {Kind: schema.String, Required: true, Support: since("2014.2"), Constraints: custom("neutron.network"),
			Description: "Name or ID of the network that the subnet is on."},
		"subnetpool": {Kind: schema.String, Support: since("6.0.0"), Constraints: custom("neutron.subnetpool"),
			Description: "Name or ID of the subnet pool that gives the addresses."},
		"prefixlen": {Kind: schema.Integer, Support: since("6.0.0"), Constraints: between(0, nil),
			Description: "Length of the prefix to take from the subnet pool."},
		"cidr":        {Kind: schema.String, Constraints: custom("net_cidr"), Description: "Addresses of the subnet, as 192.0.2.0/24."},
		"value_specs": valueSpecs(true),
		"name":        nameOf("subnet"),
		"ip_version":  {Kind: schema.Integer, Default: 4, Constraints: oneOf(4, 6), Description: "Version of the Internet Protocol, 4 or 6."},
		"dns_nameservers": {Kind: schema.List, Default: []any{}, UpdateAllowed: true,
			Description: "Addresses of the name servers that ports are told."},
		"gateway_ip": {Kind: schema.String, UpdateAllowed: true,
			Description: "Address of the gateway. null or \"\" is no gateway; without it, or with auto, a new subnet gets its first address. Taking it out of the template later takes the gateway away."},
		"enable_dhcp": {Kind: schema.Boolean, Default: true, UpdateAllowed: true, Description: "Whether ports get their addresses by DHCP."},
		"allocation_pools": {Kind: schema.List, UpdateAllowed: true, Description: "Ranges from which addresses are handed out.",
			Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
				"start": {Kind: schema.String, Required: true, Constraints: custom("ip_addr"), Description: "First address of the range."},
				"end":   {Kind: schema.String, Required: true, Constraints: custom("ip_addr"), Description: "Last address of the range."},
			}}},
		"tenant_id": tenantID("subnet"),
		"host_routes": {Kind: schema.List, UpdateAllowed: true, Description: "Static routes that ports are told.",
			Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
				"destination": {Kind: schema.String, Required: true, Constraints: custom("net_cidr"), Description: "Addresses that the route leads to."},
				"nexthop":     {Kind: schema.String, Required: true, Constraints: custom("ip_addr"), Description: "Address of the next hop."},
			}}},
		"ipv6_ra_mode": {Kind: schema.String, Support: since("2015.1"), Constraints: ipv6Modes,
			Description: "What the router advertisements of an IPv6 subnet announce."},
		"ipv6_address_mode": {Kind: schema.String, Support: since("2015.1"), Constraints: ipv6Modes,
			Description: "How ports of an IPv6 subnet get their addresses."},
		"segment": {Kind: schema.String, UpdateAllowed: true, Constraints: custom("neutron.segment"),
			Description: "Name or ID of the network segment that the subnet belongs to.",
			Support: schema.Support{Version: "11.0.0", Message: "Update allowed since version 11.0.0.",
				Previous: &schema.Support{Version: "9.0.0"}}},
		"tags": tags("subnet", "9.0.0"),
	},
	Attributes: schema.Attributes{
		"name":             text("Name of the subnet."),
		"network_id":       text("ID of the network that the subnet is on."),
		"tenant_id":        text("Project that owns the subnet."),
		"allocation_pools": list("Ranges from which addresses are handed out."),
		"gateway_ip":       text("Address of the gateway."),
		"host_routes":      list("Static routes that ports are told."),
		"ip_version":       text("Version of the Internet Protocol."),
		"cidr":             text("Addresses of the subnet."),
		"dns_nameservers":  list("Addresses of the name servers that ports are told."),
		"enable_dhcp":      text("Whether ports get their addresses by DHCP."),
	},
	New: func() resource.Resource { return newSubnet() },
}

// Subnet behaves as heat/engine/resources/openstack/neutron/subnet.py.
type Subnet struct{ object }

var (
	_ resource.Finder       = (*Subnet)(nil)
	_ resource.Salvager     = (*Subnet)(nil)
	_ resource.Observer     = (*Subnet)(nil)
	_ resource.CreateWaiter = (*Subnet)(nil)
	_ resource.Updater      = (*Subnet)(nil)
	_ resource.DeleteWaiter = (*Subnet)(nil)
	_ resource.Attributer   = (*Subnet)(nil)
	_ resource.Shower       = (*Subnet)(nil)
	_ resource.Validator    = (*Subnet)(nil)
)

func newSubnet() *Subnet {
	return &Subnet{object{noun: subnets, tags: true, fields: []field{
		{property: "network", fixed: true, key: "network_id", value: idOf((*cloud.Client).FindNetwork)},
		{property: "subnetpool", fixed: true, key: "subnetpool_id", value: idOf((*cloud.Client).FindSubnetPool)},
		{property: "prefixlen", fixed: true},
		{property: "cidr", fixed: true},
		{property: "name"},
		{property: "ip_version", fixed: true},
		{property: "dns_nameservers", cleared: []any{}},
		{property: "enable_dhcp", cleared: true},
		{property: "allocation_pools", cleared: []any{}},
		{property: "tenant_id", fixed: true},
		{property: "host_routes", cleared: []any{}},
		{property: "ipv6_ra_mode", fixed: true},
		{property: "ipv6_address_mode", fixed: true},
		{property: "segment", key: "segment_id", value: idOf((*cloud.Client).FindSegment), cleared: leave},
	}}}
}

// Validate checks where the addresses come from and what only IPv6 has.
func (s *Subnet) Validate(_ context.Context, c *resource.Context) error {
	p := c.Properties
	if err := exactlyOne(p, "subnetpool", "cidr"); err != nil {
		return err
	}
	if p.Int("prefixlen") != 0 && given(p, "cidr") {
		return propertyConflict("prefixlen", "cidr")
	}
	ra, address := p.String("ipv6_ra_mode"), p.String("ipv6_address_mode")
	if p.Int("ip_version") == 4 && (ra != "" || address != "") {
		return core.StackValidationFailed("ipv6_ra_mode and ipv6_address_mode are not supported for ipv4.")
	}
	if ra != "" && address != "" && ra != address {
		return core.StackValidationFailed("When both ipv6_ra_mode and ipv6_address_mode are set, they must be equal.")
	}
	if gateway := p.String("gateway_ip"); gateway != "" && gateway != "~" && gateway != "auto" {
		if _, err := netip.ParseAddr(gateway); err != nil {
			return core.StackValidationFailed("Gateway IP address %q is in invalid format.", gateway)
		}
	}
	return nil
}

func (s *Subnet) Create(ctx context.Context, c *resource.Context) error {
	body, err := createBody(ctx, c, s.fields)
	if err != nil {
		return err
	}
	if gateway, ok := gatewayIP(c.Properties); ok && gateway != "auto" {
		body["gateway_ip"] = gateway
	}
	return s.create(ctx, c, body)
}

func (s *Subnet) Update(ctx context.Context, c *resource.Context, changed []string) error {
	body, err := updateBody(ctx, c, s.fields, changed)
	if err != nil {
		return err
	}
	if slices.Contains(changed, "gateway_ip") {
		gateway, _ := gatewayIP(c.Properties)
		if gateway == "auto" {
			return notSupportedForResource("The value \"auto\" for gateway_ip cannot be used to update an existing subnet. " +
				"It is only supported during subnet creation.")
		}
		body["gateway_ip"] = gateway
	}
	if slices.Contains(changed, "segment") && c.Properties.Has("segment") && c.Old.Has("segment") {
		return notSupportedForResource("Updating the subnet segment association only allowed when the current segment_id is None. " +
			"The subnet is currently associated with segment. In this state update")
	}
	return s.change(ctx, c, changed, body)
}

// gatewayIP is the gateway as Neutron wants it, nil for none; ok is false when the
// template does not speak of it.
func gatewayIP(p resource.Values) (gateway any, ok bool) {
	gateway, ok = p.Map().Get("gateway_ip")
	if gateway == "" || gateway == "~" {
		gateway = nil
	}
	return gateway, ok
}

func notSupportedForResource(what string) error {
	return core.Errorf(core.Invalid, "ResourceActionNotSupported", "%s is not supported for resource.", what)
}
