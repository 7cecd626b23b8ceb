package neutron_test

import (
	"net/http"
	"testing"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/resource/neutron"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

// meddle changes or deletes an object behind the resource's back.
func meddle(t *testing.T, lab *resourcetest.Lab, method, path string, body any) {
	t.Helper()
	client, err := lab.Admin.Network()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cloud.Call(t.Context(), client, method, path, body); err != nil {
		t.Fatal(err)
	}
}

// seen is what is observed, as a text; nothing is "{}".
func seen(t *testing.T, r *resourcetest.Resource) string {
	t.Helper()
	live, err := r.Observe()
	if err != nil {
		t.Fatal(err)
	}
	if live == nil {
		return "{}"
	}
	return yaml.Dumps(live, true)
}

// Nothing of what the services choose or spell otherwise is a difference; what somebody has
// changed is, in the form in which it is shown.
func TestObserve(t *testing.T) {
	lab := resourcetest.New(t)
	created := func(typeName string, properties ...any) *resourcetest.Resource {
		t.Helper()
		r := lab.Created(neutron.Types, typeName, "x", properties...)
		if got := seen(t, r); got != "{}" {
			t.Errorf("%s: untouched, and yet %s", typeName, got)
		}
		if sound, err := r.Sound(); !sound || err != nil {
			t.Errorf("%s is not sound: %v", typeName, err)
		}
		return r
	}
	net := created("OS::Neutron::Net", "name", "n", "tags", []any{"b", "a"})
	sub := created("OS::Neutron::Subnet", "network", "n", "name", "s", "cidr", "2001:DB8:0::/64", "ip_version", 6, "gateway_ip", "2001:db8::0:1",
		"host_routes", []any{yaml.MapOf("destination", "2001:db8:1::/64", "nexthop", "2001:DB8::9")})
	group := created("OS::Neutron::SecurityGroup", "name", "g", "description", "d", "rules", []any{yaml.MapOf("protocol", "tcp", "port_range_min", 80, "port_range_max", 80)})
	port := created("OS::Neutron::Port", "network", "n", "fixed_ips", []any{yaml.MapOf("subnet", "s", "ip_address", "2001:DB8::00AA")}, "security_groups", []any{"g"},
		"mac_address", "FA:16:3E:00:00:0A", "allowed_address_pairs", []any{yaml.MapOf("ip_address", "10.0.0.9")}, "value_specs", yaml.MapOf("binding:vnic_type", "normal"))
	router := created("OS::Neutron::Router", "name", "r", "external_gateway_info", yaml.MapOf("network", "public"))
	rule := created("OS::Neutron::SecurityGroupRule", "security_group", "g", "protocol", "udp")

	for _, x := range []struct {
		r          *resourcetest.Resource
		path, body string
		want       string
	}{
		{net, "networks", `{"network": {"name": "m", "admin_state_up": false, "description": "mine"}}`, `{"admin_state_up": false, "name": "m"}`},
		{sub, "subnets", `{"subnet": {"gateway_ip": null, "dns_nameservers": ["2001:db8::53"]}}`, `{"dns_nameservers": ["2001:db8::53"], "gateway_ip": null}`},
		{group, "security-groups", `{"security_group": {"description": "mine"}}`, `{"description": "mine"}`},
		{port, "ports", `{"port": {"security_groups": [], "device_id": "mine", "allowed_address_pairs": []}}`, `{"allowed_address_pairs": [], "security_groups": []}`},
		{router, "routers", `{"router": {"external_gateway_info": null}}`, `{"external_gateway_info": null}`},
	} {
		body, err := yaml.DecodeJSON([]byte(x.body))
		if err != nil {
			t.Fatal(err)
		}
		meddle(t, lab, http.MethodPut, x.path+"/"+x.r.PhysicalID, body)
		if got := seen(t, x.r); got != x.want {
			t.Errorf("%s: %s, not %s", x.r.Type, got, x.want)
		}
	}
	meddle(t, lab, http.MethodDelete, "security-group-rules/"+rule.PhysicalID, nil)
	meddle(t, lab, http.MethodDelete, "ports/"+port.PhysicalID, nil)
	for _, r := range []*resourcetest.Resource{rule, port} {
		if _, err := r.Observe(); !cloud.NotFound(err) {
			t.Error(r.Type, err)
		}
		if sound, err := r.Sound(); sound || err != nil {
			t.Error(r.Type, sound, err)
		}
	}
}

// Connections are there or not.
func TestObserveConnections(t *testing.T) {
	lab := resourcetest.New(t)
	lab.Created(neutron.Types, "OS::Neutron::Net", "n", "name", "n")
	lab.Created(neutron.Types, "OS::Neutron::Subnet", "s", "network", "n", "name", "s", "cidr", "10.30.0.0/24")
	router := lab.Created(neutron.Types, "OS::Neutron::Router", "r", "name", "r")
	face := lab.Created(neutron.Types, "OS::Neutron::RouterInterface", "i", "router", "r", "subnet", "s")
	gateway := lab.Created(neutron.Types, "OS::Neutron::RouterGateway", "w", "router_id", "r", "network", "public")
	port := lab.Created(neutron.Types, "OS::Neutron::Port", "p", "network", "n", "name", "p")
	address := lab.Created(neutron.Types, "OS::Neutron::FloatingIP", "f", "floating_network", "public")
	joined := lab.Created(neutron.Types, "OS::Neutron::FloatingIPAssociation", "j", "floatingip_id", address.PhysicalID, "port_id", "p")
	for _, r := range []*resourcetest.Resource{face, gateway, address, joined} {
		if got := seen(t, r); got != "{}" {
			t.Error(r.Type, got)
		}
	}
	meddle(t, lab, http.MethodPut, "floatingips/"+address.PhysicalID, resource.Object("floatingip", resource.Object("port_id", nil)))
	if got := seen(t, joined); got != `{"port_id": null}` {
		t.Error(got, port.PhysicalID)
	}
	meddle(t, lab, http.MethodPut, "routers/"+router.PhysicalID+"/remove_router_interface", resource.Object("subnet_id", face.PhysicalID[len(router.PhysicalID)+len(":subnet_id="):]))
	meddle(t, lab, http.MethodPut, "routers/"+router.PhysicalID, resource.Object("router", resource.Object("external_gateway_info", nil)))
	for _, r := range []*resourcetest.Resource{face, gateway} {
		if _, err := r.Observe(); !cloud.NotFound(err) {
			t.Error(r.Type, err)
		}
	}
}
