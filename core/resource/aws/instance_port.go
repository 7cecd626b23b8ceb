package aws

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"

	"hearth/core/resource"
	"hearth/core/yaml"
)

func network(c *resource.Context) (resource.API, error) {
	client, err := c.Cloud.Network()
	return resource.API{Client: client}, err
}

// bootPorts are the ports that the server is made with: its interfaces in their order, or
// one made for its subnet; none leaves the choice to Nova.
func bootPorts(ctx context.Context, c *resource.Context) ([]any, error) {
	var out []any
	for _, id := range interfaces(c.Properties) {
		out = append(out, map[string]any{"port": id})
	}
	if len(out) > 0 || c.Properties.String("SubnetId") == "" {
		return out, nil
	}
	id, err := subnetPort(ctx, c)
	return []any{map[string]any{"port": id}}, err
}

// interfaces are the ids of ports, ordered by DeviceIndex where it is given.
func interfaces(p resource.Values) []string {
	type nic struct {
		id    string
		index int
	}
	var nics []nic
	for i, item := range p.List("NetworkInterfaces") {
		n := nic{yaml.Str(item), i}
		if m, ok := item.(*yaml.Map); ok {
			v := resource.NewValues(m)
			n.id = v.String("NetworkInterfaceId")
			if at, err := strconv.Atoi(yaml.Str(v.Get("DeviceIndex"))); err == nil {
				n.index = at
			}
		}
		nics = append(nics, n)
	}
	slices.SortStableFunc(nics, func(a, b nic) int { return cmp.Compare(a.index, b.index) })
	ids := make([]string, len(nics))
	for i, n := range nics {
		ids[i] = n.id
	}
	return ids
}

// subnetPort makes the port on the server's subnet, or finds the one that an interrupted
// Create made, by its description.
func subnetPort(ctx context.Context, c *resource.Context) (string, error) {
	if id := c.Data[portData]; id != "" {
		return id, nil
	}
	a, err := network(c)
	if err != nil {
		return "", err
	}
	found, err := a.Get(ctx, "ports?"+url.Values{"description": {c.Mark()}}.Encode())
	if err != nil {
		return "", err
	}
	for _, p := range found.Subs("ports") {
		if p.String("description") == c.Mark() {
			c.Data[portData] = p.String("id")
			return c.Data[portData], nil
		}
	}
	subnetID, err := c.Cloud.FindSubnet(ctx, c.Properties.String("SubnetId"))
	if err != nil {
		return "", err
	}
	subnet, err := a.Get(ctx, "subnets/"+subnetID)
	if err != nil {
		return "", err
	}
	body := map[string]any{"admin_state_up": true, "network_id": subnet.Sub("subnet").String("network_id"),
		"fixed_ips": []any{map[string]any{"subnet_id": subnetID}}, "description": c.Mark()}
	var groups []any
	for _, g := range securityGroups(c.Properties) {
		id, err := c.Cloud.FindSecurityGroup(ctx, yaml.Str(g))
		if err != nil {
			return "", err
		}
		groups = append(groups, id)
	}
	if groups != nil {
		body["security_groups"] = groups
	}
	answer, err := a.Post(ctx, "ports", resource.Object("port", body))
	if err != nil {
		return "", err
	}
	c.Data[portData] = answer.Sub("port").String("id")
	return c.Data[portData], c.Checkpoint(ctx)
}

// deletePort removes the port that was made for the server.
func deletePort(ctx context.Context, c *resource.Context) error {
	id := c.Data[portData]
	if id == "" {
		return nil
	}
	a, err := network(c)
	if err != nil {
		return err
	}
	if err := a.Remove(ctx, "ports/"+id); err != nil {
		return err
	}
	delete(c.Data, portData)
	return nil
}
