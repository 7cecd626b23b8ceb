package engine_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// each runs a test with an engine of cloudless types on both databases.
func each(t *testing.T, test func(t *testing.T, l *enginetest.Lab)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		test(t, enginetest.New(t, st, enginetest.Types(t, heat.Types), nil))
	})
}

const chain = `
heat_template_version: 2021-04-16
parameters:
  len: {type: number, default: 8}
resources:
  a: {type: OS::Heat::RandomString, properties: {length: {get_param: len}}}
  b: {type: OS::Heat::Value, properties: {type: string, value: {list_join: ['-', [x, {get_attr: [a, value]}]]}}}
outputs:
  out: {value: {get_attr: [b, value]}}
`

func TestCreateUpdateDelete(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("s", chain))
		l.Expect(s, "CREATE_COMPLETE")
		if out := l.Output(s, "out"); len(out) != 12 || !strings.HasPrefix(out, `"x-`) {
			t.Fatal(out)
		}
		want := []string{"s CREATE_IN_PROGRESS: Stack CREATE started", "a CREATE_IN_PROGRESS: state changed", "a CREATE_COMPLETE: state changed",
			"b CREATE_IN_PROGRESS: state changed", "b CREATE_COMPLETE: state changed", "s CREATE_COMPLETE: Stack CREATE completed successfully"}
		if d := cmp.Diff(want, l.Events(s)); d != "" {
			t.Fatal(d)
		}
		before := l.Output(s, "out")
		r := engine.UpdateRequest{TemplateRequest: l.Request("s", chain).TemplateRequest}
		s = l.Update(s, r)
		l.Expect(s, "UPDATE_COMPLETE")
		if l.Output(s, "out") != before {
			t.Fatal("a no-op update changed the string")
		}
		r.TemplateRequest = l.Request("s", chain, "len", int64(20)).TemplateRequest
		s = l.Update(s, r)
		l.Expect(s, "UPDATE_COMPLETE")
		if out := l.Output(s, "out"); len(out) != 24 {
			t.Fatal(out, l.Events(s))
		}
		if d := cmp.Diff(map[string]string{"a": "CREATE_COMPLETE", "b": "UPDATE_COMPLETE"}, l.Resources(s)); d != "" {
			t.Fatal(d)
		}
		s = l.Delete(s)
		l.Expect(s, "DELETE_COMPLETE")
	})
}

const group = `
heat_template_version: 2021-04-16
resources:
  g:
    type: OS::Heat::ResourceGroup
    properties:
      count: 3
      resource_def: {type: OS::Heat::Value, properties: {value: "v%index%"}}
outputs:
  all: {value: {get_attr: [g, value]}}
  one: {value: {get_attr: [g, resource.1.value]}}
`

func TestGroup(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("s", group))
		l.Expect(s, "CREATE_COMPLETE")
		if out := l.Output(s, "all") + l.Output(s, "one"); out != `["v0","v1","v2"]"v1"` {
			t.Fatal(out)
		}
		r := engine.UpdateRequest{TemplateRequest: l.Request("s", strings.Replace(group, "count: 3", "count: 2", 1)).TemplateRequest}
		s = l.Update(s, r)
		l.Expect(s, "UPDATE_COMPLETE")
		if out := l.Output(s, "all"); out != `["v0","v1"]` {
			t.Fatal(out)
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
	})
}

const failing = `
heat_template_version: 2021-04-16
resources:
  ok: {type: OS::Heat::RandomString}
  bad: {type: OS::Heat::TestResource, depends_on: ok, properties: {value: x, fail: true}}
  next: {type: OS::Heat::Value, depends_on: bad, properties: {value: 1}}
`

func TestFailure(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("f", failing))
		l.Expect(s, "CREATE_FAILED")
		if s.StatusReason != "Resource CREATE failed: ValueError: resources.bad: Test Resource failed bad" {
			t.Fatal(s.StatusReason)
		}
		if d := cmp.Diff(map[string]string{"ok": "CREATE_COMPLETE", "bad": "CREATE_FAILED", "next": "INIT_COMPLETE"}, l.Resources(s)); d != "" {
			t.Fatal(d)
		}
		r := l.Request("rb", failing)
		r.DisableRollback = false
		s = l.Create(r)
		l.Expect(s, "ROLLBACK_COMPLETE")
		if d := cmp.Diff(map[string]string{}, l.Resources(s)); d != "" {
			t.Fatal(d)
		}
		t.Log(strings.Join(l.Events(s), "\n"))
	})
}

// until waits until done says so, and fails the test with otherwise when it never does.
func until(t *testing.T, otherwise string, done func() bool) {
	t.Helper()
	(&enginetest.Lab{T: t}).Until(done, func() string { return otherwise })
}
