package v1_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/resource/heat"
	"hearth/core/store/storetest"
	v1 "hearth/heat/v1"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

// The projects and tokens of the tests.
var callers = map[string]*core.Caller{
	"reader": {UserID: "u-reader", UserName: "rita", ProjectID: "project", Roles: []string{"reader"}},
	"member": {UserID: "u-member", UserName: "max", ProjectID: "project", Roles: []string{"member"}},
	"admin":  {UserID: "u-admin", UserName: "ada", ProjectID: "project", Roles: []string{"admin"}},
	"signal": {UserID: "u-signal", UserName: "sam", ProjectID: "project", Roles: []string{"heat_stack_user"}},
	"other":  {UserID: "u-other", UserName: "olga", ProjectID: "other", Roles: []string{"member"}},
	"none":   {UserID: "u-none", UserName: "nils", ProjectID: "project"},
}

func authenticate(_ context.Context, token string) (*core.Caller, error) {
	if c, ok := callers[token]; ok {
		return c, nil
	}
	return nil, core.Errorf(core.Unauthorized, "Unauthorized", "The token is not valid.")
}

// newService serves the API over a real engine.
func newService(t *testing.T) *httptest.Server {
	t.Helper()
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types), nil,
		func(c *converge.Config) { c.ForceTimeout = time.Second })
	api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: authenticate, IdentityURL: "http://identity:5000",
		EnableStackAdopt: true, EnableStackAbandon: true})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(httpapi.Outer{}.Wrap(api.Handler()))
	t.Cleanup(s.Close)
	return s
}

// TestExchanges sends the requests of testdata/*.http, in their order, to an API with an
// empty store, and compares the answers. A file is a list of
//
//	# what it shows
//	=== GET /v1/project/stacks
//	X-Auth-Token: admin          (member when not given)
//
//	a body
//	---
//	200
//	Location: …
//
//	the body of the answer
//
// and of lines "=== wait NAME", until the stack's action has ended. What differs from run
// to run is masked: the first id is ID1, in requests, too.
func TestExchanges(t *testing.T) {
	files, err := filepath.Glob("testdata/*.http")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".http"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := (&session{t: t, server: newService(t)}).run(string(raw))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if d := cmp.Diff(string(raw), got); d != "" {
				t.Error(d)
			}
		})
	}
}

// session is one file being run.
type session struct {
	t      *testing.T
	server *httptest.Server
	ids    []string
}

const (
	begin  = "=== "
	answer = "\n---\n"
)

func (s *session) run(text string) string {
	var out strings.Builder
	head, rest, found := strings.Cut(text, "\n"+begin)
	out.WriteString(head)
	for found {
		var part string
		part, rest, found = strings.Cut(rest, "\n"+begin)
		out.WriteString("\n" + begin)
		if name, ok := strings.CutPrefix(part, "wait "); ok {
			s.wait(strings.TrimSpace(name))
			out.WriteString(part)
			continue
		}
		comment := ""
		if i := strings.LastIndex(part, "\n\n#"); i >= 0 {
			part, comment = part[:i+1], part[i+1:]
		}
		request, _, _ := strings.Cut(part, answer)
		out.WriteString(request + answer + s.exchange(request) + comment)
	}
	return out.String()
}

// exchange sends a request and gives the answer as the file has it.
func (s *session) exchange(text string) string {
	s.t.Helper()
	for i, id := range s.ids {
		text = regexp.MustCompile(fmt.Sprintf(`\bID%d\b`, i+1)).ReplaceAllString(text, id)
	}
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, path, _ := strings.Cut(lines[0], " ")
	req, err := http.NewRequest(method, s.server.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", "member")
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	var out bytes.Buffer
	fmt.Fprintln(&out, res.StatusCode)
	for _, name := range []string{"Allow", "Location", "Www-Authenticate", "X-Hearth-Permitted"} {
		if v := res.Header.Get(name); v != "" {
			fmt.Fprintf(&out, "%s: %s\n", name, v)
		}
	}
	if len(content) > 0 {
		if t := res.Header.Get("Content-Type"); t != "application/json" {
			fmt.Fprintln(&out, "Content-Type:", t)
		}
		out.WriteByte('\n')
		if err := json.Indent(&out, content, "", "  "); err != nil {
			out.Write(content)
		}
		out.WriteByte('\n')
	}
	return s.mask(out.String())
}

var (
	uuidPattern = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	masks       = []struct {
		pattern *regexp.Regexp
		with    string
	}{
		{regexp.MustCompile(`\b[0-9a-f]{32}\b`), "HEX"},
		{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "TIME"},
		{regexp.MustCompile(`-[a-z0-9]{12}\b`), "-RANDOM"},
		{regexp.MustCompile(`hearth-signal\.[\w.-]+`), "TOKEN"},
	}
)

func (s *session) mask(text string) string {
	text = strings.ReplaceAll(text, s.server.URL, "http://HOST")
	text = uuidPattern.ReplaceAllStringFunc(text, func(id string) string {
		i := slices.Index(s.ids, id)
		if i < 0 {
			s.ids = append(s.ids, id)
			i = len(s.ids) - 1
		}
		return fmt.Sprintf("ID%d", i+1)
	})
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.with)
	}
	return text
}

// wait asks until a stack's action has ended.
func (s *session) wait(name string) {
	s.t.Helper()
	until := time.Now().Add(30 * time.Second)
	for time.Now().Before(until) {
		req, err := http.NewRequest(http.MethodGet, s.server.URL+"/v1/project/stacks?show_nested=true&show_deleted=true&name="+name, nil)
		if err != nil {
			s.t.Fatal(err)
		}
		req.Header.Set("X-Auth-Token", "member")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			s.t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if !bytes.Contains(body, []byte("IN_PROGRESS")) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.t.Fatalf("%s does not end", name)
}
