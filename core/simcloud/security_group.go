package simcloud

import (
	"slices"
)

// securityGroups follows neutron/db/securitygroups_db.py.
var securityGroups = &networkNoun{
	one: "security_group", many: "security_groups", kind: "security_group", class: "SecurityGroup", quota: "security_group",
	attrs: []attribute{
		{"name", words, both, ""},
		{"description", words, both, ""},
		{"stateful", flag, both, true},
	},
	create: func(c *call, project string, in object) (*record, error) {
		if in.str("name") == "default" {
			return nil, conflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists.")
		}
		ensureDefaultGroup(c, project)
		return newGroup(c, project, in), nil
	},
	update: func(c *call, r *record, in object) (*record, error) {
		if r.str("name") == "default" && in.has("name") && in.str("name") != "default" {
			return nil, conflict("SecurityGroupCannotUpdateDefault", "Updating default security group not allowed.")
		}
		return c.touch("security_group", r, in), nil
	},
	remove: removeGroup,
	view: func(c *call, r *record, o object) {
		rules := []object{}
		for _, rule := range c.having("security_group_rule", "security_group_id", r.id) {
			v := rule.visible()
			v["project_id"], v["tenant_id"] = rule.project, rule.project
			rules = append(rules, v)
		}
		o["security_group_rules"] = rules
		o["shared"] = false
	},
}

// newGroup stores a group that lets everything out, as every group starts.
func newGroup(c *call, project string, o object) *record {
	g := c.fresh("security_group", project, o)
	for _, version := range []string{"IPv4", "IPv6"} {
		newRule(c, project, object{"security_group_id": g.id, "direction": "egress", "ethertype": version})
	}
	return g
}

// ensureDefaultGroup returns the project's default group, whose members reach
// each other; it is made when it is first needed.
func ensureDefaultGroup(c *call, project string) *record {
	for _, g := range c.having("security_group", "project", project) {
		if g.str("name") == "default" {
			return g
		}
	}
	g := newGroup(c, project, object{"name": "default", "description": "Default security group", "stateful": true})
	for _, version := range []string{"IPv4", "IPv6"} {
		newRule(c, project, object{"security_group_id": g.id, "direction": "ingress", "ethertype": version, "remote_group_id": g.id})
	}
	return g
}

func removeGroup(c *call, r *record) error {
	if r.str("name") == "default" && !c.by.admin {
		return conflict("SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group.")
	}
	if c.count("port", "security_group", r.id) > 0 {
		return conflict("SecurityGroupInUse", "Security Group %s in use.", r.id)
	}
	for _, rule := range slices.Concat(c.having("security_group_rule", "security_group_id", r.id), c.having("security_group_rule", "remote_group_id", r.id)) {
		c.drop("security_group_rule", rule.id)
	}
	c.drop("security_group", r.id)
	return nil
}

// listGroups makes the caller's default group before it lists.
func listGroups(c *call) (*reply, error) {
	if c.by.project != "" {
		ensureDefaultGroup(c, c.by.project)
	}
	return securityGroups.list(c)
}
