package swift_test

import (
	"testing"

	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/containers"

	"hearth/core/cloud"
	"hearth/core/resource/resourcetest"
	"hearth/core/resource/swift"
	"hearth/core/yaml"
)

// Headers that the template does not speak of are no difference.
func TestObserveContainer(t *testing.T) {
	lab := resourcetest.New(t)
	sc := store(t, lab)
	r := lab.Created(swift.Types, typeName, "box", "X-Container-Read", ".r:*", "X-Container-Meta", yaml.MapOf("Colour", "blue", "Size", int64(3)))
	change := func(opts containers.UpdateOpts) {
		t.Helper()
		if _, err := containers.Update(t.Context(), sc, r.PhysicalID, opts).Extract(); err != nil {
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
	change(containers.UpdateOpts{Metadata: map[string]string{"Extra": "1"}})
	if got := seen(); got != "{}" {
		t.Fatal("untouched, and yet", got)
	}
	nobody := "other:*"
	change(containers.UpdateOpts{Metadata: map[string]string{"Colour": "red"}, ContainerRead: &nobody})
	if got, want := seen(), `{"X-Container-Meta": {"Colour": "red", "Size": "3"}, "X-Container-Read": "other:*"}`; got != want {
		t.Error(got)
	}
	if err := r.Delete(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Observe(); !cloud.NotFound(err) {
		t.Error(err)
	}
}
