package cloud

import (
	"context"
	"fmt"
	"time"

	"hearth/core/yaml"
)

// A constraint is one custom constraint: of a service (what must be found), or pure.
type constraint struct {
	name   string
	entity *entity
	// pure gives what is wrong with the value, "" for nothing; blank is a value that is
	// wrong with nothing to say.
	pure func(value any, now time.Time) string
}

// blank is the answer of a pure constraint for a value that is wrong without a reason.
const blank = " "

// constraints are the names that custom_constraint takes in templates and schemas
// (setup.cfg heat.constraints).
var constraints = []constraint{
	{name: "cron_expression", pure: cronExpression},
	{name: "dns_domain", pure: dnsDomain},
	{name: "dns_name", pure: dnsName},
	{name: "expiration", pure: expiration},
	{name: "ip_addr", pure: ipAddress},
	{name: "ip_or_cidr", pure: ipOrCIDR},
	{name: "iso_8601", pure: iso8601},
	{name: "json_string", pure: jsonString},
	{name: "mac_addr", pure: macAddress},
	{name: "net_cidr", pure: netCIDR},
	{name: "rel_dns_name", pure: relativeDNSName},
	{name: "test_constr", pure: anything},
	{name: "timezone", pure: timeZone},

	{name: "cinder.backup", entity: &backup},
	{name: "cinder.qos_specs", entity: &qosSpecs},
	{name: "cinder.snapshot", entity: &snapshot},
	{name: "cinder.volume", entity: &volume},
	{name: "cinder.vtype", entity: &volumeType},
	{name: "glance.image", entity: &image},
	{name: "keystone.domain", entity: &domain},
	{name: "keystone.group", entity: &group},
	{name: "keystone.project", entity: &project},
	{name: "keystone.region", entity: &region},
	{name: "keystone.role", entity: &role},
	{name: "keystone.service", entity: &catalogEntry},
	{name: "keystone.user", entity: &user},
	{name: "neutron.address_scope", entity: &addressScope},
	{name: "neutron.network", entity: &network},
	{name: "neutron.port", entity: &port},
	{name: "neutron.qos_policy", entity: &qosPolicy},
	{name: "neutron.router", entity: &router},
	{name: "neutron.security_group", entity: &securityGroup},
	{name: "neutron.segment", entity: &segment},
	{name: "neutron.subnet", entity: &subnet},
	{name: "neutron.subnetpool", entity: &subnetPool},
	{name: "nova.flavor", entity: &flavor},
	{name: "nova.keypair", entity: &keypair},
	{name: "nova.network", pure: anything},
	{name: "nova.server", entity: &server},
}

// CheckConstraint gives Heat's text for what is wrong with a value that must satisfy the
// custom constraint of that name, "" for nothing. A nil Client knows the pure ones and
// lets everything pass that only a cloud could tell.
func (c *Client) CheckConstraint(ctx context.Context, name string, value any) string {
	for _, k := range constraints {
		if k.name == name {
			return c.check(ctx, k, value)
		}
	}
	return fmt.Sprintf(`"%s" does not validate %s (constraint not found)`, yaml.Str(value), name)
}

func (c *Client) check(ctx context.Context, k constraint, value any) string {
	reason := ""
	switch {
	case k.pure != nil:
		now := time.Now()
		if c != nil {
			now = c.cloud.now()
		}
		reason = k.pure(value, now)
	case c == nil:
		return ""
	default:
		if _, err := c.find(ctx, *k.entity, yaml.Str(value)); err != nil {
			reason = err.Error()
		}
	}
	switch reason {
	case "":
		return ""
	case blank:
		return fmt.Sprintf("Error validating value '%s'", yaml.Str(value))
	}
	return fmt.Sprintf("Error validating value '%s': %s", yaml.Str(value), reason)
}
