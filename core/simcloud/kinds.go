package simcloud

// A kind is one sort of record. Each index is named after the attribute (and
// so the list filter) that it answers.
type kind struct {
	service, name string
	indexes       map[string]func(*record) []string
}

func attr(name string) func(*record) []string {
	return func(r *record) []string {
		if v := r.str(name); v != "" {
			return []string{v}
		}
		return nil
	}
}

// sharedWith is the index of what every project may see.
func sharedWith(flags ...string) func(*record) []string {
	return func(r *record) []string {
		for _, f := range flags {
			if r.flag(f) {
				return []string{"true"}
			}
		}
		return nil
	}
}

type indexes = map[string]func(*record) []string

var kinds = []kind{
	{"identity", "domain", indexes{"name": attr("name")}},
	{"identity", "project", indexes{"name": attr("name"), "domain_id": attr("domain_id")}},
	{"identity", "user", indexes{"name": attr("name"), "domain_id": attr("domain_id")}},
	{"identity", "group", indexes{"name": attr("name")}},
	{"identity", "membership", indexes{"group_id": attr("group_id"), "user_id": attr("user_id")}},
	{"identity", "role", indexes{"name": attr("name")}},
	{"identity", "assignment", indexes{"actor": assignmentActor, "scope": assignmentScope, "role_id": attr("role_id")}},
	{"identity", "trust", indexes{"trustor_user_id": attr("trustor_user_id"), "trustee_user_id": attr("trustee_user_id")}},
	{"identity", "application_credential", indexes{"user_id": attr("user_id")}},
	{"identity", "ec2_credential", indexes{"user_id": attr("user_id")}},
	{"identity", "region", nil},
	{"identity", "service", indexes{"name": attr("name"), "type": attr("type")}},
	{"identity", "endpoint", indexes{"service_id": attr("service_id")}},
	{"identity", "token", indexes{"user_id": attr("user_id")}},

	{"compute", "server", indexes{"name": attr("name")}},
	{"compute", "instance_action", indexes{"instance_uuid": attr("instance_uuid")}},
	{"compute", "attachment", indexes{"server_id": attr("server_id"), "volume_id": attr("volume_id")}},
	{"compute", "flavor", indexes{"name": attr("name")}},
	{"compute", "keypair", indexes{"user_id": attr("user_id")}},
	{"compute", "server_group", indexes{"member": func(r *record) []string { return r.strs("members") }}},
	{"compute", "compute_quota", nil},

	{"network", "network", indexes{"name": attr("name"), "shared": sharedWith("shared", "router:external")}},
	{"network", "subnet", indexes{"name": attr("name"), "network_id": attr("network_id"), "subnetpool_id": attr("subnetpool_id"), "shared": sharedWith("_shared")}},
	{"network", "port", indexes{
		"name": attr("name"), "network_id": attr("network_id"), "device_id": attr("device_id"), "mac_address": attr("mac_address"),
		"address": portAddresses, "subnet": portSubnets, "security_group": func(r *record) []string { return r.strs("security_groups") },
	}},
	{"network", "router", indexes{"name": attr("name"), "gateway": routerGateway}},
	{"network", "floatingip", indexes{"port_id": attr("port_id"), "router_id": attr("router_id"), "floating_network_id": attr("floating_network_id"), "floating_ip_address": attr("floating_ip_address")}},
	{"network", "security_group", indexes{"name": attr("name")}},
	{"network", "security_group_rule", indexes{"security_group_id": attr("security_group_id"), "remote_group_id": attr("remote_group_id")}},
	{"network", "subnetpool", indexes{"name": attr("name"), "shared": sharedWith("shared")}},
	{"network", "network_quota", nil},

	{"image", "image", indexes{"name": attr("name"), "shared": func(r *record) []string {
		if v := r.str("visibility"); v == "public" || v == "community" {
			return []string{"true"}
		}
		return nil
	}}},
	{"image", "image_data", nil},
	{"image", "image_member", indexes{"image_id": attr("image_id"), "member_id": attr("member_id")}},

	{"volume", "volume", indexes{"name": attr("name")}},
	{"volume", "snapshot", indexes{"name": attr("name"), "volume_id": attr("volume_id")}},
	{"volume", "backup", indexes{"name": attr("name"), "volume_id": attr("volume_id")}},
	{"volume", "volume_type", indexes{"name": attr("name")}},
	{"volume", "volume_quota", nil},

	{"object-store", "account", nil},
	{"object-store", "container", nil},
	{"object-store", "stored_object", indexes{"container": attr("container")}},
	{"object-store", "stored_data", nil},
}

func portAddresses(r *record) []string {
	var out []string
	for _, f := range r.objs("fixed_ips") {
		out = append(out, f.str("subnet_id")+" "+f.str("ip_address"))
	}
	return out
}

func portSubnets(r *record) []string {
	var out []string
	for _, f := range r.objs("fixed_ips") {
		out = append(out, f.str("subnet_id"))
	}
	return out
}

func routerGateway(r *record) []string {
	if n := r.obj("external_gateway_info").str("network_id"); n != "" {
		return []string{n}
	}
	return nil
}

func assignmentActor(r *record) []string {
	return []string{r.str("actor_kind") + " " + r.str("actor_id")}
}

func assignmentScope(r *record) []string {
	return []string{r.str("scope_kind") + " " + r.str("scope_id")}
}
