package nova_test

import (
	"net/http"
	"testing"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

// meddle calls Nova behind the resource's back.
func meddle(t *testing.T, lab *resourcetest.Lab, method, path string, body any) {
	t.Helper()
	client, err := lab.Admin.Compute()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cloud.Call(t.Context(), cloud.WithMicroversion(client, "2.42"), method, path, body); err != nil {
		t.Fatal(err)
	}
}

// What names mean is compared by id, and what Nova chooses is no difference; what somebody
// has changed is, and an update repairs it.
func TestObserveServer(t *testing.T) {
	lab := resourcetest.New(t)
	wanted := []any{"name", "web", "flavor", "m1.small", "image", "debian-12-genericcloud-amd64", "metadata", yaml.MapOf("n", int64(3)), "tags", []any{"b", "a"},
		"networks", []any{yaml.MapOf("network", "private")}}
	r := lab.Created(nova.Types, "OS::Nova::Server", "s", wanted...)
	seen := func() *yaml.Map {
		t.Helper()
		live, err := r.Observe()
		if err != nil {
			t.Fatal(err)
		}
		return live
	}
	if live := seen(); live.Len() > 0 {
		t.Fatal("untouched, and yet", yaml.Dumps(live, true))
	}
	path := "servers/" + r.PhysicalID
	meddle(t, lab, http.MethodPut, path, resource.Object("server", resource.Object("name", "mine")))
	meddle(t, lab, http.MethodPost, path+"/metadata", resource.Object("metadata", resource.Object("extra", "1")))
	meddle(t, lab, http.MethodPut, path+"/tags", resource.Object("tags", []string{"c"}))
	answer, err := lab.Client.Network()
	if err != nil {
		t.Fatal(err)
	}
	ports, err := cloud.Call(t.Context(), answer, http.MethodGet, "ports?device_id="+r.PhysicalID, nil)
	if err != nil {
		t.Fatal(err)
	}
	own := resource.NewValues(ports).Subs("ports")[0].String("id")
	meddle(t, lab, http.MethodDelete, path+"/os-interface/"+own, nil)
	if _, err := cloud.Call(t.Context(), answer, http.MethodDelete, "ports/"+own, nil); err != nil && !cloud.NotFound(err) {
		t.Fatal(err)
	}
	live := seen()
	if got, want := yaml.Dumps(live, true), `{"metadata": {"extra": "1", "n": "3"}, "name": "mine", "networks": [], "tags": ["c"]}`; got != want {
		t.Fatal(got)
	}

	was := r.Properties.Map().Clone()
	for name, v := range live.All() {
		was.Set(name, v)
	}
	r.Properties = resource.NewValues(was)
	if err := r.Update(wanted...); err != nil {
		t.Fatal(err)
	}
	if live := seen(); live.Len() > 0 {
		t.Fatal("repaired, and yet", yaml.Dumps(live, true))
	}

	meddle(t, lab, http.MethodPost, path+"/action", resource.Object("os-resetState", resource.Object("state", "error")))
	if _, err := r.Observe(); err == nil || cloud.NotFound(err) {
		t.Error("of a broken server nothing is sure", err)
	}
	if sound, err := r.Sound(); sound || err != nil {
		t.Error(sound, err)
	}
	meddle(t, lab, http.MethodDelete, path, nil)
	if _, err := r.Observe(); !cloud.NotFound(err) {
		t.Error(err)
	}
	if sound, err := r.Sound(); sound || err != nil {
		t.Error(sound, err)
	}
}
