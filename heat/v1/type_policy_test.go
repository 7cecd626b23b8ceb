package v1_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/store/storetest"
)

// TestTypesForAdministrators: a type with a rule is there for whom the rule allows, in nested
// stacks as well.
func TestTypesForAdministrators(t *testing.T) {
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types), nil)
	h := serve(t, lab, map[string]string{"resource_types:OS::Heat::Value": "role:admin"})
	do := func(token, method, path, body string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, "/v1/project"+path, strings.NewReader(body))
		req.Header.Set("X-Auth-Token", token)
		req.Header.Set("Content-Type", "application/json")
		res := httptest.NewRecorder()
		h.ServeHTTP(res, req)
		return res
	}
	plain := `{"stack_name": "s", "template": {"heat_template_version": "2018-08-31", "resources": {"v": {"type": "OS::Heat::Value", "properties": {"value": 1}}}}}`
	group := `{"stack_name": "g", "template": {"heat_template_version": "2018-08-31", "resources": {"g": {"type": "OS::Heat::ResourceGroup",
		"properties": {"count": 2, "resource_def": {"type": "OS::Heat::Value", "properties": {"value": 1}}}}}}}`
	for body, status := range map[string]int{plain: http.StatusForbidden, group: http.StatusBadRequest} {
		res := do("member", http.MethodPost, "/stacks", body)
		if res.Code != status || !strings.Contains(res.Body.String(), "You are not authorized to use OS::Heat::Value.") {
			t.Error(res.Code, res.Body)
		}
	}
	if res := do("member", http.MethodGet, "/resource_types/OS::Heat::Value", ""); res.Code != http.StatusForbidden {
		t.Error(res.Code, res.Body)
	}
	var list struct {
		ResourceTypes []string `json:"resource_types"`
	}
	get(t, h, "/resource_types", &list)
	if slices.Contains(list.ResourceTypes, "OS::Heat::Value") {
		t.Error("the type is listed")
	}
	if res := do("admin", http.MethodPost, "/stacks", plain); res.Code != http.StatusCreated {
		t.Error(res.Code, res.Body)
	}
}
