package cinder_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/resource/cinder"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
	"hearth/core/yaml"
)

const debian = "debian-12-genericcloud-amd64"

// call asks a service of the lab's cloud as demo.
func call(t *testing.T, lab *resourcetest.Lab, service, method, path string, body any) resource.Values {
	t.Helper()
	client, err := lab.Client.Service(service)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := cloud.Call(t.Context(), client, method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return resource.NewValues(answer)
}

func TestVolumeLives(t *testing.T) {
	lab := resourcetest.NewSlow(t, 20*time.Millisecond)
	r := lab.Created(cinder.Types, "OS::Cinder::Volume", "v", "size", int64(2), "description", "mine", "metadata", yaml.MapOf("a", "1", "n", int64(2)))
	for name, want := range map[string]any{
		"size": "2", "status": "available", "bootable": "false", "encrypted": "False", "display_name": r.PhysicalName(0), "display_description": "mine",
		"metadata": `{"a": "1", "n": "2"}`, "multiattach": false, "snapshot_id": "None", "attachments": "[]", "availability_zone": "nova",
	} {
		if got := r.Attribute(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if got := yaml.Dumps(r.Attribute("metadata_values"), false); got != `{"a": "1", "n": "2"}` {
		t.Errorf("metadata_values %s", got)
	}
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := r.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Check(); !cloud.NotFound(err) {
		t.Errorf("after delete: %v", err)
	}
}

func TestVolumeFromAnImage(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(cinder.Types, "OS::Cinder::Volume", "v", "imageRef", debian, "size", int64(3), "read_only", true, "volume_type", "lvm")
	if r.Attribute("bootable") != "true" || !strings.Contains(r.Attribute("metadata").(string), `"readonly": "True"`) {
		t.Errorf("bootable %v, metadata %v", r.Attribute("bootable"), r.Attribute("metadata"))
	}
}

func TestVolumeAfterACrash(t *testing.T) {
	lab := resourcetest.New(t)
	lost := lab.Sim.Inject(simcloud.Fault{Operation: "volume.create", AfterEffect: true})
	r := lab.Resource(cinder.Types, "OS::Cinder::Volume", "v", "size", int64(1), "name", "data")
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
	lab.Created(cinder.Types, "OS::Cinder::Volume", "other", "size", int64(1), "name", "data")
	if found, err := r.Find(); err != nil || found {
		t.Errorf("somebody else's: found %v, %v", found, err)
	}
}

func TestVolumeThatFails(t *testing.T) {
	lab := resourcetest.New(t)
	lab.Sim.Inject(simcloud.Fault{Operation: "volume.create", Become: "error"})
	err := lab.Resource(cinder.Types, "OS::Cinder::Volume", "v", "size", int64(1)).Create()
	if e, ok := errors.AsType[*core.Error](err); !ok || e.Type != "ResourceInError" || e.Message != `Went to status error due to "Unknown"` {
		t.Errorf("got %v", err)
	}
}

func TestVolumeUpdates(t *testing.T) {
	lab := resourcetest.NewSlow(t, 10*time.Millisecond)
	r := lab.Created(cinder.Types, "OS::Cinder::Volume", "v", "size", int64(1))
	backup := call(t, lab, "volumev3", http.MethodPost, "backups", map[string]any{"backup": map[string]any{"volume_id": r.PhysicalID, "name": "b"}}).Sub("backup").String("id")
	for ready := false; !ready; ready = call(t, lab, "volumev3", http.MethodGet, "backups/"+backup, nil).Sub("backup").String("status") == "available" {
	}
	id := r.PhysicalID
	for _, step := range []struct {
		properties []any
		attribute  string
		want       any
	}{
		{[]any{"size", int64(3)}, "size", "3"},
		{[]any{"size", int64(3), "name", "data"}, "display_name", "data"},
		{[]any{"size", int64(3), "metadata", yaml.MapOf("a", "b")}, "metadata", `{"a": "b"}`},
		{[]any{"size", int64(4), "backup_id", backup, "description", "d"}, "size", "4"},
		{[]any{"size", int64(4), "read_only", true}, "metadata", `{"readonly": "True"}`},
	} {
		if err := r.Update(step.properties...); err != nil {
			t.Errorf("%v: %v", step.properties, err)
		}
		if got := r.Attribute(step.attribute); got != step.want || r.PhysicalID != id || r.Attribute("status") != "available" {
			t.Errorf("%v: %s is %v", step.properties, step.attribute, got)
		}
	}
	if found, err := r.Find(); err != nil || !found {
		t.Errorf("the mark is lost: %v", err)
	}
	if err := r.Update("size", int64(1)); err == nil || err.Error() != "Shrinking volume is not supported." {
		t.Errorf("got %v", err)
	}
}

func TestVolumeIsRetyped(t *testing.T) {
	lab := resourcetest.New(t)
	admin, err := lab.Admin.Volume()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cloud.Call(t.Context(), admin, http.MethodPost, "types", map[string]any{"volume_type": map[string]any{"name": "fast"}}); err != nil {
		t.Fatal(err)
	}
	r := lab.Created(cinder.Types, "OS::Cinder::Volume", "v", "size", int64(1))
	if err := r.Update("size", int64(2), "volume_type", "fast"); err != nil {
		t.Fatal(err)
	}
	if r.Attribute("volume_type") != "fast" || r.Attribute("size") != "2" {
		t.Errorf("type %v, size %v", r.Attribute("volume_type"), r.Attribute("size"))
	}
}

func TestVolumeIsKept(t *testing.T) {
	lab := resourcetest.NewSlow(t, 10*time.Millisecond)
	r := lab.Created(cinder.Types, "OS::Cinder::Volume", "v", "size", int64(1))
	if err := r.SnapshotDelete(); err != nil {
		t.Fatal(err)
	}
	backup := call(t, lab, "volumev3", http.MethodGet, "backups/"+r.Data["kept_backup_id"], nil).Sub("backup")
	if backup.String("status") != "available" || backup.String("name") != r.PhysicalName(0) {
		t.Errorf("backup %v", backup.Map())
	}
	again := lab.Created(cinder.Types, "OS::Cinder::Volume", "w", "backup_id", backup.String("id"))
	if again.Attribute("size") != "1" {
		t.Errorf("size %v", again.Attribute("size"))
	}
}

func TestVolumeValidation(t *testing.T) {
	lab := resourcetest.New(t)
	other := lab.Created(cinder.Types, "OS::Cinder::Volume", "o", "size", int64(1)).PhysicalID
	for _, tc := range []struct {
		properties []any
		want       string
	}{
		{nil, `If neither "backup_id" nor "size" is provided, one and only one of "source_volid", "snapshot_id" must be specified, but currently specified options: [].`},
		{[]any{"size", int64(1), "image", debian, "source_volid", other},
			`If "size" is provided, only one of "image", "source_volid", "snapshot_id" can be specified, but currently specified options: [image, source_volid].`},
	} {
		if err := lab.Resource(cinder.Types, "OS::Cinder::Volume", "v", tc.properties...).Validate(); err == nil || err.Error() != tc.want {
			t.Errorf("got %v", err)
		}
	}
	if err := lab.Resource(cinder.Types, "OS::Cinder::Volume", "v", "source_volid", other).Validate(); err != nil {
		t.Error(err)
	}
}
