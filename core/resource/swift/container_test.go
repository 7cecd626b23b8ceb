package swift_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/accounts"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/containers"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/objects"

	"hearth/core/cloud"
	"hearth/core/resource/resourcetest"
	"hearth/core/resource/swift"
	"hearth/core/yaml"
)

const typeName = "OS::Swift::Container"

func store(t *testing.T, lab *resourcetest.Lab) *gophercloud.ServiceClient {
	t.Helper()
	sc, err := lab.Client.ObjectStore()
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

func put(t *testing.T, sc *gophercloud.ServiceClient, container, name string) {
	t.Helper()
	if _, err := objects.Create(t.Context(), sc, container, name, objects.CreateOpts{Content: strings.NewReader("text")}).Extract(); err != nil {
		t.Fatal(err)
	}
}

func TestContainer(t *testing.T) {
	lab := resourcetest.New(t)
	sc := store(t, lab)
	r := lab.Created(swift.Types, typeName, "box", "name", "photos", "X-Container-Read", ".r:*", "X-Container-Write", "demo:*",
		"X-Container-Meta", yaml.MapOf("Colour", "blue", "Size", int64(3)), "X-Account-Meta", yaml.MapOf("Owner", "me"))
	got := containers.Get(t.Context(), sc, "photos", nil)
	if h := got.Header; h.Get("X-Container-Read") != ".r:*" || h.Get("X-Container-Write") != "demo:*" || h.Get("X-Container-Meta-Colour") != "blue" || h.Get("X-Container-Meta-Size") != "3" {
		t.Errorf("%v", h)
	}
	if h := accounts.Get(t.Context(), sc, nil).Header; h.Get("X-Account-Meta-Owner") != "me" {
		t.Errorf("%v", h)
	}
	put(t, sc, "photos", "one")
	root := lab.URL + "/v1/AUTH_" + lab.Client.ProjectID()
	for name, want := range map[string]any{"RootURL": root, "WebsiteURL": root + "/photos", "DomainName": "127.0.0.1", "ObjectCount": "1", "BytesUsed": "4"} {
		if got := r.Attribute(name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if v, _ := r.Attribute("HeadContainer").(*yaml.Map).Get("x-container-meta-colour"); v != "blue" || r.Reference() != "photos" || r.Check() != nil {
		t.Errorf("%v %v", v, r.Reference())
	}
	want := "Deleting non-empty container (photos) when PurgeOnDelete is False is not supported for resource."
	if err := r.Delete(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := objects.Delete(t.Context(), sc, "photos", "one", nil).Extract(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // what is gone is deleted
		if err := r.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	if r.Attribute("ObjectCount") != nil || r.Check() == nil {
		t.Error("a container that is gone can be read")
	}
}

func TestContainerIsPurged(t *testing.T) {
	lab := resourcetest.New(t)
	sc := store(t, lab)
	r := lab.Created(swift.Types, typeName, "box", "PurgeOnDelete", true)
	if r.PhysicalID != r.PhysicalName(0) {
		t.Error(r.PhysicalID)
	}
	for i := range 120 {
		put(t, sc, r.PhysicalID, "dir/"+strconv.Itoa(i))
	}
	r.Restart()
	if found, err := r.Find(); !found || err != nil {
		t.Fatalf("%v, %v", found, err)
	}
	if err := r.Delete(); err != nil {
		t.Fatal(err)
	}
	if err := containers.Get(t.Context(), sc, r.PhysicalID, nil).Err; !cloud.NotFound(err) {
		t.Error(err)
	}
}

func TestContainerOfAGivenNameIsNotTaken(t *testing.T) {
	lab := resourcetest.New(t)
	if _, err := containers.Create(t.Context(), store(t, lab), "photos", nil).Extract(); err != nil {
		t.Fatal(err)
	}
	if found, err := lab.Resource(swift.Types, typeName, "box", "name", "photos").Find(); found || err != nil {
		t.Errorf("%v, %v", found, err)
	}
}
