package api_test

import "testing"

const app1 = `{"?": {"type": "no.such.App", "id": "a1"}, "name": "one", "size": 3, "tags": ["x", "y"]}`

// A session is a copy that nobody else sees until it is deployed.
func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		env, elsewhere := k.environment("e"), k.environment("elsewhere")
		one, two := k.open(env), k.open(env)
		k.want(200, "POST", env+"/services", call{session: one, body: app1})
		k.want(200, "GET", env, call{session: one, contains: `"status":"pending","acquired_by":null,"services":[{"?":{"type":"no.such.App","id":"a1","status":"pending"},"name":"one"`})
		k.want(200, "GET", env, call{session: two, contains: `"services":[]`})
		k.want(200, "GET", env, call{contains: `"services":[]`})

		path := env + "/sessions/" + one
		k.want(200, "GET", path, call{contains: `"state":"opened","version":0`})
		k.want(401, "GET", path, call{as: "mate", contains: "User <UserId user-2> is not authorized to access session <SessionId " + one + ">."})
		k.want(401, "DELETE", path, call{as: "mate"})
		k.want(404, "GET", env+"/sessions/nope", call{contains: "Session <SessionId nope> is not found"})
		k.want(400, "GET", elsewhere+"/sessions/"+one, call{contains: "is not tied with Environment <EnvId "})
		k.want(400, "GET", elsewhere, call{session: one, contains: "is not tied"})
		k.want(404, "GET", env, call{session: "nope", contains: "Session <SessionId nope> is not found"})
		k.want(403, "POST", env+"/configure", call{as: "other"})
		k.want(404, "POST", "/v1/environments/nope/configure", call{contains: "Environment with id nope not found"})
		k.want(400, "POST", env+"/configure", call{body: "{}"})

		if body := k.want(200, "DELETE", path, call{}); body != "" {
			t.Errorf("the answer is %q", body)
		}
		k.want(404, "DELETE", path, call{})
	})
}

// Every quirk of the paths below services, in one walk over one session.
func TestServices(t *testing.T) {
	k := startSQLite(t)
	env := k.environment("e")
	k.environment("elsewhere")
	s := k.open(env)
	services := env + "/services"
	for i, x := range []struct {
		status       int
		method, path string
		call         call
		body         string // the whole answer, unless empty or "-" for none
	}{
		{200, "GET", "", call{}, "[]"},
		{200, "GET", "/anything/at/all", call{}, "[]"},
		{400, "POST", "", call{body: app1, contains: "X-Configuration-Session header which indicates to the session is missed"}, ""},
		{404, "POST", "", call{session: "nope", body: app1, contains: "Session <SessionId nope> is not found"}, ""},
		{400, "POST", "", call{session: s, contains: "<br /><br />\\nRequest body is empty: please, provide application object model\\n\\n"}, ""},
		{400, "POST", "", call{session: s, body: "{}", contains: "Request body is empty"}, ""},
		{200, "POST", "", call{session: s, body: `{"name": "x", "?": {"id": "7", "type": "t"}}`}, `{"name":"x","?":{"id":"7","type":"t"}}`},
		{200, "POST", "/7", call{session: s, body: `{"changes": "nothing"}`}, `{"changes":"nothing"}`},
		{200, "POST", "/", call{session: s, body: "[" + app1 + "]"}, ""},
		{200, "GET", "", call{session: s, contains: `{"name":"x","?":{"id":"7","type":"t","status":"pending"}},{"?":{"type":"no.such.App","id":"a1","status":"pending"}`}, ""},
		{200, "GET", "", call{}, "[]"},
		{200, "GET", "/a1", call{session: s}, `{"?":{"type":"no.such.App","id":"a1"},"name":"one","size":3,"tags":["x","y"]}`},
		{200, "GET", "/1/name", call{session: s}, `"one"`},
		{200, "GET", "/a1/tags", call{session: s}, `["x","y"]`},
		{200, "GET", "/a1/size/below/a/scalar", call{session: s}, "3"},
		{200, "GET", "/a1/%3F/type", call{session: s}, `"no.such.App"`},
		{200, "GET", "/nope", call{session: s}, "-"},
		{404, "GET", "/nope/name", call{session: s, contains: "The resource could not be found."}, ""},
		{404, "GET", "/a1/nope", call{session: s, contains: "The resource could not be found.<br /><br />"}, ""},
		{404, "GET", "/9", call{session: s, contains: `"error":{"message":"list index out of range","type":"IndexError","traceback":null}`}, ""},
		{404, "GET", "/a1", call{session: "nope", contains: "The resource could not be found.<br /><br />"}, ""},
		{200, "PUT", "/a1/size", call{session: s, body: "5"}, "5"},
		{400, "PUT", "/a1", call{session: s, body: app1, contains: "malformed or otherwise incorrect."}, ""},
		{200, "PUT", "/0", call{session: s, body: `{"?": {"id": "7", "type": "u"}}`}, `{"?":{"id":"7","type":"u"}}`},
		{404, "PUT", "/8", call{session: s, body: app1, contains: `"list assignment index out of range"`}, ""},
		{400, "PUT", "/nope/size", call{session: s, body: "5"}, ""},
		{404, "PUT", "/nope/deep/size", call{session: s, body: "5"}, ""},
		{400, "PUT", "/a1/name/first", call{session: s, body: "5"}, ""},
		{404, "DELETE", "/nope", call{session: s, contains: "The resource could not be found."}, ""},
		{404, "DELETE", "/9", call{session: s, contains: "list assignment index out of range"}, ""},
		{404, "DELETE", "/a1/nope", call{session: s}, ""},
		{200, "DELETE", "/a1/size", call{session: s}, "-"},
		{200, "DELETE", "/0", call{session: s}, "-"},
		{400, "DELETE", "/a1", call{}, ""},
		{200, "GET", "", call{session: s}, `[{"?":{"type":"no.such.App","id":"a1","status":"pending"},"name":"one","tags":["x","y"]}]`},
		{200, "PUT", "", call{session: s, body: "[" + app1 + "]"}, ""},
		{200, "DELETE", "/a1", call{session: s}, "-"},
		{200, "PUT", "", call{session: s}, "[]"},
		{200, "DELETE", "", call{session: s}, "-"},
		{200, "GET", "/anything", call{session: s}, "[]"},
		{404, "DELETE", "", call{session: s}, ""},
		{200, "POST", "", call{session: s, body: `{"name": "no header"}`}, ""},
		{404, "GET", "", call{session: s, contains: "The resource could not be found.<br /><br />"}, ""},
	} {
		body := k.want(x.status, x.method, services+x.path, x.call)
		if x.body == "-" && body != "" || x.body != "" && x.body != "-" && body != x.body {
			t.Errorf("%d: %s services%s: %s; want %s", i, x.method, x.path, body, x.body)
		}
	}
	k.want(404, "GET", env, call{session: s, contains: `"error":{"message":"'?'","type":"KeyError","traceback":null}`})
	k.want(404, "GET", env+"/lastStatus", call{session: s, contains: "KeyError"})
	k.want(200, "GET", env+"/model/%3F/updated", call{session: s, contains: `"20`})
}

// A session of one project is no key to another's environments.
func TestServicesAcrossProjects(t *testing.T) {
	k := startSQLite(t)
	theirs := "/v1/environments/" + k.object("POST", "/v1/environments", call{as: "other", body: `{"name": "theirs"}`})["id"].(string)
	session := k.object("POST", theirs+"/configure", call{as: "other"})["id"].(string)
	mine := k.environment("mine")
	k.want(400, "POST", mine+"/services", call{session: session, body: app1, contains: "is not tied with Environment"})
	k.want(400, "GET", mine+"/services", call{session: session})
	k.want(400, "GET", mine+"/model/", call{session: session})
	k.want(403, "POST", theirs+"/services", call{session: session, body: app1, contains: "User is not authorized"})
	k.want(403, "GET", theirs+"/services", call{})
	k.want(403, "GET", theirs+"/model/", call{})
	k.want(403, "GET", theirs+"/lastStatus", call{})
}
