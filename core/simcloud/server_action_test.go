package simcloud_test

import (
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/tags"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/groups"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/networks"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/ports"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/subnets"

	"hearth/core/simcloud"
)

func TestServerActions(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova := c.compute(t, "demo", "demo")
	s := must(servers.Create(t.Context(), nova, servers.CreateOpts{Name: "s", FlavorRef: "1", ImageRef: cirros(t, c)}, nil).Extract())(t)
	action := func(name string, arg any) error {
		_, err := nova.Post(t.Context(), nova.ServiceURL("servers", s.ID, "action"), map[string]any{name: arg}, nil, &gophercloud.RequestOpts{OkCodes: []int{200, 202, 204}})
		return err
	}
	for _, step := range []struct {
		action string
		arg    any
		status int // 0 is accepted
		then   string
	}{
		{"os-start", nil, 409, "ACTIVE"},
		{"pause", nil, 0, "PAUSED"},
		{"os-stop", nil, 409, "PAUSED"},
		{"unpause", nil, 0, "ACTIVE"},
		{"suspend", nil, 0, "SUSPENDED"},
		{"resume", nil, 0, "ACTIVE"},
		{"reboot", map[string]any{"type": "HARD"}, 0, "ACTIVE"},
		{"resize", map[string]any{"flavorRef": "1"}, 400, "ACTIVE"},
		{"resize", map[string]any{"flavorRef": "2"}, 0, "VERIFY_RESIZE"},
		{"revertResize", nil, 0, "ACTIVE"},
		{"lock", nil, 0, "ACTIVE"},
		{"unlock", nil, 0, "ACTIVE"},
		{"addSecurityGroup", map[string]any{"name": "nope"}, 404, "ACTIVE"},
		{"os-resetState", map[string]any{"state": "error"}, 403, "ACTIVE"},
		{"makeCoffee", nil, 400, "ACTIVE"},
	} {
		err := action(step.action, step.arg)
		if step.status == 0 && err != nil {
			t.Fatalf("%s: %v", step.action, err)
		}
		if step.status != 0 {
			wantStatus(t, err, step.status)
		}
		if got := must(servers.Get(t.Context(), nova, s.ID).Extract())(t); got.Status != step.then || got.Flavor["original_name"] != "m1.tiny" && step.then != "VERIFY_RESIZE" {
			t.Fatalf("after %s it is %s with %v", step.action, got.Status, got.Flavor)
		}
	}
	if out := must(servers.ShowConsoleOutput(t.Context(), nova, s.ID, servers.ShowConsoleOutputOpts{}).Extract())(t); out == "" {
		t.Fatal("no console output")
	}
	id := must(servers.CreateImage(t.Context(), nova, s.ID, servers.CreateImageOpts{Name: "snap"}).ExtractImageID())(t)
	if i := must(images.Get(t.Context(), c.image(t, "demo", "demo"), id).Extract())(t); i.Status != "active" || i.Properties["instance_uuid"] != s.ID {
		t.Fatalf("%+v", i)
	}
	rebuilt := must(servers.Rebuild(t.Context(), nova, s.ID, servers.RebuildOpts{ImageRef: id, Name: "again"}).Extract())(t)
	if rebuilt.Name != "again" || rebuilt.Image["id"] != id {
		t.Fatalf("%+v", rebuilt)
	}
	must(servers.UpdateMetadata(t.Context(), nova, s.ID, servers.MetadataOpts{"a": "1", "b": "2"}).Extract())(t)
	if err := servers.DeleteMetadatum(t.Context(), nova, s.ID, "a").ExtractErr(); err != nil {
		t.Fatal(err)
	}
	if m := must(servers.Metadata(t.Context(), nova, s.ID).Extract())(t); len(m) != 1 || m["b"] != "2" {
		t.Fatal(m)
	}
	if err := tags.Add(t.Context(), nova, s.ID, "x").ExtractErr(); err != nil {
		t.Fatal(err)
	}
	if l := must(tags.List(t.Context(), nova, s.ID).Extract())(t); len(l) != 1 || l[0] != "x" {
		t.Fatal(l)
	}
}

func TestServerSecurityGroupChanges(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova, net := c.compute(t, "demo", "demo"), c.network(t, "demo", "demo")
	g := must(groups.Create(t.Context(), net, groups.CreateOpts{Name: "web"}).Extract())(t)
	s := must(servers.Create(t.Context(), nova, servers.CreateOpts{Name: "s", FlavorRef: "1", ImageRef: cirros(t, c)}, nil).Extract())(t)
	groupsOfPort := func() []string {
		return must(ports.ExtractPorts(must(ports.List(net, ports.ListOpts{DeviceID: s.ID}).AllPages(t.Context()))(t)))(t)[0].SecurityGroups
	}
	post := func(action string) {
		t.Helper()
		if _, err := nova.Post(t.Context(), nova.ServiceURL("servers", s.ID, "action"), map[string]any{action: map[string]any{"name": "web"}}, nil, &gophercloud.RequestOpts{OkCodes: []int{202}}); err != nil {
			t.Fatal(err)
		}
	}
	post("addSecurityGroup")
	if l := groupsOfPort(); len(l) != 2 || l[1] != g.ID {
		t.Fatal(l)
	}
	post("removeSecurityGroup")
	if l := groupsOfPort(); len(l) != 1 {
		t.Fatal(l)
	}
}

func TestServerNeedsOneNetwork(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova, net := c.compute(t, "demo", "demo"), c.network(t, "demo", "demo")
	newNet(t, net, "second", "192.168.9.0/24")
	_, err := servers.Create(t.Context(), nova, servers.CreateOpts{Name: "s", FlavorRef: "1", ImageRef: cirros(t, c)}, nil).Extract()
	refused(t, err, 409, "Multiple possible networks found")
}

func TestIPv6Addresses(t *testing.T) {
	c := start(t, simcloud.Options{})
	net := c.network(t, "demo", "demo")
	n := must(networks.Create(t.Context(), net, networks.CreateOpts{Name: "six"}).Extract())(t)
	must(subnets.Create(t.Context(), net, subnets.CreateOpts{NetworkID: n.ID, CIDR: "fd00:1::/64", IPVersion: 6, IPv6AddressMode: "slaac", IPv6RAMode: "slaac"}).Extract())(t)
	p := must(ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: n.ID, MACAddress: "fa:16:3e:11:22:33"}).Extract())(t)
	if ip := p.FixedIPs[0].IPAddress; ip != "fd00:1::f816:3eff:fe11:2233" {
		t.Fatalf("address %s", ip)
	}
}
