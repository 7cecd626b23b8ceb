package nova

import (
	"context"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

// Follows heat/engine/resources/openstack/nova/server_group.py.
var serverGroupType = resource.Type{
	Name:        "OS::Nova::ServerGroup",
	Description: "A group of servers that are to be on one host, or each on a host of its own.",
	Support:     schema.Support{Version: "2014.2"},
	Service:     "compute",
	Properties: schema.Properties{
		"name": {Kind: schema.String, Description: "Name of the group; by default it is made of the stack's and the resource's."},
		"policies": {
			Kind: schema.List, Default: []any{"anti-affinity"}, Item: &schema.Property{Kind: schema.String},
			Description: "The policy of the group, as the only item of a list.",
			Constraints: []schema.Constraint{schema.OneOf("anti-affinity", "affinity", "soft-anti-affinity", "soft-affinity")},
		},
		"rules": {
			Kind: schema.Map, Description: "Rules of the policy.", Support: schema.Support{Version: "17.0.0"},
			Fields: schema.Properties{
				"max_server_per_host": {Kind: schema.Number, Description: "How many servers of the group a host takes, with the policy anti-affinity."},
			},
		},
	},
	New: func() resource.Resource { return serverGroup{} },
}

type serverGroup struct{}

var (
	_ resource.Finder   = serverGroup{}
	_ resource.Salvager = serverGroup{}
	_ resource.Checker  = serverGroup{}
	_ resource.Shower   = serverGroup{}
)

// serverGroups is the service at the version that the properties need.
func serverGroups(c *resource.Context) (resource.API, error) {
	if c.Properties.Has("rules") {
		return compute(c, "2.64")
	}
	return compute(c, "2.15")
}

func (serverGroup) name(c *resource.Context) string {
	if name := c.Properties.String("name"); name != "" {
		return name
	}
	return c.PhysicalName(0)
}

func (g serverGroup) Create(ctx context.Context, c *resource.Context) error {
	a, err := serverGroups(c)
	if err != nil {
		return err
	}
	policies := c.Properties.Strings("policies")
	body := map[string]any{"name": g.name(c), "policies": policies}
	if c.Properties.Has("rules") {
		delete(body, "policies")
		body["rules"] = c.Properties.Get("rules")
		if len(policies) > 0 {
			body["policy"] = policies[0]
		}
	}
	answer, err := a.Post(ctx, "os-server-groups", resource.Object("server_group", body))
	if err != nil {
		return err
	}
	c.PhysicalID = answer.Sub("server_group").String("id")
	return nil
}

// Find takes the only group of the name, unless it has servers: names need not be unique, and
// there is nothing else to know a group by.
func (g serverGroup) Find(ctx context.Context, c *resource.Context) (bool, error) {
	a, err := serverGroups(c)
	if err != nil {
		return false, err
	}
	answer, err := a.Get(ctx, "os-server-groups")
	if err != nil {
		return false, err
	}
	id, count := "", 0
	for _, group := range answer.Subs("server_groups") {
		if group.String("name") == g.name(c) {
			count++
			if len(group.List("members")) == 0 {
				id = group.String("id")
			}
		}
	}
	if count != 1 || id == "" {
		return false, nil
	}
	c.PhysicalID = id
	return true, nil
}

// Sound keeps a group that is there.
func (g serverGroup) Sound(ctx context.Context, c *resource.Context) (bool, error) {
	if c.PhysicalID == "" {
		return false, nil
	}
	_, err := g.Show(ctx, c)
	if cloud.NotFound(err) {
		return false, nil
	}
	return err == nil, err
}

func (g serverGroup) Check(ctx context.Context, c *resource.Context) error {
	_, err := g.Show(ctx, c)
	return err
}

func (serverGroup) Show(ctx context.Context, c *resource.Context) (any, error) {
	a, err := serverGroups(c)
	if err != nil {
		return nil, err
	}
	answer, err := a.Get(ctx, "os-server-groups/"+c.PhysicalID)
	if err != nil {
		return nil, err
	}
	return answer.Get("server_group"), nil
}

func (serverGroup) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	a, err := serverGroups(c)
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	return a.Remove(ctx, "os-server-groups/"+c.PhysicalID)
}
