package neutron

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
)

var providerNet = resource.Type{
	Name:        "OS::Neutron::ProviderNet",
	Description: "A network on a given piece of the physical one. By default only administrators may make it.",
	Service:     "network",
	Support:     since("2014.1"),
	Properties: schema.Properties{
		"name": nameOf("network"),
		"network_type": {Kind: schema.String, Required: true, UpdateAllowed: true,
			Constraints: oneOf("local", "vlan", "vxlan", "gre", "geneve", "flat"), Description: "How the network is made real."},
		"physical_network": {Kind: schema.String, UpdateAllowed: true, Description: "Name of the physical network underneath."},
		"segmentation_id":  {Kind: schema.String, UpdateAllowed: true, Description: "Number of the segment: the VLAN, the tunnel."},
		"admin_state_up":   adminStateUp("network"),
		"shared":           {Kind: schema.Boolean, Default: true, UpdateAllowed: true, Description: "Whether all projects may use the network."},
		"port_security_enabled": {Kind: schema.Boolean, UpdateAllowed: true, Support: since("8.0.0"),
			Description: "Whether ports of this network filter traffic unless they say otherwise."},
		"router_external": {Kind: schema.Boolean, Default: false, UpdateAllowed: true, Support: since("6.0.0"),
			Description: "Whether routers may have their gateway on the network."},
		"tags": tags("network", "12.0.0"),
		"dns_domain": {Kind: schema.String, UpdateAllowed: true, Support: since("15.0.0"), Constraints: custom("dns_domain"),
			Description: "DNS domain of the network."},
		"availability_zone_hints": zoneHints("network", true),
		"tenant_id": {Kind: schema.String, Support: since("24.0.0"),
			Description: "Project that is to own the network. Only administrators may give one that is not theirs."},
	},
	Attributes: schema.Attributes{
		"status":   text("Status of the network."),
		"subnets":  list("IDs of the subnets of the network."),
		"segments": attribute(schema.List, "16.0.0", "Segments of the network."),
	},
	New: func() resource.Resource { return newProviderNet() },
}

// ProviderNet behaves as heat/engine/resources/openstack/neutron/provider_net.py.
type ProviderNet struct{ object }

var (
	_ resource.Finder       = (*ProviderNet)(nil)
	_ resource.Salvager     = (*ProviderNet)(nil)
	_ resource.Observer     = (*ProviderNet)(nil)
	_ resource.CreateWaiter = (*ProviderNet)(nil)
	_ resource.Updater      = (*ProviderNet)(nil)
	_ resource.UpdateWaiter = (*ProviderNet)(nil)
	_ resource.DeleteWaiter = (*ProviderNet)(nil)
	_ resource.Attributer   = (*ProviderNet)(nil)
	_ resource.Shower       = (*ProviderNet)(nil)
	_ resource.Validator    = (*ProviderNet)(nil)
)

func newProviderNet() *ProviderNet {
	return &ProviderNet{object{noun: networks, status: true, tags: true, fields: []field{
		{property: "name"},
		{property: "network_type", key: "provider:network_type"},
		{property: "physical_network", key: "provider:physical_network"},
		{property: "segmentation_id", key: "provider:segmentation_id"},
		{property: "admin_state_up", cleared: true},
		{property: "shared", cleared: true},
		{property: "port_security_enabled", cleared: true},
		{property: "router_external", key: "router:external", cleared: false},
		{property: "dns_domain", cleared: ""},
		{property: "availability_zone_hints", cleared: []any{}},
		{property: "tenant_id", fixed: true},
	}}}
}

// Validate checks which network types have a segment and a physical network.
func (n *ProviderNet) Validate(_ context.Context, c *resource.Context) error {
	kind := c.Properties.String("network_type")
	if given(c.Properties, "segmentation_id") && slices.Contains([]string{"local", "flat"}, kind) {
		return core.StackValidationFailed("segmentation_id not allowed for network types: local, flat")
	}
	if given(c.Properties, "physical_network") && slices.Contains([]string{"vxlan", "gre", "geneve", "local"}, kind) {
		return core.StackValidationFailed("physical_network not allowed for network types: vxlan, gre, geneve, flat")
	}
	return nil
}

func (n *ProviderNet) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	if name == "segments" && c.PhysicalID != "" {
		return segmentsOf(ctx, c)
	}
	return n.object.Attribute(ctx, c, name)
}
