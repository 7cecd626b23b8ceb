package v1_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/store/storetest"
	v1 "hearth/heat/v1"
)

// stackUserAccess is what software that was let in for one resource may use, beside looking
// for its stack.
var stackUserAccess = map[string]bool{
	"resource_metadata": true, "resource_signal": true, "software_deployments_metadata": true,
}

// A stack user finds its stack, reads and signals its own resource, reads the deployments of
// its server, and is refused everything else.
func TestStackUserRights(t *testing.T) {
	st := storetest.Open(t, storetest.SQLite(t))
	lab := enginetest.New(t, st, enginetest.Types(t, heat.Types), callers["member"])
	links := engine.SignalLinks{Key: []byte("test")}
	api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: func(ctx context.Context, token string) (*core.Caller, error) {
		caller, _, err := links.Authenticate(ctx, st, token)
		return caller, err
	}})
	if err != nil {
		t.Fatal(err)
	}
	handler := httpapi.Outer{}.Wrap(api.Handler())
	const template = `
heat_template_version: 2021-04-16
resources:
  own: {type: OS::Heat::WaitConditionHandle}
  another: {type: OS::Heat::WaitConditionHandle}
`
	s, foreign := lab.Create(lab.Request("s", template)), lab.Create(lab.Request("foreign", template))
	row, err := st.FindResource(t.Context(), s.ID, "own")
	if err != nil {
		t.Fatal(err)
	}
	token := links.SignalToken(&resource.Context{ID: row.ID})
	send := func(op httpapi.Operation, s *core.Stack, name string) int {
		path := strings.NewReplacer("{tenant_id}", "project", "{stack_name}", s.Name, "{stack_id}", s.ID, "{resource_name}", name,
			"{server_id}", row.PhysicalID).Replace(op.Path)
		for strings.Contains(path, "{") {
			head, tail, _ := strings.Cut(path, "{")
			_, tail, _ = strings.Cut(tail, "}")
			path = head + "x" + tail
		}
		body := bodies[op.ID]
		if body == "" {
			body = "{}"
		}
		req := httptest.NewRequest(op.Method, "/v1"+path, strings.NewReader(body))
		req.Header.Set("X-Auth-Token", token)
		res := httptest.NewRecorder()
		handler.ServeHTTP(res, req)
		return res.Code
	}
	for _, op := range api.Operations() {
		lookup := slices.Contains(op.Rules, "stacks:lookup")
		want := map[bool]int{true: http.StatusOK, false: http.StatusForbidden}[stackUserAccess[op.ID]]
		if lookup {
			want = http.StatusFound
		}
		if got := send(op, s, "own"); got != want {
			t.Errorf("%s of its own: %d, want %d", op.ID, got, want)
		}
		if !strings.Contains(op.Path, "{stack_name}") {
			continue
		}
		if got := send(op, s, "another"); got != want && (lookup || got != http.StatusForbidden) || got == http.StatusOK {
			t.Errorf("%s of another resource: %d", op.ID, got)
		}
		if got := send(op, foreign, "own"); got != http.StatusForbidden && got != http.StatusNotFound {
			t.Errorf("%s of another stack: %d", op.ID, got)
		}
	}
}
