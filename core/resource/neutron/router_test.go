package neutron

import (
	"strings"
	"testing"

	"hearth/core/resource"
	"hearth/core/yaml"
)

func TestRouter(t *testing.T) {
	s := newSite(t)
	out := s.outside()
	router := s.created("Router", "router", "tags", []any{"blue"}, "admin_state_up", false, "external_gateway_info",
		yaml.MapOf("network", "outside", "external_fixed_ips", []any{yaml.MapOf("ip_address", "203.0.113.9")}))
	equal(t, "status", router.Attribute("status"), "ACTIVE")
	equal(t, "admin_state_up", router.Attribute("admin_state_up"), false)
	gateway := resource.NewValues(router.Attribute("external_gateway_info").(*yaml.Map))
	equal(t, "gateway network", gateway.Get("network_id"), out.PhysicalID)
	equal(t, "gateway address", gateway.Subs("external_fixed_ips")[0].Get("ip_address"), "203.0.113.9")
	equal(t, "tags", now(t, routers, router).Get("tags"), []string{"blue"})

	ok(t, router.Update("name", "mine", "external_gateway_info",
		yaml.MapOf("network", out.PhysicalID, "enable_snat", false, "external_fixed_ips", []any{yaml.MapOf("ip_address", "203.0.113.10")})))
	after := now(t, routers, router)
	equal(t, "name", after.Get("name"), "mine")
	equal(t, "admin_state_up", after.Get("admin_state_up"), true)
	equal(t, "snat", after.Sub("external_gateway_info").Get("enable_snat"), false)
	equal(t, "gateway address", after.Sub("external_gateway_info").Subs("external_fixed_ips")[0].Get("ip_address"), "203.0.113.10")
	equal(t, "tags", after.Get("tags"), []any{})

	ok(t, router.Update("name", "mine"))
	equal(t, "gateway", router.Attribute("external_gateway_info"), nil)
	ok(t, router.Delete())
}

func TestRouterInterface(t *testing.T) {
	s := newSite(t)
	net, subnet := s.inside()
	router := s.created("Router", "router", "name", "r")
	bySubnet := s.created("RouterInterface", "i", "router", "r", "subnet_id", "inside")
	equal(t, "physical id", bySubnet.PhysicalID, router.PhysicalID+":subnet_id="+subnet.PhysicalID)

	ok(t, router.Behaviour.Delete(t.Context(), router.Context))
	p, err := router.Behaviour.(resource.DeleteWaiter).DeleteComplete(t.Context(), router.Context)
	if err != nil || p.Done {
		t.Errorf("a router with an interface goes: %+v, %v", p, err)
	}

	s.created("Subnet", "second", "network", net.PhysicalID, "cidr", "10.0.1.0/24")
	port := s.created("Port", "port", "name", "plug", "network", net.PhysicalID, "fixed_ips", []any{yaml.MapOf("ip_address", "10.0.1.7")})
	byPort := s.created("RouterInterface", "j", "router_id", "r", "port", "plug")
	equal(t, "physical id", byPort.PhysicalID, router.PhysicalID+":port_id="+port.PhysicalID)

	ok(t, byPort.Delete())
	bySubnet.PhysicalID = router.PhysicalID + ":" + subnet.PhysicalID
	ok(t, bySubnet.Delete())
	ok(t, router.Delete())
}

// An interface that a floating IP needs goes once the floating IP is gone.
func TestRouterInterfaceInUse(t *testing.T) {
	s := newSite(t)
	s.outside()
	s.inside()
	s.created("Router", "router", "name", "r", "external_gateway_info", yaml.MapOf("network", "outside"))
	wired := s.created("RouterInterface", "i", "router", "r", "subnet", "inside")
	port := s.created("Port", "port", "network", "inside")
	floating := s.created("FloatingIP", "f", "floating_network", "outside", "port_id", port.PhysicalID)

	ok(t, wired.Behaviour.Delete(t.Context(), wired.Context))
	waiter := wired.Behaviour.(resource.DeleteWaiter)
	if p, err := waiter.DeleteComplete(t.Context(), wired.Context); err != nil || p.Done {
		t.Errorf("got %+v, %v", p, err)
	}
	ok(t, floating.Delete())
	if p, err := waiter.DeleteComplete(t.Context(), wired.Context); err != nil || !p.Done {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestRouterGateway(t *testing.T) {
	s := newSite(t)
	out := s.outside()
	router := s.created("Router", "router", "name", "r")
	gateway := s.created("RouterGateway", "g", "router_id", "r", "network_id", "outside")
	equal(t, "physical id", gateway.PhysicalID, strings.Join([]string{router.PhysicalID, out.PhysicalID}, ":"))
	equal(t, "network", now(t, routers, router).Sub("external_gateway_info").Get("network_id"), out.PhysicalID)
	ok(t, gateway.Delete())
	equal(t, "gateway", router.Attribute("external_gateway_info"), nil)
	ok(t, router.Delete())
	ok(t, gateway.Delete())
}
