package nova

import (
	"context"
	"slices"
	"time"

	"hearth/core/cloud"
	"hearth/core/resource"
)

// RestoreReplaced gives the server its ports and their addresses back, off the server that
// had replaced it (restore_ports_after_rollback of
// heat/engine/resources/openstack/nova/server_network_mixin.py).
func (s server) RestoreReplaced(ctx context.Context, c, by *resource.Context) (resource.Progress, error) {
	if free, err := s.letGo(ctx, by); err != nil || !free {
		return resource.Again(time.Second), err
	}
	attached, err := nics(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	own := ownPorts(c)
	for _, net := range c.Properties.Subs("networks") {
		port := ""
		if name := net.String("port"); name != "" {
			if port, err = c.Cloud.FindPort(ctx, name); err != nil {
				return resource.Progress{}, err
			}
			if !slices.ContainsFunc(attached, func(n nic) bool { return n.port == port }) {
				if err := attach(ctx, c, port, net.String("tag")); err != nil {
					return resource.Progress{}, err
				}
			}
		} else if i := slices.IndexFunc(own, func(p ownPort) bool { return p.Net == netKey(net) }); i >= 0 {
			port = own[i].ID
			own = slices.Delete(own, i, i+1)
			if err := giveAddress(ctx, c, port, net); err != nil {
				return resource.Progress{}, err
			}
		}
		if port != "" && hasText(net, "floating_ip") {
			if err := setFloatingIP(ctx, c, net.String("floating_ip"), port); err != nil {
				return resource.Progress{}, err
			}
		}
	}
	return resource.Done, nil
}

// letGo frees what the replacement has; free is false while that goes on.
func (s server) letGo(ctx context.Context, by *resource.Context) (free bool, err error) {
	if by.PhysicalID == "" {
		return true, nil
	}
	now, err := readServer(ctx, by)
	switch {
	case cloud.NotFound(err):
		return true, nil
	case err != nil:
		return false, err
	case now.String("status") == "BUILD":
		return false, nil
	}
	if err := s.PrepareReplace(ctx, by); err != nil {
		return false, err
	}
	attached, err := nics(ctx, by)
	if err != nil {
		return false, err
	}
	own := ownPorts(by)
	return !slices.ContainsFunc(attached, func(n nic) bool {
		return !slices.ContainsFunc(own, func(p ownPort) bool { return p.ID == n.port })
	}), nil
}

// giveAddress puts the fixed address of an entry of networks back on the port made for it.
func giveAddress(ctx context.Context, c *resource.Context, port string, net resource.Values) error {
	if !hasText(net, "fixed_ip") {
		return nil
	}
	address := resource.Object("ip_address", net.String("fixed_ip"))
	if name := net.String("subnet"); name != "" {
		id, err := c.Cloud.FindSubnet(ctx, name)
		if err != nil {
			return err
		}
		address["subnet_id"] = id
	}
	a, err := network(c)
	if err != nil {
		return err
	}
	return a.Put(ctx, "ports/"+port, resource.Object("port", resource.Object("fixed_ips", []any{address})))
}
