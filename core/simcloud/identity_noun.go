package simcloud

import (
	"net/http"
	"slices"
)

// An identityNoun is one Keystone resource with the usual five operations; its
// hooks hold what is particular to it.
type identityNoun struct {
	one, many string
	kind      string
	required  []string
	defaults  object
	// inDomain makes names unique within a domain instead of everywhere;
	// unnamed kinds have no unique name at all.
	inDomain, unnamed bool
	// ownID lets the client choose the id.
	ownID bool
	// check validates and completes a new or changed object. old is nil for a
	// new one.
	check func(c *call, old *record, o object) error
	// removing refuses a removal or removes what depends on the record.
	removing func(c *call, r *record) error
	// view changes the answer.
	view func(c *call, o object)
}

func (n *identityNoun) render(c *call, r *record) object {
	o := r.visible()
	o["links"] = object{"self": c.cloud.base + "/v3/" + n.many + "/" + r.id}
	if n.view != nil {
		n.view(c, o)
	}
	return o
}

func (n *identityNoun) find(c *call, id string) (*record, error) {
	if r := c.get(n.kind, id); r != nil {
		return r, nil
	}
	return nil, notFound("Could not find %s: %s.", n.one, id)
}

func (n *identityNoun) list(c *call) (*reply, error) {
	return n.answer(c, c.all(n.kind))
}

func (n *identityNoun) answer(c *call, records []*record) (*reply, error) {
	views := []object{}
	for _, r := range records {
		views = append(views, n.render(c, r))
	}
	views = selectViews(views, c.req.URL.Query())
	return ok(object{n.many: views, "links": object{"self": c.cloud.base + c.req.URL.RequestURI(), "next": nil, "previous": nil}})
}

func (n *identityNoun) show(c *call) (*reply, error) {
	r, err := n.find(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{n.one: n.render(c, r)})
}

func (n *identityNoun) create(c *call) (*reply, error) {
	in, err := c.want(n.one)
	if err != nil {
		return nil, err
	}
	for _, k := range n.required {
		if in.str(k) == "" {
			return nil, badRequest("Invalid input for field '%s': is a required property", k)
		}
	}
	in.orDefault(n.defaults)
	delete(in, "links")
	if !n.ownID || in.str("id") == "" {
		in["id"] = hexID()
	} else if c.get(n.kind, in.str("id")) != nil {
		return nil, conflict("Conflict", "Conflict occurred attempting to store %s - Duplicate ID, %s.", n.one, in.str("id"))
	}
	if err := n.accept(c, nil, in); err != nil {
		return nil, err
	}
	r := c.add(n.kind, "", in)
	return created(object{n.one: n.render(c, r)})
}

func (n *identityNoun) update(c *call) (*reply, error) {
	r, err := n.find(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	in, err := c.want(n.one)
	if err != nil {
		return nil, err
	}
	next := r.clone()
	for k, v := range in {
		if k != "id" && k != "links" {
			next.object[k] = v
		}
	}
	if err := n.accept(c, r, next.object); err != nil {
		return nil, err
	}
	return ok(object{n.one: n.render(c, c.put(n.kind, next))})
}

// accept runs the noun's own check and keeps names unique.
func (n *identityNoun) accept(c *call, old *record, o object) error {
	if n.check != nil {
		if err := n.check(c, old, o); err != nil {
			return err
		}
	}
	if n.unnamed {
		return nil
	}
	taken := slices.ContainsFunc(c.having(n.kind, "name", o.str("name")), func(r *record) bool {
		return (old == nil || r.id != old.id) && (!n.inDomain || r.str("domain_id") == o.str("domain_id"))
	})
	if taken {
		return conflict("Conflict", "Conflict occurred attempting to store %s - Duplicate entry found with name %s.", n.one, o.str("name"))
	}
	return nil
}

func (n *identityNoun) remove(c *call) (*reply, error) {
	r, err := n.find(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	if n.removing != nil {
		if err := n.removing(c, r); err != nil {
			return nil, err
		}
	}
	c.drop(n.kind, r.id)
	return noContent()
}

// domainExists completes and checks domain_id; without one it is the caller's.
func domainExists(c *call, o object) error {
	if o.str("domain_id") == "" {
		o["domain_id"] = c.by.user.str("domain_id")
	}
	if c.get("domain", o.str("domain_id")) == nil {
		return notFound("Could not find domain: %s.", o.str("domain_id"))
	}
	return nil
}

// self refuses others than the owner and administrators.
func (c *call) self(userID string) error {
	if c.by.admin || c.by.user.id == userID {
		return nil
	}
	return &apiError{http.StatusForbidden, "Forbidden", "You are not authorized to perform the requested action."}
}
