package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/riverqueue/river"

	"hearth/core"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/job"
	"hearth/core/policy"
	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/murano/api"
	"hearth/murano/catalog"
	"hearth/murano/environment"
	"hearth/murano/statistics"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// kit is the whole of Murano on a real store and engine, behind a listener.
type kit struct {
	t            *testing.T
	url          string
	store        *store.Store
	lab          *enginetest.Lab
	worker       *environment.Worker
	programs     *environment.Programs
	statistics   *statistics.Collector
	environments *environment.Service
	cloud        *resourcetest.Lab // nil: there is none
	token        string            // of who asks, unless a call says otherwise
}

// callers are who the tokens belong to.
var callers = map[string]*core.Caller{
	"admin": {Token: "admin", UserID: "admin-user", UserName: "admin", ProjectID: "p1", Roles: []string{"admin", "member"}},
	"user":  {Token: "user", UserID: "user-1", UserName: "user", ProjectID: "p1", Roles: []string{"member"}},
	"mate":  {Token: "mate", UserID: "user-2", UserName: "mate", ProjectID: "p1", Roles: []string{"member"}},
	"other": {Token: "other", UserID: "user-3", UserName: "other", ProjectID: "p2", Roles: []string{"member"}},
}

func authenticate(_ context.Context, token string) (*core.Caller, error) {
	if c := callers[token]; c != nil {
		return c, nil
	}
	return nil, core.Errorf(core.Unauthorized, "Unauthorized", "no such token")
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, k *kit)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, st *store.Store) { test(t, start(t, st)) })
}

// start starts everything over a store, with types that need no cloud.
func start(t *testing.T, st *store.Store) *kit {
	t.Helper()
	return startWith(t, st, enginetest.New(t, st, enginetest.Types(t, heat.Types), nil), authenticate)
}

func startWith(t *testing.T, st *store.Store, lab *enginetest.Lab, authenticate httpapi.Authenticate, more ...func(*environment.ProgramsConfig)) *kit {
	t.Helper()
	k := &kit{t: t, store: st, lab: lab, token: "user"}
	var err error
	programs := environment.ProgramsConfig{Store: st, Engine: k.lab.Engine, Log: slog.New(slog.DiscardHandler)}
	for _, change := range more {
		change(&programs)
	}
	if k.programs, err = environment.NewPrograms(programs); err != nil {
		t.Fatal(err)
	}
	k.worker = k.newWorker()
	workers := river.NewWorkers()
	k.worker.Register(workers)
	jobs, err := job.New(t.Context(), st, job.Config{Workers: workers, MaxWorkers: 4})
	if err != nil {
		t.Fatal(err)
	}
	if err := jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := k.worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	k.statistics = statistics.NewCollector(statistics.Config{Store: st, Host: "vm"})
	if err := k.statistics.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	rules, err := policy.New(nil, api.Policies)
	if err != nil {
		t.Fatal(err)
	}
	network := environment.NeutronNetwork
	if lab.Engine.Cloud == nil {
		network = environment.NovaNetwork // which asks no cloud
	}
	k.environments = environment.NewService(environment.Config{Store: st, Jobs: jobs, Programs: k.programs, NetworkClass: network})
	root := chi.NewRouter()
	murano := api.New(api.Config{
		Environments: k.environments,
		Catalog:      &catalog.Service{Store: st},
		Statistics:   k.statistics,
		Rules:        rules, Authenticate: authenticate, IdentityURL: "http://127.0.0.1:5000",
	})
	murano.Documents(root)
	root.Mount("/v1", murano)
	root.NotFound(api.Versions)
	server := httptest.NewServer(exchangetest.Documented(t, httpapi.Outer{}.Wrap(root)))
	k.url = server.URL
	t.Cleanup(func() {
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := k.worker.Stop(ctx); err != nil {
			t.Error(err)
		}
		if err := jobs.Stop(ctx); err != nil {
			t.Error(err)
		}
		if err := k.statistics.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return k
}

// newWorker makes another worker, for who takes over from the first.
func (k *kit) newWorker() *environment.Worker {
	return environment.NewWorker(environment.WorkerConfig{Store: k.store, Programs: k.programs, Log: slog.New(slog.DiscardHandler)})
}

// call is one request: who asks, and what beside method and path.
type call struct {
	as       string // a token; the kit's when empty, none when "-"
	session  string
	accept   string // application/json when empty, none when "-"
	typ      string // of the body; application/json when empty, none when "-"
	body     string
	contains string // what the answer must hold
}

// do sends a request and gives the answer's status, body and headers.
func (k *kit) do(method, path string, c call) (int, string, http.Header) {
	k.t.Helper()
	req, err := http.NewRequestWithContext(k.t.Context(), method, k.url+path, strings.NewReader(c.body))
	if err != nil {
		k.t.Fatal(err)
	}
	set := func(header, value, instead string) {
		if value == "" {
			value = instead
		}
		if value != "" && value != "-" {
			req.Header.Set(header, value)
		}
	}
	set("X-Auth-Token", c.as, k.token)
	set("Accept", c.accept, "application/json")
	set("X-Configuration-Session", c.session, "")
	if c.body != "" {
		set("Content-Type", c.typ, "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		k.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return res.StatusCode, string(data), res.Header
}

// want sends a request and fails unless the status is that one. It gives the body.
func (k *kit) want(status int, method, path string, c call) string {
	k.t.Helper()
	got, body, _ := k.do(method, path, c)
	if got != status || !strings.Contains(body, c.contains) {
		k.t.Fatalf("%s %s: %d %s; want %d with %q", method, path, got, body, status, c.contains)
	}
	return body
}

// object sends a request that must succeed with a JSON object.
func (k *kit) object(method, path string, c call) map[string]any {
	k.t.Helper()
	var out map[string]any
	body := k.want(200, method, path, c)
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		k.t.Fatalf("%s %s: %s: %v", method, path, body, err)
	}
	return out
}

// upload sends a package, with metadata unless that is empty.
func (k *kit) upload(as string, archive []byte, metadata string) (int, string) {
	k.t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	file, err := w.CreateFormFile("file", "p.zip")
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := file.Write(archive); err != nil {
		k.t.Fatal(err)
	}
	if metadata != "" {
		if err := w.WriteField("__metadata__", metadata); err != nil {
			k.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		k.t.Fatal(err)
	}
	status, body, _ := k.do("POST", "/v1/catalog/packages", call{as: as, typ: w.FormDataContentType(), body: buf.String()})
	return status, body
}

// build makes the archive of an example package and uploads it; it gives the package's id.
func (k *kit) example(name string) string {
	k.t.Helper()
	archive, err := catalog.Build("../../examples/packages/" + name)
	if err != nil {
		k.t.Fatal(err)
	}
	status, body := k.upload(k.token, archive, "")
	if status != 200 {
		k.t.Fatalf("upload %s: %d %s", name, status, body)
	}
	var p struct{ ID string }
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		k.t.Fatal(err)
	}
	return p.ID
}

// environment creates an environment and gives its path.
func (k *kit) environment(name string) string {
	k.t.Helper()
	return "/v1/environments/" + k.object("POST", "/v1/environments", call{body: `{"name": "` + name + `"}`})["id"].(string)
}

// open opens a session on an environment.
func (k *kit) open(env string) string {
	k.t.Helper()
	return k.object("POST", env+"/configure", call{})["id"].(string)
}

// settled waits until nothing is being done to an environment and gives its status;
// "gone" when there is none any more.
func (k *kit) settled(env string) string {
	k.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		status, body, _ := k.do("GET", env, call{})
		if status == 404 {
			return "gone"
		}
		var e struct{ Status string }
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			k.t.Fatal(status, body, err)
		}
		if e.Status != "deploying" && e.Status != "deleting" {
			return e.Status
		}
		time.Sleep(10 * time.Millisecond)
	}
	k.t.Fatal("the environment does not settle")
	return ""
}

// reports gives the reports of the newest deployment as "level text".
func (k *kit) reports(env string) []string {
	k.t.Helper()
	list := k.object("GET", env+"/deployments", call{})["deployments"].([]any)
	id := list[0].(map[string]any)["id"].(string)
	var out []string
	for _, r := range k.object("GET", env+"/deployments/"+id, call{})["reports"].([]any) {
		m := r.(map[string]any)
		out = append(out, m["level"].(string)+" "+m["text"].(string))
	}
	return out
}

// startSQLite is start on SQLite alone, for what has nothing to do with the database.
func startSQLite(t *testing.T) *kit {
	t.Helper()
	return start(t, storetest.Open(t, storetest.SQLite(t)))
}

// until waits for a condition.
func (k *kit) until(what string, holds func() bool) {
	k.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !holds() {
		if time.Now().After(deadline) {
			k.t.Fatal("in vain: ", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// archive makes a zip of files.
func archive(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
