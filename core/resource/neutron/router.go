package neutron

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

var router = resource.Type{
	Name:        "OS::Neutron::Router",
	Description: "A router: it passes traffic between subnets and, through its gateway, to an external network.",
	Service:     "network",
	Properties: schema.Properties{
		"name": nameOf("router"),
		"external_gateway_info": {Kind: schema.Map, UpdateAllowed: true, Description: "The way out: the gateway to an external network.",
			Fields: schema.Properties{
				"network": {Kind: schema.String, Required: true, UpdateAllowed: true, Description: "Name or ID of the external network."},
				"enable_snat": {Kind: schema.Boolean, UpdateAllowed: true,
					Description: "Whether addresses inside are translated on the way out. By default only administrators may set it."},
				"external_fixed_ips": {Kind: schema.List, UpdateAllowed: true, Support: since("6.0.0"), Description: "Addresses of the gateway.",
					Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
						"ip_address": {Kind: schema.String, Constraints: custom("ip_addr"), Description: "Address on the external network."},
						"subnet":     {Kind: schema.String, Constraints: custom("neutron.subnet"), Description: "Name or ID of the subnet of the address."},
					}}},
			}},
		"value_specs":    valueSpecs(true),
		"admin_state_up": adminStateUp("router"),
		"l3_agent_id": {Kind: schema.String, UpdateAllowed: true, Description: "Former way to name one L3 agent.",
			Support: schema.Support{Status: "HIDDEN", Version: "6.0.0", Previous: &schema.Support{
				Status: "DEPRECATED", Version: "2015.1", Message: "Use property l3_agent_ids.", Previous: &schema.Support{Version: "2014.1"}}}},
		"l3_agent_ids": {Kind: schema.List, UpdateAllowed: true, Support: since("2015.1"), Item: &schema.Property{Kind: schema.String},
			Description: "IDs of the L3 agents that run the router; more than one for a highly available router. By default only administrators may set them."},
		"distributed": {Kind: schema.Boolean, Support: since("2015.1"),
			Description: "Whether the router is distributed; it takes no L3 agents then. By default only administrators may set it."},
		"ha": {Kind: schema.Boolean, Support: since("2015.1"),
			Description: "Whether the router is highly available; it is not distributed then. By default only administrators may set it."},
		"availability_zone_hints": zoneHints("router", true),
		"tags":                    tags("router", "9.0.0"),
		"tenant_id": {Kind: schema.String, Support: since("24.0.0"),
			Description: "Project that is to own the router. Only administrators may give one that is not theirs."},
	},
	Attributes: schema.Attributes{
		"status":                text("Status of the router."),
		"external_gateway_info": {Kind: schema.Map, Description: "Gateway of the router to an external network."},
		"name":                  text("Name of the router."),
		"admin_state_up":        text("Whether the router is administratively up."),
		"tenant_id":             text("Project that owns the router."),
	},
	New: func() resource.Resource { return newRouter() },
}

// Router behaves as class Router of heat/engine/resources/openstack/neutron/router.py.
type Router struct{ object }

var (
	_ resource.Finder       = (*Router)(nil)
	_ resource.Salvager     = (*Router)(nil)
	_ resource.Observer     = (*Router)(nil)
	_ resource.CreateWaiter = (*Router)(nil)
	_ resource.Updater      = (*Router)(nil)
	_ resource.DeleteWaiter = (*Router)(nil)
	_ resource.Attributer   = (*Router)(nil)
	_ resource.Shower       = (*Router)(nil)
	_ resource.Validator    = (*Router)(nil)
	_ resource.Depender     = (*Router)(nil)
)

func newRouter() *Router {
	return &Router{object{noun: routers, status: true, tags: true, fields: []field{
		{property: "name"},
		{property: "external_gateway_info", value: gatewayInfo},
		{property: "admin_state_up", cleared: true},
		{property: "distributed", fixed: true},
		{property: "ha", fixed: true},
		{property: "availability_zone_hints", cleared: []any{}},
		{property: "tenant_id", fixed: true},
	}}}
}

// gatewayInfo is the gateway as Neutron wants it, with ids.
func gatewayInfo(ctx context.Context, c *resource.Context, value any) (any, error) {
	m, _ := value.(*yaml.Map)
	given := resource.NewValues(m)
	network, err := c.Cloud.FindNetwork(ctx, given.String("network"))
	if err != nil {
		return nil, err
	}
	info := map[string]any{"network_id": network}
	if given.Has("enable_snat") {
		info["enable_snat"] = given.Bool("enable_snat")
	}
	if given.Has("external_fixed_ips") {
		if info["external_fixed_ips"], err = fixedIPs(ctx, c, given.List("external_fixed_ips")); err != nil {
			return nil, err
		}
	}
	return info, nil
}

// agentIDs are the wanted L3 agents, however they are given.
func agentIDs(p resource.Values) []string {
	if ids := p.Strings("l3_agent_ids"); len(ids) > 0 {
		return ids
	}
	if id := p.String("l3_agent_id"); id != "" {
		return []string{id}
	}
	return nil
}

// Validate checks which sorts of router go together with which agents.
func (r *Router) Validate(_ context.Context, c *resource.Context) error {
	p := c.Properties
	one, several := given(p, "l3_agent_id"), len(p.List("l3_agent_ids")) > 0
	switch {
	case one && several:
		return propertyConflict("l3_agent_id", "l3_agent_ids")
	case p.Bool("distributed") && (one || several):
		return propertyConflict("distributed", "l3_agent_id/l3_agent_ids")
	case p.Bool("distributed") && p.Bool("ha"):
		return propertyConflict("distributed", "ha")
	case !p.Has("ha") || p.Get("ha") == false:
		if len(p.List("l3_agent_ids")) > 1 {
			return core.StackValidationFailed("Non HA routers can only have one L3 agent.")
		}
	}
	return nil
}

// Dependencies names the subnets of the external network: the gateway takes an address of one.
func (r *Router) Dependencies(self resource.Sibling, all []resource.Sibling) []string {
	return subnetsOn(self.Properties.Sub("external_gateway_info").Get("network"), all)
}

func (r *Router) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	p, err := r.object.CreateComplete(ctx, c)
	if wanted := agentIDs(c.Properties); err == nil && p.Done && len(wanted) > 0 {
		err = l3Agents.assign(ctx, c, wanted)
	}
	return p, err
}

func (r *Router) Update(ctx context.Context, c *resource.Context, changed []string) error {
	if slices.Contains(changed, "l3_agent_ids") || slices.Contains(changed, "l3_agent_id") {
		if err := l3Agents.assign(ctx, c, agentIDs(c.Properties)); err != nil {
			return err
		}
	}
	return r.object.Update(ctx, c, changed)
}
