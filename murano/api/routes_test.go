package api_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hearth/core/httpapi"
	"hearth/core/policy"
	"hearth/murano/api"
)

// muranoRoutes are all of Murano's, behind /v1, in the order and with the patterns of
// murano/api/v1/router.py.
var muranoRoutes = []string{
	"GET /environments/{environment_id}/services",
	"GET /environments/{environment_id}/services/{path...}",
	"POST /environments/{environment_id}/services",
	"POST /environments/{environment_id}/services/{path...}",
	"PUT /environments/{environment_id}/services",
	"PUT /environments/{environment_id}/services/{path...}",
	"DELETE /environments/{environment_id}/services",
	"DELETE /environments/{environment_id}/services/{path...}",

	"GET /environments",
	"POST /environments",
	"PUT /environments/{environment_id}",
	"GET /environments/{environment_id}",
	"DELETE /environments/{environment_id}",
	"GET /environments/{environment_id}/lastStatus",
	"GET /environments/{environment_id}/model/{path...}",
	"PATCH /environments/{environment_id}/model/",

	"GET /templates",
	"POST /templates",
	"PUT /templates/{env_template_id}",
	"GET /templates/{env_template_id}",
	"DELETE /templates/{env_template_id}",
	"POST /templates/{env_template_id}/create-environment",
	"POST /templates/{env_template_id}/clone",
	"GET /templates/{env_template_id}/services",
	"GET /templates/{env_template_id}/services/{path...}",
	"POST /templates/{env_template_id}/services",
	"PUT /templates/{env_template_id}/services/{path...}",
	"DELETE /templates/{env_template_id}/services/{path...}",

	"GET /environments/{environment_id}/deployments",
	"GET /environments/{environment_id}/deployments/{deployment_id}",
	"GET /deployments",

	"POST /environments/{environment_id}/configure",
	"GET /environments/{environment_id}/sessions/{session_id}",
	"DELETE /environments/{environment_id}/sessions/{session_id}",
	"POST /environments/{environment_id}/sessions/{session_id}/deploy",

	"GET /environments/{environment_id}/instance-statistics/raw/{instance_id}",
	"GET /environments/{environment_id}/instance-statistics/raw",
	"GET /environments/{environment_id}/instance-statistics/aggregated",

	"POST /environments/{environment_id}/actions/{action_id}",
	"GET /environments/{environment_id}/actions/{task_id}",
	"POST /actions",

	"GET /catalog/packages/{package_id}",
	"DELETE /catalog/packages/{package_id}",
	"PATCH /catalog/packages/{package_id}",
	"GET /catalog/packages",
	"POST /catalog/packages",
	"GET /catalog/packages/{package_id}/ui",
	"GET /catalog/packages/{package_id}/logo",
	"GET /catalog/packages/{package_id}/supplier_logo",
	"GET /catalog/packages/{package_id}/download",

	"GET /catalog/categories",
	"GET /catalog/categories/{category_id}",
	"POST /catalog/categories",
	"DELETE /catalog/categories/{category_id}",

	"GET /stats",
	"GET /schemas/{class_name}/{method_names}",
	"GET /schemas/{class_name}",
}

// ownRoutes are those that Murano does not have: /model/ is one operation more here, for a
// path that may be empty is not {path...}.
var ownRoutes = []string{"GET /environments/{environment_id}/model"}

// bare is the API without anything behind it.
func bare(t *testing.T) *httpapi.API {
	t.Helper()
	rules, err := policy.New(nil, api.Policies)
	if err != nil {
		t.Fatal(err)
	}
	return api.New(api.Config{Rules: rules, Authenticate: authenticate})
}

// The API has every route of Murano's, 57, and no other. What a parameter is called does not
// matter.
func TestRoutesAreMuranos(t *testing.T) {
	if len(muranoRoutes) != 57 {
		t.Error(len(muranoRoutes), "routes")
	}
	known := map[string]bool{} // whether there is an operation
	for _, route := range slices.Concat(muranoRoutes, ownRoutes) {
		known[nameless(route)] = false
	}
	for _, op := range bare(t).Operations() {
		route := nameless(op.Method + " " + op.Path)
		if _, ok := known[route]; !ok {
			t.Errorf("%s is not Murano's: list it in ownRoutes", route)
		}
		known[route] = true
	}
	for route, there := range known {
		if !there {
			t.Errorf("there is no %s", route)
		}
	}
}

// nameless is a route without the names of its parameters.
func nameless(route string) string {
	parts := strings.Split(strings.TrimSuffix(route, "/"), "/")
	for i, part := range parts {
		switch {
		case strings.HasSuffix(part, "...}"):
			parts[i] = "{...}"
		case strings.HasPrefix(part, "{"):
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}

// Every path tells its methods to who asks with OPTIONS, and knows no other: they are 404, as
// in Murano, never 405.
func TestMethodsOfEveryPath(t *testing.T) {
	k := startSQLite(t)
	paths := map[string][]string{}
	for _, op := range bare(t).Operations() {
		path := strings.NewReplacer("{", "", "...}", "", "}", "").Replace(op.Path)
		paths[path] = append(paths[path], op.Method)
	}
	for path, allowed := range paths {
		_, _, header := k.do(http.MethodOptions, "/v1"+path, call{})
		got := strings.Split(header.Get("Allow"), ",")
		slices.Sort(got)
		slices.Sort(allowed)
		if !slices.Equal(got, allowed) {
			t.Errorf("OPTIONS %s: %v, want %v", path, got, allowed)
		}
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			if !slices.Contains(allowed, method) {
				k.want(404, method, "/v1"+path, call{contains: "The resource could not be found."})
			}
		}
	}
}

// Who may use an operation, by the rules alone.
var (
	everybody = []string{"user", "mate", "other", "admin"}
	admins    = []string{"admin"}
)

// access is the whole authorization of the API, by operation: whoever adds one says here who
// may use it. What belongs to a project is looked at by the operations themselves
// (TestOtherProjects).
var access = map[string][]string{
	"get_request_statistics": admins,
	"add_category":           admins,
	"delete_category":        admins,
}

// The operations that every user of a project may use.
var open = []string{
	"list_environments", "create_environment", "show_environment", "update_environment", "delete_environment", "last_status",
	"show_model", "show_model_part", "patch_model", "open_session", "show_session", "delete_session", "deploy_session",
	"list_services", "add_services", "replace_services", "delete_services", "show_service", "echo_service", "put_service", "delete_service",
	"list_deployments", "statuses_deployments", "list_deployments_all_environments",
	"search_packages", "upload_package", "get_package", "modify_package", "delete_package", "package_ui", "package_logo", "package_supplier_logo", "download_package",
	"list_categories", "get_category",
	"list_env_templates", "create_env_template", "show_env_template", "update_env_template", "delete_env_template", "create_environment_from_template", "clone_env_template",
	"list_template_services", "add_template_services", "show_template_service", "put_template_service", "delete_template_service",
	"get_instance_statistics", "get_statistics", "get_aggregated_statistics",
	"run_action", "show_action_result", "run_static_action", "show_schemas", "show_method_schemas",
}

func TestWhoMayDoWhat(t *testing.T) {
	k := startSQLite(t)
	listed := map[string]bool{}
	for _, op := range bare(t).Operations() {
		allowed := access[op.ID]
		if slices.Contains(open, op.ID) {
			allowed = everybody
		}
		if allowed == nil {
			t.Errorf("%s %s: say in access or open who may use %s", op.Method, op.Path, op.ID)
			continue
		}
		listed[op.ID] = true
		path := "/v1" + strings.NewReplacer("{", "", "...}", "", "}", "").Replace(op.Path)
		for name := range callers {
			if status, body, _ := k.do(op.Method, path, call{as: name}); (status != 403) != slices.Contains(allowed, name) {
				t.Errorf("%s as %s: %d %s", op.ID, name, status, body)
			}
		}
		for token, want := range map[string]string{"-": "requires authentication", "forged": "requires authentication"} {
			k.want(401, op.Method, path, call{as: token, contains: want})
		}
	}
	for _, id := range slices.Concat(open, []string{"get_request_statistics", "add_category", "delete_category"}) {
		if !listed[id] {
			t.Errorf("there is no operation %s", id)
		}
	}
}

// An operator's rules decide before anything else does.
func TestEveryRuleIsAsked(t *testing.T) {
	closed := map[string]string{}
	for _, r := range api.Policies {
		closed[r.Name] = "!"
	}
	rules, err := policy.New(closed, api.Policies)
	if err != nil {
		t.Fatal(err)
	}
	h := api.New(api.Config{Rules: rules, Authenticate: authenticate})
	for _, op := range h.Operations() {
		if op.Rules[0] == "" {
			continue
		}
		req := httptest.NewRequest(op.Method, strings.NewReplacer("{", "", "...}", "", "}", "").Replace(op.Path), nil)
		req.Header.Set("X-Auth-Token", "admin")
		req.Header.Set("Accept", "application/json")
		res := httptest.NewRecorder()
		h.ServeHTTP(res, req)
		if res.Code != 403 || !strings.Contains(res.Body.String(), "Access was denied to this resource.") {
			t.Errorf("%s: %d %s", op.ID, res.Code, res.Body)
		}
	}
}

// What is one project's is closed to the users of another, by whatever operation, but for
// what is public.
func TestOtherProjects(t *testing.T) {
	k := startSQLite(t)
	env := k.environment("e")
	session := k.open(env)
	pkg := k.example("hot-random")
	template := k.object("POST", "/v1/templates", call{body: `{"name": "t", "services": [{"?": {"id": "a"}}]}`})["id"].(string)
	ids := strings.NewReplacer("{environment_id}", strings.TrimPrefix(env, "/v1/environments/"), "{session_id}", session,
		"{package_id}", pkg, "{env_template_id}", template, "{path...}", "a", "{instance_id}", "x", "{deployment_id}", "x", "{action_id}", "x", "{task_id}", "x")
	for _, op := range bare(t).Operations() {
		if !strings.Contains(op.Path, "{environment_id}") && !strings.Contains(op.Path, "{package_id}") && !strings.Contains(op.Path, "{env_template_id}") {
			continue
		}
		c := call{as: "other", session: session, accept: "*/*"}
		switch op.Method {
		case "POST", "PUT":
			c.body = `{"name": "x"}`
		case "PATCH":
			c.body, c.typ = `[{"op": "replace", "path": "/defaultNetworks/flat", "value": null}]`, "application/env-model-json-patch"
			if strings.Contains(op.Path, "{package_id}") {
				c.body, c.typ = `[{"op": "replace", "path": "/name", "value": "x"}]`, "application/murano-packages-json-patch"
			}
		}
		if strings.HasSuffix(op.Path, "/configure") || strings.HasSuffix(op.Path, "/deploy") {
			c.body = ""
		}
		path := "/v1" + ids.Replace(op.Path)
		if strings.HasSuffix(path, "/model") {
			path += "/"
		}
		if status, body, _ := k.do(op.Method, path, c); status != 403 && !(strings.HasSuffix(path, "/x") && status == 404) {
			t.Errorf("%s %s: %d %s", op.Method, path, status, body)
		}
	}
}
