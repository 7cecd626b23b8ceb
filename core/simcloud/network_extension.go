package simcloud

import "strings"

// networkExtensions are the aliases of what is implemented here, with their
// names; clients decide by them what they may send.
var networkExtensions = [][2]string{
	{"agent", "agent"},
	{"allowed-address-pairs", "Allowed Address Pairs"},
	{"availability_zone", "Availability Zone"},
	{"binding", "Port Binding"},
	{"default-subnetpools", "Default Subnetpools"},
	{"dns-integration", "DNS Integration"},
	{"ext-gw-mode", "Neutron L3 Configurable external gateway mode"},
	{"external-net", "Neutron external network"},
	{"extra_dhcp_opt", "Neutron Extra DHCP options"},
	{"extraroute", "Neutron Extra Route"},
	{"extraroute-atomic", "Atomically add/remove extra routes"},
	{"fip-port-details", "Floating IP Port Details Extension"},
	{"net-mtu", "Network MTU"},
	{"net-mtu-writable", "Network MTU (writable)"},
	{"network_availability_zone", "Network Availability Zone"},
	{"pagination", "Pagination support"},
	{"port-security", "Port Security"},
	{"project-id", "project_id field enabled"},
	{"provider", "Provider Network"},
	{"quota_details", "Quota details management support"},
	{"quotas", "Quota management support"},
	{"router", "Neutron L3 Router"},
	{"router_availability_zone", "Router Availability Zone"},
	{"security-group", "security-group"},
	{"sorting", "Sorting support"},
	{"standard-attr-description", "standard-attr-description"},
	{"standard-attr-revisions", "Resource revision numbers"},
	{"standard-attr-tag", "Tag support for resources with standard attribute"},
	{"standard-attr-timestamp", "Resource timestamps"},
	{"stateful-security-group", "Stateful security group"},
	{"subnet_allocation", "Subnet Allocation"},
	{"subnet-service-types", "Subnet service types"},
}

func extensionView(alias, name string) object {
	return object{"alias": alias, "name": name, "description": name, "updated": "2012-01-01T00:00:00-00:00", "links": []any{}}
}

func listExtensions(c *call) (*reply, error) {
	out := []object{}
	for _, e := range networkExtensions {
		out = append(out, extensionView(e[0], e[1]))
	}
	return ok(object{"extensions": out})
}

func showExtension(c *call) (*reply, error) {
	alias := strings.TrimSuffix(c.param("alias"), ".json")
	for _, e := range networkExtensions {
		if e[0] == alias {
			return ok(object{"extension": extensionView(e[0], e[1])})
		}
	}
	return nil, &apiError{404, "ExtensionNotFound", "Extension with alias " + alias + " does not exist"}
}
