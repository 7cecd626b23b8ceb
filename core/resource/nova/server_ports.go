package nova

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// A server gets a port of its own for every entry of networks that names none. They are
// made before the server, so that all that Neutron offers can be said of them, are
// remembered in Context.Data, and go after the server has gone.

// portsData is the key of Context.Data that holds the server's own ports.
const portsData = "internal_ports"

// An ownPort is a port made for a server. Net is the entry of networks it was made for.
type ownPort struct {
	ID  string `json:"id"`
	Net string `json:"net"`
}

func ownPorts(c *resource.Context) []ownPort {
	var out []ownPort
	if json.Unmarshal([]byte(c.Data[portsData]), &out) != nil {
		return nil
	}
	return out
}

func rememberPorts(c *resource.Context, ports []ownPort) {
	delete(c.Data, portsData)
	if text, err := json.Marshal(ports); err == nil && len(ports) > 0 {
		c.Data[portsData] = string(text)
	}
}

// netKey tells entries of networks apart: what an interface is made of.
func netKey(net resource.Values) string {
	key := yaml.NewMap(5)
	for _, name := range []string{"network", "subnet", "fixed_ip", "port", "port_extra_properties"} {
		if v := net.Get(name); v != nil && v != "" {
			key.Set(name, v)
		}
	}
	return yaml.Dumps(key, true)
}

func portName(c *resource.Context, index int) string {
	return fmt.Sprintf("%s-port-%d", c.PhysicalName(serverType.PhysicalNameLimit), index)
}

// findPorts takes hold of the ports that an interrupted Create made.
func findPorts(ctx context.Context, c *resource.Context) error {
	nets := c.Properties.Subs("networks")
	if len(nets) == 0 {
		return nil
	}
	a, err := network(c)
	if err != nil {
		return err
	}
	answer, err := a.Get(ctx, "ports?"+url.Values{"description": {c.Mark()}}.Encode())
	if err != nil {
		return err
	}
	known := ownPorts(c)
	for _, p := range answer.Subs("ports") {
		id := p.String("id")
		if p.String("description") != c.Mark() || slices.ContainsFunc(known, func(o ownPort) bool { return o.ID == id }) {
			continue
		}
		for i, net := range nets {
			if p.String("name") == portName(c, i) {
				known = append(known, ownPort{id, netKey(net)})
			}
		}
	}
	rememberPorts(c, known)
	return nil
}

// portOf gives the port of an entry of networks: the one it names, one of the server's
// own that is not in used, or a new one. It leads the floating IP to it.
func portOf(ctx context.Context, c *resource.Context, index int, net resource.Values, used []string) (string, error) {
	id, err := "", error(nil)
	if name := net.String("port"); name != "" {
		id, err = c.Cloud.FindPort(ctx, name)
	} else {
		id, err = ownPortOf(ctx, c, index, net, used)
	}
	if err != nil || !hasText(net, "floating_ip") {
		return id, err
	}
	return id, setFloatingIP(ctx, c, net.String("floating_ip"), id)
}

func ownPortOf(ctx context.Context, c *resource.Context, index int, net resource.Values, used []string) (string, error) {
	own := ownPorts(c)
	for _, p := range own {
		if p.Net == netKey(net) && !slices.Contains(used, p.ID) {
			return p.ID, nil
		}
	}
	body, err := portBody(ctx, c, index, net)
	if err != nil {
		return "", err
	}
	a, err := network(c)
	if err != nil {
		return "", err
	}
	answer, err := a.Post(ctx, "ports", resource.Object("port", body))
	if err != nil {
		return "", err
	}
	id := answer.Sub("port").String("id")
	rememberPorts(c, append(own, ownPort{id, netKey(net)}))
	return id, c.Checkpoint(ctx)
}

func portBody(ctx context.Context, c *resource.Context, index int, net resource.Values) (map[string]any, error) {
	body := map[string]any{"name": portName(c, index), "description": c.Mark()}
	var err error
	address := map[string]any{}
	if name := net.String("subnet"); name != "" {
		if address["subnet_id"], err = c.Cloud.FindSubnet(ctx, name); err != nil {
			return nil, err
		}
	}
	if ip := net.String("fixed_ip"); ip != "" {
		address["ip_address"] = ip
	}
	if len(address) > 0 {
		body["fixed_ips"] = []any{address}
	}
	if body["network_id"], err = networkOf(ctx, c, net, address["subnet_id"]); err != nil {
		return nil, err
	}
	if names := c.Properties.Strings("security_groups"); len(names) > 0 {
		ids := make([]string, len(names))
		for i, name := range names {
			if ids[i], err = c.Cloud.FindSecurityGroup(ctx, name); err != nil {
				return nil, err
			}
		}
		body["security_groups"] = ids
	}
	return body, extraPort(ctx, c, net.Sub("port_extra_properties"), body)
}

// extraPort adds port_extra_properties to the body of a port.
func extraPort(ctx context.Context, c *resource.Context, extra resource.Values, body map[string]any) (err error) {
	for _, key := range []string{"admin_state_up", "mac_address", "allowed_address_pairs", "binding:vnic_type", "port_security_enabled", "propagate_uplink_status"} {
		if v := extra.Get(key); v != nil && v != "" {
			body[key] = v
		}
	}
	if name := extra.String("qos_policy"); name != "" {
		if body["qos_policy_id"], err = c.Cloud.FindQoSPolicy(ctx, name); err != nil {
			return err
		}
	}
	if extra.Bool("no_fixed_ips") {
		body["fixed_ips"] = []any{}
	}
	for k, v := range extra.Sub("value_specs").Map().All() {
		body[k] = v
	}
	return nil
}

// networkOf is the network of an entry: the one it names or that of its subnet.
func networkOf(ctx context.Context, c *resource.Context, net resource.Values, subnet any) (string, error) {
	if name := net.String("network"); name != "" {
		return c.Cloud.FindNetwork(ctx, name)
	}
	a, err := network(c)
	if err != nil {
		return "", err
	}
	answer, err := a.Get(ctx, fmt.Sprint("subnets/", subnet))
	return answer.Sub("subnet").String("network_id"), err
}

// setFloatingIP leads a floating IP to a port; "" leads it nowhere.
func setFloatingIP(ctx context.Context, c *resource.Context, nameOrID, port string) error {
	id, err := c.Cloud.FindFloatingIP(ctx, nameOrID)
	if err != nil {
		return err
	}
	a, err := network(c)
	if err != nil {
		return err
	}
	var to any
	if port != "" {
		to = port
	}
	return a.Put(ctx, "floatingips/"+id, resource.Object("floatingip", resource.Object("port_id", to)))
}

// freeFloatingIP takes a floating IP off the port, unless it leads elsewhere by now.
func freeFloatingIP(ctx context.Context, c *resource.Context, nameOrID string, ports []string) error {
	id, err := c.Cloud.FindFloatingIP(ctx, nameOrID)
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	a, err := network(c)
	if err != nil {
		return err
	}
	answer, err := a.Get(ctx, "floatingips/"+id)
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	if !slices.Contains(ports, answer.Sub("floatingip").String("port_id")) {
		return nil
	}
	return cloud.IgnoreNotFound(setFloatingIP(ctx, c, id, ""))
}

// deletePorts removes the server's own ports and frees its floating IPs.
func deletePorts(ctx context.Context, c *resource.Context) error {
	own := ownPorts(c)
	var ids []string
	for _, p := range own {
		ids = append(ids, p.ID)
	}
	for _, net := range c.Properties.Subs("networks") {
		if !hasText(net, "floating_ip") {
			continue
		}
		ports := ids
		if name := net.String("port"); name != "" {
			id, err := c.Cloud.FindPort(ctx, name)
			if cloud.NotFound(err) {
				continue
			}
			if err != nil {
				return err
			}
			ports = append(slices.Clone(ids), id)
		}
		if err := freeFloatingIP(ctx, c, net.String("floating_ip"), ports); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := deletePort(ctx, c, id); err != nil {
			return err
		}
	}
	rememberPorts(c, nil)
	return nil
}

func deletePort(ctx context.Context, c *resource.Context, id string) error {
	a, err := network(c)
	if err != nil {
		return err
	}
	return a.Remove(ctx, "ports/"+id)
}
