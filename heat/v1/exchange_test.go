package v1_test

import (
	"bytes"
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
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
	s := httptest.NewServer(exchangetest.Documented(t, httpapi.Outer{}.Wrap(api.Handler())))
	t.Cleanup(s.Close)
	return s
}

// TestExchanges holds the API to testdata/*.http; requests are the member's where they do
// not say whose.
func TestExchanges(t *testing.T) {
	exchangetest.Each(t, func(t *testing.T, file string) {
		t.Parallel()
		s := &exchangetest.Session{T: t, URL: newService(t).URL, Rests: rests, Prepare: prepare,
			Shown: []string{"Allow", "Location", "Www-Authenticate", "X-Hearth-Permitted"},
			Masks: []exchangetest.Mask{{Pattern: regexp.MustCompile(`hearth-signal\.[\w.-]+`), With: "TOKEN"}},
		}
		s.Run(file, *update)
	})
}

// The examples of the document are exchanges of testdata.
func TestExamples(t *testing.T) {
	api, err := v1.New(v1.Config{Authenticate: authenticate})
	if err != nil {
		t.Fatal(err)
	}
	s := &exchangetest.Session{T: t, Prepare: prepare}
	s.KeepExamples(api.API, "examples.json", nil, *update)
}

func prepare(_, path string, header http.Header, body string) (string, string) {
	if header.Get("X-Auth-Token") == "" {
		header.Set("X-Auth-Token", "member")
	}
	return path, body
}

// rests reports whether a stack's action has ended.
func rests(s *exchangetest.Session, name string) bool {
	_, _, body := exchangetest.Send(s.T, http.MethodGet, s.URL+"/v1/project/stacks?show_nested=true&show_deleted=true&name="+name, http.Header{"X-Auth-Token": {"member"}}, "")
	return !bytes.Contains(body, []byte("IN_PROGRESS"))
}
