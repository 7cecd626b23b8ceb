package neutron

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

var net = resource.Type{
	Name:        "OS::Neutron::Net",
	Description: "A network: an isolated layer 2 domain, private to its project unless it is shared.",
	Service:     "network",
	Properties: schema.Properties{
		"name":           nameOf("network"),
		"value_specs":    valueSpecs(true),
		"admin_state_up": adminStateUp("network"),
		"tenant_id":      tenantID("network"),
		"shared": {Kind: schema.Boolean, Default: false, UpdateAllowed: true,
			Description: "Whether all projects may use the network. By default only administrators may set it."},
		"dhcp_agent_ids": {Kind: schema.List, UpdateAllowed: true,
			Description: "IDs of the DHCP agents that serve the network. By default only administrators may set them."},
		"port_security_enabled": {Kind: schema.Boolean, UpdateAllowed: true, Support: since("5.0.0"),
			Description: "Whether ports of this network filter traffic unless they say otherwise."},
		"qos_policy": {Kind: schema.String, UpdateAllowed: true, Support: since("6.0.0"), Constraints: custom("neutron.qos_policy"),
			Description: "Name or ID of the QoS policy of the network."},
		"dns_domain": {Kind: schema.String, UpdateAllowed: true, Support: since("7.0.0"), Constraints: custom("dns_domain"),
			Description: "DNS domain of the network."},
		"availability_zone_hints": zoneHints("network", false),
		"tags":                    tags("network", "9.0.0"),
	},
	Attributes: schema.Attributes{
		"status":                text("Status of the network."),
		"name":                  text("Name of the network."),
		"subnets":               list("IDs of the subnets of the network."),
		"admin_state_up":        text("Whether the network is administratively up."),
		"tenant_id":             text("Project that owns the network."),
		"port_security_enabled": attribute(schema.Boolean, "5.0.0", "Whether ports of the network filter traffic by default."),
		"mtu":                   attribute(schema.Integer, "5.0.0", "Largest packet that the network carries, in bytes."),
		"qos_policy_id":         attribute(schema.String, "6.0.0", "ID of the QoS policy of the network."),
		"l2_adjacency":          attribute(schema.Boolean, "9.0.0", "Whether the whole network is one layer 2 domain."),
		"segments":              attribute(schema.List, "11.0.0", "Segments of the network."),
	},
	New: func() resource.Resource { return newNet() },
}

// Net behaves as heat/engine/resources/openstack/neutron/net.py.
type Net struct{ object }

var (
	_ resource.Finder       = (*Net)(nil)
	_ resource.Salvager     = (*Net)(nil)
	_ resource.Observer     = (*Net)(nil)
	_ resource.CreateWaiter = (*Net)(nil)
	_ resource.Updater      = (*Net)(nil)
	_ resource.UpdateWaiter = (*Net)(nil)
	_ resource.DeleteWaiter = (*Net)(nil)
	_ resource.Attributer   = (*Net)(nil)
	_ resource.Shower       = (*Net)(nil)
	_ resource.Validator    = (*Net)(nil)
)

func newNet() *Net {
	return &Net{object{noun: networks, status: true, tags: true, fields: []field{
		{property: "name"},
		{property: "admin_state_up", cleared: true},
		{property: "tenant_id", fixed: true},
		{property: "shared", cleared: false},
		{property: "port_security_enabled", cleared: true},
		{property: "qos_policy", key: "qos_policy_id", value: idOf((*cloud.Client).FindQoSPolicy)},
		{property: "dns_domain", cleared: ""},
		{property: "availability_zone_hints", fixed: true},
	}}}
}

// Validate keeps value_specs from saying what properties say.
func (n *Net) Validate(_ context.Context, c *resource.Context) error {
	for _, key := range c.Properties.Sub("value_specs").Map().Keys() {
		if _, ok := net.Properties[key]; ok {
			return core.StackValidationFailed("%s not allowed in value_specs", key)
		}
	}
	return nil
}

func (n *Net) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	p, err := n.object.CreateComplete(ctx, c)
	if err != nil || !p.Done || len(c.Properties.List("dhcp_agent_ids")) == 0 {
		return p, err
	}
	return p, dhcpAgents.assign(ctx, c, c.Properties.Strings("dhcp_agent_ids"))
}

func (n *Net) Update(ctx context.Context, c *resource.Context, changed []string) error {
	if slices.Contains(changed, "dhcp_agent_ids") {
		if err := dhcpAgents.assign(ctx, c, c.Properties.Strings("dhcp_agent_ids")); err != nil {
			return err
		}
	}
	return n.object.Update(ctx, c, changed)
}

func (n *Net) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	if name == "segments" && c.PhysicalID != "" {
		return segmentsOf(ctx, c)
	}
	return n.object.Attribute(ctx, c, name)
}

// segmentsOf lists the segments of a network, those without a name first.
func segmentsOf(ctx context.Context, c *resource.Context) (any, error) {
	found, err := segments.list(ctx, c, url.Values{"network_id": {c.PhysicalID}})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b resource.Values) int { return cmp.Compare(named(a), named(b)) })
	out := make([]any, len(found))
	for i, s := range found {
		out[i] = s.Map()
	}
	return out, nil
}

func named(o resource.Values) int {
	if o.Has("name") {
		return 1
	}
	return 0
}
