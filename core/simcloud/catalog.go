package simcloud

import "strings"

var regions = &identityNoun{
	one: "region", many: "regions", kind: "region", ownID: true, unnamed: true,
	defaults: object{"description": "", "parent_region_id": nil},
}

var catalogServices = &identityNoun{
	one: "service", many: "services", kind: "service", required: []string{"type"}, unnamed: true,
	defaults: object{"enabled": true, "description": ""},
	removing: func(c *call, r *record) error {
		for _, e := range c.having("endpoint", "service_id", r.id) {
			c.drop("endpoint", e.id)
		}
		return nil
	},
}

var endpoints = &identityNoun{
	one: "endpoint", many: "endpoints", kind: "endpoint", required: []string{"service_id", "interface", "url"}, unnamed: true,
	defaults: object{"enabled": true, "region_id": "RegionOne"},
	check: func(c *call, old *record, o object) error {
		if r := o.str("region"); r != "" && o.str("region_id") == "" {
			o["region_id"] = r
		}
		delete(o, "region")
		if c.get("service", o.str("service_id")) == nil {
			return badRequest("Could not find service: %s.", o.str("service_id"))
		}
		switch o.str("interface") {
		case "public", "internal", "admin":
			return nil
		}
		return badRequest("Invalid input for field 'interface': %q is not one of ['admin', 'internal', 'public']", o.str("interface"))
	},
	view: func(c *call, o object) {
		o["url"] = c.cloud.expand(o.str("url"))
		o["region"] = o["region_id"]
	},
}

// ownAddress stands for Options.BaseURL in stored endpoints, so that a file
// works at another address too.
const ownAddress = "%(base_url)s"

func (c *Cloud) expand(url string) string { return strings.Replace(url, ownAddress, c.base, 1) }

// catalog is what a token of the given project sees ("" for none).
func (c *Cloud) catalog(t *tx, project string) []object {
	out := []object{}
	for _, s := range t.all("service") {
		if !s.flag("enabled") {
			continue
		}
		list := []object{}
		for _, e := range t.having("endpoint", "service_id", s.id) {
			url := c.expand(e.str("url"))
			if !e.flag("enabled") || project == "" && strings.Contains(url, "%(") {
				continue
			}
			url = strings.NewReplacer("%(project_id)s", project, "%(tenant_id)s", project).Replace(url)
			list = append(list, object{"id": e.id, "interface": e.str("interface"), "region": e.str("region_id"), "region_id": e.str("region_id"), "url": url})
		}
		if len(list) > 0 {
			out = append(out, object{"id": s.id, "type": s.str("type"), "name": s.str("name"), "endpoints": list})
		}
	}
	return out
}

func showCatalog(c *call) (*reply, error) {
	return ok(object{"catalog": c.cloud.catalog(c.tx, c.by.project), "links": object{"self": c.cloud.base + "/v3/auth/catalog", "next": nil, "previous": nil}})
}

// setEndpoint creates or corrects one service with its three interfaces.
func setEndpoint(t *tx, e Endpoint) {
	var svc *record
	for _, s := range t.having("service", "type", e.Type) {
		if s.str("name") == e.Name {
			svc = s
		}
	}
	if svc == nil {
		svc = t.add("service", "", object{"id": hexID(), "type": e.Type, "name": e.Name, "enabled": true, "description": ""})
	}
	have := map[string]*record{}
	for _, r := range t.having("endpoint", "service_id", svc.id) {
		have[r.str("interface")] = r
	}
	for _, face := range []string{"public", "internal", "admin"} {
		switch r := have[face]; {
		case r == nil:
			t.add("endpoint", "", object{"id": hexID(), "service_id": svc.id, "interface": face, "url": e.URL, "region_id": "RegionOne", "enabled": true})
		case r.str("url") != e.URL:
			t.update("endpoint", r, object{"url": e.URL})
		}
	}
}
