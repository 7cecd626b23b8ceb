package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/httpapi/recordedtest"
	"hearth/core/resource/heat"
	"hearth/core/store/storetest"
)

// meant are the differences from the record, with their lines in docs/deviations.md.
var meant = map[string]recordedtest.Difference{
	"107-deploy-stale-session":       {Places: []string{"/message"}, Why: "which session has overtaken it"},
	"120-deployment-of-a-service":    {Places: []string{"status", ""}, Why: "the reports of a service are shown"},
	"127-action-result-of-a-throw":   {Places: []string{"/result/details"}, Why: "files are those of the package"},
	"132-action-result-bad-argument": {Places: []string{"/result/details"}, Why: noPython},
	"153-deployments-of-failed":      {Places: []string{"/deployments/0/result/result/details"}, Why: noPython},
}

const noPython = "no trace of Python code"

// tinyFolder has the recorder's application, a program with actions.
const tinyFolder = "testdata/recorded/tiny-package"

// recordedPackage is the full name of the recorder's package.
const recordedPackage = "wire.recf35bc5.Tiny"

// recorders are who asked, in their own projects.
var recorders = map[string]*core.Caller{
	"admin": {Token: "admin", UserID: "0000000000000000000000000000000a", UserName: "admin", ProjectID: "4504e19cb71d42129ef5b104e9bf7618", Roles: []string{"admin", "member"}},
	"demo":  {Token: "demo", UserID: "0000000000000000000000000000000d", UserName: "demo", ProjectID: "57540a67f9a145bbacc7915f6372b82e", Roles: []string{"member"}},
}

// TestRecordedExchanges replays what a Murano 14.0.0 was asked.
func TestRecordedExchanges(t *testing.T) {
	t.Parallel()
	st := storetest.Open(t, storetest.SQLite(t))
	k := &recorded{kit: startWith(t, st, enginetest.New(t, st, enginetest.Types(t, heat.Types), nil), func(_ context.Context, token string) (*core.Caller, error) {
		if c := recorders[token]; c != nil {
			return c, nil
		}
		return nil, core.Errorf(core.Unauthorized, "Unauthorized", "no such token")
	})}
	k.token = "admin"
	k.stopWorker()
	if status, body := k.kit.upload("admin", tinyPackage(t, "wire.tiny.Tiny"), ""); status != http.StatusOK {
		t.Fatal(status, body) // the package that the applications are of stood beside the recorder's
	}
	for _, name := range []string{"SAP", "Web"} { // did, too
		k.want(http.StatusOK, "POST", "/v1/catalog/categories", call{body: `{"name": "` + name + `"}`})
	}
	p := &recordedtest.Replay{T: t, Folder: "testdata/recorded", Deviations: "../../docs/deviations.md", Prepare: k.prepare, Known: meant,
		Ids: map[string]string{"http://127.0.0.1:8082": k.url},
		Masks: []exchangetest.Mask{
			{Pattern: regexp.MustCompile(`^got:[A-Za-z0-9]+$`), With: "got:RANDOM"},
			{Pattern: regexp.MustCompile(`\(0x[0-9a-f]+\)`), With: "(ADDRESS)"},
		},
	}
	p.Run()
}

// recorded is the API as the recorder found Murano.
type recorded struct {
	*kit
	hurried bool
}

func (k *recorded) stopWorker() {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.t.Context(), 10*time.Second)
	defer cancel()
	if err := k.worker.Stop(ctx); err != nil {
		k.t.Fatal(err)
	}
}

// The recorder did not wait for an environment to settle between the first and the second.
var hurried = [][2]string{
	{"environment-deploying", "environment-delete-while-deploying"},
	{"action-result-early", "action-result-early"},
	{"environment-deleting", "environment-delete-twice"},
}

// prepare brings the service into the state that the record has, and gives the request
// a token.
func (k *recorded) prepare(r *recordedtest.Request) {
	k.t.Helper()
	_, name, _ := strings.Cut(r.ID, "-")
	for _, span := range hurried {
		if name == span[0] {
			k.hurried = true
		}
	}
	if !k.hurried {
		k.workOff()
	}
	for _, span := range hurried {
		if name == span[1] {
			k.hurried = false
		}
	}
	if name == "package-upload-json" {
		k.dropUnrecorded()
	}
	if strings.HasPrefix(name, "package-upload") && r.Header.Get("Content-Type") != "application/json" {
		r.Body = k.upload(name, r)
	}
	switch token := r.Header.Get("X-Auth-Token"); token {
	case "", "nonsense...":
	case "(token)":
		r.Header.Set("X-Auth-Token", "admin")
	default:
		r.Header.Set("X-Auth-Token", "demo")
	}
}

// dropUnrecorded deletes the package that was uploaded without metadata, as the recorder did.
func (k *recorded) dropUnrecorded() {
	k.t.Helper()
	list := k.object("GET", "/v1/catalog/packages?fqn="+recordedPackage+"3", call{})["packages"].([]any)
	k.want(http.StatusOK, "DELETE", "/v1/catalog/packages/"+list[0].(map[string]any)["id"].(string), call{})
}

// workOff has the tasks done that there are. No worker is there otherwise, so that nothing
// goes on under the requests that were made meanwhile.
func (k *recorded) workOff() {
	k.t.Helper()
	busy := func() bool {
		list := k.want(http.StatusOK, "GET", "/v1/environments?all_tenants=true", call{})
		return strings.Contains(list, `"status":"deploying"`) || strings.Contains(list, `"status":"deleting"`)
	}
	if !busy() {
		return
	}
	k.worker = k.newWorker()
	if err := k.worker.Start(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	k.until("the environments settle", func() bool { return !busy() })
	k.stopWorker()
}

// upload is the body of an upload as the recorder's script makes it.
func (k *recorded) upload(name string, r *recordedtest.Request) string {
	k.t.Helper()
	var content []byte
	switch name {
	case "package-upload", "package-upload-again":
		content = tinyPackage(k.t, recordedPackage)
	case "package-upload-bad-category":
		content = tinyPackage(k.t, recordedPackage+"2")
	case "package-upload-no-metadata":
		content = tinyPackage(k.t, recordedPackage+"3")
	case "package-upload-not-a-zip":
		content = []byte("hello")
	case "package-upload-no-manifest":
		content = archive(k.t, map[string]string{"a.txt": "x"})
	case "package-upload-bad-manifest":
		content = archive(k.t, map[string]string{"manifest.yaml": "Format: 9.9\nFullName: a.b\nName: x\nType: Application\n"})
	}
	var parts struct{ Form map[string]string }
	if err := json.Unmarshal([]byte(r.Body), &parts); err != nil {
		k.t.Fatal(err)
	}
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for field, value := range parts.Form {
		if err := w.WriteField(field, value); err != nil {
			k.t.Fatal(err)
		}
	}
	file, err := w.CreateFormFile("file", "p.zip")
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := file.Write(content); err != nil {
		k.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return buf.String()
}

// tinyPackage is the recorder's application under a full name of its own.
func tinyPackage(t *testing.T, fullName string) []byte {
	t.Helper()
	return tinyPackageWith(t, func(content string) string { return strings.ReplaceAll(content, "wire.tiny.Tiny", fullName) })
}

// tinyPackageWith is the recorder's application with changed files.
func tinyPackageWith(t *testing.T, change func(content string) string) []byte {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(tinyFolder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(tinyFolder + "/" + path)
		files[path] = change(string(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return archive(t, files)
}
