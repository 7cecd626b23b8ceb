package api_test

import "testing"

func TestModelPaths(t *testing.T) {
	k := startSQLite(t)
	env := k.environment("e")
	s := k.open(env)
	k.want(200, "POST", env+"/services", call{session: s, body: app1})
	for _, x := range []struct {
		status int
		path   string
		call   call
	}{
		{404, "/model", call{}},
		{200, "/model/", call{contains: `"name":"e"`}},
		{200, "/model/defaultNetworks/flat", call{}},
		{200, "/model/services/a1/name", call{session: s, contains: `"one"`}},
		{200, "/model/services/0/size", call{session: s, contains: "3"}},
		{200, "/model/services/nope", call{session: s}},
		{404, "/model/services/nope/name", call{session: s}},
		{404, "/model/services", call{}},
		{404, "/model/nope", call{contains: "The resource could not be found.<br />"}},
		{404, "/model/services/4", call{session: s, contains: "IndexError"}},
		{500, "/model/", call{session: "nope", contains: `"type":"AttributeError"`}},
	} {
		k.want(x.status, "GET", env+x.path, x.call)
	}
}

// The checks of a patch in their order, then what it does.
func TestModelPatch(t *testing.T) {
	k := startSQLite(t)
	env := k.environment("e")
	s := k.open(env)
	const typ = "application/env-model-json-patch"
	op := func(op, path, value string) string {
		if value != "" {
			value = `, "value": ` + value
		}
		return `[{"op": "` + op + `", "path": "` + path + `"` + value + `}]`
	}
	for _, x := range []struct {
		status   int
		body     string
		contains string
	}{
		{400, `{"op": "add"}`, "JSON-patch must be a list."},
		{400, `["add"]`, "Operations must be JSON objects."},
		{400, `[{"path": "/name"}]`, "Unable to find 'op' in JSON Schema change"},
		{400, `[{"op": "add"}]`, "Unable to find 'path' in JSON Schema change"},
		{400, op("add", "name", "1"), "Pointer `name` does not start with \\\"/\\\"."},
		{400, op("add", "/a//b", "1"), "contains adjacent \\\"/\\\"."},
		{400, op("add", "/a/", "1"), "ends with \\\"/\\\"."},
		{400, op("add", "/a~2", "1"), "contains \\\"~\\\", which is not part of a recognized escape sequence."},
		{400, op("remove", "/region", ""), "Operation \\\"remove\\\" requires a member named \\\"value\\\"."},
		{403, op("replace", "/", "{}"), "Method 'replace' is not allowed for a path with name ''. Allowed operations are: no operations"},
		{403, op("replace", "/?/id", `"x"`), "Allowed operations are: no operations"},
		{403, op("add", "/name", `"x"`), "Method 'add' is not allowed for a path with name 'name'. Allowed operations are: replace"},
		{403, op("remove", "/defaultNetworks/flat", "null"), "Allowed operations are: replace"},
		{403, op("move", "/zzz", "1"), "Allowed operations are: add, replace, remove"},
		{400, op("replace", "/name", "5"), "5 is not of type 'string'"},
		{400, op("replace", "/region", "[1]"), "[1] is not of type 'string', 'null'"},
		{400, op("replace", "/defaultNetworks", `{"flat": null}`), "'environment' is a required property"},
		{400, op("replace", "/defaultNetworks/environment", `{"name": "n", "?": {}, "autoUplink": "yes"}`), "'yes' is not of type 'boolean'"},
		{400, op("add", "/services/0", `5`), "5 is not of type 'object'"},
		{400, op("replace", "/services", `{}`), "{} is not of type 'array'"},
		{404, op("replace", "/region", "null"), "The resource could not be found.<br /><br />\\ncan't replace a non-existent object 'region'\\n\\n"},
		{404, op("remove", "/zzz", "null"), "can't remove a non-existent object 'zzz'"},
		{500, op("add", "/zzz/deep", "1"), `"type":"JsonPointerException"`},
		{400, "[]", "Request body is empty: please, provide environment object model patch"},
		{400, "{x", "Malformed request body"},
		{200, op("add", "/custom", `{"deep": [1, 2]}`), `"custom":{"deep":[1,2]}`},
		{200, op("add", "/custom/deep/1", `"between"`), `"custom":{"deep":[1,"between",2]}`},
		{200, op("add", "/custom/deep/-", `9`), `[1,"between",2,9]`},
		{404, op("add", "/custom/deep/7", `9`), "can't insert outside of list"},
		{404, op("replace", "/custom/deep/7", `9`), "can't replace outside of list"},
		{500, op("add", "/custom/deep/x", `9`), "'x' is not a valid sequence index"},
		{200, op("remove", "/custom/deep", "null"), `"custom":{}`},
		{200, op("replace", "/defaultNetworks/flat", "true"), `"flat":true`},
		{200, op("replace", "/name", `"other"`), `"name":"other"`},
		{200, op("replace", "/?/type", `"io.murano.Environment"`), ""},
	} {
		k.want(x.status, "PATCH", env+"/model/", call{session: s, typ: typ, body: x.body, contains: x.contains})
	}
	k.want(200, "GET", env+"/model/name", call{session: s, contains: `"other"`})
	k.want(200, "GET", env+"/model/name", call{contains: `"e"`})
	replace := op("replace", "/name", `"x"`)
	k.want(500, "PATCH", env+"/model/", call{typ: typ, body: replace, contains: "'NoneType' object has no attribute 'description'"})
	k.want(500, "PATCH", env+"/model/", call{session: s, body: replace, contains: "JsonPointerException"})
	k.want(400, "PATCH", env+"/model/", call{session: s, contains: "Request body is empty"})
	k.want(404, "PATCH", env+"/model", call{session: s, typ: typ, body: replace})
	k.want(404, "PATCH", env+"/model/name", call{session: s, typ: typ, body: replace})
	k.want(403, "PATCH", env+"/model/", call{as: "other", session: s, typ: typ, body: replace})
}
