package simcloud

// networks follows neutron/db/db_base_plugin_v2.py and the external-net,
// provider and dns extensions.
var networks = &networkNoun{
	one: "network", many: "networks", kind: "network", class: "Network", quota: "network",
	attrs: []attribute{
		{"name", words, both, ""},
		{"description", words, both, ""},
		{"admin_state_up", flag, both, true},
		{"shared", flag, both | adminSet, false},
		{"router:external", flag, both | adminSet, false},
		{"port_security_enabled", flag, both, true},
		{"mtu", whole, both, 1450},
		{"dns_domain", words, both, ""},
		{"is_default", flag, both, false},
		{"availability_zone_hints", items, onPost, []any{}},
		{"provider:network_type", words, onPost | adminSet, "geneve"},
		{"provider:physical_network", words, onPost | adminSet, nil},
		{"provider:segmentation_id", whole, onPost | adminSet, nil},
	},
	create: createNetwork,
	update: updateNetwork,
	remove: removeNetwork,
	view: func(c *call, r *record, o object) {
		ids := []string{}
		for _, s := range c.having("subnet", "network_id", r.id) {
			ids = append(ids, s.id)
		}
		o["subnets"] = ids
		o["status"] = "ACTIVE"
		o["availability_zones"] = []string{"nova"}
		o["ipv4_address_scope"], o["ipv6_address_scope"] = nil, nil
		o["l2_adjacency"] = true
		if !c.by.admin {
			delete(o, "provider:network_type")
			delete(o, "provider:physical_network")
			delete(o, "provider:segmentation_id")
		}
	},
}

func createNetwork(c *call, project string, in object) (*record, error) {
	return c.fresh("network", project, in), nil
}

func updateNetwork(c *call, r *record, in object) (*record, error) {
	if external, given := in["router:external"].(bool); given && !external && c.count("floatingip", "floating_network_id", r.id)+c.count("router", "gateway", r.id) > 0 {
		return nil, conflict("ExternalNetworkInUse", "External network %s cannot be updated to be made non-external, since it has existing gateway ports.", r.id)
	}
	next := c.touch("network", r, in)
	if next.flag("shared") != r.flag("shared") {
		for _, s := range c.having("subnet", "network_id", r.id) {
			c.update("subnet", s, object{"_shared": next.flag("shared")})
		}
	}
	return next, nil
}

// removeNetwork takes the subnets along, as Neutron does, but no port.
func removeNetwork(c *call, r *record) error {
	if c.count("port", "network_id", r.id) > 0 {
		return conflict("NetworkInUse", "Unable to complete operation on network %s. There are one or more ports still in use on the network.", r.id)
	}
	for _, s := range c.having("subnet", "network_id", r.id) {
		c.drop("subnet", s.id)
	}
	c.drop("network", r.id)
	return nil
}
