package simcloud

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Servers follow nova/api/openstack/compute/servers.py.

func findServer(c *call, id string) (*record, error) {
	if r := c.get("server", id); r != nil && (c.by.admin || r.project == c.by.project) {
		return c.current(r), nil
	}
	return nil, notFound("Instance %s could not be found.", id)
}

// changeServer stores changes and the time of them.
func changeServer(c *call, r *record, changes object) *record {
	changes["updated"] = c.now.Format(novaTime)
	return c.update("server", c.get("server", r.id), changes)
}

func listServers(c *call) (*reply, error) {
	return serverList(c, func(r *record) object {
		return object{"id": r.id, "name": r.str("name"), "links": serverLinks(c, r.id)}
	})
}

func listServerDetails(c *call) (*reply, error) {
	return serverList(c, func(r *record) object { return serverView(c, r) })
}

// maxServers is Nova's max_limit.
const maxServers = 1000

func serverList(c *call, view func(*record) object) (*reply, error) {
	q := c.req.URL.Query()
	var records []*record
	all := q.Has("all_tenants") && q.Get("all_tenants") != "0" && !strings.EqualFold(q.Get("all_tenants"), "false")
	if all && !c.by.admin {
		return nil, forbidden("Policy doesn't allow os_compute_api:servers:detail:get_all_tenants to be performed.")
	}
	if all {
		records = c.all("server")
	} else {
		records = c.having("server", "project", c.by.project)
	}
	match, err := serverFilter(c, q, all)
	if err != nil {
		return nil, err
	}
	slices.Reverse(records) // newest first
	rows := []object{}
	for _, r := range records {
		r = c.current(r)
		if match(r) {
			rows = append(rows, object{"id": r.id, "_": r, "created_at": r.str("created"), "updated_at": r.str("updated"), "display_name": r.str("name"),
				"name": r.str("name"), "status": r.str("status"), "vm_state": r.str("vm_state"), "uuid": r.id})
		}
	}
	rows, more, err := page(rows, q, maxServers)
	if err != nil {
		return nil, err
	}
	out := []object{}
	for _, row := range rows {
		out = append(out, view(row["_"].(*record)))
	}
	body := object{"servers": out}
	if more {
		body["servers_links"] = []object{{"rel": "next", "href": c.nextHref(rows[len(rows)-1])}}
	}
	return ok(body)
}

// serverFilter reads Nova's filters: names and addresses are regular
// expressions, the rest is compared as it is.
func serverFilter(c *call, q url.Values, all bool) (func(*record) bool, error) {
	patterns := map[string]*regexp.Regexp{}
	for _, k := range []string{"name", "ip", "ip6"} {
		if p := q.Get(k); p != "" {
			re, err := regexp.Compile(p)
			if err != nil {
				return nil, badRequest("Invalid filter %s: %s", k, p)
			}
			patterns[k] = re
		}
	}
	exact := map[string]string{
		"flavor": "_flavor_id", "image": "image_id", "user_id": "user_id", "key_name": "key_name", "availability_zone": "availability_zone",
		"host": "host", "vm_state": "vm_state", "uuid": "id", "description": "description",
	}
	if all {
		exact["project_id"], exact["tenant_id"] = "tenant_id", "tenant_id"
	}
	return func(r *record) bool {
		if re := patterns["name"]; re != nil && !re.MatchString(r.str("name")) {
			return false
		}
		for k, want := range exact {
			if v := q.Get(k); v != "" && v != text(r.object[want]) {
				return false
			}
		}
		if len(q["status"]) > 0 && !slices.ContainsFunc(q["status"], func(s string) bool { return strings.EqualFold(s, r.str("status")) }) {
			return false
		}
		if since := q.Get("changes-since"); since != "" && r.str("updated") < strings.TrimSuffix(since, "+00:00") {
			return false
		}
		if t := q.Get("tags"); t != "" && !equals(r.object["tags"], t) || !matchesTags(r.object, q) {
			return false
		}
		if patterns["ip"] == nil && patterns["ip6"] == nil {
			return true
		}
		return slices.ContainsFunc(c.having("port", "device_id", r.id), func(p *record) bool {
			return slices.ContainsFunc(p.objs("fixed_ips"), func(f object) bool {
				ip := f.str("ip_address")
				if strings.Contains(ip, ":") {
					return patterns["ip6"] != nil && patterns["ip6"].MatchString(ip)
				}
				return patterns["ip"] != nil && patterns["ip"].MatchString(ip)
			})
		})
	}, nil
}

func showServer(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{"server": serverView(c, r)})
}

func updateServer(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	in, err := c.want("server")
	if err != nil {
		return nil, err
	}
	changes := object{}
	for _, k := range []string{"name", "accessIPv4", "accessIPv6", "description", "hostname", "OS-DCF:diskConfig"} {
		if v, given := in[k]; given {
			changes[k] = v
		}
	}
	if n, given := in["name"]; given {
		if s, isText := n.(string); !isText || strings.TrimSpace(s) == "" || len(s) > 255 {
			return nil, badRequest("Invalid input for field/attribute name. Value: %v. An empty or too long value", n)
		}
	}
	return ok(object{"server": serverView(c, c.current(changeServer(c, r, changes)))})
}

func deleteServer(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	if err := unlocked(c, r); err != nil {
		return nil, err
	}
	own := r.strs("_ports")
	for _, p := range c.having("port", "device_id", r.id) {
		if slices.Contains(own, p.id) {
			dropPort(c, p)
		} else {
			unbind(c, p)
		}
	}
	for _, a := range c.having("attachment", "server_id", r.id) {
		v := detachVolume(c, a)
		if v != nil && a.flag("delete_on_termination") {
			c.drop("volume", v.id)
		}
	}
	for _, g := range c.having("server_group", "member", r.id) {
		c.update("server_group", g, object{"members": anyList(slices.DeleteFunc(g.strs("members"), func(m string) bool { return m == r.id }))})
	}
	for _, a := range c.having("instance_action", "instance_uuid", r.id) {
		c.drop("instance_action", a.id)
	}
	c.drop("server", r.id)
	return noContent()
}

func unlocked(c *call, r *record) error {
	if r.flag("locked") && !c.by.admin {
		return conflict("", "Instance %s is locked", r.id)
	}
	return nil
}

// unbind gives a port back to whoever made it.
func unbind(c *call, p *record) {
	c.touch("port", p, object{"device_id": "", "device_owner": ""})
}

func showServerAddresses(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{"addresses": addresses(c, r.id)})
}
