package simcloud

var projects = &identityNoun{
	one: "project", many: "projects", kind: "project", required: []string{"name"}, inDomain: true,
	defaults: object{"description": "", "enabled": true, "is_domain": false, "tags": []any{}, "options": object{}},
	check: func(c *call, old *record, o object) error {
		if err := domainExists(c, o); err != nil {
			return err
		}
		if p := o.str("parent_id"); p == "" {
			o["parent_id"] = o.str("domain_id")
		} else if p != o.str("domain_id") && c.get("project", p) == nil {
			return notFound("Could not find project: %s.", p)
		}
		return nil
	},
	removing: func(c *call, r *record) error {
		dropAssignments(c, "scope", "project "+r.id)
		dropEC2Credentials(c, c.having("ec2_credential", "project", r.id))
		for _, t := range c.all("trust") {
			if t.str("project_id") == r.id {
				c.drop("trust", t.id)
			}
		}
		return nil
	},
}

func showProject(c *call) (*reply, error) {
	id := c.param("id")
	if !c.by.admin && id != c.by.project && len(roleIDs(c.tx, c.by.user.id, "project", id)) == 0 {
		return nil, forbidden("You are not authorized to perform the requested action: identity:get_project.")
	}
	return projects.show(c)
}

// projectsOf lists the enabled projects a user has a role on.
func projectsOf(t *tx, userID string) []*record {
	var out []*record
	for _, p := range t.all("project") {
		if p.flag("enabled") && len(roleIDs(t, userID, "project", p.id)) > 0 {
			out = append(out, p)
		}
	}
	return out
}

func listOwnProjects(c *call) (*reply, error) {
	return projects.answer(c, projectsOf(c.tx, c.by.user.id))
}

func listUserProjects(c *call) (*reply, error) {
	if err := c.self(c.param("id")); err != nil {
		return nil, err
	}
	if _, err := users.find(c, c.param("id")); err != nil {
		return nil, err
	}
	return projects.answer(c, projectsOf(c.tx, c.param("id")))
}
