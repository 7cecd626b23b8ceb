package simcloud

import (
	"maps"
	"slices"
)

// Flavors follow nova/api/openstack/compute/flavors.py.

// flavorOpen reports whether the caller's project may use a flavor.
func flavorOpen(c *call, f *record) bool {
	return c.by.admin || f.flag("os-flavor-access:is_public") || slices.Contains(f.strs("_access"), c.by.project)
}

func findFlavor(c *call) (*record, error) {
	if f := c.get("flavor", c.param("id")); f != nil && flavorOpen(c, f) {
		return f, nil
	}
	return nil, notFound("Flavor %s could not be found.", c.param("id"))
}

func flavorView(c *call, f *record) object {
	o := f.visible()
	o["links"] = []object{
		{"rel": "self", "href": c.cloud.base + "/compute/v2.1/flavors/" + f.id},
		{"rel": "bookmark", "href": c.cloud.base + "/compute/flavors/" + f.id},
	}
	if c.minor < 55 {
		delete(o, "description")
	}
	if c.minor < 61 {
		delete(o, "extra_specs")
	}
	if c.minor < 75 && f.int("swap") == 0 {
		o["swap"] = ""
	}
	return o
}

func listFlavors(c *call) (*reply, error) {
	return flavorList(c, func(o object) object {
		short := object{"id": o["id"], "name": o["name"], "links": o["links"]}
		if c.minor >= 55 {
			short["description"] = o["description"]
		}
		return short
	})
}

func listFlavorDetails(c *call) (*reply, error) {
	return flavorList(c, func(o object) object { return o })
}

func flavorList(c *call, view func(object) object) (*reply, error) {
	q := c.req.URL.Query()
	public := q.Get("is_public")
	views := []object{}
	for _, f := range c.all("flavor") {
		isPublic := f.flag("os-flavor-access:is_public")
		switch {
		case !flavorOpen(c, f),
			f.int("ram") < atoi(q.Get("minRam")),
			f.int("disk") < atoi(q.Get("minDisk")):
			continue
		case c.by.admin && (public == "" && !isPublic || public != "" && public != "None" && public != "none" && !equals(isPublic, public)):
			continue
		}
		views = append(views, flavorView(c, f))
	}
	if !q.Has("sort_key") {
		q.Set("sort_key", "flavorid")
	}
	views, more, err := page(views, q, 0)
	if err != nil {
		return nil, err
	}
	body := object{}
	if more {
		body["flavors_links"] = []object{{"rel": "next", "href": c.nextHref(views[len(views)-1])}}
	}
	for i := range views {
		views[i] = view(views[i])
	}
	body["flavors"] = views
	return ok(body)
}

func atoi(s string) int {
	v, err := whole.coerce("", s)
	if err != nil {
		return 0
	}
	return v.(int)
}

func showFlavor(c *call) (*reply, error) {
	f, err := findFlavor(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"flavor": flavorView(c, f)})
}

func createFlavor(c *call) (*reply, error) {
	in, err := c.want("flavor")
	if err != nil {
		return nil, err
	}
	o := object{"name": in.str("name"), "description": in["description"], "rxtx_factor": 1.0, "OS-FLV-DISABLED:disabled": false, "extra_specs": map[string]any{}}
	for k, least := range map[string]int{"ram": 1, "vcpus": 1, "disk": 0, "swap": 0, "OS-FLV-EXT-DATA:ephemeral": 0} {
		v, err := whole.coerce(k, in[k])
		n, _ := v.(int)
		if err != nil || n < least {
			return nil, badRequest("Invalid input for field/attribute %s. Value: %v. An integer of at least %d was expected", k, in[k], least)
		}
		o[k] = n
	}
	if f, isNumber := in["rxtx_factor"].(float64); isNumber {
		o["rxtx_factor"] = f
	}
	o["os-flavor-access:is_public"] = true
	if b, isFlag := in["os-flavor-access:is_public"].(bool); isFlag {
		o["os-flavor-access:is_public"] = b
	}
	if o.str("name") == "" {
		return nil, badRequest("Invalid input for field/attribute name. '' is too short")
	}
	o["id"] = text(in["id"])
	if o.str("id") == "" || o.str("id") == "auto" {
		o["id"] = uuidString()
	}
	if c.get("flavor", o.str("id")) != nil {
		return nil, conflict("", "Flavor with ID %s already exists.", o.str("id"))
	}
	if c.count("flavor", "name", o.str("name")) > 0 {
		return nil, conflict("", "Flavor with name %s already exists.", o.str("name"))
	}
	return ok(object{"flavor": flavorView(c, c.add("flavor", "", o))})
}

func updateFlavor(c *call) (*reply, error) {
	f, err := findFlavor(c)
	if err != nil {
		return nil, err
	}
	in, err := c.want("flavor")
	if err != nil {
		return nil, err
	}
	return ok(object{"flavor": flavorView(c, c.update("flavor", f, object{"description": in["description"]}))})
}

func deleteFlavor(c *call) (*reply, error) {
	f, err := findFlavor(c)
	if err != nil {
		return nil, err
	}
	c.drop("flavor", f.id)
	return accepted(nil)
}

func accessView(f *record) object {
	out := []object{}
	for _, p := range f.strs("_access") {
		out = append(out, object{"flavor_id": f.id, "tenant_id": p})
	}
	return object{"flavor_access": out}
}

func listFlavorAccess(c *call) (*reply, error) {
	f, err := findFlavor(c)
	if err != nil {
		return nil, err
	}
	if f.flag("os-flavor-access:is_public") {
		return nil, notFound("Access list not available for public flavors.")
	}
	return ok(accessView(f))
}

// changeFlavorAccess answers addTenantAccess and removeTenantAccess.
func changeFlavorAccess(c *call) (*reply, error) {
	f, err := findFlavor(c)
	if err != nil {
		return nil, err
	}
	have := f.strs("_access")
	add, remove := c.in.obj("addTenantAccess").str("tenant"), c.in.obj("removeTenantAccess").str("tenant")
	switch {
	case add != "" && slices.Contains(have, add):
		return nil, conflict("", "Flavor access already exists for flavor %s and project %s combination.", f.id, add)
	case add != "":
		have = append(have, add)
	case remove != "" && slices.Contains(have, remove):
		have = slices.DeleteFunc(have, func(p string) bool { return p == remove })
	case remove != "":
		return nil, notFound("Flavor access not found for %s / %s combination.", f.id, remove)
	default:
		return nil, badRequest("There is no such action")
	}
	return ok(accessView(c.update("flavor", f, object{"_access": anyList(have)})))
}

func listExtraSpecs(c *call) (*reply, error) {
	f, err := findFlavor(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"extra_specs": f.object["extra_specs"]})
}

func addExtraSpecs(c *call) (*reply, error) {
	in, err := c.want("extra_specs")
	if err != nil {
		return nil, err
	}
	return changeExtraSpecs(c, func(specs map[string]any) { maps.Copy(specs, in) }, object{"extra_specs": in})
}

func changeExtraSpecs(c *call, change func(map[string]any), answer object) (*reply, error) {
	f, err := findFlavor(c)
	if err != nil {
		return nil, err
	}
	specs := map[string]any{}
	maps.Copy(specs, f.obj("extra_specs"))
	change(specs)
	c.update("flavor", f, object{"extra_specs": specs})
	return ok(answer)
}

func showExtraSpec(c *call) (*reply, error) {
	f, err := findFlavor(c)
	if err != nil {
		return nil, err
	}
	k := c.param("key")
	v, found := f.obj("extra_specs")[k]
	if !found {
		return nil, notFound("Flavor %s has no extra specs with key %s.", f.id, k)
	}
	return ok(object{k: v})
}

func setExtraSpec(c *call) (*reply, error) {
	k := c.param("key")
	v, given := c.in[k]
	if !given || len(c.in) != 1 {
		return nil, badRequest("Request body and URI mismatch")
	}
	return changeExtraSpecs(c, func(specs map[string]any) { specs[k] = v }, object{k: v})
}

func dropExtraSpec(c *call) (*reply, error) {
	if _, err := showExtraSpec(c); err != nil {
		return nil, err
	}
	return changeExtraSpecs(c, func(specs map[string]any) { delete(specs, c.param("key")) }, nil)
}
