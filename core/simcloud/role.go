package simcloud

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

var roles = &identityNoun{
	one: "role", many: "roles", kind: "role", required: []string{"name"},
	defaults: object{"domain_id": nil, "description": nil, "options": object{}},
	removing: func(c *call, r *record) error {
		for _, a := range c.having("assignment", "role_id", r.id) {
			c.drop("assignment", a.id)
		}
		return nil
	},
}

// grant gives an actor ("user" or "group") a role on a scope ("project" or
// "domain").
func grant(t *tx, actorKind, actorID, scopeKind, scopeID, roleID string) {
	id := strings.Join([]string{actorKind, actorID, scopeKind, scopeID, roleID}, " ")
	if t.get("assignment", id) == nil {
		t.put("assignment", &record{id: id, object: object{
			"actor_kind": actorKind, "actor_id": actorID, "scope_kind": scopeKind, "scope_id": scopeID, "role_id": roleID,
		}})
	}
}

// roleIDs are the roles a user has on a scope, itself or by its groups.
func roleIDs(t *tx, userID, scopeKind, scopeID string) []string {
	found := map[string]bool{}
	collect := func(actor string) {
		for _, a := range t.s.kinds["assignment"].indexes["actor"].at[actor] {
			if a.str("scope_kind") == scopeKind && a.str("scope_id") == scopeID {
				found[a.str("role_id")] = true
			}
		}
	}
	collect("user " + userID)
	for _, m := range t.s.kinds["membership"].indexes["user_id"].at[userID] {
		collect("group " + m.str("group_id"))
	}
	return slices.Sorted(maps.Keys(found))
}

func dropAssignments(c *call, index, key string) {
	for _, a := range c.having("assignment", index, key) {
		c.drop("assignment", a.id)
	}
}

// grantOf reads and checks the path of a grant.
func grantOf(c *call) (scopeKind, actorKind string, err error) {
	scopeKind, actorKind = strings.TrimSuffix(c.param("scope"), "s"), strings.TrimSuffix(c.param("actors"), "s")
	for kind, id := range map[string]string{scopeKind: c.param("target"), actorKind: c.param("actor")} {
		if c.get(kind, id) == nil {
			return "", "", notFound("Could not find %s: %s.", kind, id)
		}
	}
	if id := c.param("role"); id != "" && c.get("role", id) == nil {
		return "", "", notFound("Could not find role: %s.", id)
	}
	return scopeKind, actorKind, nil
}

func grantID(c *call, scopeKind, actorKind string) string {
	return strings.Join([]string{actorKind, c.param("actor"), scopeKind, c.param("target"), c.param("role")}, " ")
}

func listGrants(c *call) (*reply, error) {
	scopeKind, actorKind, err := grantOf(c)
	if err != nil {
		return nil, err
	}
	var out []*record
	for _, a := range c.having("assignment", "actor", actorKind+" "+c.param("actor")) {
		if a.str("scope_kind") == scopeKind && a.str("scope_id") == c.param("target") {
			out = append(out, c.get("role", a.str("role_id")))
		}
	}
	return roles.answer(c, out)
}

func addGrant(c *call) (*reply, error) {
	scopeKind, actorKind, err := grantOf(c)
	if err != nil {
		return nil, err
	}
	grant(c.tx, actorKind, c.param("actor"), scopeKind, c.param("target"), c.param("role"))
	return noContent()
}

func checkGrant(c *call) (*reply, error) {
	scopeKind, actorKind, err := grantOf(c)
	if err != nil {
		return nil, err
	}
	if c.get("assignment", grantID(c, scopeKind, actorKind)) == nil {
		return nil, notFound("Could not find role assignment with role: %s, user or group: %s, project, domain, or system: %s.", c.param("role"), c.param("actor"), c.param("target"))
	}
	return &reply{status: http.StatusNoContent}, nil
}

func removeGrant(c *call) (*reply, error) {
	scopeKind, actorKind, err := grantOf(c)
	if err != nil {
		return nil, err
	}
	if _, err := checkGrant(c); err != nil {
		return nil, err
	}
	c.drop("assignment", grantID(c, scopeKind, actorKind))
	return noContent()
}
