package simcloud_test

import (
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/attributestags"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/layer3/floatingips"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/layer3/routers"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/quotas"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/groups"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/rules"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/subnetpools"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/networks"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/ports"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/subnets"

	"hearth/core/simcloud"
)

func networkID(t *testing.T, net *gophercloud.ServiceClient, name string) string {
	t.Helper()
	all := must(networks.ExtractNetworks(must(networks.List(net, networks.ListOpts{Name: name}).AllPages(t.Context()))(t)))(t)
	if len(all) != 1 {
		t.Fatalf("%d networks are named %s", len(all), name)
	}
	return all[0].ID
}

// refused asserts status and exception class.
func refused(t *testing.T, err error, status int, class string) {
	t.Helper()
	wantStatus(t, err, status)
	if !strings.Contains(err.Error(), class) {
		t.Fatalf("got %v, want %s", err, class)
	}
}

func newNet(t *testing.T, net *gophercloud.ServiceClient, name, cidr string) (*networks.Network, *subnets.Subnet) {
	t.Helper()
	n := must(networks.Create(t.Context(), net, networks.CreateOpts{Name: name}).Extract())(t)
	return n, must(subnets.Create(t.Context(), net, subnets.CreateOpts{NetworkID: n.ID, CIDR: cidr, IPVersion: 4}).Extract())(t)
}

func TestAddresses(t *testing.T) {
	c := start(t, simcloud.Options{})
	net := c.network(t, "demo", "demo")
	n, s := newNet(t, net, "n", "192.168.9.0/29")
	if s.GatewayIP != "192.168.9.1" || s.AllocationPools[0].Start != "192.168.9.2" || s.AllocationPools[0].End != "192.168.9.6" {
		t.Fatalf("%+v", s)
	}
	_, err := subnets.Create(t.Context(), net, subnets.CreateOpts{NetworkID: n.ID, CIDR: "192.168.9.0/24", IPVersion: 4}).Extract()
	refused(t, err, 400, "overlaps")
	seen := map[string]bool{}
	var last *ports.Port
	for range 5 {
		last = must(ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: n.ID}).Extract())(t)
		seen[last.FixedIPs[0].IPAddress] = true
	}
	if len(seen) != 5 {
		t.Fatalf("addresses %v", seen)
	}
	_, err = ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: n.ID}).Extract()
	refused(t, err, 409, "IpAddressGenerationFailure")
	_, err = ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: n.ID, FixedIPs: []ports.IP{{IPAddress: last.FixedIPs[0].IPAddress}}}).Extract()
	refused(t, err, 409, "IpAddressAlreadyAllocated")
	_, err = ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: n.ID, FixedIPs: []ports.IP{{IPAddress: "10.9.9.9"}}}).Extract()
	refused(t, err, 400, "InvalidIpForNetwork")
	refused(t, networks.Delete(t.Context(), net, n.ID).ExtractErr(), 409, "NetworkInUse")
	refused(t, subnets.Delete(t.Context(), net, s.ID).ExtractErr(), 409, "SubnetInUse")
	if err := ports.Delete(t.Context(), net, last.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	again := must(ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: n.ID, FixedIPs: []ports.IP{{SubnetID: s.ID}}}).Extract())(t)
	if again.FixedIPs[0].IPAddress != last.FixedIPs[0].IPAddress {
		t.Fatalf("%v is not the freed address", again.FixedIPs)
	}
	byIP := must(ports.ExtractPorts(must(ports.List(net, ports.ListOpts{FixedIPs: []ports.FixedIPOpts{{IPAddress: again.FixedIPs[0].IPAddress}}}).AllPages(t.Context()))(t)))(t)
	if len(byIP) != 1 || byIP[0].ID != again.ID {
		t.Fatalf("%v", byIP)
	}
}

func TestRouterAndFloatingIP(t *testing.T) {
	c := start(t, simcloud.Options{})
	net := c.network(t, "demo", "demo")
	public := networkID(t, net, "public")
	n, s := newNet(t, net, "n", "192.168.9.0/24")
	port := must(ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: n.ID}).Extract())(t)

	_, err := floatingips.Create(t.Context(), net, floatingips.CreateOpts{FloatingNetworkID: n.ID}).Extract()
	refused(t, err, 400, "not a valid external network")
	fip := must(floatingips.Create(t.Context(), net, floatingips.CreateOpts{FloatingNetworkID: public}).Extract())(t)
	if fip.Status != "DOWN" || !strings.HasPrefix(fip.FloatingIP, "172.24.4.") {
		t.Fatalf("%+v", fip)
	}
	associate := floatingips.UpdateOpts{PortID: &port.ID}
	_, err = floatingips.Update(t.Context(), net, fip.ID, associate).Extract()
	refused(t, err, 404, "ExternalGatewayForFloatingIPNotFound")

	r := must(routers.Create(t.Context(), net, routers.CreateOpts{Name: "r", GatewayInfo: &routers.GatewayInfo{NetworkID: public}}).Extract())(t)
	if len(r.GatewayInfo.ExternalFixedIPs) != 1 {
		t.Fatalf("gateway %+v", r.GatewayInfo)
	}
	info := must(routers.AddInterface(t.Context(), net, r.ID, routers.AddInterfaceOpts{SubnetID: s.ID}).Extract())(t)
	if must(ports.Get(t.Context(), net, info.PortID).Extract())(t).FixedIPs[0].IPAddress != s.GatewayIP {
		t.Fatal("the interface does not have the gateway address")
	}
	_, err = routers.AddInterface(t.Context(), net, r.ID, routers.AddInterfaceOpts{SubnetID: s.ID}).Extract()
	refused(t, err, 400, "already has a port on subnet")

	fip = must(floatingips.Update(t.Context(), net, fip.ID, associate).Extract())(t)
	if fip.Status != "ACTIVE" || fip.FixedIP != port.FixedIPs[0].IPAddress || fip.RouterID != r.ID {
		t.Fatalf("%+v", fip)
	}
	_, err = floatingips.Create(t.Context(), net, floatingips.CreateOpts{FloatingNetworkID: public, PortID: port.ID}).Extract()
	refused(t, err, 409, "FloatingIPPortAlreadyAssociated")
	_, err = routers.RemoveInterface(t.Context(), net, r.ID, routers.RemoveInterfaceOpts{SubnetID: s.ID}).Extract()
	refused(t, err, 409, "RouterInterfaceInUseByFloatingIP")
	refused(t, routers.Delete(t.Context(), net, r.ID).ExtractErr(), 409, "RouterInUse")
	refused(t, ports.Delete(t.Context(), net, info.PortID).ExtractErr(), 409, "ServicePortInUse")

	if err := ports.Delete(t.Context(), net, port.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	if got := must(floatingips.Get(t.Context(), net, fip.ID).Extract())(t); got.PortID != "" || got.Status != "DOWN" {
		t.Fatalf("%+v", got)
	}
	must(routers.RemoveInterface(t.Context(), net, r.ID, routers.RemoveInterfaceOpts{SubnetID: s.ID}).Extract())(t)
	_, err = routers.RemoveInterface(t.Context(), net, r.ID, routers.RemoveInterfaceOpts{PortID: info.PortID}).Extract()
	refused(t, err, 404, "RouterInterfaceNotFound")
	for _, err := range []error{
		routers.Delete(t.Context(), net, r.ID).ExtractErr(), floatingips.Delete(t.Context(), net, fip.ID).ExtractErr(), networks.Delete(t.Context(), net, n.ID).ExtractErr(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestGroupsAsNovaHasThem(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova := c.compute(t, "demo", "demo")
	_, answer, _ := call(t, "GET", nova.ServiceURL("os-security-groups"), nova.Token(), nil)
	group := answer["security_groups"].([]any)[0].(map[string]any)
	for _, rule := range group["rules"].([]any) {
		r := rule.(map[string]any)
		if r["group"].(map[string]any)["name"] != "default" || len(r["ip_range"].(map[string]any)) != 0 {
			t.Errorf("a rule from the group itself is %v", r)
		}
	}
}

func TestSecurityGroups(t *testing.T) {
	c := start(t, simcloud.Options{})
	net := c.network(t, "demo", "demo")
	g := must(groups.Create(t.Context(), net, groups.CreateOpts{Name: "web"}).Extract())(t)
	if len(g.Rules) != 2 || g.Rules[0].Direction != "egress" {
		t.Fatalf("%+v", g.Rules)
	}
	rule := rules.CreateOpts{SecGroupID: g.ID, Direction: rules.DirIngress, EtherType: rules.EtherType4, Protocol: rules.ProtocolTCP, PortRangeMin: 22, PortRangeMax: 22, RemoteIPPrefix: "0.0.0.0/0"}
	must(rules.Create(t.Context(), net, rule).Extract())(t)
	_, err := rules.Create(t.Context(), net, rule).Extract()
	refused(t, err, 409, "SecurityGroupRuleExists")
	rule.PortRangeMin = 80
	_, err = rules.Create(t.Context(), net, rule).Extract()
	refused(t, err, 400, "SecurityGroupInvalidPortRange")
	p := must(ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: networkID(t, net, "private"), SecurityGroups: &[]string{g.ID}}).Extract())(t)
	refused(t, groups.Delete(t.Context(), net, g.ID).ExtractErr(), 409, "SecurityGroupInUse")
	if err := ports.Delete(t.Context(), net, p.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	if err := groups.Delete(t.Context(), net, g.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	all := must(groups.ExtractGroups(must(groups.List(net, groups.ListOpts{}).AllPages(t.Context()))(t)))(t)
	if len(all) != 1 || all[0].Name != "default" || len(all[0].Rules) != 4 {
		t.Fatalf("%+v", all)
	}
	refused(t, groups.Delete(t.Context(), net, all[0].ID).ExtractErr(), 409, "SecurityGroupCannotRemoveDefault")
}

func TestNetworkIsolationQuotaTagsAndPools(t *testing.T) {
	c := start(t, simcloud.Options{})
	net, boss := c.network(t, "demo", "demo"), c.network(t, "admin", "admin")
	n, _ := newNet(t, net, "mine", "192.168.9.0/24")
	other := c.network(t, "demo", newProject(t, c, "other"))
	wantStatus(t, networks.Get(t.Context(), other, n.ID).Err, 404)
	wantStatus(t, networks.Delete(t.Context(), other, networkID(t, other, "private")).ExtractErr(), 403)
	must(networks.Get(t.Context(), boss, n.ID).Extract())(t)
	shared := true
	_, err := networks.Create(t.Context(), net, networks.CreateOpts{Name: "s", Shared: &shared}).Extract()
	wantStatus(t, err, 403)

	must(attributestags.ReplaceAll(t.Context(), net, "networks", n.ID, attributestags.ReplaceAllOpts{Tags: []string{"a", "b"}}).Extract())(t)
	tagged := must(networks.ExtractNetworks(must(networks.List(net, networks.ListOpts{Tags: "a,b"}).AllPages(t.Context()))(t)))(t)
	if len(tagged) != 1 || tagged[0].ID != n.ID {
		t.Fatalf("%v", tagged)
	}
	one := 1
	must(quotas.Update(t.Context(), boss, projectID(t, c, "demo"), quotas.UpdateOpts{Network: &one}).Extract())(t)
	_, err = networks.Create(t.Context(), net, networks.CreateOpts{Name: "two"}).Extract()
	refused(t, err, 409, "OverQuota")

	pool := must(subnetpools.Create(t.Context(), net, subnetpools.CreateOpts{Name: "p", Prefixes: []string{"10.50.0.0/16"}, DefaultPrefixLen: 24}).Extract())(t)
	var cidrs []string
	for range 2 {
		s := must(subnets.Create(t.Context(), net, subnets.CreateOpts{NetworkID: n.ID, IPVersion: 4, SubnetPoolID: pool.ID}).Extract())(t)
		cidrs = append(cidrs, s.CIDR)
	}
	if cidrs[0] != "10.50.0.0/24" || cidrs[1] != "10.50.1.0/24" {
		t.Fatalf("%v", cidrs)
	}
	refused(t, subnetpools.Delete(t.Context(), net, pool.ID).ExtractErr(), 409, "SubnetPoolInUse")
}
