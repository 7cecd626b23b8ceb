package neutron

import (
	"context"
	"slices"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/agents"

	"hearth/core/cloud"
	"hearth/core/resource"
)

// scheduling is how agents of one sort are put in charge of an object, and taken off it.
type scheduling struct {
	hosting func(id string) string // path of the agents of the object
	add     func(ctx context.Context, client *gophercloud.ServiceClient, agent, id string) error
	remove  func(ctx context.Context, client *gophercloud.ServiceClient, agent, id string) error
}

var (
	dhcpAgents = scheduling{
		hosting: func(id string) string { return "networks/" + id + "/dhcp-agents" },
		add: func(ctx context.Context, client *gophercloud.ServiceClient, agent, id string) error {
			return agents.ScheduleDHCPNetwork(ctx, client, agent, agents.ScheduleDHCPNetworkOpts{NetworkID: id}).Err
		},
		remove: func(ctx context.Context, client *gophercloud.ServiceClient, agent, id string) error {
			return agents.RemoveDHCPNetwork(ctx, client, agent, id).Err
		},
	}
	l3Agents = scheduling{
		hosting: func(id string) string { return "routers/" + id + "/l3-agents" },
		add: func(ctx context.Context, client *gophercloud.ServiceClient, agent, id string) error {
			return agents.ScheduleL3Router(ctx, client, agent, agents.ScheduleL3RouterOpts{RouterID: id}).Err
		},
		remove: func(ctx context.Context, client *gophercloud.ServiceClient, agent, id string) error {
			return agents.RemoveL3Router(ctx, client, agent, id).Err
		},
	}
)

// assign makes wanted the agents of the object at hand. An agent that is there already,
// or is gone already, is as good as added or removed.
func (s scheduling) assign(ctx context.Context, c *resource.Context, wanted []string) error {
	now, err := noun{many: "agents"}.listOf(ctx, c, s.hosting(c.PhysicalID), nil)
	if err != nil {
		return err
	}
	var current []string
	for _, agent := range now {
		current = append(current, agent.String("id"))
	}
	return with(c, func(client *gophercloud.ServiceClient) error {
		for _, id := range current {
			if slices.Contains(wanted, id) {
				continue
			}
			if err := s.remove(ctx, client, id, c.PhysicalID); err != nil && !cloud.Conflict(err) && !cloud.NotFound(err) {
				return err
			}
		}
		for _, id := range wanted {
			if slices.Contains(current, id) {
				continue
			}
			if err := s.add(ctx, client, id, c.PhysicalID); err != nil && !cloud.Conflict(err) {
				return err
			}
		}
		return nil
	})
}
