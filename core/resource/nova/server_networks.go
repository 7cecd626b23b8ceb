package nova

import (
	"context"
	"reflect"
	"slices"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
)

// bootNetworks are the networks of a create: a list of ports, "auto" or "none"; nil when
// the properties say nothing.
func bootNetworks(ctx context.Context, c *resource.Context) (any, error) {
	nets := c.Properties.Subs("networks")
	if len(nets) == 0 {
		return nil, nil
	}
	if how := nets[0].String("allocate_network"); how != "" {
		return how, nil
	}
	var used []string
	list := []any{}
	for i, net := range nets {
		port, err := portOf(ctx, c, i, net, used)
		if err != nil {
			return nil, err
		}
		used = append(used, port)
		nic := map[string]any{"port": port}
		if hasText(net, "tag") {
			nic["tag"] = net.String("tag")
		}
		list = append(list, nic)
	}
	return list, nil
}

// validateNetworks wants every entry to name an interface, and allocate_network alone.
func validateNetworks(c *resource.Context) error {
	nets := c.Properties.Subs("networks")
	for _, net := range nets {
		if given(net, "allocate_network") {
			for _, other := range []string{"network", "port", "subnet", "fixed_ip", "floating_ip", "port_extra_properties", "tag"} {
				if given(net, other) {
					return conflicting("allocate_network", other)
				}
			}
			if len(nets) > 1 {
				return core.StackValidationFailed("allocate_network must be the only entry of networks.")
			}
			continue
		}
		switch {
		case !given(net, "network") && !given(net, "port") && !given(net, "subnet"):
			return core.StackValidationFailed("At least one of the following properties must be specified: network, port, allocate_network, subnet.")
		case given(net, "port") && given(net, "fixed_ip"):
			return conflicting("networks.fixed_ip", "networks.port")
		case given(net, "port") && len(c.Properties.List("security_groups")) > 0:
			return conflicting("security_groups", "networks/port")
		}
	}
	return nil
}

// subnetsOfNetworks are the names of the subnets on the networks that the template's
// server names. Two references to one resource are equal, as are two equal names.
func subnetsOfNetworks(self resource.Sibling, all []resource.Sibling) []string {
	var names []string
	for _, s := range all {
		if s.Type != "OS::Neutron::Subnet" {
			continue
		}
		on := first(s.Properties, "network", "network_id")
		if slices.ContainsFunc(self.Properties.Subs("networks"), func(net resource.Values) bool {
			n := first(net, "network", "uuid")
			return n != nil && reflect.DeepEqual(n, on)
		}) {
			names = append(names, s.Name)
		}
	}
	return names
}

func first(v resource.Values, names ...string) any {
	for _, name := range names {
		if x := v.Get(name); x != nil {
			return x
		}
	}
	return nil
}

// An attached interface, as Nova lists it.
type nic struct {
	port, network      string
	addresses, subnets []string
}

func nics(ctx context.Context, c *resource.Context) ([]nic, error) {
	a, err := compute(c, serverVersion)
	if err != nil {
		return nil, err
	}
	answer, err := a.Get(ctx, "servers/"+c.PhysicalID+"/os-interface")
	if err != nil {
		return nil, err
	}
	var out []nic
	for _, v := range answer.Subs("interfaceAttachments") {
		n := nic{port: v.String("port_id"), network: v.String("net_id")}
		for _, ip := range v.Subs("fixed_ips") {
			n.addresses = append(n.addresses, ip.String("ip_address"))
			n.subnets = append(n.subnets, ip.String("subnet_id"))
		}
		out = append(out, n)
	}
	return out, nil
}

// updateNetworks detaches the interfaces that the new networks do not have and attaches
// those that the old ones did not. What both have stays as it is.
func updateNetworks(ctx context.Context, c *resource.Context) error {
	attached, err := nics(ctx, c)
	if err != nil {
		return err
	}
	nets := c.Properties.Subs("networks")
	how := ""
	if len(nets) == 0 {
		how = "auto"
	} else {
		how = nets[0].String("allocate_network")
	}
	if how != "" {
		return reallocate(ctx, c, attached, how)
	}
	if err := forgetGonePorts(ctx, c, attached); err != nil {
		return err
	}
	keep, err := keptPorts(ctx, c, nets, attached)
	if err != nil {
		return err
	}
	if err := detachAll(ctx, c, attached, keep); err != nil {
		return err
	}
	for i, net := range nets {
		port := keep[i]
		if port == "" {
			if port, err = portOf(ctx, c, i, net, keep); err != nil {
				return err
			}
			keep[i] = port
		} else if hasText(net, "floating_ip") {
			if err := setFloatingIP(ctx, c, net.String("floating_ip"), port); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(attached, func(n nic) bool { return n.port == port }) {
			if err := attach(ctx, c, port, net.String("tag")); err != nil {
				return err
			}
		}
	}
	return nil
}

// reallocate leaves the server with no interface, or with the one that Nova gives it.
func reallocate(ctx context.Context, c *resource.Context, attached []nic, how string) error {
	if err := detachAll(ctx, c, attached, nil); err != nil || how == "none" {
		return err
	}
	return attach(ctx, c, "", "")
}

// detachAll takes interfaces off the server; its own ports among them are removed.
func detachAll(ctx context.Context, c *resource.Context, attached []nic, keep []string) error {
	a, err := compute(c, serverVersion)
	if err != nil {
		return err
	}
	own := ownPorts(c)
	for _, n := range attached {
		if slices.Contains(keep, n.port) {
			continue
		}
		if err := a.Remove(ctx, "servers/"+c.PhysicalID+"/os-interface/"+n.port); err != nil {
			return err
		}
		if i := slices.IndexFunc(own, func(o ownPort) bool { return o.ID == n.port }); i >= 0 {
			if err := deletePort(ctx, c, n.port); err != nil {
				return err
			}
			own = slices.Delete(own, i, i+1)
		}
	}
	rememberPorts(c, own)
	return nil
}

// attach plugs a port into the server, or whatever Nova chooses when there is none.
func attach(ctx context.Context, c *resource.Context, port, tag string) error {
	version := serverVersion
	body := map[string]any{}
	if port != "" {
		body["port_id"] = port
	}
	if tag != "" {
		version, body["tag"] = "2.49", tag
	}
	a, err := compute(c, version)
	if err != nil {
		return err
	}
	_, err = a.Post(ctx, "servers/"+c.PhysicalID+"/os-interface", resource.Object("interfaceAttachment", body))
	return err
}

// PrepareReplace frees what the replacement needs: given ports, and the fixed addresses
// of the server's own ports.
func (server) PrepareReplace(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	attached, err := nics(ctx, c)
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	a, err := compute(c, serverVersion)
	if err != nil {
		return err
	}
	own := ownPorts(c)
	for _, n := range attached {
		i := slices.IndexFunc(own, func(o ownPort) bool { return o.ID == n.port })
		if i < 0 {
			if err := a.Remove(ctx, "servers/"+c.PhysicalID+"/os-interface/"+n.port); err != nil {
				return err
			}
			continue
		}
		if err := freeAddress(ctx, c, own[i]); err != nil {
			return err
		}
	}
	return nil
}

// freeAddress takes the addresses off a port that was made with one that is fixed.
func freeAddress(ctx context.Context, c *resource.Context, p ownPort) error {
	for _, net := range c.Properties.Subs("networks") {
		if netKey(net) != p.Net || !hasText(net, "fixed_ip") {
			continue
		}
		a, err := network(c)
		if err != nil {
			return err
		}
		return cloud.IgnoreNotFound(a.Put(ctx, "ports/"+p.ID, resource.Object("port", resource.Object("fixed_ips", []any{}))))
	}
	return nil
}
