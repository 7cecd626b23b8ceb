package simcloud

import "errors"

// plugServer gives a server its ports and returns those made for it, which go
// when it goes; given ports stay.
func plugServer(c *call, server string, in object) (own []string, err error) {
	groups, err := namedGroups(c, in.objs("security_groups"))
	if err != nil {
		return nil, err
	}
	var wanted []object
	switch n := in["networks"].(type) {
	case string:
		if n == "none" {
			return nil, nil
		}
		if n != "auto" {
			return nil, badRequest("Invalid input for field/attribute networks. Value: %s.", n)
		}
		wanted, err = onlyNetwork(c)
	case nil:
		wanted, err = onlyNetwork(c)
	default:
		if wanted = in.objs("networks"); len(wanted) == 0 {
			wanted, err = onlyNetwork(c)
		}
	}
	if err != nil {
		return nil, err
	}
	for _, w := range wanted {
		port, made, err := plug(c, server, w, groups)
		if err != nil {
			return nil, err
		}
		if made {
			own = append(own, port.id)
		}
	}
	return own, nil
}

// onlyNetwork is what a server gets that asks for no network: the one network
// its project can use.
func onlyNetwork(c *call) ([]object, error) {
	var found []object
	for _, n := range append(c.having("network", "project", c.by.project), c.having("network", "shared", "true")...) {
		own := n.project == c.by.project
		if own && !n.flag("shared") && !n.flag("router:external") || n.flag("shared") {
			if len(found) == 0 || found[0].str("uuid") != n.id {
				found = append(found, object{"uuid": n.id})
			}
		}
	}
	if len(found) > 1 {
		return nil, conflict("", "Multiple possible networks found, use a Network ID to be more specific.")
	}
	return found, nil
}

// plug binds the port that w names, or makes one on the network it names.
func plug(c *call, server string, w object, groups []any) (port *record, made bool, err error) {
	if id := w.str("port"); id != "" {
		p, err := ports.find(c, id)
		if err != nil {
			return nil, false, badRequest("Port id %s could not be found.", id)
		}
		if p.str("device_id") != "" {
			return nil, false, conflict("", "Port %s is still in use.", id)
		}
		return c.touch("port", p, object{"device_id": server, "device_owner": "compute:nova"}), false, nil
	}
	net := w.str("uuid")
	if n, err := networks.find(c, net); err != nil {
		return nil, false, badRequest("Network %s could not be found.", net)
	} else if n.flag("router:external") && !n.flag("shared") && !c.by.admin && n.project != c.by.project {
		return nil, false, forbidden("It is not allowed to create an interface on external network %s", net)
	} else if c.count("subnet", "network_id", net) == 0 {
		return nil, false, badRequest("Network %s requires a subnet in order to boot instances on.", net)
	}
	o := object{"network_id": net, "device_id": server, "device_owner": "compute:nova"}
	if ip := w.str("fixed_ip"); ip != "" {
		o["fixed_ips"] = []any{map[string]any{"ip_address": ip}}
	}
	if len(groups) > 0 {
		o["security_groups"] = groups
	}
	p, err := ports.make(c, o)
	if err != nil {
		return nil, false, asNova(err)
	}
	return p, true, nil
}

// asNova words Neutron's refusals as Nova does.
func asNova(err error) error {
	var e *apiError
	if !errors.As(err, &e) {
		return err
	}
	switch e.kind {
	case "OverQuota":
		return forbidden("Maximum number of ports exceeded")
	case "IpAddressAlreadyAllocated":
		return badRequest("Fixed IP address is already in use: %s", e.message)
	}
	return err
}

// namedGroups resolves security groups given by name or id to ids.
func namedGroups(c *call, wanted []object) ([]any, error) {
	var out []any
	for _, w := range wanted {
		name := w.str("name")
		id, err := groupByName(c, name)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

func groupByName(c *call, name string) (string, error) {
	if name == "default" {
		return ensureDefaultGroup(c, c.by.project).id, nil
	}
	if g := c.get("security_group", name); g != nil && g.project == c.by.project {
		return g.id, nil
	}
	found := ""
	for _, g := range c.having("security_group", "name", name) {
		if g.project != c.by.project {
			continue
		}
		if found != "" {
			return "", conflict("", "Multiple security groups found matching '%s'. Use an ID to be more specific.", name)
		}
		found = g.id
	}
	if found == "" {
		return "", badRequest("Security group %s not found for project %s.", name, c.by.project)
	}
	return found, nil
}
