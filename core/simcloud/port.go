package simcloud

import (
	"net"
	"slices"
	"strings"
)

// ports follows neutron/plugins/ml2/plugin.py and the port-security,
// allowed-address-pairs, extra-dhcp-opt, dns and binding extensions.
var ports = &networkNoun{
	one: "port", many: "ports", kind: "port", class: "Port", quota: "port",
	attrs: []attribute{
		{"network_id", words, onPost | required, nil},
		{"name", words, both, ""},
		{"description", words, both, ""},
		{"admin_state_up", flag, both, true},
		{"mac_address", words, both | noDef, nil},
		{"fixed_ips", items, both | noDef, nil},
		{"device_id", words, both, ""},
		{"device_owner", words, both, ""},
		{"security_groups", items, both | noDef, nil},
		{"allowed_address_pairs", items, both, []any{}},
		{"extra_dhcp_opts", items, both, []any{}},
		{"port_security_enabled", flag, both | noDef, nil},
		{"dns_name", words, both, ""},
		{"binding:vnic_type", words, both, "normal"},
		{"binding:host_id", words, both, ""},
		{"binding:profile", dict, both, map[string]any{}},
	},
	create: createPort,
	update: updatePort,
	remove: removePort,
	view:   viewPort,
}

func viewPort(c *call, r *record, o object) {
	o["status"] = portStatus(r)
	fixed := r.objs("fixed_ips")
	dns := []object{}
	for _, f := range fixed {
		host := r.str("dns_name")
		if host == "" {
			host = "host-" + strings.NewReplacer(".", "-", ":", "-").Replace(f.str("ip_address"))
		}
		dns = append(dns, object{"hostname": host, "ip_address": f.str("ip_address"), "fqdn": host + ".openstacklocal."})
	}
	o["dns_assignment"] = dns
	if !c.by.admin {
		delete(o, "binding:host_id")
		delete(o, "binding:profile")
		return
	}
	o["binding:vif_type"], o["binding:vif_details"] = "unbound", object{}
	if portStatus(r) == "ACTIVE" {
		o["binding:vif_type"], o["binding:vif_details"] = "ovs", object{"port_filter": true}
	}
}

// portStatus is ACTIVE for what is plugged into a server or router.
func portStatus(r *record) string {
	owner := r.str("device_owner")
	switch {
	case owner == "network:floatingip":
		return "N/A"
	case r.str("device_id") != "" && (strings.HasPrefix(owner, "compute:") || strings.HasPrefix(owner, "network:router")):
		return "ACTIVE"
	}
	return "DOWN"
}

func createPort(c *call, project string, in object) (*record, error) {
	net, err := networks.find(c, in.str("network_id"))
	if err != nil {
		return nil, err
	}
	if in.str("mac_address") == "" {
		in["mac_address"] = newMAC(c.tx)
	} else if err := checkMAC(c, in, net.id, ""); err != nil {
		return nil, err
	}
	if in["port_security_enabled"] == nil {
		in["port_security_enabled"] = net.flag("port_security_enabled")
	}
	if err := setPortGroups(c, project, in, in["security_groups"] != nil); err != nil {
		return nil, err
	}
	var asked []any
	if in["fixed_ips"] != nil {
		asked = append([]any{}, in.list("fixed_ips")...)
	}
	if in["fixed_ips"], err = assign(c, net, asked, in.str("mac_address"), "", in.str("device_owner")); err != nil {
		return nil, err
	}
	return c.fresh("port", project, in), nil
}

func checkMAC(c *call, in object, networkID, portID string) error {
	hw, err := net.ParseMAC(in.str("mac_address"))
	if err != nil {
		return badRequest("Invalid input for mac_address. Reason: '%s' is not a valid MAC address.", in.str("mac_address"))
	}
	in["mac_address"] = hw.String()
	for _, p := range c.having("port", "mac_address", hw.String()) {
		if p.id != portID && p.str("network_id") == networkID {
			return conflict("MacAddressInUse", "Unable to complete operation for network %s. The mac address %s is in use.", networkID, hw)
		}
	}
	return nil
}

// setPortGroups resolves security_groups; without any, the port gets the
// project's default group unless it belongs to the network service.
func setPortGroups(c *call, project string, in object, given bool) error {
	if given {
		ids := in.strs("security_groups")
		if len(ids) > 0 && !in.flag("port_security_enabled") {
			return conflict("PortSecurityAndIPRequiredForSecurityGroups", "Port security must be enabled and port must have an IP address in order to use security groups.")
		}
		for _, id := range ids {
			if _, err := securityGroups.find(c, id); err != nil {
				return err
			}
		}
		slices.Sort(ids)
		in["security_groups"] = anyList(slices.Compact(ids))
		return nil
	}
	in["security_groups"] = []any{}
	if in.flag("port_security_enabled") && !strings.HasPrefix(in.str("device_owner"), "network:") {
		in["security_groups"] = []any{ensureDefaultGroup(c, project).id}
	}
	return nil
}

func updatePort(c *call, r *record, in object) (*record, error) {
	net := c.get("network", r.str("network_id"))
	next := r.clone()
	for k, v := range in {
		if k != "fixed_ips" {
			next.object[k] = v
		}
	}
	if in.has("mac_address") {
		if err := checkMAC(c, next.object, net.id, r.id); err != nil {
			return nil, err
		}
	}
	if in.has("security_groups") || in.has("port_security_enabled") {
		if on, given := in["port_security_enabled"].(bool); given && !on && !in.has("security_groups") && len(r.strs("security_groups")) > 0 {
			return nil, conflict("PortSecurityPortHasSecurityGroup", "Port has security group associated. Cannot disable port security or IP address until security group is removed.")
		}
		if err := setPortGroups(c, r.project, next.object, true); err != nil {
			return nil, err
		}
	}
	if in.has("fixed_ips") {
		fixed, err := assign(c, net, append([]any{}, in.list("fixed_ips")...), next.str("mac_address"), r.id, next.str("device_owner"))
		if err != nil {
			return nil, err
		}
		next.object["fixed_ips"] = fixed
	}
	next = c.touch("port", next, nil)
	dropLostAddresses(c, next)
	return next, nil
}

// dropLostAddresses frees floating IPs of addresses a port no longer has.
func dropLostAddresses(c *call, port *record) {
	for _, f := range c.having("floatingip", "port_id", port.id) {
		if !slices.ContainsFunc(port.objs("fixed_ips"), func(ip object) bool { return ip.str("ip_address") == f.str("fixed_ip_address") }) {
			disassociate(c, f)
		}
	}
}

func removePort(c *call, r *record) error {
	if o := r.str("device_owner"); strings.HasPrefix(o, "network:router") || o == "network:floatingip" {
		return conflict("ServicePortInUse", "Port %s cannot be deleted directly via the port API: has device owner %s.", r.id, o)
	}
	dropPort(c, r)
	return nil
}

// dropPort removes a port whoever owns it.
func dropPort(c *call, r *record) {
	for _, f := range c.having("floatingip", "port_id", r.id) {
		disassociate(c, f)
	}
	c.drop("port", r.id)
}
