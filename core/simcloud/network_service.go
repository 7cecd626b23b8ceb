package simcloud

// network is Neutron v2.0.
var network = &service{
	name:           "network",
	mount:          "/network",
	errorBody:      neutronError,
	requestHeaders: []string{"X-Openstack-Request-Id"},
	routes: concat(
		[]route{
			{"GET", "/", "", listNetworkVersions, open},
			{"GET", "/v2.0", "", listNetworkResources, open},
			{"GET", "/v2.0/extensions", "extension.list", listExtensions, 0},
			{"GET", "/v2.0/extensions/{alias}", "extension.show", showExtension, 0},
			{"GET", "/v2.0/agents", "agent.list", listAgents, admin},
			{"GET", "/v2.0/availability_zones", "availability_zone.list", listNetworkZones, 0},
			{"GET", "/v2.0/quotas", "quota.list", listNetworkQuotas, admin},
			{"GET", "/v2.0/quotas/{project}", "quota.show", showNetworkQuota, 0},
			{"GET", "/v2.0/quotas/{project}/default", "quota.show", showNetworkQuotaDefault, 0},
			{"GET", "/v2.0/quotas/{project}/details", "quota.show", showNetworkQuotaDetails, 0},
			{"GET", "/v2.0/quotas/{project}/details.json", "quota.show", showNetworkQuotaDetails, 0},
			{"PUT", "/v2.0/quotas/{project}", "quota.update", updateNetworkQuota, admin},
			{"DELETE", "/v2.0/quotas/{project}", "quota.delete", deleteNetworkQuota, admin},
			{"PUT", "/v2.0/routers/{id}/add_router_interface", "router.add_interface", addRouterInterface, 0},
			{"PUT", "/v2.0/routers/{id}/remove_router_interface", "router.remove_interface", removeRouterInterface, 0},
			{"PUT", "/v2.0/routers/{id}/add_extraroutes", "router.add_extraroutes", addExtraRoutes, 0},
			{"PUT", "/v2.0/routers/{id}/remove_extraroutes", "router.remove_extraroutes", removeExtraRoutes, 0},
		},
		networkRoutes("/v2.0/networks", networks),
		networkRoutes("/v2.0/subnets", subnets),
		networkRoutes("/v2.0/ports", ports),
		networkRoutes("/v2.0/routers", routers),
		networkRoutes("/v2.0/floatingips", floatingIPs),
		networkRoutes("/v2.0/security-groups", securityGroups),
		networkRoutes("/v2.0/security-group-rules", securityGroupRules),
		networkRoutes("/v2.0/subnetpools", subnetPools),
	),
}

func concat(lists ...[]route) []route {
	var out []route
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// networkRoutes are the operations that every Neutron resource has.
func networkRoutes(path string, n *networkNoun) []route {
	op := n.kind
	list := route{"GET", path, op + ".list", n.list, 0}
	if n == securityGroups {
		list.do, list.access = listGroups, writes
	}
	return []route{
		list,
		{"POST", path, op + ".create", n.post, 0},
		{"GET", path + "/{id}", op + ".show", n.show, 0},
		{"PUT", path + "/{id}", op + ".update", n.put, 0},
		{"DELETE", path + "/{id}", op + ".delete", n.destroy, 0},
		{"GET", path + "/{id}/tags", op + ".tags", n.listTags, 0},
		{"PUT", path + "/{id}/tags", op + ".tags", n.replaceTags, 0},
		{"DELETE", path + "/{id}/tags", op + ".tags", n.clearTags, 0},
		{"GET", path + "/{id}/tags/{tag}", op + ".tags", n.checkTag, 0},
		{"PUT", path + "/{id}/tags/{tag}", op + ".tags", n.addTag, 0},
		{"DELETE", path + "/{id}/tags/{tag}", op + ".tags", n.removeTag, 0},
	}
}

func listNetworkVersions(c *call) (*reply, error) {
	return ok(object{"versions": []object{{"id": "v2.0", "status": "CURRENT", "links": []object{{"rel": "self", "href": c.cloud.base + "/network/v2.0/"}}}}})
}

func listNetworkResources(c *call) (*reply, error) {
	out := []object{}
	for _, n := range []*networkNoun{networks, subnets, ports, routers, floatingIPs, securityGroups, securityGroupRules, subnetPools} {
		out = append(out, object{"name": n.one, "collection": n.many, "links": []object{{"rel": "self", "href": c.cloud.base + "/network/v2.0/" + n.many}}})
	}
	return ok(object{"resources": out})
}

func listAgents(c *call) (*reply, error) { return ok(object{"agents": []object{}}) }

func listNetworkZones(c *call) (*reply, error) {
	return ok(object{"availability_zones": []object{
		{"name": "nova", "resource": "network", "state": "available"},
		{"name": "nova", "resource": "router", "state": "available"},
	}})
}
