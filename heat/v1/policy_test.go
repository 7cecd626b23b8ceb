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

// Who may use an operation in its own project.
var (
	readers = []string{"reader", "member", "admin"}
	members = []string{"member", "admin"}
	admins  = []string{"admin"}
	signals = []string{"signal", "reader", "member", "admin"}
)

// access is the whole authorization of the API, by operation: whoever adds one says here
// who may use it (heat-api 1.4).
var access = map[string][]string{
	"stacks_validate_template":       members,
	"stacks_list_resource_types":     readers,
	"stacks_resource_schema":         readers,
	"stacks_generate_template":       members,
	"stacks_list_template_versions":  readers,
	"stacks_list_template_functions": readers,

	"stacks_index":   readers,
	"stacks_create":  members,
	"stacks_detail":  readers,
	"stacks_preview": readers,

	"stacks_lookup":                 signals,
	"stacks_lookup_post":            signals,
	"stacks_lookup_put":             signals,
	"stacks_lookup_patch":           signals,
	"stacks_lookup_delete":          signals,
	"stacks_lookup_resources":       signals,
	"stacks_lookup_events":          signals,
	"stacks_lookup_template":        signals,
	"stacks_lookup_actions":         signals,
	"stacks_lookup_environment":     signals,
	"stacks_lookup_files":           signals,
	"stacks_lookup_resources_post":  signals,
	"stacks_lookup_events_post":     signals,
	"stacks_lookup_template_post":   signals,
	"stacks_lookup_actions_post":    signals,
	"stacks_show":                   readers,
	"stacks_template":               readers,
	"stacks_environment":            readers,
	"stacks_files":                  readers,
	"stacks_update":                 members,
	"stacks_update_patch":           members,
	"stacks_preview_update":         members,
	"stacks_preview_update_patch":   members,
	"stacks_delete":                 members,
	"stacks_abandon":                members,
	"stacks_export":                 members,
	"stacks_snapshot":               members,
	"stacks_list_snapshots":         readers,
	"stacks_show_snapshot":          readers,
	"stacks_delete_snapshot":        members,
	"stacks_restore_snapshot":       members,
	"stacks_list_outputs":           readers,
	"stacks_show_output":            readers,
	"resource_index":                readers,
	"resource_show":                 readers,
	"resource_metadata":             signals,
	"resource_signal":               signals,
	"resource_mark_unhealthy":       members,
	"events_index":                  readers,
	"events_index_resource":         readers,
	"events_show":                   readers,
	"actions_action":                members,
	"build_info_build_info":         readers,
	"software_configs_index":        readers,
	"software_configs_create":       members,
	"software_configs_show":         readers,
	"software_configs_delete":       members,
	"software_deployments_index":    readers,
	"software_deployments_metadata": signals,
	"software_deployments_create":   members,
	"software_deployments_show":     readers,
	"software_deployments_update":   members,
	"software_deployments_delete":   members,
	"service_index":                 admins,
}

// bodies are those that an operation needs before it asks its rule.
var bodies = map[string]string{"actions_action": `{"suspend": null}`}

func TestWhoMayDoWhat(t *testing.T) {
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types), nil)
	api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: authenticate})
	if err != nil {
		t.Fatal(err)
	}
	handler := exchangetest.Documented(t, httpapi.Outer{}.Wrap(api.Handler()))
	listed := map[string]bool{}
	for _, op := range api.Operations() {
		allowed, ok := access[op.ID]
		if !ok {
			t.Errorf("%s %s: say in access who may use %s", op.Method, op.Path, op.ID)
			continue
		}
		listed[op.ID] = true
		body := bodies[op.ID]
		if body == "" {
			body = "{}"
		}
		for role := range callers {
			project := "project"
			want := slices.Contains(allowed, role)
			if role == "other" { // a member of another project, in its own and in this one
				if got := permitted(handler, op, "other", role, body); got != slices.Contains(allowed, "member") {
					t.Errorf("%s: a member of another project is permitted there: %v", op.ID, got)
				}
				want = false
			}
			if got := permitted(handler, op, project, role, body); got != want {
				t.Errorf("%s: %s is permitted: %v, want %v", op.ID, role, got, want)
			}
			// Only administrators may name a project that is not their own.
			if role != "other" {
				if got := permitted(handler, op, "other", role, body); got != (want && role == "admin") {
					t.Errorf("%s: %s is permitted in another project: %v", op.ID, role, got)
				}
			}
		}
	}
	for id := range access {
		if !listed[id] {
			t.Errorf("there is no operation %s", id)
		}
	}
}

// permitted sends a request and reports whether the answer is another than 403.
func permitted(h http.Handler, op httpapi.Operation, project, role, body string) bool {
	path := strings.ReplaceAll("/v1"+op.Path, "{tenant_id}", project)
	for strings.Contains(path, "{") {
		head, tail, _ := strings.Cut(path, "{")
		_, tail, _ = strings.Cut(tail, "}")
		path = head + "x" + tail
	}
	req := httptest.NewRequest(op.Method, path, strings.NewReader(body))
	req.Header.Set("X-Auth-Token", role)
	res := httptest.NewRecorder()
	h.ServeHTTP(res, req)
	return res.Code != http.StatusForbidden
}

func TestActionsHaveRulesOfTheirOwn(t *testing.T) {
	s := newService(t)
	for action, role := range map[string]string{"check": "reader", "suspend": "member", "resume": "member", "cancel_update": "member", "cancel_without_rollback": "member", "retry": "member"} {
		for _, as := range []string{"reader", "member"} {
			req, err := http.NewRequest(http.MethodPost, s.URL+"/v1/project/stacks/x/y/actions", strings.NewReader(`{"`+action+`": null}`))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Auth-Token", as)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if permitted := res.StatusCode != http.StatusForbidden; permitted != (as == "member" || role == "reader") {
				t.Errorf("%s as %s: %d", action, as, res.StatusCode)
			}
		}
	}
}
