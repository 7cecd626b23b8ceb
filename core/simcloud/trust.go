package simcloud

import (
	"slices"
	"time"
)

// Trusts follow keystone/api/trusts.py.

func trustView(c *call, r *record) object {
	o := r.visible()
	list := []object{}
	for _, id := range r.strs("_roles") {
		if role := c.get("role", id); role != nil {
			list = append(list, roles.render(c, role))
		}
	}
	self := c.cloud.base + "/v3/OS-TRUST/trusts/" + r.id
	o["roles"] = list
	o["roles_links"] = object{"self": self + "/roles", "next": nil, "previous": nil}
	o["links"] = object{"self": self}
	return o
}

func listTrusts(c *call) (*reply, error) {
	q := c.req.URL.Query()
	own := q.Get("trustor_user_id") == c.by.user.id || q.Get("trustee_user_id") == c.by.user.id
	if !own && !c.by.admin {
		return nil, forbidden("You are not authorized to perform the requested action: identity:list_trusts.")
	}
	out := []object{}
	for _, r := range c.all("trust") {
		v := trustView(c, r)
		delete(v, "roles")
		out = append(out, v)
	}
	return ok(object{"trusts": selectViews(out, q), "links": object{"self": c.cloud.base + c.req.URL.RequestURI(), "next": nil, "previous": nil}})
}

func createTrust(c *call) (*reply, error) {
	in, err := c.want("trust")
	if err != nil {
		return nil, err
	}
	if in.str("trustor_user_id") != c.by.user.id || c.by.trust != nil {
		return nil, forbidden("You are not authorized to perform the requested action: The authenticated user should match the trustor.")
	}
	if err := c.mayDelegate(); err != nil {
		return nil, err
	}
	if c.get("user", in.str("trustee_user_id")) == nil {
		return nil, notFound("Could not find user: %s.", in.str("trustee_user_id"))
	}
	impersonation, isFlag := in["impersonation"].(bool)
	if !isFlag {
		return nil, badRequest("Invalid input for field 'impersonation': is a required property")
	}
	project := in.str("project_id")
	if project != "" && c.get("project", project) == nil {
		return nil, notFound("Could not find project: %s.", project)
	}
	ids, err := delegated(c, in, project)
	if err != nil {
		return nil, err
	}
	var expires any
	if s := in.str("expires_at"); s != "" {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil || !t.After(c.now) {
			return nil, badRequest("Invalid timestamp for trust expiry: %s", s)
		}
		expires = t.UTC().Format(keystoneTime)
	}
	if uses, given := number(in["remaining_uses"]); given && uses < 1 {
		return nil, badRequest("remaining_uses must be a positive integer or null.")
	}
	r := c.add("trust", "", object{
		"id": hexID(), "trustor_user_id": in.str("trustor_user_id"), "trustee_user_id": in.str("trustee_user_id"), "project_id": null(project),
		"impersonation": impersonation, "expires_at": expires, "remaining_uses": in["remaining_uses"], "deleted_at": nil,
		"redelegation_count": in.int("redelegation_count"), "_roles": anyList(ids),
	})
	return created(object{"trust": trustView(c, r)})
}

// mayDelegate refuses what comes with a restricted application credential: it neither gives
// trusts nor takes them back.
func (c *call) mayDelegate() error {
	if id := c.by.token.str("application_credential_id"); id != "" && !c.get("application_credential", id).flag("unrestricted") {
		return forbidden("You are not authorized to perform the requested action: Using method 'application_credential' is not allowed for managing trusts.")
	}
	return nil
}

// delegated resolves the roles of a new trust, which the trustor must have, and its token
// when that has fewer.
func delegated(c *call, in object, project string) ([]string, error) {
	if project == "" {
		return nil, nil
	}
	have := roleIDs(c.tx, c.by.user.id, "project", project)
	if c.by.token.str("application_credential_id") != "" {
		have = nil
		for _, r := range c.by.roles {
			have = append(have, r.id)
		}
	}
	var ids []string
	for _, want := range in.objs("roles") {
		r := c.get("role", want.str("id"))
		if r == nil && want.str("name") != "" {
			r = c.first("role", "name", want.str("name"))
		}
		if r == nil || !slices.Contains(have, r.id) {
			return nil, forbidden("You are not authorized to perform the requested action: role %s%s is not assigned to the trustor.", want.str("id"), want.str("name"))
		}
		ids = append(ids, r.id)
	}
	if len(ids) == 0 {
		return nil, forbidden("You are not authorized to perform the requested action: At least one role should be specified.")
	}
	return ids, nil
}

func findTrust(c *call) (*record, error) {
	r := c.get("trust", c.param("id"))
	if r == nil {
		return nil, notFound("Could not find trust: %s.", c.param("id"))
	}
	if !c.by.admin && r.str("trustor_user_id") != c.by.user.id && r.str("trustee_user_id") != c.by.user.id {
		return nil, forbidden("You are not authorized to perform the requested action: identity:get_trust.")
	}
	return r, nil
}

func showTrust(c *call) (*reply, error) {
	r, err := findTrust(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"trust": trustView(c, r)})
}

func listTrustRoles(c *call) (*reply, error) {
	r, err := findTrust(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"roles": trustView(c, r)["roles"], "links": object{"self": c.cloud.base + c.req.URL.RequestURI(), "next": nil, "previous": nil}})
}

func deleteTrust(c *call) (*reply, error) {
	r, err := findTrust(c)
	if err != nil {
		return nil, err
	}
	if err := c.self(r.str("trustor_user_id")); err != nil {
		return nil, err
	}
	if err := c.mayDelegate(); err != nil {
		return nil, err
	}
	c.drop("trust", r.id)
	return noContent()
}
