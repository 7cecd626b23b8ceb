package simcloud

import (
	"net/netip"
)

// subnets follows neutron/db/ipam_backend_mixin.py for its rules.
var subnets = &networkNoun{
	one: "subnet", many: "subnets", kind: "subnet", class: "Subnet", quota: "subnet",
	attrs: []attribute{
		{"network_id", words, onPost | required, nil},
		{"name", words, both, ""},
		{"description", words, both, ""},
		{"ip_version", whole, onPost | noDef, nil},
		{"cidr", words, onPost | noDef, nil},
		{"prefixlen", whole, onPost | noDef, nil},
		{"subnetpool_id", words, onPost, nil},
		{"use_default_subnetpool", flag, onPost | noDef, nil},
		{"gateway_ip", words, both | noDef, nil},
		{"allocation_pools", items, both | noDef, nil},
		{"dns_nameservers", items, both, []any{}},
		{"host_routes", items, both, []any{}},
		{"enable_dhcp", flag, both, true},
		{"ipv6_ra_mode", words, onPost, nil},
		{"ipv6_address_mode", words, onPost, nil},
		{"service_types", items, both, []any{}},
		{"dns_publish_fixed_ip", flag, both, false},
		{"segment_id", words, both, nil},
	},
	create: createSubnet,
	update: updateSubnet,
	remove: removeSubnet,
}

func createSubnet(c *call, project string, in object) (*record, error) {
	net, err := networks.own(c, in.str("network_id"), "create_subnet:get")
	if err != nil {
		return nil, err
	}
	if err := fromPool(c, in); err != nil {
		return nil, err
	}
	prefix, err := netip.ParsePrefix(in.str("cidr"))
	if err != nil {
		return nil, badRequest("Invalid input for cidr. Reason: '%s' is not a valid IP subnet.", in.str("cidr"))
	}
	prefix = prefix.Masked()
	in["cidr"] = prefix.String()
	version := 4
	if prefix.Addr().Is6() {
		version = 6
	}
	if !in.has("ip_version") {
		return nil, badRequest("Invalid input for operation: ip_version must be specified in the absence of cidr and subnetpool_id.")
	}
	if in.int("ip_version") != version {
		return nil, &apiError{400, "InvalidInput", "Invalid input for operation: cidr '" + prefix.String() + "' does not match the ip_version."}
	}
	for _, other := range c.having("subnet", "network_id", net.id) {
		if p, err := netip.ParsePrefix(other.str("cidr")); err == nil && p.Overlaps(prefix) {
			return nil, &apiError{400, "InvalidInput", "Invalid input for operation: Requested subnet with cidr: " + prefix.String() + " for network: " + net.id + " overlaps with another subnet."}
		}
	}
	if err := setGatewayAndPools(in, prefix); err != nil {
		return nil, err
	}
	in["_shared"] = net.flag("shared")
	return c.fresh("subnet", project, in), nil
}

// setGatewayAndPools completes gateway_ip and allocation_pools. A gateway that
// is given as null is none; one that is not given is the first address.
func setGatewayAndPools(in object, prefix netip.Prefix) error {
	first, _ := hostRange(prefix)
	if !in.has("gateway_ip") {
		in["gateway_ip"] = first.String()
		if in.str("ipv6_ra_mode") == "" && prefix.Addr().Is6() && in.str("ipv6_address_mode") != "" {
			in["gateway_ip"] = nil
		}
	}
	gateway, err := gatewayOf(in, prefix)
	if err != nil {
		return err
	}
	if len(in.list("allocation_pools")) == 0 {
		in["allocation_pools"] = defaultPools(prefix, gateway)
		return nil
	}
	return checkPools(in, prefix, gateway)
}

// gatewayOf is the gateway of a subnet; the zero address for none.
func gatewayOf(in object, prefix netip.Prefix) (netip.Addr, error) {
	g := in.str("gateway_ip")
	if g == "" {
		return netip.Addr{}, nil
	}
	gateway, err := netip.ParseAddr(g)
	if err != nil {
		return netip.Addr{}, badRequest("Invalid input for gateway_ip. Reason: '%s' is not a valid IP address.", g)
	}
	if gateway.Is4() != prefix.Addr().Is4() || prefix.Addr().Is4() && (!prefix.Contains(gateway) || gateway == prefix.Addr()) {
		return netip.Addr{}, &apiError{400, "InvalidInput", "Invalid input for operation: Gateway is not valid on subnet."}
	}
	return gateway, nil
}

func checkPools(in object, prefix netip.Prefix, gateway netip.Addr) error {
	pools, err := parsePools(in)
	if err != nil {
		return err
	}
	for i, p := range pools {
		if !prefix.Contains(p.first) || !prefix.Contains(p.last) {
			return &apiError{400, "OutOfBoundsAllocationPool", "The allocation pool " + p.String() + " spans beyond the subnet cidr " + prefix.String() + "."}
		}
		for _, o := range pools[:i] {
			if p.first.Compare(o.last) <= 0 && o.first.Compare(p.last) <= 0 {
				return &apiError{409, "OverlappingAllocationPools", "Found overlapping allocation pools: " + p.String() + ", " + o.String() + " for subnet " + prefix.String() + "."}
			}
		}
		if gateway.IsValid() && p.contains(gateway) {
			return &apiError{409, "GatewayConflictWithAllocationPools", "Gateway ip " + gateway.String() + " conflicts with allocation pool " + p.String() + "."}
		}
	}
	return nil
}

func updateSubnet(c *call, r *record, in object) (*record, error) {
	prefix, err := netip.ParsePrefix(r.str("cidr"))
	if err != nil {
		return nil, err
	}
	if g := in.str("gateway_ip"); in.has("gateway_ip") && g != r.str("gateway_ip") {
		if c.first("port", "address", r.id+" "+r.str("gateway_ip")) != nil {
			return nil, conflict("GatewayIpInUse", "Current gateway ip %s already in use by port. Unable to update.", r.str("gateway_ip"))
		}
	}
	next := r.clone()
	for k, v := range in {
		next.object[k] = v
	}
	if in.has("gateway_ip") || in.has("allocation_pools") {
		gateway, err := gatewayOf(next.object, prefix)
		if err != nil {
			return nil, err
		}
		if err := checkPools(next.object, prefix, gateway); err != nil { // none at all are none
			return nil, err
		}
	}
	return c.touch("subnet", next, nil), nil
}

func removeSubnet(c *call, r *record) error {
	if c.count("port", "subnet", r.id) > 0 {
		return conflict("SubnetInUse", "Unable to complete operation on subnet %s: One or more ports have an IP allocation from this subnet.", r.id)
	}
	c.drop("subnet", r.id)
	return nil
}
