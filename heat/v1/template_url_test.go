package v1_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestTemplateURL creates stacks from templates of a server.
func TestTemplateURL(t *testing.T) {
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/good":
			_, _ = io.WriteString(w, "heat_template_version: 2021-04-16\ndescription: from afar\n")
		case "/large":
			_, _ = w.Write(make([]byte, 600000))
		default:
			http.NotFound(w, r)
		}
	}))
	defer files.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	s := newService(t)
	for url, want := range map[string]string{
		files.URL + "/good":  "",
		files.URL + "/large": "Could not retrieve template: Template exceeds maximum allowed size (524288 bytes)",
		files.URL + "/none":  "Could not retrieve template: Failed to retrieve template: 404 Not Found for url: " + files.URL + "/none",
		gone.URL:             "Could not retrieve template: Failed to retrieve template: the server does not answer",
		"ftp://host/file":    "Could not retrieve template: Invalid URL scheme ftp",
		"http://[":           "Could not retrieve template: Invalid URL",
	} {
		status, message := post(t, s.URL+"/v1/project/stacks", map[string]any{"stack_name": "s", "template_url": url})
		if wantStatus := map[bool]int{true: 201, false: 400}[want == ""]; status != wantStatus || message != want {
			t.Errorf("%s: %d %q, want %q", url, status, message, want)
		}
	}
}

// TestLimits sends what is too large.
func TestLimits(t *testing.T) {
	s := newService(t)
	for name, x := range map[string]struct {
		template any
		want     string
	}{
		"a template": {map[string]any{"heat_template_version": "2021-04-16", "description": strings.Repeat("x", 600000)},
			"Request limit exceeded: Template size (600058 bytes) exceeds maximum allowed size (524288 bytes)."},
		"a text": {strings.Repeat("x", 600000), "Request limit exceeded: Template size (600000 bytes) exceeds maximum allowed size (524288 bytes)."},
		"a body": {strings.Repeat("x", 2000000), "Request limit exceeded: JSON body size (2000032 bytes) exceeds maximum allowed size (1048576 bytes)."},
	} {
		status, message := post(t, s.URL+"/v1/project/stacks", map[string]any{"stack_name": "s", "template": x.template})
		if status != 400 || message != x.want {
			t.Errorf("%s: %d %q, want %q", name, status, message, x.want)
		}
	}
}

// post sends a body as a member and gives the status and the message of an error.
func post(t *testing.T, url string, body any) (int, string) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", "member")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		Error struct{ Message string }
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, answer.Error.Message
}
