package cloud_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

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
	objects := []string{"one", "two", "three"}
	urls := make([]string, len(objects))
	var wait sync.WaitGroup
	for i, name := range objects {
		wait.Go(func() {
			var err error
			if urls[i], err = client.SignalURL(t.Context(), "box", name); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for i, name := range objects {
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
	for _, name := range objects {
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
