package simcloud

import (
	"net/netip"
)

// floatingIPs follows neutron/db/l3_db.py.
var floatingIPs = &networkNoun{
	one: "floatingip", many: "floatingips", kind: "floatingip", class: "FloatingIP", quota: "floatingip",
	attrs: []attribute{
		{"floating_network_id", words, onPost | required, nil},
		{"floating_ip_address", words, onPost, nil},
		{"subnet_id", words, onPost | noDef, nil},
		{"port_id", words, both, nil},
		{"fixed_ip_address", words, both, nil},
		{"description", words, both, ""},
		{"dns_name", words, onPost, ""},
		{"dns_domain", words, onPost, ""},
	},
	create: createFloatingIP,
	update: updateFloatingIP,
	remove: func(c *call, r *record) error {
		c.drop("floatingip", r.id)
		c.drop("port", r.str("_port"))
		return nil
	},
	view: func(c *call, r *record, o object) {
		o["status"] = "DOWN"
		o["port_details"] = nil
		o["port_forwardings"] = []any{}
		o["qos_policy_id"] = nil
		if p := c.get("port", r.str("port_id")); p != nil {
			o["status"] = "ACTIVE"
			o["port_details"] = object{
				"name": p.str("name"), "network_id": p.str("network_id"), "mac_address": p.str("mac_address"), "admin_state_up": p.flag("admin_state_up"),
				"status": portStatus(p), "device_id": p.str("device_id"), "device_owner": p.str("device_owner"),
			}
		}
	},
}

func createFloatingIP(c *call, project string, in object) (*record, error) {
	net := c.get("network", in.str("floating_network_id"))
	if net == nil {
		return nil, networks.missing(in.str("floating_network_id"))
	}
	if !net.flag("router:external") {
		return nil, badRequest("Bad floatingip request: Network %s is not a valid external network.", net.id)
	}
	id := uuidString()
	var asked []any
	if ip, subnet := in.str("floating_ip_address"), in.str("subnet_id"); ip != "" || subnet != "" {
		want := map[string]any{}
		if ip != "" {
			want["ip_address"] = ip
		}
		if subnet != "" {
			want["subnet_id"] = subnet
		}
		asked = []any{want}
	}
	mac := newMAC(c.tx)
	fixed, err := assign(c, net, asked, mac, "", "network:floatingip")
	if err != nil {
		return nil, err
	}
	outer := ""
	for _, f := range fixed {
		ip := asObject(f).str("ip_address")
		if a, err := netip.ParseAddr(ip); err == nil && a.Is4() {
			outer = ip
		}
	}
	if outer == "" {
		return nil, badRequest("Bad floatingip request: Network %s does not contain any IPv4 subnet.", net.id)
	}
	delete(in, "subnet_id")
	in["id"], in["floating_ip_address"] = id, outer
	port := c.fresh("port", "", object{
		"network_id": net.id, "name": "", "description": "", "admin_state_up": true, "mac_address": mac, "fixed_ips": fixed,
		"device_id": id, "device_owner": "network:floatingip", "security_groups": []any{}, "port_security_enabled": false,
		"allowed_address_pairs": []any{}, "extra_dhcp_opts": []any{}, "dns_name": "", "binding:vnic_type": "normal",
	})
	in["_port"], in["router_id"] = port.id, nil
	if in.str("port_id") != "" {
		if err := associate(c, in, id); err != nil {
			return nil, err
		}
	}
	return c.fresh("floatingip", project, in), nil
}

func updateFloatingIP(c *call, r *record, in object) (*record, error) {
	next := r.clone()
	for k, v := range in {
		next.object[k] = v
	}
	if !in.has("port_id") {
		if in.str("fixed_ip_address") != "" && r.str("port_id") == "" {
			return nil, badRequest("Bad floatingip request: fixed_ip_address cannot be specified without a port_id.")
		}
		return c.touch("floatingip", next, nil), nil
	}
	if in.str("port_id") == "" {
		next.object["port_id"], next.object["fixed_ip_address"], next.object["router_id"] = nil, nil, nil
		return c.touch("floatingip", next, nil), nil
	}
	if !in.has("fixed_ip_address") {
		next.object["fixed_ip_address"] = nil
	}
	if err := associate(c, next.object, r.id); err != nil {
		return nil, err
	}
	return c.touch("floatingip", next, nil), nil
}

// associate completes fixed_ip_address and router_id of a floating IP whose
// port_id is set.
func associate(c *call, fip object, id string) error {
	port, err := ports.find(c, fip.str("port_id"))
	if err != nil {
		return err
	}
	var inner object
	for _, f := range port.objs("fixed_ips") {
		a, err := netip.ParseAddr(f.str("ip_address"))
		if want := fip.str("fixed_ip_address"); err == nil && a.Is4() && (want == "" || want == f.str("ip_address")) {
			inner = f
			break
		}
	}
	if inner == nil {
		if want := fip.str("fixed_ip_address"); want != "" {
			return badRequest("Bad floatingip request: Port %s does not have fixed ip %s.", port.id, want)
		}
		return badRequest("Bad floatingip request: Cannot add floating IP to port %s that has no fixed IPv4 addresses.", port.id)
	}
	for _, other := range c.having("floatingip", "port_id", port.id) {
		if other.id != id && other.str("fixed_ip_address") == inner.str("ip_address") && other.str("floating_network_id") == fip.str("floating_network_id") {
			return conflict("FloatingIPPortAlreadyAssociated", "Cannot associate floating IP %s (%s) with port %s using fixed IP %s, as that fixed IP already has a floating IP on external network %s.",
				fip.str("floating_ip_address"), id, port.id, inner.str("ip_address"), fip.str("floating_network_id"))
		}
	}
	router := routerBetween(c, fip.str("floating_network_id"), inner.str("subnet_id"))
	if router == nil {
		return &apiError{404, "ExternalGatewayForFloatingIPNotFound", "External network " + fip.str("floating_network_id") + " is not reachable from subnet " + inner.str("subnet_id") +
			".  Therefore, cannot associate Port " + port.id + " with a Floating IP."}
	}
	fip["fixed_ip_address"], fip["router_id"] = inner.str("ip_address"), router.id
	return nil
}

// routerBetween finds the router that joins a subnet to an external network.
func routerBetween(c *call, external, subnetID string) *record {
	for _, r := range c.having("router", "gateway", external) {
		for _, p := range c.having("port", "device_id", r.id) {
			if p.str("device_owner") == "network:router_interface" && portSubnets(p)[0] == subnetID {
				return r
			}
		}
	}
	return nil
}

func disassociate(c *call, f *record) {
	c.touch("floatingip", f, object{"port_id": nil, "fixed_ip_address": nil, "router_id": nil})
}
