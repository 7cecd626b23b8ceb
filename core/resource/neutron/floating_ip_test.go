package neutron

import (
	"testing"

	"hearth/core/yaml"
)

func TestFloatingIP(t *testing.T) {
	s := newSite(t)
	out := s.outside()
	s.inside()
	router := s.created("Router", "router", "name", "r", "external_gateway_info", yaml.MapOf("network", "outside"))
	s.created("RouterInterface", "i", "router", "r", "subnet", "inside")
	first := s.created("Port", "first", "network", "inside", "fixed_ips", []any{yaml.MapOf("ip_address", "10.0.0.11")})
	second := s.created("Port", "second", "network", "inside", "fixed_ips", []any{yaml.MapOf("ip_address", "10.0.0.12"), yaml.MapOf("ip_address", "10.0.0.13")})

	ip := s.created("FloatingIP", "ip", "floating_network_id", "outside", "port_id", first.PhysicalID)
	equal(t, "floating_network_id", ip.Attribute("floating_network_id"), out.PhysicalID)
	equal(t, "port_id", ip.Attribute("port_id"), first.PhysicalID)
	equal(t, "fixed_ip_address", ip.Attribute("fixed_ip_address"), "10.0.0.11")
	equal(t, "router_id", ip.Attribute("router_id"), router.PhysicalID)
	address := ip.Attribute("floating_ip_address")

	ok(t, ip.Update("floating_network_id", "outside", "port_id", second.PhysicalID, "fixed_ip_address", "10.0.0.13"))
	equal(t, "fixed_ip_address", ip.Attribute("fixed_ip_address"), "10.0.0.13")
	ok(t, ip.Update("floating_network", "outside", "port_id", second.PhysicalID))
	equal(t, "fixed_ip_address", ip.Attribute("fixed_ip_address"), "10.0.0.12")
	ok(t, ip.Update("floating_network", "outside"))
	equal(t, "port_id", ip.Attribute("port_id"), nil)
	equal(t, "floating_ip_address", ip.Attribute("floating_ip_address"), address)
	ok(t, ip.Delete())
}

func TestFloatingIPAssociation(t *testing.T) {
	s := newSite(t)
	s.outside()
	s.inside()
	s.created("Router", "router", "name", "r", "external_gateway_info", yaml.MapOf("network", "outside"))
	s.created("RouterInterface", "i", "router", "r", "subnet", "inside")
	first := s.created("Port", "first", "network", "inside")
	second := s.created("Port", "second", "network", "inside")
	one := s.created("FloatingIP", "one", "floating_network", "outside")
	two := s.created("FloatingIP", "two", "floating_network", "outside")

	a := s.created("FloatingIPAssociation", "a", "floatingip_id", one.PhysicalID, "port_id", first.PhysicalID)
	equal(t, "physical id", a.PhysicalID, a.ID)
	equal(t, "port of one", one.Attribute("port_id"), first.PhysicalID)
	ok(t, a.Update("floatingip_id", one.PhysicalID, "port_id", second.PhysicalID))
	equal(t, "port of one", one.Attribute("port_id"), second.PhysicalID)
	ok(t, a.Update("floatingip_id", two.PhysicalID, "port_id", first.PhysicalID))
	equal(t, "port of one", one.Attribute("port_id"), nil)
	equal(t, "port of two", two.Attribute("port_id"), first.PhysicalID)

	b := s.created("FloatingIPAssociation", "b", "floatingip_id", two.PhysicalID, "port_id", second.PhysicalID)
	ok(t, a.Delete())
	equal(t, "port of two, which moved on", two.Attribute("port_id"), second.PhysicalID)
	ok(t, b.Delete())
	equal(t, "port of two", two.Attribute("port_id"), nil)
	ok(t, two.Delete())
	ok(t, b.Delete())
}
