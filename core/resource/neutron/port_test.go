package neutron

import (
	"errors"
	"testing"

	"hearth/core/resource"
	"hearth/core/yaml"
)

func TestPort(t *testing.T) {
	s := newSite(t)
	net, subnet := s.inside()
	web := s.created("SecurityGroup", "web", "name", "web")
	port := s.created("Port", "port", "network_id", "inside", "security_groups", []any{"web"}, "tags", []any{"blue"},
		"fixed_ips", []any{yaml.MapOf("subnet_id", "inside", "ip_address", "10.0.0.50")}, "mac_address", "fa:16:3e:00:00:01",
		"allowed_address_pairs", []any{yaml.MapOf("ip_address", "10.0.0.99")}, "dns_name", "www", "value_specs", yaml.MapOf("extra_dhcp_opts", []any{}))
	equal(t, "status", port.Attribute("status"), "DOWN")
	equal(t, "mac_address", port.Attribute("mac_address"), "fa:16:3e:00:00:01")
	equal(t, "network_id", port.Attribute("network_id"), net.PhysicalID)
	equal(t, "fixed_ips", port.Attribute("fixed_ips"), []any{map[string]any{"subnet_id": subnet.PhysicalID, "ip_address": "10.0.0.50"}})
	equal(t, "security_groups", port.Attribute("security_groups"), []string{web.PhysicalID})
	equal(t, "pairs", port.Attribute("allowed_address_pairs").([]any)[0].(*yaml.Map).Keys()[0], "ip_address")
	equal(t, "subnets", port.Attribute("subnets"), []any{now(t, subnets, subnet).Map()})
	equal(t, "network", port.Attribute("network"), now(t, networks, net).Map())
	equal(t, "dns_assignment", port.Attribute("dns_assignment"),
		[]any{map[string]any{"hostname": "www", "ip_address": "10.0.0.50", "fqdn": "www.openstacklocal."}})
	equal(t, "tags", now(t, ports, port).Get("tags"), []string{"blue"})

	ok(t, port.Update("network", "inside", "mac_address", "fa:16:3e:00:00:01", "name", "mine", "admin_state_up", false, "security_groups", []any{},
		"fixed_ips", []any{yaml.MapOf("ip_address", "10.0.0.51")}, "device_id", "d", "device_owner", "o"))
	after := now(t, ports, port)
	equal(t, "name", after.Get("name"), "mine")
	equal(t, "admin_state_up", after.Get("admin_state_up"), false)
	equal(t, "security_groups", after.Get("security_groups"), []any{})
	equal(t, "pairs", after.Get("allowed_address_pairs"), []any{})
	equal(t, "address", after.Subs("fixed_ips")[0].Get("ip_address"), "10.0.0.51")
	equal(t, "device_id", after.Get("device_id"), "d")
	equal(t, "tags", after.Get("tags"), []any{})

	ok(t, port.Update("network", "inside", "mac_address", "fa:16:3e:00:00:01"))
	after = now(t, ports, port)
	equal(t, "the default group", len(after.List("security_groups")), 1)
	equal(t, "the address stays", after.Subs("fixed_ips")[0].Get("ip_address"), "10.0.0.51")

	ok(t, port.Update("network", "inside", "mac_address", "fa:16:3e:00:00:01", "no_fixed_ips", true))
	equal(t, "no address", now(t, ports, port).Get("fixed_ips"), []any{})
	ok(t, port.Delete())
}

func TestPortWithoutAddresses(t *testing.T) {
	s := newSite(t)
	s.inside()
	equal(t, "none", s.created("Port", "a", "network", "inside", "no_fixed_ips", true).Attribute("fixed_ips"), []any{})
	equal(t, "an empty list is no list", len(s.created("Port", "b", "network", "inside", "fixed_ips", []any{}).Attribute("fixed_ips").([]any)), 1)
	equal(t, "no groups", s.created("Port", "c", "network", "inside", "security_groups", []any{}).Attribute("security_groups"), []any{})
}

// What Nova put into the profile of the binding outlives an update of the template.
func TestPortBindingProfile(t *testing.T) {
	s := newSite(t)
	s.inside()
	profile := func(pairs ...any) *yaml.Map { return yaml.MapOf("binding:profile", yaml.MapOf(pairs...)) }
	port := s.resource("Port", "port", "network", "inside", "value_specs", profile("trusted", true, "old", "x"))
	port.Cloud = s.Admin
	ok(t, port.Create())
	ok(t, ports.update(t.Context(), port.Context, port.PhysicalID, map[string]any{
		"binding:profile": map[string]any{"trusted": true, "old": "x", "pci_slot": "0000:01:00.0"}}))
	ok(t, port.Update("network", "inside", "value_specs", profile("trusted", false, "old", nil, "new", "y")))
	equal(t, "profile", now(t, ports, port).Get("binding:profile"), map[string]any{"trusted": false, "new": "y", "pci_slot": "0000:01:00.0"})
}

// A replacement takes the address of the port that it stands for.
func TestPortReplacementKeepsItsAddress(t *testing.T) {
	s := newSite(t)
	s.inside()
	properties := []any{"network", "inside", "fixed_ips", []any{yaml.MapOf("ip_address", "10.0.0.50")}}
	old := s.created("Port", "port", properties...)
	if err := old.Update(append(properties, "replacement_policy", "REPLACE_ALWAYS")...); !errors.Is(err, resource.ErrReplace) {
		t.Errorf("REPLACE_ALWAYS: %v", err)
	}
	if err := old.Update("network", "inside", "mac_address", "fa:16:3e:00:00:02"); !errors.Is(err, resource.ErrReplace) {
		t.Errorf("another MAC address: %v", err)
	}
	ok(t, old.Behaviour.(resource.ReplacePreparer).PrepareReplace(t.Context(), old.Context))
	next := s.created("Port", "port", properties...)
	equal(t, "address", now(t, ports, next).Subs("fixed_ips")[0].Get("ip_address"), "10.0.0.50")
	equal(t, "address of the old port", now(t, ports, old).Get("fixed_ips"), []any{})
	ok(t, old.Delete())
	ok(t, old.Behaviour.(resource.ReplacePreparer).PrepareReplace(t.Context(), old.Context))
}
