package simcloud

import (
	"net/netip"
	"slices"
)

// routers follows neutron/db/l3_db.py.
var routers = &networkNoun{
	one: "router", many: "routers", kind: "router", class: "Router", quota: "router",
	attrs: []attribute{
		{"name", words, both, ""},
		{"description", words, both, ""},
		{"admin_state_up", flag, both, true},
		{"external_gateway_info", dict, both, nil},
		{"distributed", flag, both, false},
		{"ha", flag, both, false},
		{"routes", items, onPut, []any{}},
		{"availability_zone_hints", items, onPost, []any{}},
	},
	create: createRouter,
	update: updateRouter,
	remove: removeRouter,
	view: func(c *call, r *record, o object) {
		o["status"] = "ACTIVE"
		o["availability_zones"] = []string{"nova"}
		o["flavor_id"] = nil
	},
}

func createRouter(c *call, project string, in object) (*record, error) {
	in["id"] = uuidString()
	if err := setGateway(c, in, in.obj("external_gateway_info"), false); err != nil {
		return nil, err
	}
	return c.fresh("router", project, in), nil
}

// setGateway replaces the gateway port of a router by what info asks for; nil
// takes the gateway away.
func setGateway(c *call, router, info object, inUse bool) error {
	old := c.get("port", router.str("_gateway_port"))
	if info.str("network_id") == "" {
		if old != nil && inUse {
			return conflict("RouterExternalGatewayInUseByFloatingIp", "Gateway cannot be updated for router %s, since a gateway to external network %s is required by one or more floating IPs.", router.str("id"), old.str("network_id"))
		}
		if old != nil {
			c.drop("port", old.id)
		}
		router["external_gateway_info"], router["_gateway_port"] = nil, nil
		return nil
	}
	net := c.get("network", info.str("network_id"))
	if net == nil {
		return networks.missing(info.str("network_id"))
	}
	if !net.flag("router:external") {
		return badRequest("Bad router request: Network %s is not an external network.", net.id)
	}
	snat := true
	if b, given := info["enable_snat"].(bool); given {
		snat = b
	}
	same := old != nil && old.str("network_id") == net.id
	if old != nil && !same && inUse {
		return conflict("RouterExternalGatewayInUseByFloatingIp", "Gateway cannot be updated for router %s, since a gateway to external network %s is required by one or more floating IPs.", router.str("id"), old.str("network_id"))
	}
	var fixed []any
	if same && info["external_fixed_ips"] == nil {
		fixed = old.list("fixed_ips")
	} else {
		if old != nil {
			c.drop("port", old.id)
		}
		port, err := routerPort(c, router.str("id"), "", net, "network:router_gateway", info.list("external_fixed_ips"))
		if err != nil {
			return err
		}
		router["_gateway_port"], fixed = port.id, port.list("fixed_ips")
	}
	router["external_gateway_info"] = map[string]any{"network_id": net.id, "enable_snat": snat, "external_fixed_ips": fixed}
	return nil
}

// routerPort makes a port that a router plugs into a network.
func routerPort(c *call, router, project string, net *record, owner string, asked []any) (*record, error) {
	mac := newMAC(c.tx)
	fixed, err := assign(c, net, asked, mac, "", owner)
	if err != nil {
		return nil, err
	}
	return c.fresh("port", project, object{
		"network_id": net.id, "name": "", "description": "", "admin_state_up": true, "mac_address": mac, "fixed_ips": fixed,
		"device_id": router, "device_owner": owner, "security_groups": []any{}, "port_security_enabled": false,
		"allowed_address_pairs": []any{}, "extra_dhcp_opts": []any{}, "dns_name": "", "binding:vnic_type": "normal",
	}), nil
}

func updateRouter(c *call, r *record, in object) (*record, error) {
	next := r.clone()
	for k, v := range in {
		if k != "external_gateway_info" {
			next.object[k] = v
		}
	}
	if in.has("external_gateway_info") {
		next.object["id"] = r.id
		if err := setGateway(c, next.object, in.obj("external_gateway_info"), c.count("floatingip", "router_id", r.id) > 0); err != nil {
			return nil, err
		}
	}
	if in.has("routes") {
		if err := checkRoutes(c, r, next.objs("routes")); err != nil {
			return nil, err
		}
	}
	return c.touch("router", next, nil), nil
}

// checkRoutes wants every next hop on a network the router is on.
func checkRoutes(c *call, r *record, routes []object) error {
	for _, route := range routes {
		hop, err := netip.ParseAddr(route.str("nexthop"))
		_, err2 := netip.ParsePrefix(route.str("destination"))
		if err != nil || err2 != nil {
			return badRequest("Invalid input for routes. Reason: Invalid data format for hostroute: '%v'.", route)
		}
		reachable := slices.ContainsFunc(c.having("port", "device_id", r.id), func(p *record) bool {
			return slices.ContainsFunc(portSubnets(p), func(id string) bool {
				s := c.get("subnet", id)
				prefix, err := netip.ParsePrefix(s.str("cidr"))
				return err == nil && prefix.Contains(hop)
			})
		})
		if !reachable {
			return badRequest("Invalid format for routes: [%v], the nexthop is not connected with router", route)
		}
	}
	return nil
}

func removeRouter(c *call, r *record) error {
	for _, p := range c.having("port", "device_id", r.id) {
		if p.str("device_owner") == "network:router_interface" {
			return conflict("RouterInUse", "Router %s still has ports", r.id)
		}
	}
	if c.count("floatingip", "router_id", r.id) > 0 {
		return conflict("RouterInUse", "Router %s still has floating IPs", r.id)
	}
	c.drop("port", r.str("_gateway_port"))
	c.drop("router", r.id)
	return nil
}
