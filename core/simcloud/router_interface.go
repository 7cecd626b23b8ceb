package simcloud

import (
	"net/netip"
	"slices"
)

func addRouterInterface(c *call) (*reply, error) {
	r, err := routers.own(c, c.param("id"), "add_interface")
	if err != nil {
		return nil, err
	}
	portID, subnetID := c.in.str("port_id"), c.in.str("subnet_id")
	var port *record
	switch {
	case portID != "" && subnetID != "":
		return nil, badRequest("Bad router request: Cannot specify both subnet-id and port-id.")
	case portID != "":
		port, err = plugPort(c, r, portID)
	case subnetID != "":
		port, err = plugSubnet(c, r, subnetID)
	default:
		return nil, badRequest("Bad router request: Either subnet_id or port_id must be specified.")
	}
	if err != nil {
		return nil, err
	}
	c.touch("router", r, nil)
	return ok(interfaceView(r, port))
}

func interfaceView(r, port *record) object {
	ids := portSubnets(port)
	return object{
		"id": r.id, "tenant_id": r.project, "project_id": r.project, "port_id": port.id, "network_id": port.str("network_id"),
		"subnet_id": ids[0], "subnet_ids": ids, "tags": []any{},
	}
}

func plugPort(c *call, r *record, id string) (*record, error) {
	p, err := ports.find(c, id)
	if err != nil {
		return nil, err
	}
	if p.str("device_id") != "" {
		return nil, conflict("PortInUse", "Unable to complete operation on port %s for network %s. Port already has an attached device %s.", p.id, p.str("network_id"), p.str("device_id"))
	}
	if len(p.objs("fixed_ips")) == 0 {
		return nil, badRequest("Bad router request: Router port must have at least one fixed IP.")
	}
	for _, s := range portSubnets(p) {
		if err := checkPlug(c, r, c.get("subnet", s)); err != nil {
			return nil, err
		}
	}
	return c.touch("port", p, object{"device_id": r.id, "device_owner": "network:router_interface"}), nil
}

func plugSubnet(c *call, r *record, id string) (*record, error) {
	s, err := subnets.find(c, id)
	if err != nil {
		return nil, err
	}
	if s.str("gateway_ip") == "" {
		return nil, badRequest("Bad router request: Subnet for router interface must have a gateway IP.")
	}
	if err := checkPlug(c, r, s); err != nil {
		return nil, err
	}
	net := c.get("network", s.str("network_id"))
	return routerPort(c, r.id, r.project, net, "network:router_interface", []any{fixedIP(s, s.str("gateway_ip"))})
}

// checkPlug refuses a subnet the router already has, or that overlaps one.
func checkPlug(c *call, r, subnet *record) error {
	prefix, err := netip.ParsePrefix(subnet.str("cidr"))
	if err != nil {
		return err
	}
	for _, p := range c.having("port", "device_id", r.id) {
		for _, id := range portSubnets(p) {
			other := c.get("subnet", id)
			if id == subnet.id && p.str("device_owner") == "network:router_interface" {
				return badRequest("Bad router request: Router already has a port on subnet %s.", id)
			}
			if o, err := netip.ParsePrefix(other.str("cidr")); err == nil && o.Overlaps(prefix) {
				return badRequest("Bad router request: Cidr %s of subnet %s overlaps with cidr %s of subnet %s.", prefix, subnet.id, o, id)
			}
		}
	}
	return nil
}

func removeRouterInterface(c *call) (*reply, error) {
	r, err := routers.own(c, c.param("id"), "remove_interface")
	if err != nil {
		return nil, err
	}
	portID, subnetID := c.in.str("port_id"), c.in.str("subnet_id")
	if portID == "" && subnetID == "" {
		return nil, badRequest("Bad router request: Either subnet_id or port_id must be specified.")
	}
	for _, p := range c.having("port", "device_id", r.id) {
		if p.str("device_owner") != "network:router_interface" || portID != "" && p.id != portID {
			continue
		}
		if subnetID != "" && !slices.Contains(portSubnets(p), subnetID) {
			if portID != "" {
				return nil, conflict("SubnetMismatchForPort", "Subnet on port %s does not match the requested subnet %s.", portID, subnetID)
			}
			continue
		}
		for _, f := range c.having("floatingip", "router_id", r.id) {
			target := c.get("port", f.str("port_id"))
			if slices.Contains(portSubnets(target), portSubnets(p)[0]) {
				return nil, conflict("RouterInterfaceInUseByFloatingIP", "Router interface for subnet %s on router %s cannot be deleted, as it is required by one or more floating IPs.", portSubnets(p)[0], r.id)
			}
		}
		view := interfaceView(r, p)
		c.drop("port", p.id)
		c.touch("router", r, nil)
		return ok(view)
	}
	if portID != "" {
		return nil, &apiError{404, "RouterInterfaceNotFound", "Router " + r.id + " does not have an interface with id " + portID}
	}
	return nil, &apiError{404, "RouterInterfaceNotFoundForSubnet", "Router " + r.id + " has no interface on subnet " + subnetID}
}

func sameRoute(a, b object) bool {
	return a.str("destination") == b.str("destination") && a.str("nexthop") == b.str("nexthop")
}

// addExtraRoutes follows the extraroute-atomic extension.
func addExtraRoutes(c *call) (*reply, error) {
	return changeRoutes(c, func(have, asked []object) []object {
		for _, a := range asked {
			if !slices.ContainsFunc(have, func(h object) bool { return sameRoute(h, a) }) {
				have = append(have, a)
			}
		}
		return have
	})
}

func removeExtraRoutes(c *call) (*reply, error) {
	return changeRoutes(c, func(have, asked []object) []object {
		return slices.DeleteFunc(have, func(h object) bool {
			return slices.ContainsFunc(asked, func(a object) bool { return sameRoute(h, a) })
		})
	})
}

func changeRoutes(c *call, change func(have, asked []object) []object) (*reply, error) {
	r, err := routers.own(c, c.param("id"), "update")
	if err != nil {
		return nil, err
	}
	in, err := c.want("router")
	if err != nil {
		return nil, err
	}
	next := change(r.objs("routes"), in.objs("routes"))
	if err := checkRoutes(c, r, next); err != nil {
		return nil, err
	}
	r = c.touch("router", r, object{"routes": anyList(next)})
	return ok(object{"router": routers.render(c, r)})
}
