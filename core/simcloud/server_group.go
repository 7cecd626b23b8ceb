package simcloud

// Server groups follow nova/api/openstack/compute/server_groups.py.

func serverGroupView(c *call, r *record) object {
	o := object{"id": r.id, "name": r.str("name"), "members": anyList(r.strs("members"))}
	if c.minor >= 13 {
		o["project_id"], o["user_id"] = r.project, r.str("user_id")
	}
	if c.minor >= 64 {
		o["policy"], o["rules"] = r.str("policy"), r.object["rules"]
	} else {
		o["policies"], o["metadata"] = []string{r.str("policy")}, object{}
	}
	return o
}

func findServerGroup(c *call) (*record, error) {
	if r := c.get("server_group", c.param("id")); r != nil && (c.by.admin || r.project == c.by.project) {
		return r, nil
	}
	return nil, notFound("Instance group %s could not be found.", c.param("id"))
}

func listServerGroups(c *call) (*reply, error) {
	records := c.having("server_group", "project", c.by.project)
	if c.by.admin && c.req.URL.Query().Has("all_projects") {
		records = c.all("server_group")
	}
	out := []object{}
	for _, r := range records {
		out = append(out, serverGroupView(c, r))
	}
	return ok(object{"server_groups": out})
}

func createServerGroup(c *call) (*reply, error) {
	in, err := c.want("server_group")
	if err != nil {
		return nil, err
	}
	policy := in.str("policy")
	if p := in.strs("policies"); c.minor < 64 && len(p) == 1 {
		policy = p[0]
	}
	switch policy {
	case "affinity", "anti-affinity":
	case "soft-affinity", "soft-anti-affinity":
		if c.minor < 15 {
			return nil, badRequest("Invalid input for field/attribute policies. '%s' needs microversion 2.15", policy)
		}
	default:
		return nil, badRequest("Invalid input for field/attribute policy. Value: %s. It is not one of ['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity']", policy)
	}
	if in.str("name") == "" {
		return nil, badRequest("Invalid input for field/attribute name. '' is too short")
	}
	rules := in["rules"]
	if rules == nil {
		rules = map[string]any{}
	} else if policy != "anti-affinity" && len(asObject(rules)) > 0 {
		return nil, badRequest("Only anti-affinity policy supports rules.")
	}
	r := c.add("server_group", c.by.project, object{
		"id": uuidString(), "name": in.str("name"), "policy": policy, "rules": rules, "members": []any{}, "user_id": c.by.user.id,
	})
	return ok(object{"server_group": serverGroupView(c, r)})
}

func showServerGroup(c *call) (*reply, error) {
	r, err := findServerGroup(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"server_group": serverGroupView(c, r)})
}

func deleteServerGroup(c *call) (*reply, error) {
	r, err := findServerGroup(c)
	if err != nil {
		return nil, err
	}
	c.drop("server_group", r.id)
	return noContent()
}
