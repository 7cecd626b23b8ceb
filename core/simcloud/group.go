package simcloud

var groups = &identityNoun{
	one: "group", many: "groups", kind: "group", required: []string{"name"}, inDomain: true,
	defaults: object{"description": ""},
	check:    func(c *call, old *record, o object) error { return domainExists(c, o) },
	removing: func(c *call, r *record) error {
		dropAssignments(c, "actor", "group "+r.id)
		for _, m := range c.having("membership", "group_id", r.id) {
			c.drop("membership", m.id)
		}
		return nil
	},
}

func listUserGroups(c *call) (*reply, error) {
	if err := c.self(c.param("id")); err != nil {
		return nil, err
	}
	var out []*record
	for _, m := range c.having("membership", "user_id", c.param("id")) {
		out = append(out, c.get("group", m.str("group_id")))
	}
	return groups.answer(c, out)
}

func listGroupUsers(c *call) (*reply, error) {
	if _, err := groups.find(c, c.param("id")); err != nil {
		return nil, err
	}
	var out []*record
	for _, m := range c.having("membership", "group_id", c.param("id")) {
		out = append(out, c.get("user", m.str("user_id")))
	}
	return users.answer(c, out)
}

func membershipID(c *call) string { return c.param("id") + " " + c.param("user") }

func addGroupUser(c *call) (*reply, error) {
	if _, err := groups.find(c, c.param("id")); err != nil {
		return nil, err
	}
	if _, err := users.find(c, c.param("user")); err != nil {
		return nil, err
	}
	c.put("membership", &record{id: membershipID(c), object: object{"group_id": c.param("id"), "user_id": c.param("user")}})
	return noContent()
}

func checkGroupUser(c *call) (*reply, error) {
	if c.get("membership", membershipID(c)) == nil {
		return nil, notFound("User '%s' not found in group '%s'.", c.param("user"), c.param("id"))
	}
	return noContent()
}

func removeGroupUser(c *call) (*reply, error) {
	if _, err := checkGroupUser(c); err != nil {
		return nil, err
	}
	c.drop("membership", membershipID(c))
	return noContent()
}
