package simcloud

import (
	"slices"
	"time"
)

// Application credentials follow keystone/api/users.py.

func appCredView(c *call, r *record) object {
	o := r.visible()
	list := []object{}
	for _, id := range r.strs("_roles") {
		if role := c.get("role", id); role != nil {
			list = append(list, object{"id": role.id, "name": role.str("name"), "domain_id": role.object["domain_id"]})
		}
	}
	o["roles"] = list
	o["links"] = object{"self": c.cloud.base + "/v3/users/" + r.str("user_id") + "/application_credentials/" + r.id}
	return o
}

// findAppCred resolves {"id"} or {"name", "user"}; nil when there is none.
func (c *call) findAppCred(in object) *record {
	if id := in.str("id"); id != "" {
		return c.get("application_credential", id)
	}
	u := c.findUser(in.obj("user"))
	if u == nil {
		return nil
	}
	for _, r := range c.having("application_credential", "user_id", u.id) {
		if r.str("name") == in.str("name") {
			return r
		}
	}
	return nil
}

func listAppCreds(c *call) (*reply, error) {
	if err := c.self(c.param("user")); err != nil {
		return nil, err
	}
	out := []object{}
	for _, r := range c.having("application_credential", "user_id", c.param("user")) {
		out = append(out, appCredView(c, r))
	}
	return ok(object{"application_credentials": selectViews(out, c.req.URL.Query())})
}

func createAppCred(c *call) (*reply, error) {
	in, err := c.want("application_credential")
	if err != nil {
		return nil, err
	}
	if c.by.user.id != c.param("user") || c.by.project == "" || c.by.trust != nil {
		return nil, forbidden("You are not authorized to perform the requested action: identity:create_application_credential.")
	}
	if in.str("name") == "" {
		return nil, badRequest("Invalid input for field 'name': is a required property")
	}
	if c.findAppCred(object{"name": in.str("name"), "user": object{"id": c.by.user.id}}) != nil {
		return nil, conflict("Conflict", "Conflict occurred attempting to store application_credential - Duplicate entry found with name %s.", in.str("name"))
	}
	var ids []string
	for _, r := range c.by.roles {
		wanted := slices.ContainsFunc(in.objs("roles"), func(o object) bool { return o.str("id") == r.id || o.str("name") == r.str("name") })
		if len(in.objs("roles")) == 0 || wanted {
			ids = append(ids, r.id)
		}
	}
	if len(ids) == 0 {
		return nil, badRequest("Invalid application credential: Could not find any of the roles.")
	}
	expires, err := credentialExpiry(c, in.str("expires_at"))
	if err != nil {
		return nil, err
	}
	plain := in.str("secret")
	if plain == "" {
		plain = secret(32)
	}
	o := object{
		"id": hexID(), "name": in.str("name"), "description": in["description"], "user_id": c.by.user.id, "project_id": c.by.project,
		"expires_at": expires, "unrestricted": in.flag("unrestricted"), "_roles": anyList(ids),
	}
	if err := setPassword(o, plain); err != nil {
		return nil, err
	}
	v := appCredView(c, c.add("application_credential", c.by.project, o))
	v["secret"] = plain
	return created(object{"application_credential": v})
}

// credentialExpiry returns nil for credentials that live on.
func credentialExpiry(c *call, s string) (any, error) {
	if s == "" {
		return nil, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05.999999", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(form, s); err == nil && t.After(c.now) {
			return t.UTC().Format(keystoneTime), nil
		}
	}
	return nil, badRequest("Invalid input for field 'expires_at': %q is not a time to come.", s)
}

func ownAppCred(c *call) (*record, error) {
	if err := c.self(c.param("user")); err != nil {
		return nil, err
	}
	r := c.get("application_credential", c.param("id"))
	if r == nil || r.str("user_id") != c.param("user") {
		return nil, notFound("Could not find Application Credential: %s.", c.param("id"))
	}
	return r, nil
}

func showAppCred(c *call) (*reply, error) {
	r, err := ownAppCred(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"application_credential": appCredView(c, r)})
}

func deleteAppCred(c *call) (*reply, error) {
	r, err := ownAppCred(c)
	if err != nil {
		return nil, err
	}
	c.drop("application_credential", r.id)
	return noContent()
}
