package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pick gives some members of an object.
func pick(m map[string]any, keys ...string) map[string]any {
	out := map[string]any{}
	for _, k := range keys {
		if v, ok := m[k]; ok {
			out[k] = v
		}
	}
	return out
}

func TestEnvironments(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		made := k.object("POST", "/v1/environments", call{body: `{"name": "one", "region": "RegionOne", "description_text": "first", "id": "mine", "tenant_id": "p2", "version": 9}`})
		want := map[string]any{"name": "one", "region": "RegionOne", "description_text": "first", "tenant_id": "p1", "version": 0.0}
		if d := cmp.Diff(want, pick(made, "name", "region", "description_text", "tenant_id", "version", "status", "networking")); d != "" {
			t.Error(d)
		}
		if id := made["id"].(string); len(id) != 32 || id == "mine" {
			t.Error("the id is", id)
		}
		env := "/v1/environments/" + made["id"].(string)
		shown := k.object("GET", env, call{})
		want = map[string]any{"status": "ready", "acquired_by": nil, "services": []any{}}
		if d := cmp.Diff(want, pick(shown, "status", "acquired_by", "services", "region")); d != "" {
			t.Error(d)
		}
		var model map[string]any
		if err := json.Unmarshal([]byte(k.want(200, "GET", env+"/model/", call{})), &model); err != nil {
			t.Fatal(err)
		}
		if model["name"] != "one" || model["id"] != nil || model["?"].(map[string]any)["type"] != "io.murano.Environment" {
			t.Error(model)
		}
		if net := model["defaultNetworks"].(map[string]any)["environment"].(map[string]any); net["name"] != "one-network" {
			t.Error(net)
		}
		k.want(200, "PUT", env, call{body: `{"name": "two"}`, contains: `"name":"two"`})
		k.want(200, "GET", env+"/model/name", call{contains: `"one"`})
		k.want(200, "DELETE", env, call{})
		k.want(404, "GET", env, call{contains: "Environment with id " + made["id"].(string) + " not found<br /><br />"})
	})
}

func TestEnvironmentErrors(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		env := k.environment("taken")
		k.environment("second")
		long := strings.Repeat("e", 256)
		const create = "/v1/environments"
		for _, x := range []struct {
			status       int
			method, path string
			call         call
		}{
			{400, "POST", create, call{contains: "malformed or otherwise incorrect."}},
			{400, "POST", create, call{body: "{x", contains: "Malformed request body<br />"}},
			{400, "POST", create, call{body: "{}", contains: "Please, specify a name of the environment to create"}},
			{400, "POST", create, call{body: `{"name": "  "}`, contains: "Please, specify a name"}},
			{400, "POST", create, call{body: `["name"]`, contains: "Please, specify a name"}},
			{400, "POST", create, call{body: `null`, contains: "malformed or otherwise incorrect."}},
			{500, "POST", create, call{body: `{"name": 5}`, contains: `"type":"AttributeError"`}},
			{400, "POST", create, call{body: `{"name": "` + long + `"}`, contains: "Environment name should be 255 characters maximum"}},
			{409, "POST", create, call{body: `{"name": "taken"}`, contains: "Environment with specified name already exists"}},
			{200, "POST", create, call{as: "other", body: `{"name": "taken"}`}},
			{415, "POST", create, call{typ: "text/plain", body: "name", contains: "Unsupported Content-Type"}},
			{400, "POST", create, call{typ: "-", body: `{"name": "x"}`, contains: "malformed or otherwise"}},
			{406, "GET", create, call{accept: "image/png"}},
			{404, "PUT", env, call{body: `{}`, contains: `{"code":404,"title":"Not Found","explanation":"The resource could not be found.","error":{"message":"'name'","type":"KeyError","traceback":null}}`}},
			{400, "PUT", env, call{body: `{"name": " "}`, contains: "Environment name must contain at least one non-white space symbol"}},
			{400, "PUT", env, call{body: `{"name": "` + long + `"}`, contains: "255 characters"}},
			{409, "PUT", env, call{body: `{"name": "second"}`, contains: "already exists"}},
			{200, "PUT", env, call{body: `{"name": 7}`, contains: `"name":"7"`}},
			{403, "GET", env, call{as: "other", contains: "User is not authorized to access these tenant resources"}},
			{200, "GET", env, call{as: "admin"}},
			{403, "DELETE", env, call{as: "other"}},
			{400, "DELETE", env, call{body: "{}"}},
			{403, "GET", create + "?all_tenants=true", call{contains: "Access was denied to this resource.<br /><br />"}},
			{403, "GET", create + "?tenant=p2", call{}},
			{200, "GET", create + "?tenant=p2", call{as: "admin", contains: `"tenant_id":"p2"`}},
			{200, "GET", create + "?all_tenants=TRUE", call{as: "admin", contains: `"tenant_id":"p2"`}},
			{404, "PATCH", env, call{}},
			{404, "GET", "/v1/nonesuch", call{}},
			{401, "GET", create, call{as: "-", contains: `{"error": {"code": 401, "title": "Unauthorized"`}},
			{401, "GET", create, call{as: "nobody"}},
		} {
			k.want(x.status, x.method, x.path, x.call)
		}
	})
}

// The first of three shapes is what SDKs read, the second what muranoclient reads, which takes
// anything.
func TestErrorShapes(t *testing.T) {
	k := startSQLite(t)
	const html = "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  " +
		"Environment with id 5 not found<br /><br />\n\n\n\n </body>\n</html>"
	for _, x := range []struct{ accept, contentType, body string }{
		{"application/json", "application/json", `{"message":"Environment with id 5 not found<br /><br />\n\n\n","code":"404 Not Found","title":"Not Found"}`},
		{"*/*", "text/html; charset=UTF-8", html},
		{"text/html", "text/html; charset=UTF-8", html},
		{"-", "text/plain; charset=UTF-8", "404 Not Found\n\nEnvironment with id 5 not found\n\n   "},
	} {
		accept := x.accept
		if accept == "text/html" {
			accept = "text/html, application/json;q=0.5" // or it would be 406
		}
		_, body, header := k.do("GET", "/v1/environments/5", call{accept: accept})
		if body != x.body || header.Get("Content-Type") != x.contentType {
			t.Errorf("Accept %s: %s %q", x.accept, header.Get("Content-Type"), body)
		}
	}
	_, _, header := k.do("PUT", "/v1/environments/5", call{body: `{}`})
	if !strings.HasPrefix(header.Get("X-Openstack-Request-Id"), "req-") {
		t.Error("no request id")
	}
}

func TestVersions(t *testing.T) {
	k := startSQLite(t)
	want := `{"versions":[{"id":"v1.0","links":[{"href":"` + k.url + `/v1/","rel":"self"}],"status":"CURRENT"}]}`
	for _, path := range []string{"/", "/v2/foo", "/v10"} {
		if body := k.want(300, "GET", path, call{as: "-"}); body != want {
			t.Error(path, body)
		}
	}
	k.want(404, "GET", "/v1", call{contains: "The resource could not be found."})
	k.want(404, "GET", "/v1/", call{})
}
