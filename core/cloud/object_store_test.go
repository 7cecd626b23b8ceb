package cloud_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/containers"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/objects"

	"hearth/core"
)

// Signals that are put to the addresses of several objects at once: the first of them
// makes the key for all.
func TestSignalsThroughTheObjectStore(t *testing.T) {
	s := newSite(t)
	client, err := s.cloud(true, nil).Client(t.Context(), core.Credentials{Token: s.token("demo")})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"one", "two", "three"}
	urls := make([]string, len(names))
	var wait sync.WaitGroup
	for i, name := range names {
		wait.Go(func() {
			var err error
			if urls[i], err = client.SignalURL(t.Context(), "box", name); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for i, name := range names {
		for _, body := range []string{"first of " + name, "second of " + name} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, urls[i], strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusCreated {
				t.Fatal(name, res.Status)
			}
		}
	}
	for _, name := range names {
		got, err := client.Signals(t.Context(), "box", name)
		if err != nil || strings.Join(got, ", ") != "first of "+name+", second of "+name {
			t.Errorf("%q, %v", got, err)
		}
		for range 2 { // what is gone is forgotten
			if err := client.ForgetSignals(t.Context(), "box", name); err != nil {
				t.Error(err)
			}
		}
	}
	if got, err := client.Signals(t.Context(), "box", "one"); got != nil || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// A container's files, but for those that are there already, and no more than may be.
func TestContainerFiles(t *testing.T) {
	s := newSite(t)
	client, err := s.cloud(true, nil).Client(t.Context(), core.Credentials{Token: s.token("demo")})
	if err != nil {
		t.Fatal(err)
	}
	sc, err := client.ObjectStore()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := containers.Create(t.Context(), sc, "box", nil).Extract(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a.yaml": "of a", "in/b.txt": "of b", "c": "of c"} {
		if _, err := objects.Create(t.Context(), sc, "box", name, objects.CreateOpts{Content: strings.NewReader(text)}).Extract(); err != nil {
			t.Fatal(err)
		}
	}
	got, err := client.ContainerFiles(t.Context(), "box", map[string]string{"c": ""}, 100)
	if d := cmp.Diff(map[string]string{"a.yaml": "of a", "in/b.txt": "of b"}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	for container, limit := range map[string]int64{"box": 11, "nonesuch": 100} {
		_, err := client.ContainerFiles(t.Context(), container, nil, limit)
		want := map[string]string{"box": "Total size of files to download (12 bytes) exceeds maximum allowed (11 bytes).",
			"nonesuch": "Could not fetch files from container nonesuch, reason: "}[container]
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", container, err)
		}
	}
}
