package simcloud

import (
	"net/netip"
	"strconv"
	"strings"
)

// securityGroupRules follows neutron/db/securitygroups_db.py.
var securityGroupRules = &networkNoun{
	one: "security_group_rule", many: "security_group_rules", kind: "security_group_rule", class: "SecurityGroupRule", quota: "security_group_rule",
	attrs: []attribute{
		{"security_group_id", words, onPost | required, nil},
		{"direction", words, onPost | required, nil},
		{"ethertype", words, onPost, "IPv4"},
		{"protocol", anything, onPost, nil},
		{"port_range_min", whole, onPost, nil},
		{"port_range_max", whole, onPost, nil},
		{"remote_ip_prefix", words, onPost, nil},
		{"remote_group_id", words, onPost, nil},
		{"description", words, onPost, ""},
	},
	create: createRule,
	update: func(c *call, r *record, in object) (*record, error) {
		return nil, &apiError{405, "HTTPMethodNotAllowed", "The method is not allowed for this resource."}
	},
	remove: func(c *call, r *record) error {
		c.drop("security_group_rule", r.id)
		return nil
	},
}

func newRule(c *call, project string, o object) *record {
	o.orDefault(object{"protocol": nil, "port_range_min": nil, "port_range_max": nil, "remote_ip_prefix": nil, "remote_group_id": nil, "description": ""})
	return c.fresh("security_group_rule", project, o)
}

// protocols are the names Neutron takes beside numbers 0 to 255.
var protocols = map[string]int{
	"ah": 51, "dccp": 33, "egp": 8, "esp": 50, "gre": 47, "hopopt": 0, "icmp": 1, "icmpv6": 58, "ipv6-icmp": 58, "igmp": 2, "ipip": 4,
	"ipv6-encap": 41, "ipv6-frag": 44, "ipv6-nonxt": 59, "ipv6-opts": 60, "ipv6-route": 43, "ospf": 89, "pgm": 113, "rsvp": 46, "sctp": 132,
	"tcp": 6, "udp": 17, "udplite": 136, "vrrp": 112,
}

func createRule(c *call, project string, in object) (*record, error) {
	group, err := securityGroups.own(c, in.str("security_group_id"), "create")
	if err != nil {
		return nil, err
	}
	if d := in.str("direction"); d != "ingress" && d != "egress" {
		return nil, badRequest("Invalid input for direction. Reason: '%s' is not in ['ingress', 'egress'].", d)
	}
	switch strings.ToLower(in.str("ethertype")) {
	case "", "ipv4":
		in["ethertype"] = "IPv4"
	case "ipv6":
		in["ethertype"] = "IPv6"
	default:
		return nil, badRequest("Invalid input for ethertype. Reason: '%s' is not in ['IPv4', 'IPv6'].", in.str("ethertype"))
	}
	if err := checkProtocol(in); err != nil {
		return nil, err
	}
	if err := checkRemote(c, in); err != nil {
		return nil, err
	}
	for _, r := range c.having("security_group_rule", "security_group_id", group.id) {
		if sameRule(r.object, in) {
			return nil, conflict("SecurityGroupRuleExists", "Security group rule already exists. Rule id is %s.", r.id)
		}
	}
	return newRule(c, group.project, in), nil
}

func sameRule(a, b object) bool {
	for _, k := range []string{"direction", "ethertype", "protocol", "remote_ip_prefix", "remote_group_id"} {
		if text(a[k]) != text(b[k]) {
			return false
		}
	}
	return text(a["port_range_min"]) == text(b["port_range_min"]) && text(a["port_range_max"]) == text(b["port_range_max"])
}

func checkProtocol(in object) error {
	name := strings.ToLower(text(in["protocol"]))
	if n, isNumber := number(in["protocol"]); isNumber {
		name = strconv.Itoa(n)
	}
	if name == "any" {
		name = ""
	}
	in["protocol"] = null(name)
	low, hasLow := number(in["port_range_min"])
	high, hasHigh := number(in["port_range_max"])
	if name == "" {
		if hasLow || hasHigh {
			return &apiError{400, "SecurityGroupProtocolRequiredWithPorts", "Must also specify protocol if port range is given."}
		}
		return nil
	}
	n, known := protocols[name]
	if !known {
		var err error
		if n, err = strconv.Atoi(name); err != nil || n < 0 || n > 255 {
			return &apiError{400, "SecurityGroupRuleInvalidProtocol", "Security group rule protocol " + name + " not supported. Only protocol values and integer representations [0 to 255] are supported."}
		}
	}
	invalid := &apiError{400, "SecurityGroupInvalidPortRange", "For TCP/UDP protocols, port_range_min must be <= port_range_max"}
	switch n {
	case 1, 58:
		if hasHigh && !hasLow {
			return &apiError{400, "SecurityGroupMissingIcmpType", "ICMP code (port-range-max) is provided but ICMP type (port-range-min) is missing."}
		}
		if hasLow && (low < 0 || low > 255) || hasHigh && (high < 0 || high > 255) {
			return &apiError{400, "SecurityGroupInvalidIcmpValue", "Invalid value for ICMP type or code. It must be 0 to 255."}
		}
	case 6, 17, 33, 132, 136:
		if hasLow != hasHigh || hasLow && (low > high || low < 0 || high > 65535) {
			return invalid
		}
	default:
		if hasLow || hasHigh {
			return &apiError{400, "SecurityGroupInvalidProtocolForPort", "Ports cannot be specified for protocol " + name + "."}
		}
	}
	return nil
}

func checkRemote(c *call, in object) error {
	group, prefix := in.str("remote_group_id"), in.str("remote_ip_prefix")
	if group != "" && prefix != "" {
		return &apiError{400, "SecurityGroupRemoteGroupAndRemoteIpPrefix", "Only remote_ip_prefix or remote_group_id may be provided."}
	}
	if group != "" {
		_, err := securityGroups.find(c, group)
		return err
	}
	if prefix == "" {
		in["remote_ip_prefix"] = nil
		return nil
	}
	if a, err := netip.ParseAddr(prefix); err == nil {
		prefix = netip.PrefixFrom(a, a.BitLen()).String()
	}
	p, err := netip.ParsePrefix(prefix)
	if err != nil {
		return badRequest("Invalid input for remote_ip_prefix. Reason: '%s' is not a valid IP subnet.", prefix)
	}
	if p.Addr().Is4() != (in.str("ethertype") == "IPv4") {
		return &apiError{400, "SecurityGroupRuleParameterConflict", "Conflicting value ethertype " + in.str("ethertype") + " for CIDR " + prefix}
	}
	in["remote_ip_prefix"] = p.Masked().String()
	return nil
}
