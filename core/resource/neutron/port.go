package neutron

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

var port = resource.Type{
	Name:        "OS::Neutron::Port",
	Description: "A port of a network: a MAC address, IP addresses and what may pass. Servers, routers and floating IPs are attached to it.",
	Service:     "network",
	Properties: schema.Properties{
		"name":       nameOf("port"),
		"network_id": replaced("network", "neutron.network", "2014.2", "5.0.0"),
		"network": {Kind: schema.String, Required: true, Support: since("2014.2"), Constraints: custom("neutron.network"),
			Description: "Name or ID of the network that the port is on; another network makes another port. A port for a floating IP should give fixed_ips with a subnet."},
		"device_id": {Kind: schema.String, Default: "", UpdateAllowed: true, Description: "ID of the device that uses the port."},
		"device_owner": {Kind: schema.String, Default: "", UpdateAllowed: true,
			Description: "What sort of device uses the port, such as network:router_interface."},
		"fixed_ips": {Kind: schema.List, UpdateAllowed: true, Description: "Addresses that the port is to have.",
			Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
				"subnet_id": replaced("subnet", "neutron.subnet", "2014.2", "5.0.0"),
				"subnet": {Kind: schema.String, Support: since("2014.2"), Constraints: custom("neutron.subnet"),
					Description: "Name or ID of the subnet to take the address from."},
				"ip_address": {Kind: schema.String, Constraints: custom("ip_addr"), Description: "The address; without it the subnet chooses one."},
			}}},
		"security_groups": {Kind: schema.List, UpdateAllowed: true,
			Description: "Names or IDs of the security groups of the port; an empty list is none, no list is the default group."},
		"replacement_policy": {Kind: schema.String, Default: "AUTO", UpdateAllowed: true, Constraints: oneOf("REPLACE_ALWAYS", "AUTO"),
			Description: "Whether any change makes another port (REPLACE_ALWAYS) or only one that the port cannot take (AUTO).",
			Support: schema.Support{Status: "HIDDEN", Version: "9.0.0", Previous: &schema.Support{
				Status: "DEPRECATED", Version: "6.0.0", Message: "Nova and Neutron handle ports well enough without it since Liberty.",
				Previous: &schema.Support{Version: "2014.2"}}}},
		"dns_name": {Kind: schema.String, UpdateAllowed: true, Support: since("7.0.0"), Constraints: custom("dns_name"),
			Description: "DNS name of the port."},
		"tags":           tags("port", "9.0.0"),
		"value_specs":    valueSpecs(true),
		"admin_state_up": adminStateUp("port"),
		"mac_address": {Kind: schema.String, Constraints: custom("mac_addr"),
			Description: "MAC address of the port. By default only administrators may change one."},
		"allowed_address_pairs": {Kind: schema.List, UpdateAllowed: true, Description: "Further addresses that may send through the port.",
			Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
				"mac_address": {Kind: schema.String, Constraints: custom("mac_addr"), Description: "MAC address to let through; without it the port's own."},
				"ip_address":  {Kind: schema.String, Required: true, Constraints: custom("ip_or_cidr"), Description: "IP address or network to let through."},
			}}},
		"binding:vnic_type": {Kind: schema.String, Default: "normal", UpdateAllowed: true, Support: since("2015.1"),
			Constraints: oneOf("normal", "direct", "macvtap", "direct-physical", "baremetal", "virtio-forwarder", "smart-nic"),
			Description: "How the port is made real: a virtual interface (normal), PCI passthrough (direct), macvtap and so on."},
		"port_security_enabled": {Kind: schema.Boolean, UpdateAllowed: true, Support: since("5.0.0"),
			Description: "Whether traffic of the port is filtered by security groups and address pairs."},
		"qos_policy": {Kind: schema.String, UpdateAllowed: true, Support: since("6.0.0"), Constraints: custom("neutron.qos_policy"),
			Description: "Name or ID of the QoS policy of the port."},
		"propagate_uplink_status": {Kind: schema.Boolean, UpdateAllowed: true, Support: since("15.0.0"),
			Description: "Whether the port shows the state of the physical link."},
		"no_fixed_ips": {Kind: schema.Boolean, Default: false, UpdateAllowed: true, Support: since("16.0.0"),
			Description: "Whether the port is to have no IP addresses at all."},
	},
	Attributes: schema.Attributes{
		"admin_state_up":          text("Whether the port is administratively up."),
		"device_id":               text("ID of the device that uses the port."),
		"device_owner":            text("What sort of device uses the port."),
		"fixed_ips":               list("Addresses of the port."),
		"mac_address":             text("MAC address of the port."),
		"name":                    text("Name of the port."),
		"network_id":              text("ID of the network that the port is on."),
		"security_groups":         list("IDs of the security groups of the port."),
		"status":                  text("Status of the port."),
		"tenant_id":               text("Project that owns the port."),
		"allowed_address_pairs":   list("Further addresses that may send through the port."),
		"subnets":                 list("Subnets that the port has addresses of, each with all that Neutron shows of it."),
		"port_security_enabled":   attribute(schema.Boolean, "5.0.0", "Whether traffic of the port is filtered."),
		"qos_policy_id":           attribute(schema.String, "6.0.0", "ID of the QoS policy of the port."),
		"dns_assignment":          attribute(schema.Map, "7.0.0", "DNS names that the addresses of the port have."),
		"network":                 attribute(schema.Map, "11.0.0", "The network that the port is on, with all that Neutron shows of it, as in {get_attr: [port, network, mtu]}."),
		"propagate_uplink_status": attribute(schema.Boolean, "15.0.0", "Whether the port shows the state of the physical link."),
	},
	New: func() resource.Resource { return newPort() },
}

// Port behaves as heat/engine/resources/openstack/neutron/port.py.
type Port struct{ object }

var (
	_ resource.Finder          = (*Port)(nil)
	_ resource.Salvager        = (*Port)(nil)
	_ resource.Observer        = (*Port)(nil)
	_ resource.ReplaceRestorer = (*Port)(nil)
	_ resource.CreateWaiter    = (*Port)(nil)
	_ resource.Updater         = (*Port)(nil)
	_ resource.UpdateWaiter    = (*Port)(nil)
	_ resource.Replacer        = (*Port)(nil)
	_ resource.ReplacePreparer = (*Port)(nil)
	_ resource.DeleteWaiter    = (*Port)(nil)
	_ resource.Attributer      = (*Port)(nil)
	_ resource.Shower          = (*Port)(nil)
	_ resource.Validator       = (*Port)(nil)
	_ resource.Depender        = (*Port)(nil)
)

func newPort() *Port {
	return &Port{object{noun: ports, status: true, tags: true, fields: []field{
		{property: "name"},
		{property: "network", fixed: true, key: "network_id", value: idOf((*cloud.Client).FindNetwork)},
		{property: "device_id", cleared: ""},
		{property: "device_owner", cleared: ""},
		{property: "security_groups", value: groupIDs},
		{property: "dns_name", cleared: ""},
		{property: "admin_state_up", cleared: true},
		{property: "mac_address", fixed: true},
		{property: "allowed_address_pairs", value: withoutNulls, cleared: []any{}},
		{property: "binding:vnic_type", cleared: "normal"},
		{property: "port_security_enabled", cleared: true},
		{property: "qos_policy", key: "qos_policy_id", value: idOf((*cloud.Client).FindQoSPolicy)},
		{property: "propagate_uplink_status", cleared: leave},
	}}}
}

// groupIDs are the ids of security groups given by name or id.
func groupIDs(ctx context.Context, c *resource.Context, value any) (any, error) {
	given, _ := value.([]any)
	ids := make([]any, 0, len(given))
	for _, v := range given {
		group, _ := v.(string)
		if uuid.Validate(group) != nil {
			var err error
			if group, err = c.Cloud.FindSecurityGroup(ctx, group); err != nil {
				return nil, err
			}
		}
		ids = append(ids, group)
	}
	return ids, nil
}

// Validate refuses addresses for a port that is to have none.
func (p *Port) Validate(_ context.Context, c *resource.Context) error {
	if c.Properties.Bool("no_fixed_ips") && len(c.Properties.List("fixed_ips")) > 0 {
		return propertyConflict("fixed_ips", "no_fixed_ips")
	}
	return nil
}

// Dependencies names every subnet of the port's network: which one the port takes its
// address from is Neutron's choice.
func (p *Port) Dependencies(self resource.Sibling, all []resource.Sibling) []string {
	return subnetsOn(either(self.Properties, "network", "network_id"), all)
}

func (p *Port) Create(ctx context.Context, c *resource.Context) error {
	body, err := createBody(ctx, c, p.fields)
	if err != nil {
		return err
	}
	if err := addAddresses(ctx, c, body); err != nil {
		return err
	}
	return p.create(ctx, c, body)
}

// addAddresses puts fixed_ips into the body. An empty list is no list, as it has been in
// Heat before no_fixed_ips was there: Neutron chooses at create and keeps at update.
func addAddresses(ctx context.Context, c *resource.Context, body map[string]any) error {
	if c.Properties.Bool("no_fixed_ips") {
		body["fixed_ips"] = []any{}
		return nil
	}
	given := c.Properties.List("fixed_ips")
	if len(given) == 0 {
		return nil
	}
	wanted, err := fixedIPs(ctx, c, given)
	body["fixed_ips"] = wanted
	return err
}

func (p *Port) Update(ctx context.Context, c *resource.Context, changed []string) error {
	body, err := updateBody(ctx, c, p.fields, changed)
	if err != nil {
		return err
	}
	if slices.Contains(changed, "fixed_ips") || slices.Contains(changed, "no_fixed_ips") {
		if err := addAddresses(ctx, c, body); err != nil {
			return err
		}
	}
	if slices.Contains(changed, "security_groups") && !c.Properties.Has("security_groups") {
		if body["security_groups"], err = groupIDs(ctx, c, []any{"default"}); err != nil {
			return err
		}
	}
	if _, ok := body["binding:profile"]; ok {
		if body["binding:profile"], err = p.bindingProfile(ctx, c); err != nil {
			return err
		}
	}
	return p.change(ctx, c, changed, body)
}

// bindingProfile is the new profile of the binding: what the template changed in it, over
// what Neutron and Nova have put there since (the PCI slot of an SR-IOV port).
func (p *Port) bindingProfile(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	now, err := p.noun.show(ctx, c, c.PhysicalID)
	if err != nil {
		return nil, err
	}
	merged := now.Sub("binding:profile").Map().Clone()
	old := c.Old.Sub("value_specs").Sub("binding:profile").Map()
	for key, value := range c.Properties.Sub("value_specs").Sub("binding:profile").Map().All() {
		if before, had := old.Get(key); had && yaml.Equal(before, value) {
			continue
		}
		if value == nil {
			merged.Delete(key)
		} else {
			merged.Set(key, value)
		}
	}
	return merged, nil
}

func (p *Port) NeedsReplace(c *resource.Context, _ []string) bool {
	return c.Properties.String("replacement_policy") == "REPLACE_ALWAYS"
}

// heldAddresses is the key of Context.Data under which a port that is being replaced
// remembers its addresses.
const heldAddresses = "port_fip"

// PrepareReplace frees the addresses of the port for its replacement.
func (p *Port) PrepareReplace(ctx context.Context, c *resource.Context) error {
	now, err := p.read(ctx, c)
	if err != nil || now.Map() == nil || len(now.List("fixed_ips")) == 0 {
		return err
	}
	held, err := json.Marshal(now.List("fixed_ips"))
	if err != nil {
		return err
	}
	c.Data[heldAddresses] = string(held)
	return p.noun.update(ctx, c, c.PhysicalID, map[string]any{"fixed_ips": []any{}})
}

// RestoreReplaced gives the port its addresses back.
func (p *Port) RestoreReplaced(ctx context.Context, c, by *resource.Context) (resource.Progress, error) {
	if by.PhysicalID != "" {
		if err := p.noun.update(ctx, by, by.PhysicalID, map[string]any{"fixed_ips": []any{}}); err != nil && !cloud.NotFound(err) {
			return resource.Progress{}, err
		}
	}
	held := c.Data[heldAddresses]
	if held == "" {
		return resource.Done, nil
	}
	err := p.noun.update(ctx, c, c.PhysicalID, map[string]any{"fixed_ips": json.RawMessage(held)})
	if err == nil {
		delete(c.Data, heldAddresses)
	}
	return resource.Done, err
}

func (p *Port) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	if name != "subnets" && name != "network" {
		return p.object.Attribute(ctx, c, name)
	}
	now, err := p.read(ctx, c)
	if err != nil || now.Map() == nil {
		return nil, err
	}
	if name == "network" {
		network, err := networks.show(ctx, c, now.String("network_id"))
		return network.Map(), err
	}
	details := []any{}
	for _, address := range now.Subs("fixed_ips") {
		subnet, err := subnets.show(ctx, c, address.String("subnet_id"))
		if err != nil {
			return nil, err
		}
		details = append(details, subnet.Map())
	}
	return details, nil
}
