package barbican_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"hearth/core/cloud"
	"hearth/core/resource/barbican"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
)

const typeName = "OS::Barbican::Secret"

func TestTypes(t *testing.T) { resourcetest.CheckTypes(t, barbican.Types) }

// keys is a key manager; a secret is PENDING when it is first read, and then what status says.
type keys struct {
	url, status string
	secrets     map[string]map[string]any
	next        int
}

func newKeys(t *testing.T) (*keys, *resourcetest.Lab) {
	k := &keys{status: "ACTIVE", secrets: map[string]map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/secrets", func(w http.ResponseWriter, r *http.Request) {
		s := map[string]any{}
		if json.NewDecoder(r.Body).Decode(&s) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		k.next++
		id := strconv.Itoa(k.next)
		s["secret_ref"], s["status"], s["created"] = k.url+"/v1/secrets/"+id, "PENDING", time.Now().UTC().Format("2006-01-02T15:04:05.000000")
		if s["payload"] != nil {
			s["content_types"] = map[string]any{"default": s["payload_content_type"]}
		}
		k.secrets[id] = s
		w.WriteHeader(http.StatusCreated)
		json.NewEncoder(w).Encode(map[string]any{"secret_ref": s["secret_ref"]})
	})
	mux.HandleFunc("GET /v1/secrets", func(w http.ResponseWriter, r *http.Request) {
		found := []any{}
		for _, s := range k.secrets {
			if s["name"] == r.FormValue("name") {
				found = append(found, s)
			}
		}
		json.NewEncoder(w).Encode(map[string]any{"secrets": found})
	})
	mux.HandleFunc("/v1/secrets/{id}", func(w http.ResponseWriter, r *http.Request) {
		s := k.secrets[r.PathValue("id")]
		switch {
		case s == nil:
			w.WriteHeader(http.StatusNotFound)
		case r.Method == http.MethodDelete:
			delete(k.secrets, r.PathValue("id"))
			w.WriteHeader(http.StatusNoContent)
		default:
			json.NewEncoder(w).Encode(s)
			s["status"] = k.status
		}
	})
	mux.HandleFunc("GET /v1/secrets/{id}/payload", func(w http.ResponseWriter, r *http.Request) {
		s := k.secrets[r.PathValue("id")]
		if r.Header.Get("Accept") != s["payload_content_type"] {
			w.WriteHeader(http.StatusNotAcceptable)
			return
		}
		if text := s["payload"].(string); s["payload_content_encoding"] == "base64" {
			w.Write([]byte{0xff, 0xfe})
		} else {
			io.WriteString(w, text)
		}
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	k.url = srv.URL
	return k, resourcetest.New(t, simcloud.Endpoint{Type: "key-manager", Name: "barbican", URL: srv.URL})
}

func TestSecret(t *testing.T) {
	k, lab := newKeys(t)
	r := lab.Created(barbican.Types, typeName, "s", "name", "db", "payload", "hunter2", "bit_length", int64(56))
	if want := k.url + "/v1/secrets/1"; r.Reference() != want {
		t.Errorf("reference %v, want %s", r.Reference(), want)
	}
	if got := k.secrets["1"]; got["payload_content_type"] != "text/plain" || got["secret_type"] != "opaque" || got["bit_length"] != 56.0 || got["name"] != "db" {
		t.Errorf("made %v", got)
	}
	if r.Attribute("status") != "ACTIVE" || r.Attribute("decrypted_payload") != "hunter2" {
		t.Errorf("attributes %v, %v", r.Attribute("status"), r.Attribute("decrypted_payload"))
	}
	raw := lab.Created(barbican.Types, typeName, "raw", "payload", "//4=", "payload_content_type", "application/octet-stream", "payload_content_encoding", "base64")
	if raw.Attribute("decrypted_payload") != "//4=" {
		t.Errorf("bytes are %v", raw.Attribute("decrypted_payload"))
	}
	if empty := lab.Created(barbican.Types, typeName, "empty"); empty.Attribute("decrypted_payload") != nil {
		t.Error("a secret without a payload has one")
	}
	for range 2 {
		if err := r.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Observe(); !cloud.NotFound(err) || len(k.secrets) != 2 {
		t.Errorf("%v, %d secrets", err, len(k.secrets))
	}
	k.status = "ERROR"
	if err := lab.Resource(barbican.Types, typeName, "broken").Create(); err == nil || err.Error() != `Went to status ERROR due to "Unknown"` {
		t.Errorf("broken: %v", err)
	}
}

// A secret is found again by its name, but one that is older or somebody else's is not taken.
func TestSecretIsFoundAgain(t *testing.T) {
	k, lab := newKeys(t)
	for _, properties := range [][]any{nil, {"name", "db"}} {
		r := lab.Created(barbican.Types, typeName, "s", properties...)
		ref := r.PhysicalID
		r.Restart()
		if found, err := r.Find(); err != nil || !found || r.PhysicalID != ref {
			t.Errorf("%v: %v, %v, %q", properties, found, err, r.PhysicalID)
		}
		if other := lab.Resource(barbican.Types, typeName, "other", properties...); found(t, other) {
			t.Errorf("%v: another resource takes it", properties)
		}
		r.Restart()
		k.secrets[ref[strings.LastIndex(ref, "/")+1:]]["created"] = "2020-01-01T00:00:00.000000"
		if properties != nil && found(t, r) {
			t.Error("one that was there before is taken")
		}
	}
}

func found(t *testing.T, r *resourcetest.Resource) bool {
	t.Helper()
	found, err := r.Find()
	if err != nil {
		t.Error(err)
	}
	return found
}

func TestSecretValidates(t *testing.T) {
	_, lab := newKeys(t)
	for _, tc := range []struct {
		properties []any
		want       string
	}{
		{[]any{"payload_content_type", "text/plain"}, "payload_content_type cannot be specified without payload."},
		{[]any{"payload", "x", "payload_content_type", "application/octet-stream"}, "Property unspecified. For 'application/octet-stream' value of 'payload_content_type' property, 'payload_content_encoding' property must be specified."},
		{[]any{"payload", "x", "payload_content_type", "application/octet-stream", "payload_content_encoding", "base64"}, "Invalid payload for specified 'base64' value of 'payload_content_encoding' property."},
		{[]any{"payload", "x", "payload_content_encoding", "base64"}, "payload_content_encoding property should only be specified for payload_content_type with value application/octet-stream."},
		{[]any{"payload", "eA ==", "payload_content_type", "application/octet-stream", "payload_content_encoding", "base64"}, ""},
	} {
		got := ""
		if err := lab.Resource(barbican.Types, typeName, "s", tc.properties...).Validate(); err != nil {
			got = err.Error()
		}
		if got != tc.want {
			t.Errorf("%v: %s", tc.properties, got)
		}
	}
}
