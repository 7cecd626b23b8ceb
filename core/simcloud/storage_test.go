package simcloud_test

import (
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/backups"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/quotasets"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/snapshots"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/volumes"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/volumetypes"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/imagedata"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"

	"hearth/core/simcloud"
)

func TestVolumes(t *testing.T) {
	c := start(t, simcloud.Options{})
	cinder, boss := c.volume(t, "demo", "demo"), c.volume(t, "admin", "admin")
	v := must(volumes.Create(t.Context(), cinder, volumes.CreateOpts{Name: "v", Size: 2, Metadata: map[string]string{"k": "v"}}, nil).Extract())(t)
	if v.Status != "creating" {
		t.Fatalf("create answered %s", v.Status)
	}
	if got := must(volumes.Get(t.Context(), cinder, v.ID).Extract())(t); got.Status != "available" || got.VolumeType != "lvm" || got.Metadata["k"] != "v" {
		t.Fatalf("%+v", got)
	}
	if err := volumes.ExtendSize(t.Context(), cinder, v.ID, volumes.ExtendSizeOpts{NewSize: 4}).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, volumes.ExtendSize(t.Context(), cinder, v.ID, volumes.ExtendSizeOpts{NewSize: 3}).ExtractErr(), 400)
	s := must(snapshots.Create(t.Context(), cinder, snapshots.CreateOpts{VolumeID: v.ID, Name: "s"}).Extract())(t)
	wantStatus(t, volumes.Delete(t.Context(), cinder, v.ID, nil).ExtractErr(), 400)
	copied := must(volumes.Create(t.Context(), cinder, volumes.CreateOpts{SnapshotID: s.ID}, nil).Extract())(t)
	if copied.Size != 4 {
		t.Fatalf("size %d", copied.Size)
	}
	b := must(backups.Create(t.Context(), cinder, backups.CreateOpts{VolumeID: v.ID, Name: "b"}).Extract())(t)
	restored := must(backups.RestoreFromBackup(t.Context(), cinder, b.ID, backups.RestoreOpts{Name: "back"}).Extract())(t)
	if got := must(volumes.Get(t.Context(), cinder, restored.VolumeID).Extract())(t); got.Name != "back" || got.Size != 4 {
		t.Fatalf("%+v", got)
	}
	if err := snapshots.Delete(t.Context(), cinder, s.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	if err := volumes.Delete(t.Context(), cinder, v.ID, nil).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	gb := 8
	must(quotasets.Update(t.Context(), boss, projectID(t, c, "demo"), quotasets.UpdateOpts{Gigabytes: &gb}).Extract())(t)
	_, err := volumes.Create(t.Context(), cinder, volumes.CreateOpts{Size: 1}, nil).Extract()
	wantStatus(t, err, 413)
	if !strings.Contains(err.Error(), "VolumeSizeExceedsAvailableQuota") {
		t.Fatal(err)
	}
	types := must(volumetypes.ExtractVolumeTypes(must(volumetypes.List(cinder, nil).AllPages(t.Context()))(t)))(t)
	if len(types) != 1 || types[0].Name != "lvm" {
		t.Fatalf("%+v", types)
	}
	_, err = volumes.Get(t.Context(), c.volume(t, "demo", newProject(t, c, "other")), restored.VolumeID).Extract()
	wantStatus(t, err, 404)
}

func TestAnswersToMakersOfStorageLeaveOutExtensions(t *testing.T) {
	c := start(t, simcloud.Options{})
	cinder := c.volume(t, "admin", "admin")
	ask := func(kind string, body map[string]any) map[string]any {
		t.Helper()
		status, answer, _ := call(t, "POST", cinder.ServiceURL(kind+"s"), cinder.Token(), map[string]any{kind: body})
		if status != 202 {
			t.Fatalf("%d %v", status, answer)
		}
		return answer[kind].(map[string]any)
	}
	v := ask("volume", map[string]any{"size": 1})
	s := ask("snapshot", map[string]any{"volume_id": v["id"]})
	b := ask("backup", map[string]any{"volume_id": v["id"]})
	for _, answer := range []map[string]any{v, s} {
		for k := range answer {
			if strings.HasPrefix(k, "os-") {
				t.Errorf("answered with %s", k)
			}
		}
	}
	if len(b) != 3 {
		t.Errorf("a backup is answered with %v", b)
	}
	_, shown, _ := call(t, "GET", cinder.ServiceURL("volumes", v["id"].(string)), cinder.Token(), nil)
	if shown["volume"].(map[string]any)["os-vol-tenant-attr:tenant_id"] == nil {
		t.Errorf("shown as %v", shown)
	}
}

func TestImages(t *testing.T) {
	c := start(t, simcloud.Options{})
	glance := c.image(t, "demo", "demo")
	i := must(images.Create(t.Context(), glance, images.CreateOpts{Name: "i", DiskFormat: "raw", ContainerFormat: "bare", Properties: map[string]string{"os_distro": "debian"}}).Extract())(t)
	if i.Status != "queued" {
		t.Fatalf("status %s", i.Status)
	}
	if err := imagedata.Upload(t.Context(), glance, i.ID, strings.NewReader("hello")).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	got := must(images.Get(t.Context(), glance, i.ID).Extract())(t)
	if got.Status != "active" || got.SizeBytes != 5 || got.Checksum != "5d41402abc4b2a76b9719d911017c592" || got.Properties["os_distro"] != "debian" {
		t.Fatalf("%+v", got)
	}
	got = must(images.Update(t.Context(), glance, i.ID, images.UpdateOpts{images.ReplaceImageName{NewName: "j"}, images.ReplaceImageTags{NewTags: []string{"t"}}}).Extract())(t)
	if got.Name != "j" || got.Tags[0] != "t" {
		t.Fatalf("%+v", got)
	}
	public := images.ImageVisibilityPublic
	_, err := images.Update(t.Context(), glance, i.ID, images.UpdateOpts{images.UpdateVisibility{Visibility: public}}).Extract()
	wantStatus(t, err, 403)
	wantStatus(t, images.Get(t.Context(), c.image(t, "demo", newProject(t, c, "other")), i.ID).Err, 404)
	if err := images.Delete(t.Context(), glance, i.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, images.Delete(t.Context(), glance, cirros(t, c)).ExtractErr(), 403)
}
