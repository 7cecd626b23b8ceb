package cinder_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/resource/cinder"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

// A volume that is in use leaves its server while a backup is restored into it.
func TestVolumeIsRestoredWhileInUse(t *testing.T) {
	lab := resourcetest.NewSlow(t, 10*time.Millisecond)
	server := newServer(t, lab, "one")
	for call(t, lab, "compute", http.MethodGet, "servers/"+server, nil).Sub("server").String("status") != "ACTIVE" {
	}
	r := lab.Created(cinder.Types, "OS::Cinder::Volume", "v", "size", int64(1))
	lab.Created(cinder.Types, "OS::Cinder::VolumeAttachment", "a", "instance_uuid", server, "volume_id", r.PhysicalID, "mountpoint", "/dev/vdz")

	snapshotter, remover := r.Behaviour.(resource.Snapshotter), r.Behaviour.(resource.SnapshotRemover)
	r.Action = core.Snapshot
	for range 2 { // as after a crash: no second backup
		if err := snapshotter.Snapshot(t.Context(), r.Context); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(call(t, lab, "volumev3", http.MethodGet, "backups", nil).Subs("backups")); n != 1 {
		t.Fatalf("%d backups", n)
	}
	ask(t, r, snapshotter.SnapshotComplete)
	properties := r.Behaviour.(resource.Restorer).RestoreProperties(yaml.MapOf("size", int64(1), "image", "x"), r.Data)
	if properties.Has("image") || yaml.Dumps(properties, true) != `{"backup_id": "`+r.Data["backup_id"]+`", "size": 1}` {
		t.Fatal(yaml.Dumps(properties, true))
	}
	if err := r.Update("size", int64(1), "backup_id", r.Data["backup_id"]); err != nil {
		t.Fatal(err)
	}
	if a := attached(t, lab, server); len(a) != 1 || a[0].String("device") != "/dev/vdz" || r.Attribute("status") != "in-use" {
		t.Errorf("attached %v, %v", a, r.Attribute("status"))
	}
	ask(t, r, remover.DeleteSnapshot)
	if left := call(t, lab, "volumev3", http.MethodGet, "backups", nil).Subs("backups"); len(left) != 0 {
		t.Errorf("%d backups", len(left))
	}
}

// ask asks until it is done.
func ask(t *testing.T, r *resourcetest.Resource, complete func(context.Context, *resource.Context) (resource.Progress, error)) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		p, err := complete(t.Context(), r.Context)
		if err != nil {
			t.Fatal(err)
		}
		if p.Done {
			return
		}
	}
	t.Fatal("it does not end")
}
