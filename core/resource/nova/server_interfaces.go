package nova

import (
	"context"
	"slices"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// What becomes of a server's interfaces when its networks change follows
// heat/engine/resources/openstack/nova/server_network_mixin.py: an interface that is all
// that a new entry asks for stays, however the old entry was written.

// A want is what an entry of networks asks of an interface, names turned into ids; "" for
// what it leaves open.
type want struct{ port, network, subnet, address string }

func wantOf(ctx context.Context, c *resource.Context, net resource.Values) (w want, err error) {
	if name := net.String("port"); name != "" {
		w.port, err = c.Cloud.FindPort(ctx, name)
		return w, err
	}
	w.address = net.String("fixed_ip")
	if name := net.String("subnet"); name != "" {
		if w.subnet, err = c.Cloud.FindSubnet(ctx, name); err != nil {
			return w, err
		}
	}
	if name := net.String("network"); name != "" {
		w.network, err = c.Cloud.FindNetwork(ctx, name)
	}
	return w, err
}

func (w want) metBy(n nic) bool {
	return (w.port == "" || w.port == n.port) && (w.network == "" || w.network == n.network) &&
		(w.subnet == "" || slices.Contains(n.subnets, w.subnet)) && (w.address == "" || slices.Contains(n.addresses, w.address))
}

// keptPorts are the ports among those attached that serve the entries of networks, by
// their places; "" for entries that have none yet. An entry takes the port that it names
// or that was made for it, else that of an old entry which is all that it asks for; a port
// that the old entry named goes back to its owner.
func keptPorts(ctx context.Context, c *resource.Context, nets []resource.Values, attached []nic) ([]string, error) {
	wants := make([]want, len(nets))
	for i, net := range nets {
		var err error
		if wants[i], err = wantOf(ctx, c, net); err != nil {
			return nil, err
		}
	}
	own := ownPorts(c)
	keep := namedPorts(nets, wants, attached, own)
	before, err := servedBefore(ctx, c, attached)
	if err != nil {
		return nil, err
	}
	for i, net := range nets {
		if keep[i] != "" || wants[i].port != "" {
			continue
		}
		for _, n := range attached {
			old, ok := before[n.port]
			at := slices.IndexFunc(own, func(o ownPort) bool { return o.ID == n.port })
			if at < 0 && given(old, "port") { // not the server's: its owner takes it back
				continue
			}
			if !ok || slices.Contains(keep, n.port) || extrasKey(old) != extrasKey(net) || !wants[i].metBy(n) {
				continue
			}
			keep[i] = n.port
			if at >= 0 {
				own[at].Net = netKey(net)
			}
			break
		}
	}
	rememberPorts(c, own)
	return keep, nil
}

// namedPorts are the ports that entries name or that were made for them.
func namedPorts(nets []resource.Values, wants []want, attached []nic, own []ownPort) []string {
	ports := make([]string, len(nets))
	for i, net := range nets {
		for _, n := range attached {
			mine := slices.ContainsFunc(own, func(o ownPort) bool { return o.ID == n.port && o.Net == netKey(net) })
			if (n.port == wants[i].port || wants[i].port == "" && mine) && !slices.Contains(ports, n.port) {
				ports[i] = n.port
				break
			}
		}
	}
	return ports
}

// servedBefore tells which entries of the old networks the interfaces serve, by their
// ports. What an old entry names and is gone serves nothing.
func servedBefore(ctx context.Context, c *resource.Context, attached []nic) (map[string]resource.Values, error) {
	var nets []resource.Values
	var wants []want
	for _, net := range c.Old.Subs("networks") {
		w, err := wantOf(ctx, c, net)
		if cloud.NotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		nets, wants = append(nets, net), append(wants, w)
	}
	served := map[string]resource.Values{}
	ports := namedPorts(nets, wants, attached, ownPorts(c))
	for i, port := range ports {
		for _, n := range attached {
			if port == "" && wants[i].metBy(n) && !slices.Contains(ports, n.port) {
				port = n.port
				ports[i] = port
			}
		}
		if port != "" {
			served[port] = nets[i]
		}
	}
	return served, nil
}

// extrasKey tells apart what an entry asks for that cannot be seen at its interface.
func extrasKey(net resource.Values) string {
	return yaml.Dumps([]any{net.Get("port_extra_properties"), net.String("tag")}, true)
}
