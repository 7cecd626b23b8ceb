package cfn_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/resource/aws"
	"hearth/core/resource/heat"
	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/heat/cfn"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

func TestMain(m *testing.M) { storetest.Main(m) }

// The projects and tokens of the tests.
var callers = map[string]*core.Caller{
	"reader": {UserID: "u-reader", UserName: "rita", ProjectID: "project", Roles: []string{"reader"}},
	"member": {UserID: "u-member", UserName: "max", ProjectID: "project", Roles: []string{"member"}},
	"signal": {UserID: "u-signal", UserName: "sam", ProjectID: "project", Roles: []string{"heat_stack_user"}},
	"other":  {UserID: "u-other", UserName: "olga", ProjectID: "other", Roles: []string{"member"}},
	"none":   {UserID: "u-none", UserName: "nils", ProjectID: "project"},
}

func errToken() error {
	return core.Errorf(core.Unauthorized, "Unauthorized", "The token is not valid.")
}

func authenticate(_ context.Context, token string) (*core.Caller, error) {
	if c, ok := callers[token]; ok {
		return c, nil
	}
	return nil, errToken()
}

// noSignature stands for an identity service that knows no credential.
func noSignature(context.Context, cloud.EC2Request) (string, error) { return "", errToken() }

// newService serves the API over a real engine.
func newService(t *testing.T, st *store.Store) *httptest.Server {
	t.Helper()
	lab := enginetest.New(t, st, enginetest.Types(t, heat.Types, aws.Types), nil)
	api, err := cfn.New(cfn.Config{Engine: lab.Engine, Authenticate: authenticate, EC2Token: noSignature, IdentityURL: "http://identity:5000"})
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
//	=== GET /v1/
//	X-Auth-Token: reader         (member when not given; - for none)
//
//	Action=ListStacks
//	---
//	200
//
//	the body of the answer
//
// where each line of a body that no Content-Type names is a parameter, of the query or of
// the form, and of lines "=== wait NAME", until the stack's action has ended. What differs
// from run to run is masked: the first id is ID1, in requests, too.
func TestExchanges(t *testing.T) {
	files, err := filepath.Glob("testdata/*.http")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".http"), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, st *store.Store) {
				raw, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				got := (&session{t: t, server: newService(t, st)}).run(string(raw))
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				} else if d := cmp.Diff(string(raw), got); d != "" {
					t.Error(d)
				}
			})
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
			s.wait(strings.TrimSpace(strings.SplitN(name, "\n", 2)[0]))
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
	header := http.Header{"X-Auth-User": {"someone"}, "X-Auth-Token": {"member"}}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		header.Set(name, value)
	}
	if header.Get("X-Auth-Token") == "-" {
		header.Del("X-Auth-User")
		header.Del("X-Auth-Token")
	}
	if body != "" && header.Get("Content-Type") == "" {
		parameters := url.Values{}
		for line := range strings.SplitSeq(strings.TrimSpace(body), "\n") {
			name, value, _ := strings.Cut(line, "=")
			parameters.Add(name, value)
		}
		if body = parameters.Encode(); method == http.MethodPost {
			header.Set("Content-Type", "application/x-www-form-urlencoded")
		} else {
			path, body = path+"?"+body, ""
		}
	}
	status, header, content := send(s.t, method, s.server.URL+path, header, body)
	var out bytes.Buffer
	fmt.Fprintf(&out, "%d\nContent-Type: %s\n", status, header.Get("Content-Type"))
	if len(content) > 0 {
		out.WriteByte('\n')
		if err := json.Indent(&out, content, "", "  "); err != nil {
			out.Write(content)
		}
		out.WriteByte('\n')
	}
	return s.mask(out.String())
}

func send(t *testing.T, method, url string, header http.Header, body string) (int, http.Header, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, content
}

var (
	uuidPattern = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	masks       = []struct {
		pattern *regexp.Regexp
		with    string
	}{
		{regexp.MustCompile(`signature=[\w.-]+`), "signature=SIGNATURE"},
		{regexp.MustCompile(`\b[0-9a-f]{32}\b`), "HEX"},
		{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "TIME"},
		{regexp.MustCompile(`-[a-z0-9]{12}\b`), "-RANDOM"},
		{regexp.MustCompile(`(<OutputKey>o</OutputKey><OutputValue>|"OutputKey": "o",\s+"OutputValue": ")\w+`), "${1}VALUE"},
	}
)

func (s *session) mask(text string) string {
	text = strings.ReplaceAll(text, s.server.URL, "http://HOST")
	text = masks[0].pattern.ReplaceAllString(text, masks[0].with)
	text = uuidPattern.ReplaceAllStringFunc(text, func(id string) string {
		i := slices.Index(s.ids, id)
		if i < 0 {
			s.ids = append(s.ids, id)
			i = len(s.ids) - 1
		}
		return fmt.Sprintf("ID%d", i+1)
	})
	for _, m := range masks[1:] {
		text = m.pattern.ReplaceAllString(text, m.with)
	}
	return text
}

// wait asks until a stack's action has ended.
func (s *session) wait(name string) {
	s.t.Helper()
	header := http.Header{"X-Auth-User": {"someone"}, "X-Auth-Token": {"member"}}
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		status, _, body := send(s.t, http.MethodGet, s.server.URL+"/v1/?Action=DescribeStacks&StackName="+name, header, "")
		if status != http.StatusOK || !bytes.Contains(body, []byte("_IN_PROGRESS</StackStatus>")) {
			return
		}
	}
	s.t.Fatalf("%s does not end", name)
}
