package simcloud

import (
	"net/url"
	"slices"
	"strings"
)

// A networkNoun is one Neutron resource: its attributes and what is
// particular to it. Everything common to Neutron's resources is here.
type networkNoun struct {
	one, many string
	kind      string
	class     string // exceptions are named after it
	attrs     []attribute
	quota     string // name of the quota; "" for none
	// create completes in and stores the new record.
	create func(c *call, project string, in object) (*record, error)
	// update validates the changes and stores the record with them.
	update func(c *call, r *record, in object) (*record, error)
	// remove drops the record or says why it cannot.
	remove func(c *call, r *record) error
	// view adds what is derived; nil when nothing is.
	view func(c *call, r *record, o object)
}

func (n *networkNoun) missing(id string) error {
	return &apiError{404, n.class + "NotFound", n.title() + " " + id + " could not be found."}
}

func (n *networkNoun) title() string {
	return strings.ToUpper(n.one[:1]) + strings.ReplaceAll(n.one[1:], "_", " ")
}

// seen reports whether the caller may know of the record.
func (n *networkNoun) seen(c *call, r *record) bool {
	if c.by.admin || r.project == c.by.project {
		return true
	}
	ix, shares := c.s.kinds[n.kind].indexes["shared"]
	return shares && len(ix.keys(r)) > 0
}

func (n *networkNoun) find(c *call, id string) (*record, error) {
	if r := c.get(n.kind, id); r != nil && n.seen(c, r) {
		return r, nil
	}
	return nil, n.missing(id)
}

// own finds a record that the caller may change.
func (n *networkNoun) own(c *call, id, verb string) (*record, error) {
	r, err := n.find(c, id)
	if err != nil {
		return nil, err
	}
	if !c.by.admin && r.project != c.by.project {
		return nil, forbidden("rule:%s_%s is disallowed by policy", verb, n.one)
	}
	return r, nil
}

func (n *networkNoun) render(c *call, r *record) object {
	o := r.visible()
	o["id"], o["project_id"], o["tenant_id"] = r.id, r.project, r.project
	if n.view != nil {
		n.view(c, r, o)
	}
	return o
}

// candidates narrows a list by the first filter that an index answers.
func (n *networkNoun) candidates(c *call, q url.Values) []*record {
	for _, id := range q["id"] {
		if len(q["id"]) == 1 {
			if r := c.get(n.kind, id); r != nil {
				return []*record{r}
			}
			return nil
		}
	}
	for k, v := range q {
		if _, indexed := c.s.kinds[n.kind].indexes[k]; indexed && k != "shared" && k != "project" && len(v) == 1 && v[0] != "" {
			return c.having(n.kind, k, v[0])
		}
	}
	if c.by.admin {
		return c.all(n.kind)
	}
	records := c.having(n.kind, "project", c.by.project)
	if _, shares := c.s.kinds[n.kind].indexes["shared"]; shares {
		for _, r := range c.having(n.kind, "shared", "true") {
			if r.project != c.by.project {
				records = append(records, r)
			}
		}
	}
	return records
}

func (n *networkNoun) list(c *call) (*reply, error) {
	q := c.req.URL.Query()
	views := []object{}
	for _, r := range n.candidates(c, q) {
		if !n.seen(c, r) {
			continue
		}
		if v := n.render(c, r); matches(v, q) && matchesTags(v, q) && matchesFixedIPs(v, q) {
			views = append(views, v)
		}
	}
	views, more, err := page(views, q, 0)
	if err != nil {
		return nil, err
	}
	body := object{n.many: views}
	if more {
		body[n.many+"_links"] = []object{{"rel": "next", "href": c.nextHref(views[len(views)-1])}}
	}
	for i := range views {
		views[i] = onlyFields(views[i], q["fields"])
	}
	return ok(body)
}

// matchesFixedIPs answers fixed_ips=ip_address=… and fixed_ips=subnet_id=….
func matchesFixedIPs(v object, q url.Values) bool {
	for _, f := range q["fixed_ips"] {
		k, want, _ := strings.Cut(f, "=")
		if !slices.ContainsFunc(v.objs("fixed_ips"), func(ip object) bool { return ip.str(k) == want }) {
			return false
		}
	}
	return true
}

func (n *networkNoun) show(c *call) (*reply, error) {
	r, err := n.find(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{n.one: onlyFields(n.render(c, r), c.req.URL.Query()["fields"])})
}

func (n *networkNoun) post(c *call) (*reply, error) {
	if many, bulk := c.in[n.many].([]any); bulk {
		views := []object{}
		for _, v := range many {
			r, err := n.make(c, asObject(v))
			if err != nil {
				return nil, err
			}
			views = append(views, n.render(c, r))
		}
		return created(object{n.many: views})
	}
	in, err := c.want(n.one)
	if err != nil {
		return nil, err
	}
	r, err := n.make(c, in)
	if err != nil {
		return nil, err
	}
	return created(object{n.one: n.render(c, r)})
}

func (n *networkNoun) make(c *call, in object) (*record, error) {
	project := in.str("project_id")
	if project == "" {
		project = in.str("tenant_id")
	}
	if project == "" {
		project = c.by.project
	}
	if project != c.by.project && !c.by.admin {
		return nil, forbidden("rule:create_%s is disallowed by policy", n.one)
	}
	out, err := acceptAttrs(c, n.one, n.attrs, in, true)
	if err != nil {
		return nil, err
	}
	if err := n.withinQuota(c, project, 1); err != nil {
		return nil, err
	}
	return n.create(c, project, out)
}

func (n *networkNoun) withinQuota(c *call, project string, more int) error {
	if n.quota == "" {
		return nil
	}
	limit := networkQuota(c.tx, project).int(n.quota)
	if limit >= 0 && c.count(n.kind, "project", project)+more > limit {
		return conflict("OverQuota", "Quota exceeded for resources: ['%s'].", n.quota)
	}
	return nil
}

// fresh completes a new object with the standard attributes and stores it.
func (c *call) fresh(kind, project string, o object) *record {
	now := c.now.Format(novaTime)
	o.orDefault(object{"id": uuidString(), "tags": []any{}, "created_at": now, "updated_at": now, "revision_number": 1})
	return c.add(kind, project, o)
}

// touch stores changes as a new revision.
func (c *call) touch(kind string, r *record, changes object) *record {
	next := r.clone()
	for k, v := range changes {
		next.object[k] = v
	}
	next.object["revision_number"] = r.int("revision_number") + 1
	next.object["updated_at"] = c.now.Format(novaTime)
	return c.put(kind, next)
}

func (n *networkNoun) put(c *call) (*reply, error) {
	r, err := n.own(c, c.param("id"), "update")
	if err != nil {
		return nil, err
	}
	in, err := c.want(n.one)
	if err != nil {
		return nil, err
	}
	changes, err := acceptAttrs(c, n.one, n.attrs, in, false)
	if err != nil {
		return nil, err
	}
	if r, err = n.update(c, r, changes); err != nil {
		return nil, err
	}
	return ok(object{n.one: n.render(c, r)})
}

func (n *networkNoun) destroy(c *call) (*reply, error) {
	r, err := n.own(c, c.param("id"), "delete")
	if err != nil {
		return nil, err
	}
	if err := n.remove(c, r); err != nil {
		return nil, err
	}
	return noContent()
}
