package zaqar_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hearth/core/cloud"
	"hearth/core/resource/resourcetest"
	"hearth/core/resource/zaqar"
	"hearth/core/simcloud"
	"hearth/core/yaml"
)

const typeName = "OS::Zaqar::Queue"

func TestTypes(t *testing.T) { resourcetest.CheckTypes(t, zaqar.Types) }

// queues is a messaging service: the metadata of queues by name.
type queues map[string]map[string]any

func newQueues(t *testing.T) (queues, *resourcetest.Lab, string) {
	q := queues{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutPrefix(r.URL.Path, "/v2/queues/")
		metadata, there := q[name]
		body := json.NewDecoder(r.Body)
		switch {
		case !ok || r.Header.Get("Client-ID") == "":
			w.WriteHeader(http.StatusBadRequest)
		case r.Method == http.MethodPut && there, r.Method == http.MethodDelete:
			if r.Method == http.MethodDelete {
				delete(q, name)
			}
			w.WriteHeader(http.StatusNoContent)
		case r.Method == http.MethodPut:
			made := map[string]any{"_max_messages_post_size": 262144}
			if body.Decode(&made) != nil {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			q[name] = made
			w.WriteHeader(http.StatusCreated)
		case !there:
			w.WriteHeader(http.StatusNotFound)
		case r.Method == http.MethodPatch:
			var patch []struct {
				Op, Path string
				Value    any
			}
			if r.Header.Get("Content-Type") != "application/openstack-messaging-v2.0-json-patch" || body.Decode(&patch) != nil {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			for _, p := range patch {
				if key := strings.TrimPrefix(p.Path, "/metadata/"); p.Op == "remove" {
					delete(metadata, key)
				} else {
					metadata[key] = p.Value
				}
			}
			fallthrough
		default:
			json.NewEncoder(w).Encode(metadata)
		}
	}))
	t.Cleanup(srv.Close)
	return q, resourcetest.New(t, simcloud.Endpoint{Type: "messaging", Name: "zaqar", URL: srv.URL}), srv.URL
}

func TestQueue(t *testing.T) {
	q, lab, url := newQueues(t)
	r := lab.Created(zaqar.Types, typeName, "jobs", "name", "jobs", "metadata", yaml.MapOf("owner", "me", "size", int64(1)))
	if r.Reference() != "jobs" || r.Attribute("queue_id") != "jobs" || r.Attribute("href") != url+"/v2/queues/jobs" {
		t.Errorf("%v, %v, %v", r.Reference(), r.Attribute("queue_id"), r.Attribute("href"))
	}
	if live, err := r.Observe(); err != nil || live.Len() != 0 {
		t.Errorf("nothing has changed, but %v, %v", live, err)
	}
	if err := r.Update("name", "jobs", "metadata", yaml.MapOf("owner", "you")); err != nil {
		t.Fatal(err)
	}
	if _, left := q["jobs"]["size"]; left || q["jobs"]["owner"] != "you" || q["jobs"]["_max_messages_post_size"] == nil {
		t.Errorf("metadata %v", q["jobs"])
	}
	q["jobs"]["owner"] = "they"
	if live, err := r.Observe(); err != nil || yaml.Dumps(live, true) != `{"metadata": {"owner": "they"}}` {
		t.Errorf("%v, %v", yaml.Dumps(live, true), err)
	}
	for range 2 {
		if err := r.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Observe(); !cloud.NotFound(err) || len(q) != 0 {
		t.Errorf("%v, %v", err, q)
	}
}

// A queue is found again by its mark, and goes with the resource that took it last.
func TestQueueHasOneOwner(t *testing.T) {
	q, lab, _ := newQueues(t)
	unnamed := lab.Created(zaqar.Types, typeName, "unnamed")
	name := unnamed.PhysicalID
	unnamed.Restart()
	if found, err := unnamed.Find(); err != nil || !found || unnamed.PhysicalID != name || q[name] == nil {
		t.Errorf("%v, %v, %q", found, err, unnamed.PhysicalID)
	}
	q["jobs"] = map[string]any{"theirs": "yes"}
	first := lab.Resource(zaqar.Types, typeName, "first", "name", "jobs")
	if found, err := first.Find(); err != nil || found {
		t.Errorf("somebody's queue is found: %v", err)
	}
	second := lab.Resource(zaqar.Types, typeName, "second", "name", "jobs")
	for _, r := range []*resourcetest.Resource{first, second} {
		if err := r.Create(); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.Delete(); err != nil || q["jobs"]["theirs"] != "yes" {
		t.Fatalf("%v, %v", err, q)
	}
	if err := second.Delete(); err != nil || q["jobs"] != nil {
		t.Fatalf("%v, %v", err, q)
	}
}
