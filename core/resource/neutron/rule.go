package neutron

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"hearth/core/resource"
	"hearth/core/schema"
)

// What rules of security groups have in common, inline ones and those of a type of
// their own.

var (
	ruleDirection = schema.Property{Kind: schema.String, Default: "ingress", Constraints: oneOf("ingress", "egress"),
		Description: "Whether the rule is for traffic to the port (ingress) or from it (egress)."}
	ruleEthertype = schema.Property{Kind: schema.String, Default: "IPv4", Constraints: oneOf("IPv4", "IPv6"),
		Description: "Version of the Internet Protocol that the rule is for."}
	rulePortMin = schema.Property{Kind: schema.Integer, Constraints: portNumber,
		Description: "First port that the rule is for; for ICMP, the type."}
	rulePortMax = schema.Property{Kind: schema.Integer, Constraints: portNumber,
		Description: "Last port that the rule is for; for ICMP, the code."}

	portNumber    = between(0, 65535)
	ruleProtocols = oneOf(protocols()...)
)

// protocols are the numbers and the names that Neutron takes.
func protocols() []any {
	var all []any
	for n := range 256 {
		all = append(all, n)
	}
	return append(all, "ah", "dccp", "egp", "esp", "gre", "icmp", "icmpv6", "igmp", "ipv6-encap", "ipv6-frag", "ipv6-icmp",
		"ipv6-nonxt", "ipv6-opts", "ipv6-route", "ospf", "pgm", "rsvp", "sctp", "tcp", "udp", "udplite", "vrrp")
}

// ruleBody is a rule as Neutron wants it.
type ruleBody map[string]any

// newRuleBody makes an inline rule one of the group at hand.
func newRuleBody(ctx context.Context, c *resource.Context, rule resource.Values) (ruleBody, error) {
	body := ruleBody{"security_group_id": c.PhysicalID}
	for _, key := range []string{"direction", "ethertype", "protocol", "port_range_min", "port_range_max", "description"} {
		if rule.Has(key) {
			body[key] = rule.Get(key)
		}
	}
	if rule.String("remote_mode") != "remote_group_id" {
		if rule.Has("remote_ip_prefix") {
			body["remote_ip_prefix"] = rule.Get("remote_ip_prefix")
		}
		return body, nil
	}
	body["remote_group_id"] = c.PhysicalID
	if group := rule.Get("remote_group_id"); group != nil && group != "" {
		ids, err := groupIDs(ctx, c, []any{group})
		if err != nil {
			return nil, err
		}
		body["remote_group_id"] = ids.([]any)[0]
	}
	return body, nil
}

// ruleKey is what makes a rule: Neutron takes no second one of the same key in a group.
type ruleKey struct{ direction, ethertype, protocol, low, high, group, prefix string }

// ruleKeyOf reads the key of a rule in the form in which Neutron keeps it.
func ruleKeyOf(get func(key string) any) ruleKey {
	text := func(name string) string {
		value := get(name)
		if value == nil {
			return ""
		}
		return fmt.Sprint(value)
	}
	key := ruleKey{
		direction: text("direction"), ethertype: text("ethertype"), protocol: strings.ToLower(text("protocol")),
		low: text("port_range_min"), high: text("port_range_max"), group: text("remote_group_id"), prefix: text("remote_ip_prefix"),
	}
	if prefix, err := netip.ParsePrefix(key.prefix); err == nil {
		key.prefix = prefix.Masked().String()
	} else if address, err := netip.ParseAddr(key.prefix); err == nil {
		key.prefix = netip.PrefixFrom(address, address.BitLen()).String()
	}
	if key.ethertype == "IPv6" && (key.protocol == "icmp" || key.protocol == "icmpv6") {
		key.protocol = "ipv6-icmp"
	}
	return key
}

func (b ruleBody) key() ruleKey { return ruleKeyOf(func(key string) any { return b[key] }) }
