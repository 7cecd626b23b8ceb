package engine_test

import (
	"net/http"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource"
	"hearth/core/resource/cinder"
	"hearth/core/resource/heat"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/store/storetest"
)

// cloudLab is an engine whose user is demo of a simulated cloud, which takes its time.
func cloudLab(t *testing.T) (*enginetest.Lab, *resourcetest.Lab) {
	t.Helper()
	c := resourcetest.NewSlow(t, 10*time.Millisecond)
	caller := &core.Caller{Token: c.Token("demo"), UserID: c.Client.UserID(), UserName: "demo", ProjectID: c.Client.ProjectID(), Roles: []string{"member"}}
	types := enginetest.Types(t, heat.Types, nova.Types, cinder.Types)
	return enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), types, caller, enginetest.WithCloud(c.Cloud)), c
}

// ask reads from a service of the cloud; ok is false for what is not there.
func ask(t *testing.T, c *resourcetest.Lab, service, path string) (answer resource.Values, ok bool) {
	t.Helper()
	client, err := c.Client.Service(service)
	if err != nil {
		t.Fatal(err)
	}
	m, err := cloud.Call(t.Context(), client, http.MethodGet, path, nil)
	if err != nil && !cloud.NotFound(err) {
		t.Fatal(err)
	}
	return resource.NewValues(m), err == nil
}

const machines = `
heat_template_version: 2021-04-16
resources:
  s: {type: OS::Nova::Server, properties: {image: debian-12-genericcloud-amd64, flavor: m1.small, networks: [{network: private}]}}
  v: {type: OS::Cinder::Volume, properties: {size: 1}}
  g:
    type: OS::Heat::ResourceGroup
    properties: {count: 1, resource_def: {type: OS::Cinder::Volume, properties: {size: 1}}}
`

// A snapshot makes an image of the server and backups of the volumes, those of a nested
// stack too; a restore uses them, and they go with the snapshot.
func TestSnapshotOfMachines(t *testing.T) {
	l, c := cloudLab(t)
	s := l.Create(l.Request("s", machines))
	l.Expect(s, "CREATE_COMPLETE")
	ref := engine.StackRef{ID: s.ID}
	snap, other := snapshot(t, l, s, "one"), snapshot(t, l, s, "two")
	was, next := read(t, snap.Export), read(t, other.Export)
	image, backup := was.Resources["s"].ResourceData["snapshot_image_id"], was.Resources["v"].ResourceData["backup_id"]
	below := was.Resources["g"].Resources["0"].ResourceData["backup_id"]
	if image == "" || backup == "" || below == "" || image == next.Resources["s"].ResourceData["snapshot_image_id"] {
		t.Fatalf("%s\n%s", snap.Export, other.Export)
	}
	things := map[string][2]string{image: {"image", "images/"}, backup: {"volumev3", "backups/"}, below: {"volumev3", "backups/"},
		next.Resources["s"].ResourceData["snapshot_image_id"]: {"image", "images/"}, next.Resources["v"].ResourceData["backup_id"]: {"volumev3", "backups/"}}
	there := func(id string) bool {
		_, ok := ask(t, c, things[id][0], things[id][1]+id)
		return ok
	}
	for id := range things {
		if !there(id) {
			t.Fatal(id, "is not there")
		}
	}

	server := was.Resources["s"].ResourceID
	if err := l.Restore(t.Context(), l.Caller, ref, snap.ID); err != nil {
		t.Fatal(err)
	}
	s = l.Wait(s.ID)
	l.Expect(s, "RESTORE_COMPLETE")
	if v, ok := ask(t, c, "compute", "servers/"+server); !ok || v.Sub("server").Sub("image").String("id") != image {
		t.Fatal("the server is not made from the image", v.Map())
	}

	if err := l.Engine.DeleteSnapshot(t.Context(), l.Caller, ref, snap.ID); err != nil {
		t.Fatal(err)
	}
	gone(t, l, s, snap.ID)
	for _, id := range []string{image, backup, below} {
		if there(id) {
			t.Error(id, "is still there")
		}
	}
	kept := next.Resources["s"].ResourceData["snapshot_image_id"]
	if !there(kept) {
		t.Error("the other snapshot's image is gone")
	}
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
	until(t, "the image of the last snapshot stays", func() bool { return !there(kept) && !there(next.Resources["v"].ResourceData["backup_id"]) })
}

// What is abandoned lives on; what adopts it deletes it.
func TestAdoptMachines(t *testing.T) {
	l, c := cloudLab(t)
	s := l.Create(l.Request("s", machines))
	l.Expect(s, "CREATE_COMPLETE")
	export := abandon(t, l, s)
	id := read(t, export).Resources["s"].ResourceID
	s = l.Create(adopt(l, "t", export))
	l.Expect(s, "ADOPT_COMPLETE")
	if _, ok := ask(t, c, "compute", "servers/"+id); !ok {
		t.Fatal("the server is gone")
	}
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
	if _, ok := ask(t, c, "compute", "servers/"+id); ok {
		t.Fatal("the server is still there")
	}
}
