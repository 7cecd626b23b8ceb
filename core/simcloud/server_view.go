package simcloud

import (
	"fmt"
	"strings"
)

func serverLinks(c *call, id string) []object {
	return []object{
		{"rel": "self", "href": c.cloud.base + "/compute/v2.1/servers/" + id},
		{"rel": "bookmark", "href": c.cloud.base + "/compute/servers/" + id},
	}
}

// serverView is a server as the call's microversion shows it.
func serverView(c *call, r *record) object {
	o := object{
		"id": r.id, "name": r.str("name"), "status": r.str("status"), "tenant_id": r.project, "user_id": r.str("user_id"),
		"created": r.str("created"), "updated": r.str("updated"), "hostId": tokenKey(r.project + r.str("host"))[:56],
		"accessIPv4": r.str("accessIPv4"), "accessIPv6": r.str("accessIPv6"), "metadata": r.object["metadata"], "key_name": r.object["key_name"],
		"config_drive": r.str("config_drive"), "progress": 0, "links": serverLinks(c, r.id), "addresses": addresses(c, r.id),
		"image": imageRef(c, r), "flavor": flavorRef(c, r),
		"OS-DCF:diskConfig":           r.str("OS-DCF:diskConfig"),
		"OS-EXT-AZ:availability_zone": r.str("availability_zone"),
		"OS-EXT-STS:vm_state":         r.str("vm_state"),
		"OS-EXT-STS:task_state":       r.object["task_state"],
		"OS-EXT-STS:power_state":      r.int("power_state"),
		"OS-SRV-USG:launched_at":      r.object["launched_at"],
		"OS-SRV-USG:terminated_at":    nil,
	}
	volumes := []object{}
	for _, a := range c.having("attachment", "server_id", r.id) {
		v := object{"id": a.str("volume_id")}
		if c.minor >= 3 {
			v["delete_on_termination"] = a.flag("delete_on_termination")
		}
		volumes = append(volumes, v)
	}
	o["os-extended-volumes:volumes_attached"] = volumes
	if groups := groupsOf(c, r.id); len(groups) > 0 {
		names := []object{}
		for _, g := range groups {
			names = append(names, object{"name": g.str("name")})
		}
		o["security_groups"] = names
	}
	switch r.str("status") {
	case "ACTIVE":
		o["progress"] = 100
	case "ERROR":
		o["OS-EXT-STS:vm_state"], o["OS-EXT-STS:power_state"] = "error", 0
		message := r.str("_because")
		if message == "" {
			message = "No valid host was found. "
		}
		o["fault"] = object{"code": 500, "created": r.str("updated"), "message": message}
	}
	byMicroversion(c, r, o)
	return o
}

// byMicroversion adds what newer versions of the API show.
func byMicroversion(c *call, r *record, o object) {
	if c.by.admin {
		o["OS-EXT-SRV-ATTR:host"] = r.str("host")
		o["OS-EXT-SRV-ATTR:hypervisor_hostname"] = r.str("host")
		o["OS-EXT-SRV-ATTR:instance_name"] = fmt.Sprintf("instance-%08x", r.seq)
		if c.minor >= 3 {
			o["OS-EXT-SRV-ATTR:reservation_id"] = r.str("reservation_id")
			o["OS-EXT-SRV-ATTR:launch_index"] = r.int("launch_index")
			o["OS-EXT-SRV-ATTR:kernel_id"], o["OS-EXT-SRV-ATTR:ramdisk_id"] = "", ""
			o["OS-EXT-SRV-ATTR:root_device_name"] = "/dev/vda"
			o["OS-EXT-SRV-ATTR:user_data"] = r.object["user_data"]
		}
		if c.minor >= 16 {
			o["host_status"] = "UP"
		}
	}
	if c.minor >= 90 || c.minor >= 3 && c.by.admin {
		o["OS-EXT-SRV-ATTR:hostname"] = r.str("hostname")
	}
	if c.minor >= 9 {
		o["locked"] = r.flag("locked")
	}
	if c.minor >= 19 {
		o["description"] = r.object["description"]
	}
	if c.minor >= 26 {
		o["tags"] = r.object["tags"]
	}
	if c.minor >= 63 {
		o["trusted_image_certificates"] = nil
	}
	if c.minor >= 71 {
		ids := []string{}
		for _, g := range c.having("server_group", "member", r.id) {
			ids = append(ids, g.id)
		}
		o["server_groups"] = ids
	}
	if c.minor >= 73 {
		o["locked_reason"] = r.object["locked_reason"]
	}
	if c.minor >= 96 {
		o["pinned_availability_zone"] = null(r.str("_pinned_zone"))
	}
}

// imageRef is "" for a server that boots from a volume.
func imageRef(c *call, r *record) any {
	id := r.str("image_id")
	if id == "" {
		return ""
	}
	return object{"id": id, "links": []object{{"rel": "bookmark", "href": c.cloud.base + "/compute/images/" + id}}}
}

func flavorRef(c *call, r *record) object {
	f := r.obj("flavor")
	if c.minor >= 47 {
		o := object{}
		for _, k := range []string{"original_name", "vcpus", "ram", "disk", "ephemeral", "swap", "extra_specs"} {
			o[k] = f[k]
		}
		return o
	}
	id := r.str("_flavor_id")
	return object{"id": id, "links": []object{{"rel": "bookmark", "href": c.cloud.base + "/compute/flavors/" + id}}}
}

// addresses are derived from the server's ports and their floating IPs.
func addresses(c *call, serverID string) object {
	out := map[string][]object{}
	for _, p := range c.having("port", "device_id", serverID) {
		name := c.get("network", p.str("network_id")).str("name")
		mac := p.str("mac_address")
		entry := func(ip, kind string) object {
			version := 4
			if strings.Contains(ip, ":") {
				version = 6
			}
			return object{"addr": ip, "version": version, "OS-EXT-IPS:type": kind, "OS-EXT-IPS-MAC:mac_addr": mac}
		}
		for _, f := range p.objs("fixed_ips") {
			out[name] = append(out[name], entry(f.str("ip_address"), "fixed"))
		}
		for _, f := range c.having("floatingip", "port_id", p.id) {
			out[name] = append(out[name], entry(f.str("floating_ip_address"), "floating"))
		}
	}
	view := object{}
	for k, v := range out {
		view[k] = v
	}
	return view
}

// groupsOf are the security groups of a server's ports, each once.
func groupsOf(c *call, serverID string) []*record {
	var out []*record
	seen := map[string]bool{}
	for _, p := range c.having("port", "device_id", serverID) {
		for _, id := range p.strs("security_groups") {
			if g := c.get("security_group", id); g != nil && !seen[id] {
				seen[id] = true
				out = append(out, g)
			}
		}
	}
	return out
}
