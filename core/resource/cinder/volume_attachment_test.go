package cinder_test

import (
	"net/http"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/resource/cinder"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
)

func newServer(t *testing.T, lab *resourcetest.Lab, name string) string {
	t.Helper()
	image, err := lab.Client.FindImage(t.Context(), debian)
	if err != nil {
		t.Fatal(err)
	}
	flavor, err := lab.Client.FindFlavor(t.Context(), "m1.small")
	if err != nil {
		t.Fatal(err)
	}
	server := map[string]any{"name": name, "imageRef": image, "flavorRef": flavor}
	return call(t, lab, "compute", http.MethodPost, "servers", map[string]any{"server": server}).Sub("server").String("id")
}

func attached(t *testing.T, lab *resourcetest.Lab, server string) []resource.Values {
	t.Helper()
	return call(t, lab, "compute", http.MethodGet, "servers/"+server+"/os-volume_attachments", nil).Subs("volumeAttachments")
}

func TestVolumeAttachment(t *testing.T) {
	lab := resourcetest.New(t)
	one, two := newServer(t, lab, "one"), newServer(t, lab, "two")
	volume := lab.Created(cinder.Types, "OS::Cinder::Volume", "v", "size", int64(1))
	r := lab.Created(cinder.Types, "OS::Cinder::VolumeAttachment", "a", "instance_uuid", one, "volume_id", volume.PhysicalID, "mountpoint", "/dev/vdz")
	if a := attached(t, lab, one); len(a) != 1 || a[0].String("device") != "/dev/vdz" || volume.Attribute("status") != "in-use" {
		t.Errorf("attached %v, volume %v", a, volume.Attribute("status"))
	}

	if err := r.Update("instance_uuid", two, "volume_id", volume.PhysicalID); err != nil {
		t.Fatal(err)
	}
	if len(attached(t, lab, one)) != 0 || len(attached(t, lab, two)) != 1 {
		t.Errorf("attached %v and %v", attached(t, lab, one), attached(t, lab, two))
	}

	busy := lab.Resource(cinder.Types, "OS::Cinder::VolumeAttachment", "b", "instance_uuid", one, "volume_id", volume.PhysicalID)
	if err := busy.Create(); core.ErrorCode(err) != core.Invalid || !strings.Contains(err.Error(), "but the current status is in-use. (HTTP 400)") {
		t.Errorf("got %v", err)
	}

	for range 2 {
		if err := r.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	if volume.Attribute("status") != "available" || len(attached(t, lab, two)) != 0 {
		t.Errorf("volume %v", volume.Attribute("status"))
	}
}

func TestVolumeAttachmentAfterACrash(t *testing.T) {
	lab := resourcetest.New(t)
	server := newServer(t, lab, "s")
	volume := lab.Created(cinder.Types, "OS::Cinder::Volume", "v", "size", int64(1))
	lost := lab.Sim.Inject(simcloud.Fault{Operation: "server.volume.attach", AfterEffect: true})
	r := lab.Resource(cinder.Types, "OS::Cinder::VolumeAttachment", "a", "instance_uuid", server, "volume_id", volume.PhysicalID)
	if err := r.Create(); core.ErrorCode(err) != core.Unavailable {
		t.Fatalf("got %v", err)
	}
	lost()
	if found, err := r.Find(); err != nil || !found {
		t.Fatalf("found %v, %v", found, err)
	}
	if err := r.Delete(); err != nil {
		t.Fatal(err)
	}
	if found, err := r.Find(); err != nil || found {
		t.Errorf("after delete: found %v, %v", found, err)
	}
}
