package api_test

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const png = "\x89PNG\r\n\x1a\n picture"

// library is the smallest package: of MuranoPL, with one class.
func library(t *testing.T, fullName, more string) []byte {
	t.Helper()
	return archive(t, map[string]string{"manifest.yaml": "Format: 1.4\nType: Application\nFullName: " + fullName + "\nClasses: {" + fullName + ": X.yaml}\n" + more})
}

func (k *kit) mustUpload(as string, archive []byte, metadata string) string {
	k.t.Helper()
	status, body := k.upload(as, archive, metadata)
	if status != 200 {
		k.t.Fatalf("upload: %d %s", status, body)
	}
	_, id, _ := strings.Cut(body, `"id":"`)
	return id[:32]
}

func TestPackage(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.want(200, "POST", "/v1/catalog/categories", call{as: "admin", body: `{"name": "Web"}`})
		zip := archive(t, map[string]string{
			"manifest.yaml": "Format: '1.4'\nType: Application\nFullName: t.App\nName: App\nAuthor: A\nTags: [b, a]\nClasses: {t.App: App.yaml, t.Other: Other.yaml}\nUI: form.yaml\n" +
				"Supplier: {Name: S, Logo: s.gif}\n",
			"UI/form.yaml": "Version: 2\n", "logo.png": png, "s.gif": "GIF89a picture",
		})
		id := k.mustUpload("user", zip, `{"categories": ["Web"], "tags": ["c", "a"], "name": "not this one", "enabled": true}`)
		path := "/v1/catalog/packages/" + id
		got := k.object("GET", path, call{})
		for _, key := range []string{"id", "created", "updated"} {
			delete(got, key)
		}
		want := map[string]any{"name": "App", "fully_qualified_name": "t.App", "type": "Application", "author": "A", "description": "The description is not provided",
			"supplier": map[string]any{"Name": "S", "Logo": "s.gif"}, "is_public": false, "enabled": true, "owner_id": "p1",
			"tags": []any{"a", "b", "c"}, "categories": []any{"Web"}, "class_definitions": []any{"t.App", "t.Other"}}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		for _, x := range []struct{ path, contentType, body string }{
			{"/ui", "text/html; charset=UTF-8", "Version: 2\n"},
			{"/logo", "application/octet-stream", png},
			{"/supplier_logo", "application/octet-stream", "GIF89a picture"},
			{"/download", "application/octet-stream", string(zip)},
		} {
			_, body, header := k.do("GET", path+x.path, call{accept: "*/*"})
			if body != x.body || header.Get("Content-Type") != x.contentType {
				t.Errorf("%s: %s %q", x.path, header.Get("Content-Type"), body)
			}
			k.want(403, "GET", path+x.path, call{as: "other", accept: "*/*"})
		}
		k.want(406, "GET", path+"/ui", call{contains: "(content of type application/json. <br /><br />\\nAcceptable response can not be provided\""})
		bare := "/v1/catalog/packages/" + k.mustUpload("user", library(t, "t.Bare", ""), "")
		for _, file := range []string{"/ui", "/logo", "/supplier_logo"} {
			if body := k.want(200, "GET", bare+file, call{accept: "*/*"}); body != "" {
				t.Error(file, body)
			}
		}
		k.want(403, "GET", path, call{as: "other", contains: "Package '" + id + "' is not public and not owned by tenant 'p2' <br />"})
		k.want(403, "DELETE", path, call{as: "other"})
		k.want(200, "GET", path, call{as: "admin"})
		k.want(200, "DELETE", path, call{})
		k.want(404, "GET", path, call{contains: "Package id '" + id + "' not found"})
		k.want(404, "GET", path+"/download", call{accept: "*/*"})
		k.want(200, "POST", "/v1/catalog/categories", call{as: "admin", body: `{"name": "unused"}`})
	})
}

func TestUploadErrors(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		good := library(t, "t.Good", "")
		k.mustUpload("user", good, "")
		k.mustUpload("admin", library(t, "t.Public", ""), `{"is_public": true}`)
		for _, x := range []struct {
			status            int
			archive           []byte
			metadata, message string
		}{
			{400, []byte("hello"), "", "Couldn't load package from file: Incorrect package format: Uploaded file is not a zip archive"},
			{400, nil, "", "Uploading file can't be empty"},
			{400, bytes.Repeat([]byte{0}, 5<<20+1), "", "Uploading file is too large. The limit is 5 Mb"},
			{400, archive(t, map[string]string{"a/manifest.yaml": ""}), "", "Couldn't load package from file: Unable to find package manifest"},
			{400, library(t, "t.Long", "Name: "+strings.Repeat("n", 81)+"\n"), "", "Package name should be 80 characters maximum"},
			{400, library(t, "t.New", ""), `{"categories": ["no"]}`, "Category 'no' doesn't exist"},
			{400, library(t, "t.New", ""), `{"is_public": "yes"}`, "Package schema is not valid: 'yes' is not of type 'boolean'"},
			{400, library(t, "t.New", ""), `{"tags": ["a", "a"]}`, "Package schema is not valid: ['a', 'a'] has non-unique elements"},
			{400, library(t, "t.New", ""), `{"colour": 1}`, "Additional properties are not allowed ('colour' was unexpected)"},
			{403, library(t, "t.New", ""), `{"is_public": true}`, "Access was denied to this resource."},
			{409, good, "", "There was a conflict when trying to complete your request.<br /><br />\\nClass with the same full name is already registered in the visibility scope"},
			{409, archive(t, map[string]string{"manifest.yaml": "Type: Library\nFullName: t.Good\n"}), "", "Package with specified full name is already registered"},
			{200, library(t, "t.New", ""), "no JSON", ""},
		} {
			if status, body := k.upload("user", x.archive, x.metadata); status != x.status || !strings.Contains(body, x.message) {
				t.Errorf("%d %s; want %d %s", status, body, x.status, x.message)
			}
		}
		k.mustUpload("other", library(t, "t.Public", ""), "") // its own hides the public one
		if status, body := k.upload("admin", library(t, "t.New", ""), `{"is_public": true}`); status != 409 {
			t.Error(status, body)
		}
		k.want(400, "POST", "/v1/catalog/packages", call{body: `{"a": 1}`, contains: "Content-Type must be 'multipart/form-data'"})
		k.want(400, "POST", "/v1/catalog/packages", call{contains: "malformed or otherwise"})
		form := "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n{}\r\n"
		k.want(400, "POST", "/v1/catalog/packages", call{typ: "multipart/form-data; boundary=x", body: fmt.Sprintf(form+"--x--", "a"),
			contains: "There is no file package with application description"})
		k.want(400, "POST", "/v1/catalog/packages", call{typ: "multipart/form-data; boundary=x", body: fmt.Sprintf(form+form+form+"--x--", "a", "b", "c"),
			contains: "should contain 1 or 2 parts: json string and zip archive. Current body consists of 3 part(s)"})
		if n := len(k.object("GET", "/v1/catalog/packages?owned=true", call{})["packages"].([]any)); n != 3 {
			t.Error(n, "packages: a refused one was stored")
		}
	})
}

func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.want(200, "POST", "/v1/catalog/categories", call{as: "admin", body: `{"name": "Web, big"}`})
		k.mustUpload("user", library(t, "t.one", "Name: b\nDescription: needle\nTags: [x, y]\n"), `{"categories": ["Web, big"]}`)
		k.mustUpload("user", library(t, "t.two", "Name: a\nAuthor: Needle\n"), `{"enabled": false}`)
		k.mustUpload("user", archive(t, map[string]string{"manifest.yaml": "Type: Library\nFullName: t.Needle\nName: c\nTags: [y]\n"}), "")
		k.mustUpload("other", library(t, "t.theirs", "Name: d\n"), "")
		k.mustUpload("admin", library(t, "t.public", "Name: needle%\n"), `{"is_public": true}`)
		names := func(as, query string) string {
			var out []string
			for _, p := range k.object("GET", "/v1/catalog/packages?"+query, call{as: as})["packages"].([]any) {
				out = append(out, p.(map[string]any)["name"].(string))
			}
			return strings.Join(out, " ")
		}
		for _, x := range []struct{ as, query, want string }{
			{"user", "", "b c needle%"},
			{"user", "include_disabled=true", "a b c needle%"},
			{"user", "owned=true&include_disabled=True", "a b c needle%"},
			{"other", "", "d needle%"},
			{"other", "owned=true", "d"},
			{"admin", "", "b c d needle%"},
			{"admin", "catalog=true", "b c needle%"},
			{"user", "sort_dir=desc", "needle% c b"},
			{"user", "order_by=fqn", "c b needle%"},
			{"user", "order_by=created&order_by=nonsense", "b c needle%"},
			{"user", "type=library", "c"},
			{"user", "tag=x&tag=nope", "b"},
			{"user", "tag=in:x,y", "b c"},
			{"user", "category=" + url.QueryEscape(`in:"Web, big",other`), "b"},
			{"user", "category=" + url.QueryEscape("in:Web, big"), ""},
			{"user", "class_name=t.one", "b"},
			{"user", "class_name=T.ONE", ""},
			{"user", "fqn=t.one", "b"},
			{"user", "name=c", "c"},
			{"user", "id=nope", ""},
			{"user", "unknown=1", "b c needle%"},
			{"user", "search=needle", "needle% c b"},
			{"user", "search=NEEDLE&include_disabled=true", "needle% c b a"},
			{"user", "search=zzz;web", "b"},
			{"user", "search=" + url.QueryEscape("needle%"), "needle%"},
			{"user", "search=" + url.QueryEscape("it's ? _"), ""},
		} {
			if got := names(x.as, x.query); got != x.want {
				t.Errorf("%s ?%s: %q, want %q", x.as, x.query, got, x.want)
			}
		}
		for _, query := range []string{"include_disabled=true", "include_disabled=true&sort_dir=desc&order_by=fqn", "search=needle&include_disabled=true", "order_by=created"} {
			all := names("user", query)
			var paged []string
			marker := ""
			for {
				page := k.object("GET", "/v1/catalog/packages?limit=1&"+query+marker, call{})
				for _, p := range page["packages"].([]any) {
					paged = append(paged, p.(map[string]any)["name"].(string))
				}
				next, ok := page["next_marker"].(string)
				if !ok {
					break
				}
				marker = "&marker=" + next
			}
			if got := strings.Join(paged, " "); got != all {
				t.Errorf("?%s: page by page %q, at once %q", query, got, all)
			}
		}
		k.want(400, "GET", "/v1/catalog/packages?limit=0", call{contains: "Limit param must be positive"})
		k.want(400, "GET", "/v1/catalog/packages?limit=x", call{contains: "Limit param must be an integer"})
		k.want(404, "GET", "/v1/catalog/packages?marker=x", call{contains: "Package id 'x' not found"})
		k.want(400, "GET", "/v1/catalog/packages?sort_dir=up", call{contains: `"type":"ValueError"`})
	})
}

func TestPackagePatch(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.want(200, "POST", "/v1/catalog/categories", call{as: "admin", body: `{"name": "Web"}`})
		path := "/v1/catalog/packages/" + k.mustUpload("user", library(t, "t.App", "Tags: [a]\n"), "")
		const typ = "application/murano-packages-json-patch"
		for _, x := range []struct {
			as             string
			status         int
			body, contains string
		}{
			{"user", 200, `[{"op": "add", "path": "/tags", "value": ["b", "a"]}]`, `"tags":["a","b"]`},
			{"user", 200, `[{"op": "replace", "path": "/tags", "value": ["c", "b"]}]`, `"tags":["b","c"]`},
			{"user", 200, `[{"op": "remove", "path": "/tags", "value": ["c"]}]`, `"tags":["b"]`},
			{"user", 404, `[{"op": "remove", "path": "/tags", "value": ["q"]}]`, "Value 'q' of property 'tags' does not exist."},
			{"user", 200, `[{"op": "add", "path": "/categories", "value": ["Web"]}]`, `"categories":["Web"]`},
			{"user", 400, `[{"op": "add", "path": "/categories", "value": ["no"]}]`, "Category 'no' doesn't exist"},
			{"user", 200, `[{"op": "replace", "path": "/name", "value": "N"}, {"op": "replace", "path": "/description", "value": "D"}]`, `"name":"N"`},
			{"user", 400, `[{"op": "replace", "path": "/name", "value": "` + strings.Repeat("n", 81) + `"}]`, "Package name should be 80 characters maximum"},
			{"user", 403, `[{"op": "add", "path": "/name", "value": "x"}]`, "Method 'add' is not allowed for a path with name 'name'. Allowed operations are: replace"},
			{"user", 400, `[{"op": "remove", "path": "/name"}]`, `Operation \"remove\" requires a member named \"value\".`},
			{"user", 403, `[{"op": "replace", "path": "/foo", "value": 1}]`, "Attribute 'foo' is invalid"},
			{"user", 400, `[{"op": "replace", "path": "/tags/0", "value": "x"}]`, "Nested paths are not allowed"},
			{"user", 400, `[{"op": "replace", "path": "/enabled", "value": 1}]`, "1 is not of type 'boolean'"},
			{"user", 403, `[{"op": "replace", "path": "/is_public", "value": true}]`, "Access was denied to this resource."},
			{"other", 403, `[{"op": "replace", "path": "/name", "value": "x"}]`, "is not public and not owned by tenant 'p2' "},
			{"admin", 200, `[{"op": "replace", "path": "/is_public", "value": true}]`, `"is_public":true`},
			{"other", 403, `[{"op": "replace", "path": "/name", "value": "x"}]`, "is not owned by tenant 'p2'"},
			{"user", 200, `[{"op": "replace", "path": "/enabled", "value": false}]`, `"enabled":false,"owner_id":"p1","tags":["b"],"categories":["Web"],"class_definitions":["t.App"]`},
		} {
			k.want(x.status, "PATCH", path, call{as: x.as, typ: typ, body: x.body, contains: x.contains})
		}
		k.want(400, "PATCH", path, call{body: `[]`, contains: "Content-Type must be 'application/murano-packages-json-patch'"})
		twin := "/v1/catalog/packages/" + k.mustUpload("other", library(t, "t.App", ""), "")
		k.want(409, "PATCH", twin, call{as: "admin", typ: typ, body: `[{"op": "replace", "path": "/is_public", "value": true}]`, contains: "Package with the same Name is already made public"})
	})
}

func TestCategories(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		const list = "/v1/catalog/categories"
		var ids []string
		for _, name := range []string{"b", "c", "a", " "} {
			c := k.object("POST", list, call{as: "admin", body: `{"name": "` + name + `"}`})
			if c["package_count"] != 0.0 {
				t.Error(c)
			}
			ids = append(ids, c["id"].(string))
		}
		k.mustUpload("user", library(t, "t.App", "Name: App\n"), `{"categories": ["b"]}`)
		names := func(query string) string {
			page := k.object("GET", list+query, call{})
			var out []string
			for _, c := range page["categories"].([]any) {
				out = append(out, c.(map[string]any)["name"].(string))
			}
			if page["next_marker"] != nil {
				out = append(out, "more")
			}
			return strings.Join(out, ",")
		}
		for query, want := range map[string]string{
			"": " ,a,b,c", "?sort_dir=desc": "c,b,a, ", "?limit=2": " ,a,more", "?limit=2&marker=" + ids[2]: "b,c,more", "?limit=4&marker=" + ids[1]: "",
			"?sort_keys=package_count,name&sort_dir=desc": "b,c,a, ", "?sort_keys=created": "b,c,a, ",
		} {
			if got := names(query); got != want {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		k.want(200, "GET", list+"/"+ids[0], call{contains: `"package_count":1`})
		k.want(200, "GET", list+"/"+ids[0], call{contains: `"name":"App","fully_qualified_name":"t.App"}]`})
		for _, x := range []struct {
			status       int
			method, path string
			call         call
		}{
			{403, "POST", "", call{body: `{"name": "x"}`, contains: "Access was denied to this resource."}},
			{403, "DELETE", "/" + ids[0], call{}},
			{403, "DELETE", "/" + ids[0], call{as: "admin", contains: "It's impossible to delete categories assigned to the package, uploaded to the catalog"}},
			{409, "POST", "", call{as: "admin", body: `{"name": "a"}`, contains: "Category with specified name is already exist"}},
			{400, "POST", "", call{as: "admin", body: `{}`, contains: "Please, specify a name of the category to create"}},
			{400, "POST", "", call{as: "admin", body: `{"name": "` + strings.Repeat("n", 81) + `"}`, contains: "Category name should be 80 characters maximum"}},
			{500, "POST", "", call{as: "admin", contains: "AttributeError"}},
			{404, "GET", "/nope", call{contains: "The resource could not be found.<br /><br />\\nCategory id 'nope' not found"}},
			{404, "DELETE", "/nope", call{as: "admin"}},
			{404, "PUT", "/" + ids[0], call{as: "admin", body: "{}"}},
			{400, "GET", "?foo=1", call{contains: "Bad value passed to filter. Got foo, expected:sort_keys, sort_dir, limit, marker"}},
			{400, "GET", "?sort_keys=colour", call{contains: "Invalid sort key: colour. Must be one of the following: name, created, updated, package_count, id"}},
			{400, "GET", "?sort_dir=up", call{contains: "Invalid sort direction: up"}},
			{400, "GET", "?limit=-1", call{contains: "Limit param must be positive"}},
			{200, "DELETE", "/" + ids[1], call{as: "admin"}},
		} {
			k.want(x.status, x.method, list+x.path, x.call)
		}
	})
}

// A HOT package is one class, whose form is generated.
func TestHOTPackage(t *testing.T) {
	k := startSQLite(t)
	id := k.example("hot-web")
	k.want(200, "GET", "/v1/catalog/packages/"+id, call{contains: `"class_definitions":["hearth.examples.Web"]`})
	ui := k.want(200, "GET", "/v1/catalog/packages/"+id+"/ui", call{accept: "text/plain"})
	golden, err := os.ReadFile("../catalog/testdata/hot-web.ui.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(golden), ui); d != "" {
		t.Error(d)
	}
	logo, err := os.ReadFile("../../examples/packages/hot-web/logo.png")
	if err != nil {
		t.Fatal(err)
	}
	k.want(200, "GET", "/v1/catalog/packages/"+id+"/logo", call{accept: "*/*", contains: string(logo)})
}
