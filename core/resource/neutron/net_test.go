package neutron

import (
	"strings"
	"testing"

	"hearth/core/yaml"
)

func TestNet(t *testing.T) {
	s := newSite(t)
	net := s.created("Net", "net", "tags", []any{"blue", "green"}, "port_security_enabled", false, "value_specs", yaml.MapOf("mtu", 1400))
	if name := net.Attribute("name").(string); !strings.HasPrefix(name, "teststack-net-") {
		t.Errorf("name is %q", name)
	}
	equal(t, "status", net.Attribute("status"), "ACTIVE")
	equal(t, "mtu", net.Attribute("mtu"), 1400)
	equal(t, "port_security_enabled", net.Attribute("port_security_enabled"), false)
	equal(t, "l2_adjacency", net.Attribute("l2_adjacency"), true)
	equal(t, "tenant_id", net.Attribute("tenant_id"), s.Client.ProjectID())
	equal(t, "tags", now(t, networks, net).Get("tags"), []string{"blue", "green"})
	subnet := s.created("Subnet", "subnet", "network", net.PhysicalID, "cidr", "10.0.0.0/24")
	equal(t, "subnets", net.Attribute("subnets"), []string{subnet.PhysicalID})

	ok(t, net.Update("name", "mine", "admin_state_up", false, "tags", []any{"green", "red"}, "dns_domain", "example.org.", "value_specs", yaml.MapOf("mtu", 1300)))
	equal(t, "name", net.Attribute("name"), "mine")
	equal(t, "admin_state_up", net.Attribute("admin_state_up"), false)
	equal(t, "mtu", net.Attribute("mtu"), 1300)
	equal(t, "tags", now(t, networks, net).Get("tags"), []string{"green", "red"})

	ok(t, net.Update())
	after := now(t, networks, net)
	equal(t, "name", after.Get("name"), net.PhysicalName(0))
	equal(t, "admin_state_up", after.Get("admin_state_up"), true)
	equal(t, "port_security_enabled", after.Get("port_security_enabled"), true)
	equal(t, "dns_domain", after.Get("dns_domain"), "")
	equal(t, "tags", after.Get("tags"), []string{})

	shown, err := net.Behaviour.(*Net).Show(t.Context(), net.Context)
	ok(t, err)
	equal(t, "show", shown.(*yaml.Map), after.Map())

	ok(t, net.Delete())
	equal(t, "an attribute of what is gone", net.Attribute("status"), nil)
}

func TestProviderNet(t *testing.T) {
	s := newSite(t)
	net := s.outside()
	made := now(t, networks, net)
	equal(t, "network type", made.Get("provider:network_type"), "flat")
	equal(t, "physical network", made.Get("provider:physical_network"), "datacentre")
	equal(t, "external", made.Get("router:external"), true)
	equal(t, "shared", made.Get("shared"), true)
	equal(t, "status", net.Attribute("status"), "ACTIVE")
	ok(t, net.Update("name", "outside", "network_type", "flat", "physical_network", "datacentre", "router_external", true, "shared", false, "tags", []any{"x"}))
	made = now(t, networks, net)
	equal(t, "shared", made.Get("shared"), false)
	equal(t, "tags", made.Get("tags"), []string{"x"})
	ok(t, net.Delete())
}

func TestSubnet(t *testing.T) {
	s := newSite(t)
	s.created("Net", "net", "name", "inside")
	subnet := s.created("Subnet", "subnet", "network", "inside", "cidr", "10.0.0.0/24", "gateway_ip", "10.0.0.254", "enable_dhcp", false,
		"dns_nameservers", []any{"192.0.2.1"}, "tags", []any{"blue"},
		"allocation_pools", []any{yaml.MapOf("start", "10.0.0.10", "end", "10.0.0.20")},
		"host_routes", []any{yaml.MapOf("destination", "10.9.0.0/16", "nexthop", "10.0.0.9")})
	equal(t, "cidr", subnet.Attribute("cidr"), "10.0.0.0/24")
	equal(t, "gateway_ip", subnet.Attribute("gateway_ip"), "10.0.0.254")
	equal(t, "ip_version", subnet.Attribute("ip_version"), 4)
	equal(t, "enable_dhcp", subnet.Attribute("enable_dhcp"), false)
	equal(t, "pools", subnet.Attribute("allocation_pools"), []any{map[string]any{"start": "10.0.0.10", "end": "10.0.0.20"}})
	equal(t, "routes", subnet.Attribute("host_routes"), []any{map[string]any{"destination": "10.9.0.0/16", "nexthop": "10.0.0.9"}})
	equal(t, "name servers", subnet.Attribute("dns_nameservers"), []string{"192.0.2.1"})
	equal(t, "tags", now(t, subnets, subnet).Get("tags"), []string{"blue"})

	ok(t, subnet.Update("network", "inside", "cidr", "10.0.0.0/24", "name", "mine"))
	after := now(t, subnets, subnet)
	equal(t, "name", after.Get("name"), "mine")
	equal(t, "gateway_ip", after.Get("gateway_ip"), nil)
	equal(t, "enable_dhcp", after.Get("enable_dhcp"), true)
	equal(t, "routes", after.Get("host_routes"), []any{})
	equal(t, "name servers", after.Get("dns_nameservers"), []any{})
	equal(t, "tags", after.Get("tags"), []any{})
	equal(t, "no pools any more", after.Get("allocation_pools"), []any{})

	err := subnet.Update("network", "inside", "cidr", "10.0.0.0/24", "name", "mine", "gateway_ip", "auto")
	if err == nil || !strings.Contains(err.Error(), "It is only supported during subnet creation. is not supported for resource.") {
		t.Errorf("auto: %v", err)
	}
	ok(t, subnet.Delete())
}

func TestSubnetGateway(t *testing.T) {
	s := newSite(t)
	s.created("Net", "net", "name", "inside")
	for i, c := range []struct {
		given []any
		want  any
	}{
		{nil, "10.0.0.1"},
		{[]any{"gateway_ip", "auto"}, "10.0.1.1"},
		{[]any{"gateway_ip", nil}, nil},
		{[]any{"gateway_ip", ""}, nil},
		{[]any{"gateway_ip", "10.0.4.7"}, "10.0.4.7"},
	} {
		properties := append([]any{"network", "inside", "cidr", "10.0." + string(rune('0'+i)) + ".0/24"}, c.given...)
		equal(t, "gateway", s.created("Subnet", "subnet", properties...).Attribute("gateway_ip"), c.want)
	}
}

func TestSubnetOfAPool(t *testing.T) {
	s := newSite(t)
	net := s.created("Net", "net")
	pools := noun{"subnetpools", "subnetpool", "subnetpools"}
	_, err := pools.create(t.Context(), net.Context, map[string]any{"name": "pool", "prefixes": []string{"10.5.0.0/16"}})
	ok(t, err)
	subnet := s.created("Subnet", "subnet", "network", net.PhysicalID, "subnetpool", "pool", "prefixlen", 26)
	equal(t, "cidr", subnet.Attribute("cidr"), "10.5.0.0/26")
}
