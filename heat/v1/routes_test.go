package v1_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/resource/heat"
	"hearth/core/store/storetest"
	v1 "hearth/heat/v1"
)

// heatRoutes are all of Heat's, behind /v1/{tenant_id}, in the order and with the patterns of
// heat/api/openstack/v1/__init__.py. An ARN stands for both of its segments.
var heatRoutes = []string{
	"POST /validate",
	"GET /resource_types",
	"GET /resource_types/{type_name}",
	"GET /resource_types/{type_name}/template",
	"GET /template_versions",
	"GET /template_versions/{template_version}/functions",

	"GET /stacks",
	"POST /stacks",
	"POST /stacks/preview",
	"GET /stacks/detail",
	"GET /stacks/{stack_name}",
	"POST /stacks/{stack_name}",
	"PUT /stacks/{stack_name}",
	"PATCH /stacks/{stack_name}",
	"DELETE /stacks/{stack_name}",
	"GET /stacks/{arn}",
	"POST /stacks/{arn}",
	"PUT /stacks/{arn}",
	"PATCH /stacks/{arn}",
	"DELETE /stacks/{arn}",
	"GET /stacks/{stack_name}/{path:resources|events|template|actions|environment|files}",
	"POST /stacks/{stack_name}/{path:resources|events|template|actions}",
	"GET /stacks/{stack_name}/{stack_id}",
	"GET /stacks/{stack_name}/{stack_id}/template",
	"GET /stacks/{stack_name}/{stack_id}/environment",
	"GET /stacks/{stack_name}/{stack_id}/files",
	"PUT /stacks/{stack_name}/{stack_id}",
	"PATCH /stacks/{stack_name}/{stack_id}",
	"PUT /stacks/{stack_name}/{stack_id}/preview",
	"PATCH /stacks/{stack_name}/{stack_id}/preview",
	"DELETE /stacks/{stack_name}/{stack_id}",
	"DELETE /stacks/{stack_name}/{stack_id}/abandon",
	"GET /stacks/{stack_name}/{stack_id}/export",
	"POST /stacks/{stack_name}/{stack_id}/snapshots",
	"GET /stacks/{stack_name}/{stack_id}/snapshots/{snapshot_id}",
	"DELETE /stacks/{stack_name}/{stack_id}/snapshots/{snapshot_id}",
	"GET /stacks/{stack_name}/{stack_id}/snapshots",
	"POST /stacks/{stack_name}/{stack_id}/snapshots/{snapshot_id}/restore",
	"GET /stacks/{stack_name}/{stack_id}/outputs",
	"GET /stacks/{stack_name}/{stack_id}/outputs/{output_key}",

	"GET /stacks/{stack_name}/{stack_id}/resources",
	"GET /stacks/{stack_name}/{stack_id}/resources/{resource_name}",
	"GET /stacks/{stack_name}/{stack_id}/resources/{resource_name}/metadata",
	"POST /stacks/{stack_name}/{stack_id}/resources/{resource_name}/signal",
	"PATCH /stacks/{stack_name}/{stack_id}/resources/{resource_name}",

	"GET /stacks/{stack_name}/{stack_id}/events",
	"GET /stacks/{stack_name}/{stack_id}/resources/{resource_name}/events",
	"GET /stacks/{stack_name}/{stack_id}/resources/{resource_name}/events/{event_id}",

	"POST /stacks/{stack_name}/{stack_id}/actions",
	"GET /build_info",

	"GET /software_configs",
	"POST /software_configs",
	"GET /software_configs/{config_id}",
	"DELETE /software_configs/{config_id}",

	"GET /software_deployments",
	"GET /software_deployments/metadata/{server_id}",
	"POST /software_deployments",
	"GET /software_deployments/{deployment_id}",
	"PUT /software_deployments/{deployment_id}",
	"DELETE /software_deployments/{deployment_id}",

	"GET /services",
}

// ownRoutes are those that Heat does not have.
var ownRoutes = []string{}

// served gives the operations that a route of Heat's is made of.
func served(route string) []string {
	route = strings.Replace(route, "{arn}", "{stack_name}", 1)
	head, choice, found := strings.Cut(route, "{path:")
	if !found {
		return []string{route}
	}
	var out []string
	for part := range strings.SplitSeq(strings.TrimSuffix(choice, "}"), "|") {
		out = append(out, head+part)
	}
	return out
}

// The API has every route of Heat's, 61 on 40 paths, and no other.
func TestRoutesAreHeats(t *testing.T) {
	api, err := v1.New(v1.Config{Authenticate: authenticate})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{} // whether there is an operation
	paths := map[string]bool{}
	for _, route := range heatRoutes {
		_, path, _ := strings.Cut(route, " ")
		paths[path] = true
		for _, op := range served(route) {
			known[op] = false
		}
	}
	if len(heatRoutes) != 61 || len(paths) != 40 {
		t.Errorf("%d routes on %d paths", len(heatRoutes), len(paths))
	}
	for _, own := range ownRoutes {
		known[own] = false
	}
	for _, op := range api.Operations() {
		route := op.Method + " " + strings.TrimPrefix(op.Path, "/{tenant_id}")
		if _, ok := known[route]; !ok {
			t.Errorf("%s is not Heat's: list it in ownRoutes", route)
		}
		known[route] = true
	}
	for route, there := range known {
		if !there {
			t.Errorf("there is no %s", route)
		}
	}
}

// Every path tells its methods to who asks with OPTIONS, and refuses all others: with 405,
// but for the services, where Heat knows nothing but the list.
func TestMethodsOfEveryPath(t *testing.T) {
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types), nil)
	api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: authenticate})
	if err != nil {
		t.Fatal(err)
	}
	handler := exchangetest.Documented(t, httpapi.Outer{}.Wrap(api.Handler()))
	ask := func(method, path string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, "/v1/project"+path, nil)
		req.Header.Set("X-Auth-Token", "admin")
		res := httptest.NewRecorder()
		handler.ServeHTTP(res, req)
		return res
	}
	var routes []string
	for _, route := range heatRoutes {
		routes = append(routes, served(route)...)
	}
	paths := map[string]string{"/stacks/arn:openstack:heat::project:stacks/x/y": "/stacks/{stack_name}"}
	for _, route := range routes {
		_, path, _ := strings.Cut(route, " ")
		paths[strings.NewReplacer("{", "", "}", "").Replace(path)] = path
	}
	for path, pattern := range paths {
		var allowed []string
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if slices.ContainsFunc(routes, func(r string) bool { return matches(r, method+" "+pattern) }) {
				allowed = append(allowed, method)
			}
		}
		res := ask(http.MethodOptions, path)
		if got := res.Header().Get("Allow"); res.Code != http.StatusNoContent || got != strings.Join(allowed, ",") {
			t.Errorf("OPTIONS %s: %d, Allow: %s, want %v", path, res.Code, got, allowed)
		}
		refusal := http.StatusMethodNotAllowed
		if path == "/services" {
			refusal = http.StatusNotFound
		}
		for _, method := range []string{"HEAD", "GET", "POST", "PUT", "PATCH", "DELETE"} {
			if res := ask(method, path); (res.Code != refusal) != slices.Contains(allowed, method) {
				t.Errorf("%s %s: %d", method, path, res.Code)
			}
		}
	}
}

// matches reports whether a request, whose segments may be parameters, is one of a route.
func matches(route, request string) bool {
	parts, segments := strings.Split(route, "/"), strings.Split(request, "/")
	return slices.EqualFunc(parts, segments, func(part, segment string) bool {
		return part == segment || strings.HasPrefix(part, "{")
	})
}

// What stands outside of the operations.
func TestRoutesBesideTheOperations(t *testing.T) {
	s := newService(t)
	for path, want := range map[string]int{"/": 300, "/versions": 300, "/v2": 300, "/v1": 401, "/healthcheck": 200, "/nonesuch": 404} {
		res, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
}
