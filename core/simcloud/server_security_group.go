package simcloud

// Nova's own view of security groups: those of a server, and the deprecated
// proxy /os-security-groups (before 2.36) by which clients resolve names.

func computeGroupView(c *call, g *record) object {
	rules := []object{}
	for _, r := range c.having("security_group_rule", "security_group_id", g.id) {
		if r.str("direction") != "ingress" {
			continue
		}
		from, to := computePorts(r)
		rule := object{
			"id": r.id, "parent_group_id": g.id, "ip_protocol": r.object["protocol"], "from_port": from, "to_port": to, "group": object{}, "ip_range": object{},
		}
		if id := r.str("remote_group_id"); id != "" {
			if remote := c.get("security_group", id); remote != nil {
				rule["group"] = object{"name": remote.str("name"), "tenant_id": remote.project}
			}
		} else if cidr := r.str("remote_ip_prefix"); cidr != "" {
			rule["ip_range"] = object{"cidr": cidr}
		} else {
			rule["ip_range"] = object{"cidr": "0.0.0.0/0"}
		}
		rules = append(rules, rule)
	}
	return object{"id": g.id, "name": g.str("name"), "description": g.str("description"), "tenant_id": g.project, "rules": rules}
}

// computePorts is the range of a rule in Nova's terms: without one, all ports of TCP and UDP,
// and -1 of other protocols that are named (nova/network/security_group_api.py).
func computePorts(rule *record) (from, to any) {
	from, to = rule.object["port_range_min"], rule.object["port_range_max"]
	if protocol := rule.str("protocol"); protocol != "" && from == nil && to == nil {
		if protocol == "tcp" || protocol == "udp" {
			return 1, 65535
		}
		return -1, -1
	}
	return from, to
}

func listServerSecurityGroups(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	out := []object{}
	for _, g := range groupsOf(c, r.id) {
		out = append(out, computeGroupView(c, g))
	}
	return ok(object{"security_groups": out})
}

func beforeProxyRemoval(c *call) error {
	if c.minor >= 36 {
		return notFound("The resource could not be found.")
	}
	return nil
}

func listComputeGroups(c *call) (*reply, error) {
	if err := beforeProxyRemoval(c); err != nil {
		return nil, err
	}
	ensureDefaultGroup(c, c.by.project)
	out := []object{}
	for _, g := range c.having("security_group", "project", c.by.project) {
		out = append(out, computeGroupView(c, g))
	}
	return ok(object{"security_groups": out})
}

func showComputeGroup(c *call) (*reply, error) {
	if err := beforeProxyRemoval(c); err != nil {
		return nil, err
	}
	g := c.get("security_group", c.param("id"))
	if g == nil || g.project != c.by.project && !c.by.admin {
		return nil, notFound("Security group %s not found for project %s.", c.param("id"), c.by.project)
	}
	return ok(object{"security_group": computeGroupView(c, g)})
}
