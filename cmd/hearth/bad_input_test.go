package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Bad input is answered in the API's own words, and leaves nothing behind.
func TestBadInput(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	s.createStack("taken", map[string]any{"heat_template_version": "2018-08-31"})

	bomb := "heat_template_version: 2018-08-31\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 10), ","))
	}
	hot := func(rest string) string { return "heat_template_version: 2018-08-31\n" + rest }
	for name, c := range map[string]struct {
		body   map[string]any
		status int
		says   string
	}{
		"body over the limit":     {map[string]any{"stack_name": "x", "template": hot("description: " + strings.Repeat("x", 2<<20))}, 400, "JSON body size"},
		"template over the limit": {map[string]any{"stack_name": "x", "template": hot("description: " + strings.Repeat("x", 600000))}, 400, "Template size"},
		"template bomb":           {map[string]any{"stack_name": "x", "template": bomb}, 400, "Template not in valid format"},
		"broken YAML":             {map[string]any{"stack_name": "x", "template": "a: [1\nb: }"}, 400, "Template not in valid format"},
		"unknown type":            {map[string]any{"stack_name": "x", "template": hot("resources: {a: {type: OS::No::Such}}")}, 400, "The Resource Type (OS::No::Such) could not be found."},
		"missing parameter":       {map[string]any{"stack_name": "x", "template": hot("parameters: {p: {type: string}}")}, 400, "The Parameter (p) was not provided."},
		"duplicate name":          {map[string]any{"stack_name": "taken", "template": hot("")}, 409, "The Stack (taken) already exists."},
		"nested too deep": {map[string]any{"stack_name": "x", "template": hot("resources: {a: {type: a.yaml}}"),
			"files": map[string]any{"a.yaml": hot("resources: {a: {type: a.yaml}}")}}, 400, "RequestLimitExceeded"},
		"no template": {map[string]any{"stack_name": "x"}, 400, "No template specified"},
	} {
		code, err := s.call(http.MethodPost, s.heat+"/stacks", c.body, nil)
		if code != c.status || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %d %v", name, code, err)
		}
	}
	var list struct{ Stacks []any }
	s.must(http.MethodGet, s.heat+"/stacks?show_deleted=true&show_nested=true", nil, &list)
	if len(list.Stacks) != 1 {
		t.Errorf("%d stacks", len(list.Stacks))
	}

	token := s.token
	for _, bad := range []string{"", "nonsense"} {
		s.token = bad
		for _, url := range []string{s.heat + "/stacks", s.murano + "/environments"} {
			if code, _ := s.call(http.MethodGet, url, nil, nil); code != http.StatusUnauthorized {
				t.Errorf("%s with token %q: %d", url, bad, code)
			}
		}
	}
	s.token = token
	foreign := s.heat[:strings.LastIndex(s.heat, "/")] + "/00000000000000000000000000000000/stacks/taken/x"
	if code, _ := s.call(http.MethodDelete, foreign, nil, nil); code != http.StatusForbidden && code != http.StatusNotFound {
		t.Errorf("another project in the path: %d", code)
	}
}

// A second start finds everything as it was left; SIGTERM loses nothing.
func TestStartAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve()
	path := s.createStack("kept", map[string]any{"heat_template_version": "2018-08-31", "resources": map[string]any{
		"r": map[string]any{"type": "OS::Heat::RandomString"}}, "outputs": map[string]any{"o": map[string]any{"value": map[string]any{"get_attr": []any{"r", "value"}}}}})
	s.awaitStack(path, "CREATE_COMPLETE")
	s.slow(15)
	slow := s.createStack("under-way", cloudful(20))
	s.awaitHalfway(slow, 10)
	token, password := s.token, s.env["OS_PASSWORD"]
	p.terminate()
	p = s.serve()
	if s.env["OS_PASSWORD"] != password {
		t.Error("the password is another one")
	}
	s.token = token
	s.awaitStack(path, "CREATE_COMPLETE")
	s.awaitStack(slow, "CREATE_COMPLETE")
	p.terminate()
}

// The documents of the APIs are there without a token, and the same that the command prints.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	for url, name := range map[string]string{s.heat[:strings.Index(s.heat, "/v1")] + "/openapi.json": "heat-v1",
		strings.TrimSuffix(s.cloud["cloudformation"], "/v1") + "/openapi.json": "heat-cfn",
		strings.TrimSuffix(s.murano, "/v1") + "/openapi.json":                  "murano-v1"} {
		token := s.token
		s.token = ""
		var served map[string]any
		s.must(http.MethodGet, url, nil, &served)
		s.token = token
		if served["openapi"] != "3.1.0" {
			t.Errorf("%s: %v", url, served["openapi"])
		}
		api, err := document(name)
		if err != nil {
			t.Fatal(err)
		}
		if want := decode[map[string]any](t, string(api.JSON())); fmt.Sprint(want) != fmt.Sprint(served) {
			t.Errorf("%s is not what the command prints", url)
		}
	}
}
