package v1_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hearth/core"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/resource/heat"
	"hearth/core/store"
	"hearth/core/store/storetest"
	v1 "hearth/heat/v1"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// counter counts the statements of requests; those of the engine have none.
type counter struct{ n atomic.Int64 }

func (c *counter) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	if httpapi.Request(ctx) != nil {
		c.n.Add(1)
	}
	return ctx
}

func (c *counter) AfterQuery(context.Context, *bun.QueryEvent) {}

// serve serves the API over an engine and a store, with an operator's rules.
func serve(t *testing.T, lab *enginetest.Lab, rules map[string]string) http.Handler {
	t.Helper()
	api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: authenticate, Policy: rules})
	if err != nil {
		t.Fatal(err)
	}
	lab.Engine.MayUse = api.MayUse
	return exchangetest.Documented(t, httpapi.Outer{}.Wrap(api.Handler()))
}

// get reads a path of the project as the member does, into answer when that is not nil.
func get(t *testing.T, h http.Handler, path string, answer any) (status int) {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, "/v1/project"+path, nil)
	req.Header.Set("X-Auth-Token", "member")
	res := httptest.NewRecorder()
	h.ServeHTTP(res, req)
	if answer != nil {
		if err := json.Unmarshal(res.Body.Bytes(), answer); err != nil {
			t.Fatal(path, err, res.Body)
		}
	}
	return res.Code
}

// store150 stores stacks of the project that were not made by the engine, and gives the id
// of the first.
func store150(t *testing.T, st *store.Store) (first string) {
	t.Helper()
	err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for i := range 150 {
			id := uuid.NewString()
			if i == 0 {
				first = id
			}
			s := &core.Stack{ID: id, RootID: id, ProjectID: "project", Name: fmt.Sprintf("s%d", i), Action: core.Create, Status: core.Complete, Traversal: id,
				TemplateID: "t", UserID: "u", CreatedAt: time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC).Add(-time.Duration(i) * time.Hour)}
			if err := tx.CreateStack(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return first
}

// What a read costs the database does not depend on how much it shows.
func TestStatementsOfAReading(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		said := &counter{}
		st.Observe(said)
		lab := enginetest.New(t, st, enginetest.Types(t, heat.Types), nil)
		h := serve(t, lab, nil)
		group := lab.Create(lab.Request("group", `{heat_template_version: 2021-04-16, resources: {
			a: {type: "OS::Heat::ResourceGroup", properties: {count: 3, resource_def: {type: "OS::Heat::Value", properties: {value: v}}}},
			b: {type: "OS::Heat::ResourceGroup", properties: {count: 3, resource_def: {type: "OS::Heat::Value", properties: {value: v}}}}}}`))
		lab.Expect(group, "CREATE_COMPLETE")
		first, stack := store150(t, st), "/stacks/group/"+group.ID
		for _, x := range []struct {
			path string
			want int64
		}{
			{"/stacks?limit=100", 1},
			{"/stacks?limit=100&marker=" + first, 2},
			{"/stacks?limit=100&with_count=true&marker=" + first, 3},
			{"/stacks?limit=100&with_count=true&sort_keys=updated_time&sort_dir=desc&tags=a&not_tags=b&marker=" + first, 3},
			{stack, 1},
			{stack + "/resources", 3},                // the stack, its resources, what is nested in it
			{stack + "/resources?nested_depth=2", 4}, // … and the tree
			{stack + "/events", 2},
			{stack + "/events?nested_depth=2", 3},
		} {
			before := said.n.Load()
			if status := get(t, h, x.path, nil); status != http.StatusOK {
				t.Error(x.path, status)
			}
			if n := said.n.Load() - before; n != x.want {
				t.Errorf("%s: %d statements, not %d", x.path, n, x.want)
			}
		}
		var page struct {
			Stacks []struct{}
			Count  int
		}
		if get(t, h, "/stacks?limit=100&with_count=true&marker="+first, &page); len(page.Stacks) != 100 || page.Count != 151 {
			t.Errorf("a page of %d of %d stacks", len(page.Stacks), page.Count)
		}
	})
}

// Stacks with a hidden tag are in no list, unless it is asked for them.
func TestHiddenTags(t *testing.T) {
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types), nil)
	lab.HiddenTags = []string{"cluster"}
	h := serve(t, lab, nil)
	for name, tags := range map[string][]string{"plain": nil, "tagged": {"web"}, "hidden": {"web", "cluster"}} {
		r := lab.Request(name, `{heat_template_version: 2021-04-16}`)
		r.Tags = tags
		lab.Expect(lab.Create(r), "CREATE_COMPLETE")
	}
	for query, want := range map[string][]string{
		"":                           {"plain", "tagged"},
		"&show_hidden=true":          {"hidden", "plain", "tagged"},
		"&tags=web":                  {"tagged"},
		"&tags=web&show_hidden=true": {"hidden", "tagged"},
		"&not_tags=web":              {"plain"},
		"&with_count=true":           {"plain", "tagged"},
	} {
		if d := cmp.Diff(want, listed(t, h, query)); d != "" {
			t.Errorf("%q: %s", query, d)
		}
	}
}

// listed gives the names of the stacks of a list in their order.
func listed(t *testing.T, h http.Handler, query string) []string {
	t.Helper()
	var list struct {
		Stacks []struct {
			Name string `json:"stack_name"`
		}
		Count *int
	}
	get(t, h, "/stacks?sort_keys=stack_name&sort_dir=asc"+query, &list)
	var out []string
	for _, s := range list.Stacks {
		out = append(out, s.Name)
	}
	if list.Count != nil && *list.Count != len(out) {
		t.Errorf("%q: %d stacks, the count is %d", query, len(out), *list.Count)
	}
	return out
}

// The stacks of all projects are for nobody, until an operator says for whom.
func TestGlobalTenant(t *testing.T) {
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types), nil)
	ours := lab.Create(lab.Request("ours", `{heat_template_version: 2021-04-16}`))
	lab.Expect(ours, "CREATE_COMPLETE")
	theirs, err := lab.Engine.Create(t.Context(), callers["other"], lab.Request("theirs", `{heat_template_version: 2021-04-16}`))
	if err != nil {
		t.Fatal(err)
	}
	lab.Expect(lab.Wait(theirs.ID), "CREATE_COMPLETE")
	if status := get(t, serve(t, lab, nil), "/stacks?global_tenant=true", nil); status != http.StatusForbidden {
		t.Error("without a rule:", status)
	}
	h := serve(t, lab, map[string]string{"stacks:global_index": "role:member"})
	if d := cmp.Diff([]string{"ours", "theirs"}, listed(t, h, "&global_tenant=true&with_count=true")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"ours"}, listed(t, h, "")); d != "" {
		t.Error(d)
	}
}
