package cfn_test

import (
	"bytes"
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
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
	"admin":  {UserID: "u-admin", UserName: "ada", ProjectID: "project", Roles: []string{"admin"}},
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
	s := httptest.NewServer(exchangetest.Documented(t, httpapi.Outer{}.Wrap(api.Handler())))
	t.Cleanup(s.Close)
	return s
}

// TestExchanges holds the API to testdata/*.http. A request is the member's where it does not
// say whose; "-" is nobody's. Each line of a body that no Content-Type names is a parameter,
// of the query or of the form.
func TestExchanges(t *testing.T) {
	exchangetest.Each(t, func(t *testing.T, file string) {
		storetest.Each(t, func(t *testing.T, st *store.Store) {
			s := &exchangetest.Session{T: t, URL: newService(t, st).URL, Rests: rests, Prepare: prepare, Shown: []string{"Content-Type"},
				Before: []exchangetest.Mask{{Pattern: regexp.MustCompile(`AWSAccessKeyId=\w+(\W(?:amp;|u0026)?)Timestamp=[\w%-]+(\W(?:amp;|u0026)?)Signature=[\w%]+`), With: "AWSAccessKeyId=KEY${1}Timestamp=TIME${2}Signature=SIGNATURE"}},
				Masks:  []exchangetest.Mask{{Pattern: regexp.MustCompile(`(<OutputKey>o</OutputKey><OutputValue>|"OutputKey": "o",\s+"OutputValue": ")\w+`), With: "${1}VALUE"}},
			}
			s.Run(file, *update)
		})
	})
}

// The examples of the document are exchanges of testdata, one of each action and type.
func TestExamples(t *testing.T) {
	api, err := cfn.New(cfn.Config{Authenticate: authenticate, EC2Token: noSignature})
	if err != nil {
		t.Fatal(err)
	}
	s := &exchangetest.Session{T: t, Prepare: prepare}
	s.KeepExamples(api.API, "examples.json", func(form url.Values) string { return form.Get("Action") }, *update)
}

func prepare(method, path string, header http.Header, body string) (string, string) {
	switch header.Get("X-Auth-Token") {
	case "":
		header.Set("X-Auth-Token", "member")
	case "-":
		header.Del("X-Auth-Token")
	}
	if header.Get("X-Auth-Token") != "" && header.Get("X-Auth-User") == "" {
		header.Set("X-Auth-User", "someone")
	}
	if body == "" || header.Get("Content-Type") != "" {
		return path, body
	}
	parameters := url.Values{}
	for line := range strings.SplitSeq(strings.TrimSpace(body), "\n") {
		name, value, _ := strings.Cut(line, "=")
		parameters.Add(name, value)
	}
	if method != http.MethodPost {
		return path + "?" + parameters.Encode(), ""
	}
	header.Set("Content-Type", "application/x-www-form-urlencoded")
	return path, parameters.Encode()
}

// rests reports whether a stack's action has ended.
func rests(s *exchangetest.Session, name string) bool {
	header := http.Header{"X-Auth-User": {"someone"}, "X-Auth-Token": {"member"}}
	status, _, body := exchangetest.Send(s.T, http.MethodGet, s.URL+"/v1/?Action=DescribeStacks&StackName="+name, header, "")
	return status != http.StatusOK || !bytes.Contains(body, []byte("_IN_PROGRESS</StackStatus>"))
}
