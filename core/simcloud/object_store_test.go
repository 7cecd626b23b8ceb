package simcloud_test

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/accounts"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/containers"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/objects"

	"hearth/core/simcloud"
)

func (c *cloud) objectStore(t *testing.T, user, project string) *gophercloud.ServiceClient {
	return client(t, c.login(t, user, project), openstack.NewObjectStorageV1)
}

func putText(t *testing.T, swift *gophercloud.ServiceClient, container, name, text string) {
	t.Helper()
	must(objects.Create(t.Context(), swift, container, name, objects.CreateOpts{Content: strings.NewReader(text), ContentType: "text/plain"}).Extract())(t)
}

func readText(t *testing.T, swift *gophercloud.ServiceClient, container, name string) string {
	t.Helper()
	r := objects.Download(t.Context(), swift, container, name, nil)
	return string(must(r.ExtractContent())(t))
}

func names(t *testing.T, swift *gophercloud.ServiceClient, container string, o objects.ListOpts) []string {
	t.Helper()
	var out []string
	for _, i := range must(objects.ExtractInfo(must(objects.List(swift, container, o).AllPages(t.Context()))(t)))(t) {
		out = append(out, i.Name+i.Subdir)
	}
	return out
}

func TestObjectStore(t *testing.T) {
	c := start(t, simcloud.Options{})
	swift := c.objectStore(t, "demo", "demo")
	must(containers.Create(t.Context(), swift, "box", containers.CreateOpts{Metadata: map[string]string{"Colour": "blue"}}).Extract())(t)
	for _, name := range []string{"dir/a", "dir/b", "z", "ä ö", "dir/"} {
		putText(t, swift, "box", name, "text of "+name)
	}
	if got := readText(t, swift, "box", "ä ö"); got != "text of ä ö" {
		t.Error(got)
	}
	for _, x := range []struct {
		o    objects.ListOpts
		want []string
	}{
		{objects.ListOpts{}, []string{"dir/", "dir/a", "dir/b", "z", "ä ö"}},
		{objects.ListOpts{Limit: 2}, []string{"dir/", "dir/a", "dir/b", "z", "ä ö"}}, // in pages
		{objects.ListOpts{Prefix: "dir/", Marker: "dir/a"}, []string{"dir/b"}},
		{objects.ListOpts{Delimiter: "/", EndMarker: "zz"}, []string{"dir/", "z"}},
	} {
		if diff := cmp.Diff(x.want, names(t, swift, "box", x.o)); diff != "" {
			t.Errorf("%+v: %s", x.o, diff)
		}
	}
	_, err := objects.Update(t.Context(), swift, "box", "z", objects.UpdateOpts{Metadata: map[string]string{"Size": "big"}}).Extract()
	if err != nil {
		t.Fatal(err)
	}
	got := objects.Get(t.Context(), swift, "box", "z", nil)
	head := must(got.Extract())(t)
	if meta := must(got.ExtractMetadata())(t); head.ContentLength != 9 || head.ContentType != "text/plain" || head.ETag != "132874a9e687822a0185e3570305fb56" || meta["Size"] != "big" {
		t.Errorf("%+v %v", head, meta)
	}
	box := containers.Get(t.Context(), swift, "box", nil)
	if h := must(box.Extract())(t); h.ObjectCount != 5 || h.BytesUsed != 60 || must(box.ExtractMetadata())(t)["Colour"] != "blue" {
		t.Errorf("%+v", h)
	}
	must(containers.Update(t.Context(), swift, "box", containers.UpdateOpts{RemoveMetadata: []string{"Colour"}}).Extract())(t)
	if m := must(containers.Get(t.Context(), swift, "box", nil).ExtractMetadata())(t); len(m) > 0 {
		t.Errorf("metadata that was removed is there: %v", m)
	}
	if a := must(accounts.Get(t.Context(), swift, nil).Extract())(t); a.ContainerCount != 1 || a.ObjectCount != 5 || a.BytesUsed != 60 {
		t.Errorf("%+v", a)
	}
	wantStatus(t, containers.Delete(t.Context(), swift, "box").Err, 409)
	wantStatus(t, containers.Get(t.Context(), c.objectStore(t, "demo", newProject(t, c, "other")), "box", nil).Err, 404)
	status, _, _ := call(t, "GET", swift.Endpoint+"box", c.login(t, "demo", "other").Token(), nil)
	if status != 403 {
		t.Errorf("another project got %d", status)
	}
	wantStatus(t, objects.Create(t.Context(), swift, "none", "x", objects.CreateOpts{Content: strings.NewReader("")}).Err, 404)
	wantStatus(t, objects.Create(t.Context(), swift, "box", "x", objects.CreateOpts{Content: strings.NewReader("x"), ETag: "bad"}).Err, 422)
	for _, name := range names(t, swift, "box", objects.ListOpts{}) {
		must(objects.Delete(t.Context(), swift, "box", name, nil).Extract())(t)
	}
	must(containers.Delete(t.Context(), swift, "box").Extract())(t)
	wantStatus(t, containers.Delete(t.Context(), swift, "box").Err, 404)
}

func TestPublicContainer(t *testing.T) {
	c := start(t, simcloud.Options{})
	swift := c.objectStore(t, "demo", "demo")
	must(containers.Create(t.Context(), swift, "box", nil).Extract())(t)
	putText(t, swift, "box", "page", "hello")
	for _, x := range []struct {
		acl        string
		read, list int
	}{{"", 401, 401}, {".r:*", 200, 401}, {".r:*,.rlistings", 200, 200}} {
		must(containers.Update(t.Context(), swift, "box", containers.UpdateOpts{ContainerRead: &x.acl}).Extract())(t)
		read, body, _ := call(t, "GET", swift.Endpoint+"box/page", "", nil)
		list, _, _ := call(t, "GET", swift.Endpoint+"box", "", nil)
		if read != x.read || list != x.list || read == 200 && body["text"] != "hello" {
			t.Errorf("%q: %d %v, %d", x.acl, read, body, list)
		}
		if status, _, _ := call(t, "PUT", swift.Endpoint+"box/page", "", nil); status != 401 {
			t.Errorf("%q: anybody may write: %d", x.acl, status)
		}
	}
}

func TestVersions(t *testing.T) {
	now := time.Now()
	c := start(t, simcloud.Options{Now: func() time.Time { return now }})
	swift := c.objectStore(t, "demo", "demo")
	must(containers.Create(t.Context(), swift, "box", containers.CreateOpts{VersionsLocation: "box"}).Extract())(t)
	for _, text := range []string{"one", "two", "three"} {
		putText(t, swift, "box", "o", text)
	}
	if all := names(t, swift, "box", objects.ListOpts{}); len(all) != 3 || !strings.HasPrefix(all[0], "001o/") || all[2] != "o" {
		t.Fatalf("%q", all)
	}
	for _, want := range []string{"three", "two", "one"} {
		if got := readText(t, swift, "box", "o"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		must(objects.Delete(t.Context(), swift, "box", "o", nil).Extract())(t)
	}
	wantStatus(t, objects.Delete(t.Context(), swift, "box", "o", nil).Err, 404)
	must(containers.Delete(t.Context(), swift, "box").Extract())(t)

	must(containers.Create(t.Context(), swift, "box", containers.CreateOpts{HistoryLocation: "past"}).Extract())(t)
	putText(t, swift, "box", "o", "one")
	wantStatus(t, objects.Create(t.Context(), swift, "box", "o", objects.CreateOpts{Content: strings.NewReader("two")}).Err, 412)
	must(containers.Create(t.Context(), swift, "past", nil).Extract())(t)
	putText(t, swift, "box", "o", "two")
	must(objects.Delete(t.Context(), swift, "box", "o", nil).Extract())(t)
	if past := names(t, swift, "past", objects.ListOpts{}); len(past) != 3 || len(names(t, swift, "box", objects.ListOpts{})) != 0 {
		t.Errorf("%q", past)
	}
}

func TestTempURLs(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	c := start(t, simcloud.Options{Now: func() time.Time { return now }})
	swift := c.objectStore(t, "demo", "demo")
	must(containers.Create(t.Context(), swift, "box", nil).Extract())(t)
	must(accounts.Update(t.Context(), swift, accounts.UpdateOpts{TempURLKey: "first", TempURLKey2: "second"}).Extract())(t)
	try := func(method, url string) int {
		t.Helper()
		status, _, _ := call(t, method, url, "", "x")
		return status
	}
	for _, digest := range []string{"sha1", "sha256", "sha512"} {
		for _, key := range []string{"first", "second"} {
			put := must(objects.CreateTempURL(t.Context(), swift, "box", "o "+digest, objects.CreateTempURLOpts{Method: objects.PUT, TTL: 60, Timestamp: now, TempURLKey: key, Digest: digest}))(t)
			got := []int{try("PUT", put), try("HEAD", put), try("GET", put), try("PUT", strings.Replace(put, "/o", "/p", 1)), try("PUT", put+"0")}
			if diff := cmp.Diff([]int{201, 200, 401, 401, 401}, got); diff != "" {
				t.Errorf("%s %s: %s", digest, key, diff)
			}
		}
	}
	late := must(objects.CreateTempURL(t.Context(), swift, "box", "o", objects.CreateTempURLOpts{Method: objects.PUT, TTL: -1, Timestamp: now, TempURLKey: "first"}))(t)
	wrong := must(objects.CreateTempURL(t.Context(), swift, "box", "o", objects.CreateTempURLOpts{Method: objects.PUT, TTL: 60, Timestamp: now, TempURLKey: "third"}))(t)
	if try("PUT", late) != 401 || try("PUT", wrong) != 401 {
		t.Error("a temporary URL that is over or of another key lets in")
	}
}

func TestObjectsSurviveARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cloud.db")
	before := start(t, simcloud.Options{Path: file})
	swift := before.objectStore(t, "demo", "demo")
	must(containers.Create(t.Context(), swift, "box", containers.CreateOpts{VersionsLocation: "box"}).Extract())(t)
	putText(t, swift, "box", "o", "one")
	putText(t, swift, "box", "o", "two\x00\xff")
	before.stop()
	after := start(t, simcloud.Options{Path: file}).objectStore(t, "demo", "demo")
	if got := readText(t, after, "box", "o"); got != "two\x00\xff" {
		t.Errorf("%q", got)
	}
	must(objects.Delete(t.Context(), after, "box", "o", nil).Extract())(t)
	if got := readText(t, after, "box", "o"); got != "one" {
		t.Errorf("%q", got)
	}
}

func TestObjectsHaveALimit(t *testing.T) {
	c := start(t, simcloud.Options{})
	swift := c.objectStore(t, "demo", "demo")
	must(containers.Create(t.Context(), swift, "box", nil).Extract())(t)
	wantStatus(t, objects.Create(t.Context(), swift, "box", "o", objects.CreateOpts{NoETag: true, Content: io.LimitReader(zeros{}, 64<<20+1)}).Err, 413)
	status, body, _ := call(t, "GET", c.url+"/info", "", nil)
	if info, _ := body["swift"].(map[string]any); status != http.StatusOK || fmt.Sprint(info["max_file_size"]) != fmt.Sprint(float64(64<<20)) {
		t.Errorf("%d %v", status, body)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
