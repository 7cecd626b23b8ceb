package cinder_test

import (
	"net/http"
	"testing"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/resource/cinder"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

// What Cinder and the mark add is no difference, nor is a volume that somebody has made
// larger; what can be set back is.
func TestObserveVolume(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(cinder.Types, "OS::Cinder::Volume", "v", "size", 1, "description", "ours", "metadata", yaml.MapOf("colour", "blue"), "read_only", false)
	client, err := lab.Admin.Volume()
	if err != nil {
		t.Fatal(err)
	}
	meddle := func(method, path string, body any) {
		t.Helper()
		if _, err := cloud.Call(t.Context(), client, method, "volumes/"+r.PhysicalID+path, body); err != nil {
			t.Fatal(err)
		}
	}
	seen := func() string {
		t.Helper()
		live, err := r.Observe()
		if err != nil {
			t.Fatal(err)
		}
		return yaml.Dumps(live, true)
	}
	meddle(http.MethodPost, "/action", resource.Object("os-extend", resource.Object("new_size", 2)))
	if got := seen(); got != "{}" {
		t.Fatal("untouched, and yet", got)
	}
	meddle(http.MethodPut, "", resource.Object("volume", resource.Object("description", "theirs")))
	meddle(http.MethodPut, "/metadata", resource.Object("metadata", resource.Object("colour", "red")))
	meddle(http.MethodPost, "/action", resource.Object("os-update_readonly_flag", resource.Object("readonly", true)))
	if got, want := seen(), `{"description": "theirs", "metadata": {"colour": "red"}, "read_only": true}`; got != want {
		t.Error(got)
	}
	if sound, err := r.Sound(); !sound || err != nil {
		t.Error(sound, err)
	}
	meddle(http.MethodPost, "/action", resource.Object("os-reset_status", resource.Object("status", "error")))
	if sound, err := r.Sound(); sound || err != nil {
		t.Error(sound, err)
	}
	meddle(http.MethodDelete, "", nil)
	if _, err := r.Observe(); !cloud.NotFound(err) {
		t.Error(err)
	}
}
