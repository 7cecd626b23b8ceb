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

var securityGroup = resource.Type{
	Name:        "OS::Neutron::SecurityGroup",
	Description: "A security group: the rules for what may come to and go from the ports that are in it.",
	Service:     "network",
	Support:     since("2014.1"),
	Properties: schema.Properties{
		"name":        nameOf("security group"),
		"description": {Kind: schema.String, UpdateAllowed: true, Description: "What the security group is for."},
		"rules": {Kind: schema.List, Default: []any{}, UpdateAllowed: true,
			Description: "Rules of the group. A group without egress rules lets everything out.",
			Item:        &schema.Property{Kind: schema.Map, Fields: groupRule}},
		"stateful": {Kind: schema.Boolean, UpdateAllowed: true, Support: since("27.0.0"),
			Description: "Whether answers to traffic that was let through pass as well."},
	},
	New: func() resource.Resource { return newSecurityGroup() },
}

var groupRule = schema.Properties{
	"direction":      ruleDirection,
	"ethertype":      ruleEthertype,
	"port_range_min": rulePortMin,
	"port_range_max": rulePortMax,
	"protocol": {Kind: schema.String, Constraints: ruleProtocols,
		Description: "Protocol that the rule is for, by name or number (0 to 255); without it, all."},
	"remote_mode": {Kind: schema.String, Default: "remote_ip_prefix", Constraints: oneOf("remote_ip_prefix", "remote_group_id"),
		Description: "Whether the other side is given by its addresses or by its security group."},
	"remote_group_id": {Kind: schema.String, Constraints: custom("neutron.security_group"),
		Description: "Security group of the other side, this very group without it; remote_mode must be remote_group_id."},
	"remote_ip_prefix": {Kind: schema.String, Constraints: custom("net_cidr"), Description: "Addresses of the other side."},
	"description":      {Kind: schema.String, Support: since("27.0.0"), Description: "What the rule is for."},
}

// SecurityGroup behaves as heat/engine/resources/openstack/neutron/security_group.py.
type SecurityGroup struct{ object }

var (
	_ resource.Finder       = (*SecurityGroup)(nil)
	_ resource.Salvager     = (*SecurityGroup)(nil)
	_ resource.Observer     = (*SecurityGroup)(nil)
	_ resource.CreateWaiter = (*SecurityGroup)(nil)
	_ resource.Updater      = (*SecurityGroup)(nil)
	_ resource.DeleteWaiter = (*SecurityGroup)(nil)
	_ resource.Shower       = (*SecurityGroup)(nil)
	_ resource.Validator    = (*SecurityGroup)(nil)
)

func newSecurityGroup() *SecurityGroup {
	return &SecurityGroup{object{noun: securityGroups, fields: []field{
		{property: "name"},
		{property: "description", cleared: ""},
		{property: "stateful", cleared: true},
	}}}
}

// Validate refuses the name that every project's own group has, and a stateless group
// where Neutron knows none.
func (g *SecurityGroup) Validate(ctx context.Context, c *resource.Context) error {
	if c.Properties.String("name") == "default" {
		return core.StackValidationFailed("Security groups cannot be assigned the name \"default\".")
	}
	if c.Properties.Get("stateful") != false || c.Cloud == nil {
		return nil
	}
	switch known, err := knowsStateful(ctx, c); {
	case err != nil:
		return err
	case !known:
		return core.StackValidationFailed("Neutron does not support stateless security groups; remove the \"stateful\" property or set it to true.")
	}
	return nil
}

func knowsStateful(ctx context.Context, c *resource.Context) (bool, error) {
	_, err := extensions.show(ctx, c, "stateful-security-group")
	if cloud.NotFound(err) {
		return false, nil
	}
	return err == nil, err
}

func (g *SecurityGroup) Create(ctx context.Context, c *resource.Context) error {
	body, err := createBody(ctx, c, g.fields)
	if err != nil {
		return err
	}
	if _, ok := body["stateful"]; ok {
		switch known, err := knowsStateful(ctx, c); {
		case err != nil:
			return err
		case !known:
			delete(body, "stateful")
		}
	}
	return g.create(ctx, c, body)
}

func (g *SecurityGroup) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if len(c.Properties.List("rules")) == 0 {
		return resource.Done, nil
	}
	return resource.Done, g.setRules(ctx, c)
}

func (g *SecurityGroup) Update(ctx context.Context, c *resource.Context, changed []string) error {
	if slices.Contains(changed, "stateful") {
		used, err := ports.list(ctx, c, url.Values{"security_groups": {c.PhysicalID}, "fields": {"id"}})
		if err != nil {
			return err
		}
		if len(used) > 0 {
			return core.NotSupported("Updating the \"stateful\" property while security group \"" + c.PhysicalID +
				"\" is attached to ports. Detach all ports from the security group and retry.")
		}
	}
	if err := g.object.Update(ctx, c, changed); err != nil {
		return err
	}
	if slices.Contains(changed, "rules") {
		return g.setRules(ctx, c)
	}
	return nil
}

// setRules makes the rules of the group what the template says, touching only those that
// differ. Without an egress rule in the template those that Neutron gives every new group
// belong to it: everything may go out.
func (g *SecurityGroup) setRules(ctx context.Context, c *resource.Context) error {
	wanted, err := g.wantedRules(ctx, c)
	if err != nil {
		return err
	}
	current, err := securityRules.list(ctx, c, url.Values{"security_group_id": {c.PhysicalID}})
	if err != nil {
		return err
	}
	for _, rule := range current {
		key := ruleKeyOf(rule.Get)
		if i := slices.IndexFunc(wanted, func(body ruleBody) bool { return body.key() == key }); i >= 0 {
			wanted = slices.Delete(wanted, i, i+1)
			continue
		}
		if err := securityRules.delete(ctx, c, rule.String("id")); err != nil && !cloud.NotFound(err) {
			return err
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	return securityRules.createAll(ctx, c, wanted)
}

// wantedRules are the rules that the group is to have, each once.
func (g *SecurityGroup) wantedRules(ctx context.Context, c *resource.Context) ([]ruleBody, error) {
	var wanted []ruleBody
	egress := false
	for _, rule := range c.Properties.Subs("rules") {
		body, err := newRuleBody(ctx, c, rule)
		if err != nil {
			return nil, err
		}
		egress = egress || body["direction"] == "egress"
		if !slices.ContainsFunc(wanted, func(other ruleBody) bool { return other.key() == body.key() }) {
			wanted = append(wanted, body)
		}
	}
	if !egress {
		for _, ethertype := range []string{"IPv4", "IPv6"} {
			wanted = append(wanted, ruleBody{"security_group_id": c.PhysicalID, "direction": "egress", "ethertype": ethertype})
		}
	}
	return wanted, nil
}
