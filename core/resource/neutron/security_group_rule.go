package neutron

import (
	"context"
	"net/url"
	"slices"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

var securityGroupRule = resource.Type{
	Name:        "OS::Neutron::SecurityGroupRule",
	Description: "One rule of a security group that is made elsewhere.",
	Service:     "network",
	Support:     since("7.0.0"),
	Properties: schema.Properties{
		"security_group": {Kind: schema.String, Required: true, Constraints: custom("neutron.security_group"),
			Description: "Name or ID of the security group that gets the rule."},
		"description":    {Kind: schema.String, Description: "What the rule is for."},
		"direction":      ruleDirection,
		"ethertype":      ruleEthertype,
		"port_range_min": rulePortMin,
		"port_range_max": rulePortMax,
		"protocol": {Kind: schema.String, Default: "tcp", Constraints: ruleProtocols,
			Description: "Protocol that the rule is for, by name or number (0 to 255)."},
		"remote_group": {Kind: schema.String, Constraints: custom("neutron.security_group"),
			Description: "Name or ID of the security group of the other side."},
		"remote_ip_prefix": {Kind: schema.String, Constraints: custom("net_cidr"), Description: "Addresses of the other side."},
	},
	New: func() resource.Resource { return newSecurityGroupRule() },
}

// SecurityGroupRule behaves as heat/engine/resources/openstack/neutron/security_group_rule.py.
type SecurityGroupRule struct{ object }

var (
	_ resource.Finder       = (*SecurityGroupRule)(nil)
	_ resource.Salvager     = (*SecurityGroupRule)(nil)
	_ resource.Observer     = (*SecurityGroupRule)(nil)
	_ resource.DeleteWaiter = (*SecurityGroupRule)(nil)
	_ resource.Shower       = (*SecurityGroupRule)(nil)
	_ resource.Validator    = (*SecurityGroupRule)(nil)
)

func newSecurityGroupRule() *SecurityGroupRule {
	return &SecurityGroupRule{object{noun: securityRules, fields: []field{
		{property: "security_group", fixed: true, key: "security_group_id", value: idOf((*cloud.Client).FindSecurityGroup)},
		{property: "description", fixed: true},
		{property: "direction", fixed: true},
		{property: "ethertype", fixed: true},
		{property: "port_range_min", fixed: true},
		{property: "port_range_max", fixed: true},
		{property: "protocol", fixed: true},
		{property: "remote_group", fixed: true, key: "remote_group_id", value: idOf((*cloud.Client).FindSecurityGroup)},
		{property: "remote_ip_prefix", fixed: true},
	}}}
}

// Validate checks that there is one other side and that the ports are in order.
func (r *SecurityGroupRule) Validate(_ context.Context, c *resource.Context) error {
	p := c.Properties
	if p.Has("remote_group") && p.Has("remote_ip_prefix") {
		return propertyConflict("remote_group", "remote_ip_prefix")
	}
	_, low := p.Get("port_range_min").(int64)
	_, high := p.Get("port_range_max").(int64)
	if low && high && p.Int("port_range_max") < p.Int("port_range_min") &&
		!slices.Contains([]string{"icmp", "icmpv6", "ipv6-icmp"}, p.String("protocol")) {
		return core.StackValidationFailed("The minimum port number must be less than or equal to the maximum port number.")
	}
	return nil
}

// Find looks in the group for the rule of this key: there can be only one.
func (r *SecurityGroupRule) Find(ctx context.Context, c *resource.Context) (bool, error) {
	wanted, err := createBody(ctx, c, r.fields)
	if cloud.NotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	group, _ := wanted["security_group_id"].(string)
	found, err := r.candidates(ctx, c, url.Values{"security_group_id": {group}})
	if err != nil {
		return false, err
	}
	for _, rule := range found {
		if ruleKeyOf(rule.Get) == ruleBody(wanted).key() {
			c.PhysicalID = rule.String("id")
			return true, nil
		}
	}
	return false, nil
}
