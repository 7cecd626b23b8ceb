package designate_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/resource/designate"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
	"hearth/core/yaml"
)

const typeName = "OS::Designate::Zone"

func TestTypes(t *testing.T) { resourcetest.CheckTypes(t, designate.Types) }

// zones is a DNS service. What it is asked to do is done when the zone has been read once;
// the zones that are broken then go to ERROR.
type zones struct {
	zones  map[string]map[string]any
	broken bool
	next   int
}

func newZones(t *testing.T) (*zones, *resourcetest.Lab) {
	z := &zones{zones: map[string]map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v2/zones", func(w http.ResponseWriter, r *http.Request) {
		one := map[string]any{}
		if json.NewDecoder(r.Body).Decode(&one) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		z.next++
		id := strconv.Itoa(z.next)
		maps.Copy(one, map[string]any{"id": id, "serial": 1404757531, "status": "PENDING", "action": "CREATE", "created_at": time.Now().UTC().Format("2006-01-02T15:04:05.000000")})
		z.zones[id] = one
		w.WriteHeader(http.StatusAccepted)
		json.NewEncoder(w).Encode(one)
	})
	mux.HandleFunc("GET /v2/zones", func(w http.ResponseWriter, r *http.Request) {
		found := []any{}
		for _, one := range z.zones {
			if one["name"] == r.FormValue("name") {
				found = append(found, one)
			}
		}
		json.NewEncoder(w).Encode(map[string]any{"zones": found})
	})
	mux.HandleFunc("/v2/zones/{id}", func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		one := z.zones[id]
		if one == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		switch r.Method {
		case http.MethodPatch:
			one["status"], one["action"] = "PENDING", "UPDATE"
			if json.NewDecoder(r.Body).Decode(&one) != nil {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			w.WriteHeader(http.StatusAccepted)
		case http.MethodDelete:
			one["status"], one["action"] = "PENDING", "DELETE"
			w.WriteHeader(http.StatusAccepted)
		}
		json.NewEncoder(w).Encode(one)
		switch {
		case r.Method != http.MethodGet:
		case z.broken:
			one["status"] = "ERROR"
		case one["action"] == "DELETE":
			delete(z.zones, id)
		default:
			one["status"] = "ACTIVE"
		}
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return z, resourcetest.New(t, simcloud.Endpoint{Type: "dns", Name: "designate", URL: srv.URL})
}

func TestZone(t *testing.T) {
	z, lab := newZones(t)
	r := lab.Created(designate.Types, typeName, "z", "name", "example.org.", "email", "me@example.org", "ttl", int64(60), "primaries", []any{"10.0.0.1"})
	one := z.zones["1"]
	if _, sent := one["masters"]; sent || one["status"] != "ACTIVE" || one["type"] != "PRIMARY" || one["email"] != "me@example.org" || one["ttl"] != 60.0 {
		t.Errorf("made %v", one)
	}
	if r.Reference() != "1" || yaml.Str(r.Attribute("serial")) != "1404757531" {
		t.Errorf("%v, %v", r.Reference(), r.Attribute("serial"))
	}
	if err := r.Update("name", "example.org.", "email", "you@example.org", "description", "ours"); err != nil {
		t.Fatal(err)
	}
	if one["email"] != "you@example.org" || one["description"] != "ours" || one["ttl"] != 60.0 || one["status"] != "ACTIVE" {
		t.Errorf("updated to %v", one)
	}
	if err := r.Update("name", "example.com.", "email", "you@example.org"); err != resource.ErrReplace {
		t.Errorf("another name: %v", err)
	}
	one["email"] = "they@example.org"
	if live, err := r.Observe(); err != nil || yaml.Dumps(live, true) != `{"email": "they@example.org"}` {
		t.Errorf("%v, %v", yaml.Dumps(live, true), err)
	}
	for range 2 {
		if err := r.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Observe(); !cloud.NotFound(err) || len(z.zones) != 0 {
		t.Errorf("%v, %v", err, z.zones)
	}
}

func TestZoneInError(t *testing.T) {
	z, lab := newZones(t)
	const want = `Went to status ERROR due to "Error in zone"`
	r := lab.Created(designate.Types, typeName, "z", "name", "example.org.", "type", "SECONDARY", "primaries", []any{"10.0.0.1"})
	if yaml.Dumps(r.Properties.Get("masters"), false) != `["10.0.0.1"]` || z.zones["1"]["masters"] == nil {
		t.Errorf("made %v", z.zones["1"])
	}
	z.broken = true
	if err := r.Delete(); err == nil || err.Error() != want {
		t.Errorf("deleted: %v", err)
	}
	if err := lab.Resource(designate.Types, typeName, "y", "name", "example.com.", "email", "me@example.org").Create(); err == nil || err.Error() != want {
		t.Errorf("created: %v", err)
	}
}

// A zone is found again by its mark or, with a description of the user's, by what it is.
func TestZoneIsFoundAgain(t *testing.T) {
	z, lab := newZones(t)
	for _, description := range []string{"", "ours"} {
		properties := []any{"name", "example" + description + ".org.", "email", "me@example.org", "description", description}
		r := lab.Created(designate.Types, typeName, "z", properties...)
		id := r.PhysicalID
		r.Restart()
		if found, err := r.Find(); err != nil || !found || r.PhysicalID != id {
			t.Errorf("%q: %v, %v", description, found, err)
		}
		z.zones[id]["created_at"], z.zones[id]["description"] = "2020-01-01T00:00:00.000000", "ours"
		if found, err := r.Find(); err != nil || found {
			t.Errorf("%q: somebody's zone is taken: %v", description, err)
		}
	}
}

func TestZoneValidates(t *testing.T) {
	_, lab := newZones(t)
	for want, properties := range map[string][]any{
		"Property email is required for zone type PRIMARY":     {"name", "a."},
		"Property masters is required for zone type SECONDARY": {"name", "a.", "type", "SECONDARY", "email", "me@example.org"},
	} {
		if err := lab.Resource(designate.Types, typeName, "z", properties...).Validate(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
