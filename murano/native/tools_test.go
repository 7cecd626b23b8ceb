package native_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/murano"
	"hearth/murano/native"
)

// notes keeps what programs report and track.
type notes struct{ lines []string }

func (n *notes) Report(_ context.Context, objectID string, level murano.Level, text string) error {
	n.lines = append(n.lines, fmt.Sprintf("%s %s: %s", level, objectID, text))
	return nil
}

func (n *notes) Track(_ context.Context, i native.TrackedInstance) error {
	units := "-"
	if i.UnitCount != nil {
		units = fmt.Sprint(*i.UnitCount)
	}
	n.lines = append(n.lines, fmt.Sprintf("track %d %s %s %q %s", i.Kind, i.InstanceID, i.TypeName, i.TypeTitle, units))
	return nil
}

func (n *notes) Untrack(_ context.Context, instanceID string, kind native.InstanceKind) error {
	n.lines = append(n.lines, fmt.Sprintf("untrack %d %s", kind, instanceID))
	return nil
}

func (n *notes) expect(t *testing.T, want ...string) {
	t.Helper()
	if got := strings.Join(n.lines, "\n"); got != strings.Join(want, "\n") {
		t.Error(got)
	}
}

func TestReports(t *testing.T) {
	k, n := program(t), &notes{}
	k.Reporter = n
	k.want(`null`, "Tools", "report")
	n.expect(t, "info O1: hello", "info : of the environment", "info : 5", "error O1: bad", "error O1: worse")
}

func TestInstancesAreCounted(t *testing.T) {
	k, n := program(t), &notes{}
	k.Instances = n
	k.want(`null`, "Tools", "track")
	n.expect(t, `track 100 O1 t.Tools "" -`, `track 100 O1 t.Tools "A title" 3`, `track 200 O1 t.Tools "" 1`, "untrack 200 O1", "untrack 100 O1")
}

func TestMessagesAreLogged(t *testing.T) {
	k := program(t)
	var out bytes.Buffer
	k.Log = slog.New(slog.NewTextHandler(&out, nil))
	k.want(`null`, "Tools", "log")
	for _, want := range []string{`level=INFO msg="1 of 2" environment=e1 logger=applications.tools`, `level=WARN msg=careful`} {
		if !strings.Contains(out.String(), want) {
			t.Error(out.String())
		}
	}
}

func TestUserAndProject(t *testing.T) {
	k := start(t)
	id := k.Caller.UserID
	k.Owner = &core.Caller{UserID: "stranger", UserName: "Somebody", ProjectID: k.Caller.ProjectID}
	k.want(fmt.Sprintf(`["%s", "demo", "default", null, ["options", "password_expires_at"]]`, id), "Tools", "user")
	k.want(`["stranger", "Somebody", "Default"]`, "Tools", "owner")
	k.want(fmt.Sprintf(`["%s", "demo", "default", "", ["is_domain", "options", "tags"]]`, k.Caller.ProjectID), "Tools", "project")

	without := program(t)
	without.want(`["u", "user", "Default", null, []]`, "Tools", "user")
	without.want(`["p", "project", "Default", null, []]`, "Tools", "project")
}

func TestWorkflowsAreNotConfigured(t *testing.T) {
	k := program(t)
	k.want(`"The workflow service (Mistral) is not configured: workflows cannot be uploaded or run"`, "Tools", "workflow")
	k.fails("murano.engine.system.workflowclient.MistralError", "not configured", "Tools", "upload")
}

// definitions is the part of an image service that the simulated one does not have.
type definitions struct{ asked []string }

func (d *definitions) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.Path, "/metadefs/") {
		return http.DefaultTransport.RoundTrip(r)
	}
	_, path, _ := strings.Cut(r.URL.RequestURI(), "/v2/")
	d.asked = append(d.asked, path)
	body := `{"objects": [{"name": "o", "properties": {"tag": {}}}]}`
	switch {
	case r.URL.Query().Get("marker") == "a":
		body = `{"namespaces": [{"namespace": "b"}]}`
	case strings.HasSuffix(r.URL.Path, "/namespaces"):
		body = `{"namespaces": [{"namespace": "a"}], "next": "/v2/metadefs/namespaces?marker=a"}`
	}
	answer := httptest.NewRecorder()
	answer.WriteString(body)
	return answer.Result(), nil
}

func TestMetadataDefinitions(t *testing.T) {
	k, d := start(t), &definitions{}
	k.fails("glanceclient.exc.HTTPNotFound", "", "Tools", "metadata")
	other := cloud.New(cloud.Config{AuthURL: k.url, Region: "RegionOne", HTTP: &http.Client{Transport: d}})
	t.Cleanup(other.Close)
	k.Cloud = func(ctx context.Context) (*cloud.Client, error) {
		return other.Client(ctx, core.Credentials{Token: k.Caller.Token})
	}
	k.want(`[["a", "b"], ["o"], ["o"]]`, "Tools", "metadata")
	want := "metadefs/namespaces?resource_types=OS%3A%3ANova%3A%3AServer metadefs/namespaces?marker=a metadefs/namespaces/a%2Fb/objects"
	if got := strings.Join(d.asked, " "); got != want {
		t.Error(got)
	}
}

func TestResources(t *testing.T) {
	k := program(t)
	k.want(`["hello\nworld\n", "hello\nworld\n", {"a": [1, 2.5, null]}, {"when": "2013-05-23", "list": ["a", "b"]}, "AP+AYmlu"]`, "Files", "read")
	k.want(`"hello\nworld\n"`, "Files", "ofOwner")
	for _, path := range []string{"../Stack.yaml", "/etc/hosts", "a/../../x", "", "."} {
		k.fails("ValueError", "is not allowed", "Files", "text", path)
	}
	k.fails("FileNotFoundError", "t/Resources/none.txt", "Files", "text", "none.txt")
	k.fails("FileNotFoundError", "io.murano/Resources/hello.txt", "Files", "text", "hello.txt", "io.murano.Object")
	k.fails("UnicodeDecodeError", "binary.bin", "Files", "text", "binary.bin")
	k.fails("json.decoder.JSONDecodeError", "hello.txt", "Files", "data", "hello.txt")
}

func TestSettings(t *testing.T) {
	k := program(t)
	k.Setting = func(group, name string) (any, bool) {
		v, ok := map[string]any{".home_region": "RegionOne", "networking.max_hosts": 20}[group+"."+name]
		return v, ok
	}
	k.want(`["RegionOne", null, 20, null]`, "Settings", "read")
	k.fails("yaql.language.exceptions.NoFunctionRegisteredException", "config", "Settings", "ask")
}

func TestFixture(t *testing.T) {
	k := program(t)
	k.want(`null`, "Fixture", "passes")
	k.want(`["loaded", "t.Settings", true, null]`, "Fixture", "loads")
	const mismatch = "testtools.matchers._impl.MismatchError"
	k.fails(mismatch, "'a' != 2: not so", "Fixture", "equal")
	k.fails("AssertionError", "0 is not true : not so", "Fixture", "isTrue")
	k.fails("AssertionError", "1 is not false", "Fixture", "isFalse")
	k.fails(mismatch, "1 not in ", "Fixture", "isIn")
	k.fails(mismatch, " matches Contains(1)", "Fixture", "notIn")
}
