package simcloud

// listAssignments answers GET /v3/role_assignments with its filters user.id,
// group.id, role.id, scope.project.id, scope.domain.id, effective and
// include_names.
func listAssignments(c *call) (*reply, error) {
	q := c.req.URL.Query()
	named := q.Has("include_names") && q.Get("include_names") != "0" && q.Get("include_names") != "false"
	effective := q.Has("effective") && q.Get("effective") != "0" && q.Get("effective") != "false"
	wanted := func(filter, have string) bool { return !q.Has(filter) || q.Get(filter) == have }
	out := []object{}
	emit := func(a *record, actorKind, actorID string) {
		scope, scopeID := a.str("scope_kind"), a.str("scope_id")
		user, group, project, domain := "", "", "", ""
		if actorKind == "user" {
			user = actorID
		} else {
			group = actorID
		}
		if scope == "project" {
			project = scopeID
		} else {
			domain = scopeID
		}
		if !wanted("user.id", user) || !wanted("group.id", group) || !wanted("role.id", a.str("role_id")) ||
			!wanted("scope.project.id", project) || !wanted("scope.domain.id", domain) {
			return
		}
		out = append(out, object{
			"role":    c.reference("role", a.str("role_id"), named),
			actorKind: c.reference(actorKind, actorID, named),
			"scope":   object{scope: c.reference(scope, scopeID, named)},
			"links":   object{"assignment": c.cloud.base + "/v3/" + scope + "s/" + scopeID + "/" + actorKind + "s/" + actorID + "/roles/" + a.str("role_id")},
		})
	}
	for _, a := range c.all("assignment") {
		if a.str("actor_kind") == "group" && effective {
			for _, m := range c.having("membership", "group_id", a.str("actor_id")) {
				emit(a, "user", m.str("user_id"))
			}
			continue
		}
		emit(a, a.str("actor_kind"), a.str("actor_id"))
	}
	return ok(object{"role_assignments": out, "links": object{"self": c.cloud.base + c.req.URL.RequestURI(), "next": nil, "previous": nil}})
}

// reference is {"id"}, or with names {"id", "name", "domain"}.
func (c *call) reference(kind, id string, named bool) object {
	o := object{"id": id}
	r := c.get(kind, id)
	if !named || r == nil {
		return o
	}
	o["name"] = r.str("name")
	if d := c.get("domain", r.str("domain_id")); d != nil {
		o["domain"] = object{"id": d.id, "name": d.str("name")}
	}
	return o
}
