package simcloud

var domains = &identityNoun{
	one: "domain", many: "domains", kind: "domain", required: []string{"name"},
	defaults: object{"description": "", "enabled": true, "tags": []any{}, "options": object{}},
	removing: func(c *call, r *record) error {
		if r.flag("enabled") {
			return forbidden("Cannot delete a domain that is enabled, please disable it first.")
		}
		for _, p := range c.having("project", "domain_id", r.id) {
			if err := projects.removing(c, p); err != nil {
				return err
			}
			c.drop("project", p.id)
		}
		for _, u := range c.having("user", "domain_id", r.id) {
			if err := users.removing(c, u); err != nil {
				return err
			}
			c.drop("user", u.id)
		}
		dropAssignments(c, "scope", "domain "+r.id)
		return nil
	},
}

func showDomain(c *call) (*reply, error) {
	if !c.by.admin && c.by.user.str("domain_id") != c.param("id") && c.by.domain != c.param("id") {
		return nil, forbidden("You are not authorized to perform the requested action: identity:get_domain.")
	}
	return domains.show(c)
}

func listOwnDomains(c *call) (*reply, error) {
	var out []*record
	for _, d := range c.all("domain") {
		if len(roleIDs(c.tx, c.by.user.id, "domain", d.id)) > 0 {
			out = append(out, d)
		}
	}
	return domains.answer(c, out)
}
