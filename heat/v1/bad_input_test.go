package v1_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/resource/heat"
	"hearth/core/store/storetest"
	v1 "hearth/heat/v1"
)

// What is too large, too deep, or nobody's is refused in Heat's words; testdata/bad_input.http
// has what fits on a page.
func TestBadInput(t *testing.T) {
	t.Parallel()
	s := newService(t)
	const tenant = "/v1/project"
	deep := strings.Repeat(`{"a":`, 50000) + "1" + strings.Repeat("}", 50000)
	long := strings.Repeat("x", 1<<20)
	create := func(rest string) string { return `{"stack_name": "s", ` + rest + `}` }
	for name, c := range map[string]struct {
		method, path, token, body string
		status                    int
		says                      string
	}{
		"a body that is too large":  {"POST", "/stacks", "member", create(`"template": {"heat_template_version": "2021-04-16", "description": "` + long + `"}`), 400, "JSON body size (1048667 bytes) exceeds maximum allowed size (1048576 bytes)."},
		"a reason of 1 MiB":         {"POST", "/stacks/s/x/resources/w/signal", "member", `{"status": "SUCCESS", "reason": "` + long + `"}`, 400, "RequestLimitExceeded"},
		"a mark of 1 MiB":           {"PATCH", "/stacks/s/x/resources/w", "member", `{"mark_unhealthy": true, "resource_status_reason": "` + long + `"}`, 400, "RequestLimitExceeded"},
		"a config of 1 MiB":         {"POST", "/software_configs", "member", `{"config": "` + long + `"}`, 400, "RequestLimitExceeded"},
		"a name of 1 MiB":           {"GET", "/stacks/" + strings.Repeat("x", 100000), "member", "", 404, "EntityNotFound"},
		"a body that is too deep":   {"POST", "/stacks", "member", create(`"template": ` + deep), 400, "HTTPBadRequest"},
		"a text that is too deep":   {"POST", "/stacks", "member", create(`"template": "` + strings.Repeat("[", 50000) + `"`), 400, "Template not in valid format"},
		"no token":                  {"GET", "/stacks", "", "", 401, "requires authentication"},
		"no token, with a body":     {"POST", "/stacks", "", create(`"template": {"heat_template_version": "2021-04-16"}`), 401, "requires authentication"},
		"no token, nothing there":   {"GET", "/nonesuch", "", "", 401, "requires authentication"},
		"a forged token":            {"GET", "/stacks", "hearth-signal.x.y", "", 401, "requires authentication"},
		"a token that is no header": {"GET", "/stacks", strings.Repeat("x", 100000), "", 401, "requires authentication"},
	} {
		header := http.Header{}
		if c.token != "" {
			header.Set("X-Auth-Token", c.token)
		}
		status, answered, body := exchangetest.Send(t, c.method, s.URL+tenant+c.path, header, c.body)
		if status != c.status || !strings.Contains(string(body), c.says) {
			t.Errorf("%s: %d %.300s", name, status, body)
		}
		if answered.Get("X-Openstack-Request-Id") == "" {
			t.Errorf("%s: no request id", name)
		}
	}
}

// A path with an empty segment or a NUL is no path of the API, whatever its pattern.
func TestPathsThatLeadNowhere(t *testing.T) {
	t.Parallel()
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types), nil)
	api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: authenticate})
	if err != nil {
		t.Fatal(err)
	}
	handler := httpapi.Outer{}.Wrap(api.Handler())
	for _, path := range []string{"/stacks/%00", "/stacks/s%00/x", "/stacks/s/x/resources/%00", "/software_configs/%00", "/stacks//x", "//stacks", "/stacks/arn:%00", "/stacks/s/x/outputs//"} {
		req := httptest.NewRequest(http.MethodGet, "/v1/project"+path, nil)
		req.Header.Set("X-Auth-Token", "member")
		res := httptest.NewRecorder()
		handler.ServeHTTP(res, req)
		if body := res.Body.String(); res.Code != http.StatusNotFound || !strings.Contains(body, `"code":"404 Not Found"`) {
			t.Errorf("%s: %d %s", path, res.Code, body)
		}
	}
}
