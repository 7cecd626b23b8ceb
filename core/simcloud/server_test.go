package simcloud_test

import (
	"strings"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/volumes"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/attachinterfaces"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/flavors"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/keypairs"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/quotasets"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servergroups"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/volumeattach"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/ports"

	"hearth/core/simcloud"
)

func cirros(t *testing.T, c *cloud) string {
	t.Helper()
	p := must(images.List(c.image(t, "demo", "demo"), images.ListOpts{Name: "cirros-0.6.2-x86_64-disk"}).AllPages(t.Context()))(t)
	all := must(images.ExtractImages(p))(t)
	if len(all) != 1 {
		t.Fatalf("%d images are named cirros", len(all))
	}
	return all[0].ID
}

func TestServerLife(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova, net := c.compute(t, "demo", "demo"), c.network(t, "demo", "demo")
	image := cirros(t, c)
	s := must(servers.Create(t.Context(), nova, servers.CreateOpts{
		Name: "web", FlavorRef: "1", ImageRef: image, Metadata: map[string]string{"a": "b"}, Tags: []string{"x"}, SecurityGroups: []string{"default"}, UserData: []byte("#!/bin/sh"),
	}, nil).Extract())(t)
	if s.Status != "BUILD" || s.AdminPass == "" {
		t.Fatalf("create answered %q with password %q", s.Status, s.AdminPass)
	}
	got := must(servers.Get(t.Context(), nova, s.ID).Extract())(t)
	if got.Status != "ACTIVE" || got.Image["id"] != image || got.Flavor["original_name"] != "m1.tiny" || got.Metadata["a"] != "b" || (*got.Tags)[0] != "x" {
		t.Fatalf("%+v", got)
	}
	addrs := got.Addresses["private"].([]any)
	if ip := addrs[0].(map[string]any)["addr"].(string); len(addrs) != 1 || !strings.HasPrefix(ip, "10.0.") {
		t.Fatalf("addresses %v", got.Addresses)
	}
	if len(got.SecurityGroups) != 1 || got.SecurityGroups[0]["name"] != "default" {
		t.Fatalf("security groups %v", got.SecurityGroups)
	}
	found := must(servers.ExtractServers(must(servers.List(nova, servers.ListOpts{Name: "^we"}).AllPages(t.Context()))(t)))(t)
	if len(found) != 1 || found[0].ID != s.ID {
		t.Fatalf("list by name pattern: %v", found)
	}
	if err := servers.Resize(t.Context(), nova, s.ID, servers.ResizeOpts{FlavorRef: "2"}).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	if st := must(servers.Get(t.Context(), nova, s.ID).Extract())(t).Status; st != "VERIFY_RESIZE" {
		t.Fatalf("status %s", st)
	}
	if err := servers.ConfirmResize(t.Context(), nova, s.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	if err := servers.Stop(t.Context(), nova, s.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, servers.Stop(t.Context(), nova, s.ID).ExtractErr(), 409)
	portsOf := func() []ports.Port {
		return must(ports.ExtractPorts(must(ports.List(net, ports.ListOpts{DeviceID: s.ID}).AllPages(t.Context()))(t)))(t)
	}
	if n := len(portsOf()); n != 1 {
		t.Fatalf("%d ports", n)
	}
	if err := servers.Delete(t.Context(), nova, s.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, servers.Get(t.Context(), nova, s.ID).Err, 404)
	if n := len(portsOf()); n != 0 {
		t.Fatalf("%d ports outlive the server", n)
	}
}

func TestServerWithGivenPort(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova, net := c.compute(t, "demo", "demo"), c.network(t, "demo", "demo")
	image := cirros(t, c)
	private := networkID(t, net, "private")
	p := must(ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: private, FixedIPs: []ports.IP{{IPAddress: "10.0.0.77"}}}).Extract())(t)
	opts := servers.CreateOpts{Name: "given", FlavorRef: "1", ImageRef: image, Networks: []servers.Network{{Port: p.ID}}}
	s := must(servers.Create(t.Context(), nova, opts, nil).Extract())(t)
	_, err := servers.Create(t.Context(), nova, opts, nil).Extract()
	wantStatus(t, err, 409)
	if got := must(ports.Get(t.Context(), net, p.ID).Extract())(t); got.DeviceOwner != "compute:nova" || got.Status != "ACTIVE" {
		t.Fatalf("%+v", got)
	}
	extra := must(attachinterfaces.Create(t.Context(), nova, s.ID, attachinterfaces.CreateOpts{NetworkID: private}).Extract())(t)
	if err := attachinterfaces.Delete(t.Context(), nova, s.ID, extra.PortID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, ports.Get(t.Context(), net, extra.PortID).Err, 404)
	if err := servers.Delete(t.Context(), nova, s.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	if got := must(ports.Get(t.Context(), net, p.ID).Extract())(t); got.DeviceID != "" || got.Status != "DOWN" {
		t.Fatalf("the port is not free again: %+v", got)
	}
}

func TestServerBootsFromVolume(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova, cinder := c.compute(t, "demo", "demo"), c.volume(t, "demo", "demo")
	s := must(servers.Create(t.Context(), nova, servers.CreateOpts{Name: "bfv", FlavorRef: "1", Networks: "none", BlockDevice: []servers.BlockDevice{
		{SourceType: servers.SourceImage, DestinationType: servers.DestinationVolume, UUID: cirros(t, c), VolumeSize: 5, BootIndex: 0, DeleteOnTermination: true},
	}}, nil).Extract())(t)
	got := must(servers.Get(t.Context(), nova, s.ID).Extract())(t)
	if got.Image != nil || len(got.AttachedVolumes) != 1 {
		t.Fatalf("image %v, volumes %v", got.Image, got.AttachedVolumes)
	}
	v := must(volumes.Get(t.Context(), cinder, got.AttachedVolumes[0].ID).Extract())(t)
	if v.Status != "in-use" || v.Bootable != "true" || v.Attachments[0].ServerID != s.ID {
		t.Fatalf("%+v", v)
	}
	wantStatus(t, volumes.Delete(t.Context(), cinder, v.ID, nil).ExtractErr(), 400)
	data := must(volumes.Create(t.Context(), cinder, volumes.CreateOpts{Size: 1}, nil).Extract())(t)
	a := must(volumeattach.Create(t.Context(), nova, s.ID, volumeattach.CreateOpts{VolumeID: data.ID}).Extract())(t)
	if a.Device != "/dev/vdb" {
		t.Fatalf("device %s", a.Device)
	}
	if err := volumeattach.Delete(t.Context(), nova, s.ID, data.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	if err := servers.Delete(t.Context(), nova, s.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, volumes.Get(t.Context(), cinder, v.ID).Err, 404)
	if st := must(volumes.Get(t.Context(), cinder, data.ID).Extract())(t).Status; st != "available" {
		t.Fatalf("data volume is %s", st)
	}
}

func TestServerBuildsForBuildTime(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	c := start(t, simcloud.Options{BuildTime: time.Minute, Now: func() time.Time { return now }})
	nova := c.compute(t, "demo", "demo")
	s := must(servers.Create(t.Context(), nova, servers.CreateOpts{Name: "slow", FlavorRef: "1", ImageRef: cirros(t, c)}, nil).Extract())(t)
	if st := must(servers.Get(t.Context(), nova, s.ID).Extract())(t).Status; st != "BUILD" {
		t.Fatalf("at first it is %s", st)
	}
	now = now.Add(time.Minute)
	if st := must(servers.Get(t.Context(), nova, s.ID).Extract())(t).Status; st != "ACTIVE" {
		t.Fatalf("after the build time it is %s", st)
	}
}

func TestServerRefusals(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova, boss := c.compute(t, "demo", "demo"), c.compute(t, "admin", "admin")
	image := cirros(t, c)
	project := projectID(t, c, "demo")
	for name, opts := range map[string]servers.CreateOpts{
		"unknown flavor":  {Name: "x", FlavorRef: "99", ImageRef: image},
		"unknown image":   {Name: "x", FlavorRef: "1", ImageRef: "nope"},
		"unknown network": {Name: "x", FlavorRef: "1", ImageRef: image, Networks: []servers.Network{{UUID: "nope"}}},
		"unknown group":   {Name: "x", FlavorRef: "1", ImageRef: image, SecurityGroups: []string{"nope"}},
	} {
		_, err := servers.Create(t.Context(), nova, opts, nil).Extract()
		t.Log(name)
		wantStatus(t, err, 400)
	}
	one := 1
	must(quotasets.Update(t.Context(), boss, project, quotasets.UpdateOpts{Instances: &one}).Extract())(t)
	s := must(servers.Create(t.Context(), nova, servers.CreateOpts{Name: "one", FlavorRef: "1", ImageRef: image}, nil).Extract())(t)
	_, err := servers.Create(t.Context(), nova, servers.CreateOpts{Name: "two", FlavorRef: "1", ImageRef: image}, nil).Extract()
	wantStatus(t, err, 403)
	if !strings.Contains(err.Error(), "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances") {
		t.Fatal(err)
	}
	other := newProject(t, c, "other")
	wantStatus(t, servers.Get(t.Context(), c.compute(t, "demo", other), s.ID).Err, 404)
	if err := servers.Get(t.Context(), boss, s.ID).Err; err != nil {
		t.Fatal("an administrator sees it:", err)
	}
}

func TestKeypairs(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova := c.compute(t, "demo", "demo")
	k := must(keypairs.Create(t.Context(), nova, keypairs.CreateOpts{Name: "k"}).Extract())(t)
	if !strings.HasPrefix(k.PrivateKey, "-----BEGIN OPENSSH PRIVATE KEY-----") || !strings.HasPrefix(k.PublicKey, "ssh-ed25519 ") || len(strings.Split(k.Fingerprint, ":")) != 16 {
		t.Fatalf("%+v", k)
	}
	_, err := keypairs.Create(t.Context(), nova, keypairs.CreateOpts{Name: "k"}).Extract()
	wantStatus(t, err, 409)
	imported := must(keypairs.Create(t.Context(), nova, keypairs.CreateOpts{Name: "i", PublicKey: k.PublicKey}).Extract())(t)
	if imported.Fingerprint != k.Fingerprint || imported.PrivateKey != "" {
		t.Fatalf("%+v", imported)
	}
	_, err = keypairs.Get(t.Context(), c.compute(t, "admin", "demo"), "k", nil).Extract()
	wantStatus(t, err, 404)
	if err := keypairs.Delete(t.Context(), nova, "k", nil).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, keypairs.Delete(t.Context(), nova, "k", nil).ExtractErr(), 404)
}

func TestFlavorsAndServerGroups(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova, boss := c.compute(t, "demo", "demo"), c.compute(t, "admin", "admin")
	all := must(flavors.ExtractFlavors(must(flavors.ListDetail(nova, nil).AllPages(t.Context()))(t)))(t)
	if len(all) != 5 || all[0].Name != "m1.tiny" || all[0].RAM != 512 {
		t.Fatalf("%+v", all)
	}
	disk := 7
	opts := flavors.CreateOpts{Name: "mine", RAM: 64, VCPUs: 1, Disk: &disk}
	_, err := flavors.Create(t.Context(), nova, opts).Extract()
	wantStatus(t, err, 403)
	f := must(flavors.Create(t.Context(), boss, opts).Extract())(t)
	if got := must(flavors.Get(t.Context(), nova, f.ID).Extract())(t); got.Disk != 7 {
		t.Fatalf("%+v", got)
	}
	must(flavors.CreateExtraSpecs(t.Context(), boss, f.ID, flavors.ExtraSpecsOpts{"hw:cpu_policy": "shared"}).Extract())(t)
	if got := must(flavors.ListExtraSpecs(t.Context(), nova, f.ID).Extract())(t); got["hw:cpu_policy"] != "shared" {
		t.Fatal(got)
	}
	g := must(servergroups.Create(t.Context(), nova, servergroups.CreateOpts{Name: "g", Policy: "anti-affinity"}).Extract())(t)
	s := must(servers.Create(t.Context(), nova, servers.CreateOpts{Name: "s", FlavorRef: "1", ImageRef: cirros(t, c)}, servers.SchedulerHintOpts{Group: g.ID}).Extract())(t)
	if got := must(servergroups.Get(t.Context(), nova, g.ID).Extract())(t); len(got.Members) != 1 || got.Members[0] != s.ID {
		t.Fatalf("%+v", got)
	}
}
