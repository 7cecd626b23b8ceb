package simcloud

import "slices"

func interfaceOf(p *record) object {
	return object{
		"port_id": p.id, "net_id": p.str("network_id"), "mac_addr": p.str("mac_address"), "port_state": portStatus(p), "fixed_ips": p.object["fixed_ips"],
	}
}

func listInterfaces(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	out := []object{}
	for _, p := range c.having("port", "device_id", r.id) {
		out = append(out, interfaceOf(p))
	}
	return ok(object{"interfaceAttachments": out})
}

func pluggedPort(c *call) (server, port *record, err error) {
	if server, err = findServer(c, c.param("id")); err != nil {
		return nil, nil, err
	}
	port = c.get("port", c.param("port"))
	if port == nil || port.str("device_id") != server.id {
		return nil, nil, notFound("Instance %s does not have a port with id %s", server.id, c.param("port"))
	}
	return server, port, nil
}

func showInterface(c *call) (*reply, error) {
	_, p, err := pluggedPort(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"interfaceAttachment": interfaceOf(p)})
}

func attachInterface(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	if err := unlocked(c, r); err != nil {
		return nil, err
	}
	if s := r.str("vm_state"); s != "active" && s != "stopped" && s != "paused" {
		return nil, conflict("", "Cannot 'attach_interface' instance %s while it is in vm_state %s", r.id, s)
	}
	in := c.in.obj("interfaceAttachment")
	w := object{"port": in.str("port_id"), "uuid": in.str("net_id")}
	if in.str("port_id") != "" && in.str("net_id") != "" {
		return nil, badRequest("Must not input both network_id and port_id")
	}
	if fixed := in.objs("fixed_ips"); len(fixed) > 0 {
		if in.str("net_id") == "" {
			return nil, badRequest("Must input network_id when request IP address")
		}
		w["fixed_ip"] = fixed[0].str("ip_address")
	}
	if w.str("port") == "" && w.str("uuid") == "" {
		wanted, err := onlyNetwork(c)
		if err != nil {
			return nil, err
		}
		if len(wanted) == 0 {
			return nil, badRequest("No network to attach the interface to.")
		}
		w = wanted[0]
	}
	p, made, err := plug(c, r.id, w, nil)
	if err != nil {
		return nil, err
	}
	if made {
		changeServer(c, r, object{"_ports": anyList(append(r.strs("_ports"), p.id))})
	}
	logAction(c, r.id, "attach_interface")
	return ok(object{"interfaceAttachment": interfaceOf(p)})
}

func detachInterface(c *call) (*reply, error) {
	r, p, err := pluggedPort(c)
	if err != nil {
		return nil, err
	}
	if err := unlocked(c, r); err != nil {
		return nil, err
	}
	if own := r.strs("_ports"); slices.Contains(own, p.id) {
		dropPort(c, p)
		changeServer(c, r, object{"_ports": anyList(slices.DeleteFunc(own, func(id string) bool { return id == p.id }))})
	} else {
		unbind(c, p)
	}
	logAction(c, r.id, "detach_interface")
	return accepted(nil)
}
