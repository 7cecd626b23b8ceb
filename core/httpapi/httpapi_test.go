package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/policy"
)

// shop is a small product API of these tests.
type faults struct{}

type faultBody struct {
	Code int    `json:"code" example:"404"`
	Text string `json:"text"`
}

func (faults) Model() any { return faultBody{} }

func (faults) Answer(_ *http.Request, err error) httpapi.Answer {
	status, text := 500, ""
	if p, ok := errors.AsType[*httpapi.Problem](err); ok {
		status, text = p.Status, p.Error()
		if p.Limit > 0 {
			text = fmt.Sprintf("%d bytes are more than %d", p.Size, p.Limit)
		}
	} else if e, ok := errors.AsType[*core.Error](err); ok {
		status, text = map[core.Code]int{core.Forbidden: 403, core.NotFound: 404, core.Unavailable: 503}[e.Code], e.Message
	}
	return httpapi.Answer{Status: status, Body: faultBody{status, text}}
}

type itemRef struct {
	Name string `path:"name"`
}

type itemBody struct {
	Body struct {
		Name    string      `json:"name"`
		Size    json.Number `json:"size"`
		Project string      `json:"project"`
		Link    string      `json:"link"`
	}
}

func shop(t *testing.T) *httpapi.API {
	t.Helper()
	rules, err := policy.New(nil, []policy.Rule{{Name: "items:show", Check: "@"}, {Name: "items:sell", Check: "role:seller"}, {Name: "items:scrap", Check: "!"}})
	if err != nil {
		t.Fatal(err)
	}
	api := httpapi.New(httpapi.Config{
		Name: "shop", Title: "Shop", Version: "1", Server: "/v1", Prefix: "/{tenant_id}", Faults: faults{}, Rules: rules,
		IdentityURL: "http://identity:5000",
		Authenticate: func(_ context.Context, token string) (*core.Caller, error) {
			switch token {
			case "good":
				return &core.Caller{ProjectID: "p1", UserID: "u1", Roles: []string{"buyer"}}, nil
			case "seller":
				return &core.Caller{ProjectID: "p1", Roles: []string{"seller"}}, nil
			case "down":
				return nil, core.Errorf(core.Unavailable, "", "no identity service")
			}
			return nil, core.Errorf(core.Unauthorized, "", "unknown token")
		},
		Check: func(c *core.Caller, param func(string) string) error {
			if param("tenant_id") != c.ProjectID {
				return core.Errorf(core.Forbidden, "", "another project")
			}
			return nil
		},
		Log: slog.New(slog.DiscardHandler),
	})
	httpapi.Register(api, "GET", "/items/{name}", "items:show", "Show an item", func(ctx context.Context, in *itemRef) (*itemBody, error) {
		var out itemBody
		switch in.Name {
		case "absent":
			return nil, core.EntityNotFound("Item", in.Name)
		case "broken":
			return nil, errors.New("a secret")
		case "fatal":
			panic("a secret")
		}
		out.Body.Name, out.Body.Size = in.Name, "12345678901234567890"
		out.Body.Project = httpapi.CallerFrom(ctx).ProjectID
		out.Body.Link = httpapi.BaseURL(ctx) + "/p1/items/" + in.Name
		return &out, nil
	}, httpapi.Errors(404))
	httpapi.Register(api, "POST", "/items/{name}", "items:sell", "Sell an item", func(ctx context.Context, in *struct {
		itemRef
		Body struct {
			Price json.Number `json:"price"`
			Note  any         `json:"note,omitempty"`
		}
	}) (*struct {
		Status int
		Body   any
	}, error) {
		return &struct {
			Status int
			Body   any
		}{202, map[string]any{"price": in.Body.Price, "note": in.Body.Note}}, nil
	}, httpapi.Status(202))
	httpapi.Register(api, "PUT", "/items/{name}", "", "Rename an item", func(ctx context.Context, in *itemRef) (*struct{ Body string }, error) {
		if err := httpapi.Enforce(ctx, "items:scrap"); err != nil && in.Name == "scrap" {
			return nil, err
		}
		body, err := httpapi.ReadBody(ctx, 10)
		return &struct{ Body string }{string(body)}, err
	}, httpapi.ID("items_rename"), httpapi.Decides("items:scrap"), httpapi.Body[itemRef]())
	httpapi.Register(api, "GET", "/hours", "items:show", "Show the hours", func(context.Context, *struct{}) (*struct{ Body string }, error) {
		return &struct{ Body string }{"9 to 5"}, nil
	}, httpapi.ID("hours"), httpapi.Sole())
	httpapi.Register(api, "GET", "/files/{path...}", "items:show", "Read a file", func(ctx context.Context, in *struct {
		Path string `path:"path"`
	}) (*struct {
		ContentType string `header:"Content-Type"`
		Body        []byte
	}, error) {
		return &struct {
			ContentType string `header:"Content-Type"`
			Body        []byte
		}{"text/plain", []byte(in.Path)}, nil
	}, httpapi.Response[string](200, "text/plain"))
	return api
}

// serve mounts the shop as cmd does: below a prefix and at a root.
func serve(t *testing.T, outer httpapi.Outer) *httptest.Server {
	t.Helper()
	api := shop(t)
	r := chi.NewRouter()
	r.Mount("/v1", api)
	r.Mount("/shop/v1", api)
	inner := chi.NewRouter()
	inner.Mount("/v1", api)
	r.Mount("/stripped", http.StripPrefix("/stripped", inner))
	api.Documents(r)
	r.Get("/healthcheck", httpapi.Health())
	r.Get("/panic", func(http.ResponseWriter, *http.Request) { panic("a secret") })
	s := httptest.NewServer(outer.Wrap(r))
	t.Cleanup(s.Close)
	return s
}

type exchange struct {
	method, path, body string
	header             []string // name, value
	status             int
	want               string // "" for any body
	wantHeader         []string
}

func TestExchanges(t *testing.T) {
	s := serve(t, httpapi.Outer{})
	const noToken = `{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}`
	good := []string{"X-Auth-Token", "good"}
	for name, x := range map[string]exchange{
		"an item":                   {"GET", "/v1/p1/items/a", "", good, 200, `{"name":"a","size":12345678901234567890,"project":"p1","link":"HOST/v1/p1/items/a"}`, []string{"Content-Type", "application/json"}},
		"below another prefix":      {"GET", "/shop/v1/p1/items/a", "", good, 200, `{"name":"a","size":12345678901234567890,"project":"p1","link":"HOST/shop/v1/p1/items/a"}`, nil},
		"below a stripped prefix":   {"GET", "/stripped/v1/p1/items/a%2Fb", "", good, 200, `{"name":"a/b","size":12345678901234567890,"project":"p1","link":"HOST/stripped/v1/p1/items/a/b"}`, nil},
		"a name with a slash":       {"GET", "/v1/p1/items/a%2Fb%20c", "", good, 200, `{"name":"a/b c","size":12345678901234567890,"project":"p1","link":"HOST/v1/p1/items/a/b c"}`, nil},
		"a slash at the end":        {"GET", "/v1/p1/items/a/", "", good, 200, "", nil},
		"no token":                  {"GET", "/v1/p1/items/a", "", nil, 401, noToken, []string{"WWW-Authenticate", `Keystone uri="http://identity:5000"`}},
		"a bad token":               {"GET", "/v1/nonesuch", "", []string{"X-Auth-Token", "x"}, 401, noToken, nil},
		"identity is down":          {"GET", "/v1/p1/items/a", "", []string{"X-Auth-Token", "down"}, 503, `{"code":503,"text":"no identity service"}`, nil},
		"another project":           {"GET", "/v1/p2/items/a", "", good, 403, `{"code":403,"text":"another project"}`, nil},
		"an unknown path":           {"GET", "/v1/p1/nonesuch", "", good, 404, `{"code":404,"text":"Not Found"}`, nil},
		"an unknown thing":          {"GET", "/v1/p1/items/absent", "", good, 404, `{"code":404,"text":"The Item (absent) could not be found."}`, nil},
		"a wrong method":            {"DELETE", "/v1/p1/items/a", "", good, 405, `{"code":405,"text":"Method Not Allowed"}`, nil},
		"a wrong method, unknown":   {"POST", "/v1/p1/hours", "", good, 404, `{"code":404,"text":"Not Found"}`, nil},
		"OPTIONS of the only one":   {"OPTIONS", "/v1/p1/hours", "", good, 204, "", []string{"Allow", "GET"}},
		"HEAD":                      {"HEAD", "/v1/p1/items/a", "", good, 405, "", nil},
		"OPTIONS":                   {"OPTIONS", "/v1/p1/items/a", "", good, 204, "", []string{"Allow", "GET,POST,PUT"}},
		"an error of ours":          {"GET", "/v1/p1/items/broken", "", good, 500, `{"code":500,"text":""}`, nil},
		"a panic":                   {"GET", "/v1/p1/items/fatal", "", good, 500, `{"code":500,"text":""}`, nil},
		"a panic outside":           {"GET", "/panic", "", nil, 500, "Internal Server Error\n", nil},
		"not the role":              {"POST", "/v1/p1/items/a", `{"price":1}`, good, 403, `{"code":403,"text":"You are not authorized to use items:sell."}`, nil},
		"a typed body":              {"POST", "/v1/p1/items/a", `{"price":12345678901234567890,"note":{"n":98765432109876543210},"more":1}`, []string{"X-Auth-Token", "seller", "Content-Type", "application/json; charset=utf-8"}, 202, `{"note":{"n":98765432109876543210},"price":12345678901234567890}`, nil},
		"a body of another type":    {"POST", "/v1/p1/items/a", `price: 1`, []string{"X-Auth-Token", "seller", "Content-Type", "text/yaml"}, 415, `{"code":415,"text":"Unsupported Content-Type"}`, nil},
		"a body that is not JSON":   {"POST", "/v1/p1/items/a", `{`, []string{"X-Auth-Token", "seller"}, 400, "", nil},
		"a raw body":                {"PUT", "/v1/p1/items/a", "free text", []string{"X-Auth-Token", "good", "Content-Type", "text/odd"}, 200, `"free text"`, nil},
		"a raw body, too large":     {"PUT", "/v1/p1/items/a", strings.Repeat("x", 3<<20), good, 413, `{"code":413,"text":"3145728 bytes are more than 10"}`, nil},
		"a rule of the handler":     {"PUT", "/v1/p1/items/scrap", "", good, 403, `{"code":403,"text":"You are not authorized to use items:scrap."}`, nil},
		"the rest of a path":        {"GET", "/v1/p1/files/a/b/c.txt", "", good, 200, "a/b/c.txt", []string{"Content-Type", "text/plain"}},
		"health":                    {"GET", "/healthcheck", "", nil, 200, `{"detailed":false,"reasons":[]}`, nil},
		"a proxy that is not ours":  {"GET", "/v1/p1/items/a", "", append([]string{"X-Forwarded-Host", "evil"}, good...), 200, `{"name":"a","size":12345678901234567890,"project":"p1","link":"HOST/v1/p1/items/a"}`, nil},
		"a document, without token": {"GET", "/openapi.json", "", nil, 200, "", []string{"Content-Type", "application/openapi+json"}},
		"no CORS":                   {"GET", "/healthcheck", "", []string{"Origin", "http://ui"}, 200, "", []string{"Access-Control-Allow-Origin", ""}},
	} {
		t.Run(name, func(t *testing.T) { x.run(t, s.URL) })
	}
}

func (x exchange) run(t *testing.T, url string) {
	t.Helper()
	req, err := http.NewRequest(x.method, url+x.path, strings.NewReader(x.body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(x.header); i += 2 {
		req.Header.Set(x.header[i], x.header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	got := strings.ReplaceAll(string(body), url, "HOST")
	if res.StatusCode != x.status {
		t.Errorf("status %d, want %d: %s", res.StatusCode, x.status, got)
	}
	if x.want != "" && got != x.want {
		t.Error(cmp.Diff(x.want, got))
	}
	for i := 0; i < len(x.wantHeader); i += 2 {
		if h := res.Header.Get(x.wantHeader[i]); h != x.wantHeader[i+1] {
			t.Errorf("%s: %q, want %q", x.wantHeader[i], h, x.wantHeader[i+1])
		}
	}
	if id := res.Header.Get("X-Openstack-Request-Id"); len(id) != len("req-")+36 {
		t.Errorf("request id %q", id)
	}
	if strings.Contains(got, "secret") {
		t.Errorf("the answer tells %s", got)
	}
}

func TestTrustedProxyAndCORS(t *testing.T) {
	s := serve(t, httpapi.Outer{TrustProxy: true, Origins: []string{"http://ui"}})
	exchange{"GET", "/v1/p1/items/a", "", []string{"X-Auth-Token", "good", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "cloud.example, inner", "X-Forwarded-Prefix", "/orchestration/"},
		200, `{"name":"a","size":12345678901234567890,"project":"p1","link":"https://cloud.example/orchestration/v1/p1/items/a"}`, nil}.run(t, s.URL)
	exchange{"OPTIONS", "/v1/p1/items/a", "", []string{"Origin", "http://ui", "Access-Control-Request-Method", "PUT"}, 200, "",
		[]string{"Access-Control-Allow-Origin", "http://ui", "Access-Control-Allow-Methods", "GET,PUT,POST,DELETE,PATCH"}}.run(t, s.URL)
	exchange{"GET", "/healthcheck", "", []string{"Origin", "http://other"}, 200, "", []string{"Access-Control-Allow-Origin", ""}}.run(t, s.URL)
}

func TestLogAndMetrics(t *testing.T) {
	var log bytes.Buffer
	metrics := prometheus.NewRegistry()
	s := serve(t, httpapi.Outer{Log: slog.New(slog.NewJSONHandler(&log, nil)), Metrics: httpapi.NewMetrics(metrics)})
	exchange{method: "GET", path: "/v1/p1/items/broken?signature=hidden", header: []string{"X-Auth-Token", "good", "X-Openstack-Request-Id", "req-11111111-2222-3333-4444-555555555555"}, status: 500}.run(t, s.URL)
	exchange{method: "GET", path: "/v1/p1/whatever", header: []string{"X-Auth-Token", "good"}, status: 404}.run(t, s.URL)
	s.Close() // waits until the requests are done
	first, _, _ := strings.Cut(log.String(), "\n")
	var line map[string]any
	if err := json.Unmarshal([]byte(first), &line); err != nil {
		t.Fatal(err)
	}
	if line["path"] != "/v1/p1/items/broken" || line["project"] != "p1" || line["error"] != "a secret" || line["global_request_id"] != "req-11111111-2222-3333-4444-555555555555" {
		t.Errorf("log: %s", first)
	}
	if strings.Contains(log.String(), "good") || strings.Contains(log.String(), "hidden") {
		t.Errorf("the log tells a token or a query: %s", log.String())
	}
	families, err := metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var counted []string
	for _, f := range families {
		if f.GetName() != "hearth_http_requests_total" {
			continue
		}
		for _, m := range f.GetMetric() {
			row := ""
			for _, l := range m.GetLabel() {
				row += l.GetName() + "=" + l.GetValue() + " "
			}
			counted = append(counted, row)
		}
	}
	want := []string{"api=shop method= route= status=404 ", "api=shop method=GET route=/{tenant_id}/items/{name} status=500 "}
	if d := cmp.Diff(want, counted); d != "" {
		t.Error(d)
	}
}

func TestTheDocumentIsValid(t *testing.T) {
	api := shop(t)
	doc, err := openapi3.NewLoader().LoadFromData(api.YAML())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	put := doc.Paths.Find("/{tenant_id}/items/{name}").Put
	if put == nil || put.RequestBody == nil || put.Responses.Value("403") == nil || put.OperationID != "items_rename" {
		t.Errorf("PUT is documented as %+v", put)
	}
	if doc.Paths.Find("/{tenant_id}/files/{path}") == nil {
		t.Error("the rest of a path is not documented as {path}")
	}
	var ids []string
	for _, op := range api.Operations() {
		ids = append(ids, op.ID+" "+strings.Join(op.Rules, ","))
	}
	if d := cmp.Diff([]string{"items_show items:show", "items_sell items:sell", "items_rename ,items:scrap", "hours items:show", "items_show_get items:show"}, ids); d != "" {
		t.Error(d)
	}
}

func TestAStrictAPIRefusesWhatItDoesNotDeclare(t *testing.T) {
	api := httpapi.New(httpapi.Config{Name: "strict", Title: "Strict", Version: "2", Faults: faults{}, Strict: true, Log: slog.New(slog.DiscardHandler)})
	httpapi.Register(api, "POST", "/items", "", "Add an item", func(_ context.Context, in *struct {
		Limit int `query:"limit" maximum:"10"`
		Body  struct {
			Name string `json:"name" minLength:"1"`
		}
	}) (*struct{ Body string }, error) {
		return &struct{ Body string }{in.Body.Name}, nil
	}, httpapi.ID("add"))
	s := httptest.NewServer(httpapi.Outer{}.Wrap(api))
	defer s.Close()
	for name, x := range map[string]exchange{
		"good":                 {"POST", "/items?limit=2", `{"name":"a"}`, nil, 200, `"a"`, nil},
		"a limit":              {"POST", "/items?limit=20", `{"name":"a"}`, nil, 400, `{"code":400,"text":"query.limit: expected number <= 10"}`, nil},
		"an unknown parameter": {"POST", "/items?more=2", `{"name":"a"}`, nil, 400, `{"code":400,"text":"query.more: unknown query parameter"}`, nil},
		"an unknown key":       {"POST", "/items", `{"name":"a","more":1}`, nil, 400, `{"code":400,"text":"body.more: unexpected property"}`, nil},
		"no name":              {"POST", "/items", `{}`, nil, 400, `{"code":400,"text":"body: expected required property name to be present"}`, nil},
		"no body":              {"POST", "/items", "", nil, 400, `{"code":400,"text":"request body is required"}`, nil},
		"too much":             {"POST", "/items", `{"name":"` + strings.Repeat("a", 2<<20) + `"}`, nil, 413, "", nil},
	} {
		t.Run(name, func(t *testing.T) { x.run(t, s.URL) })
	}
}
