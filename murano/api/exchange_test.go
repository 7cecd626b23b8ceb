package api_test

import (
	"bytes"
	"context"
	"flag"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hearth/core/httpapi/exchangetest"
	"hearth/core/store"
	"hearth/murano"
	"hearth/murano/catalog"
	muranostore "hearth/murano/store"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

// hexID matches an id of Murano's.
var hexID = regexp.MustCompile(`\b[0-9a-f]{32}\b`)

// TestExchanges holds the API to testdata/*.http; requests are a user's where they do not say
// whose.
func TestExchanges(t *testing.T) {
	exchangetest.Each(t, func(t *testing.T, file string) {
		t.Parallel()
		k := startSQLite(t)
		s := &exchangetest.Session{T: t, URL: k.url, Rests: k.rests, Prepare: prepare(t), IDs: hexID, Shown: []string{"Www-Authenticate"},
			Before: []exchangetest.Mask{
				{Pattern: regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\b`), With: "WHEN"},
				{Pattern: regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}`), With: "WHEN"},
			},
			Masks: []exchangetest.Mask{
				{Pattern: regexp.MustCompile(`("secret"): "[A-Za-z0-9]+"`), With: `$1: "RANDOM"`},
				{Pattern: regexp.MustCompile(`"got:[A-Za-z0-9]+"`), With: `"got:RANDOM"`},
				{Pattern: regexp.MustCompile(`\(0x[0-9a-f]+\)`), With: "(ADDRESS)"},
				{Pattern: regexp.MustCompile(`("(cpu_count|cpu_percent|requests_per_second)"): [\d.e+-]+`), With: `$1: 2`},
				{Pattern: regexp.MustCompile(`("duration"): \d+`), With: `$1: 60`},
			},
		}
		s.Run(file, *update)
	})
}

// The examples of the document are exchanges of testdata.
func TestExamples(t *testing.T) {
	s := &exchangetest.Session{T: t, Prepare: prepare(t), IDs: hexID}
	s.KeepExamples(bare(t), "examples.json", nil, *update)
}

// prepare gives requests a token; a body "@name metadata" is the upload of an example package.
func prepare(t *testing.T) func(_, path string, header http.Header, body string) (string, string) {
	return func(_, path string, header http.Header, body string) (string, string) {
		for name, value := range map[string]string{"X-Auth-Token": "user", "Accept": "application/json"} {
			if header.Get(name) == "" {
				header.Set(name, value)
			}
		}
		if strings.TrimSpace(body) != "" && header.Get("Content-Type") == "" {
			header.Set("Content-Type", "application/json")
		}
		if upload, ok := strings.CutPrefix(body, "@"); ok {
			name, metadata, _ := strings.Cut(upload, " ")
			folder := "../../examples/packages/" + name
			if name == "tiny" {
				folder = tinyFolder
			}
			body = form(t, folder, strings.TrimSpace(metadata))
		}
		return path, body
	}
}

// form is the multipart body of an upload, with the boundary "part".
func form(t *testing.T, folder, metadata string) string {
	t.Helper()
	archive, err := catalog.Build(folder)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	if err := w.SetBoundary("part"); err != nil {
		t.Fatal(err)
	}
	file, err := w.CreateFormFile("file", "p.zip")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(archive); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteField("__metadata__", metadata); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// rests reports whether an environment has settled; "track ID" tracks a server and an
// application in it first.
func (k *kit) rests(s *exchangetest.Session, name string) bool {
	id, track := strings.CutPrefix(name, "track ")
	id = s.Unmask(id)
	if track {
		k.track(id)
		return true
	}
	_, body, _ := k.do(http.MethodGet, "/v1/environments/"+id, call{})
	return !strings.Contains(body, `"status":"deploying"`) && !strings.Contains(body, `"status":"deleting"`)
}

// track notes what programs would: a server with a title that is there for a minute, and an
// application that was there for one.
func (k *kit) track(environmentID string) {
	k.t.Helper()
	begun := time.Now().Add(-time.Minute).Unix()
	server := &murano.Instance{EnvironmentID: environmentID, InstanceID: "vm", TenantID: "p1", Type: 200, TypeName: "io.murano.resources.Instance",
		TypeTitle: "A server", UnitCount: new(2), CreatedAt: begun}
	gone := &murano.Instance{EnvironmentID: environmentID, InstanceID: "app", TenantID: "p1", Type: 100, TypeName: "a.App", CreatedAt: begun - 60, DestroyedAt: new(begun)}
	err := k.store.Write(k.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, i := range []*murano.Instance{server, gone} {
			if err := muranostore.TrackInstance(ctx, tx, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
}
