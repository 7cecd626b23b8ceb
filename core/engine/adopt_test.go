package engine_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/yaml"
)

func adopt(l *enginetest.Lab, name string, export *yaml.Map) engine.CreateRequest {
	return engine.CreateRequest{StackName: name, DisableRollback: true, Adopt: export}
}

func abandon(t *testing.T, l *enginetest.Lab, s *core.Stack) *yaml.Map {
	t.Helper()
	export, err := l.Abandon(t.Context(), l.Caller, engine.StackRef{ID: s.ID})
	if err != nil {
		t.Fatal(err)
	}
	return export
}

// objects are the physical ids of an export, those of nested stacks by their path.
func objects(e exported) map[string]string {
	out := map[string]string{}
	for name, r := range e.Resources {
		if r.Resources == nil {
			out[name] = r.ResourceID
		}
		for path, id := range objects(r) {
			out[name+"."+path] = id
		}
	}
	return out
}

// A stack that is abandoned and adopted is made of the same objects, down to their secrets.
func TestAdoptWhatWasAbandoned(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		r := l.Request("s", varied, "len", int64(9))
		r.Tags = []string{"a"}
		s := l.Create(r)
		l.Expect(s, "CREATE_COMPLETE")
		var outputs []string
		for _, o := range []string{"r", "g", "t"} {
			outputs = append(outputs, l.Output(s, o))
		}
		export := abandon(t, l, s)
		first := read(t, export)
		if first.Action != "CREATE" || first.Status != "COMPLETE" || first.Name != "s" || first.ProjectID != s.ProjectID || len(objects(first)) != 4 ||
			cmp.Diff([]string{"a"}, first.Tags) != "" {
			t.Fatalf("%+v", first)
		}
		nothingLeft(t, l, s)
		for _, name := range []string{"s", "other"} {
			s = l.Create(adopt(l, name, export))
			l.Expect(s, "ADOPT_COMPLETE")
			if d := cmp.Diff(map[string]string{"r": "ADOPT_COMPLETE", "t": "ADOPT_COMPLETE", "g": "ADOPT_COMPLETE"}, l.Resources(s)); d != "" {
				t.Fatal(d)
			}
			for i, o := range []string{"r", "g", "t"} {
				if got := l.Output(s, o); got != outputs[i] {
					t.Errorf("%s: %s, not %s", o, got, outputs[i])
				}
			}
			again, err := l.Export(t.Context(), l.Caller, engine.StackRef{ID: s.ID})
			if err != nil {
				t.Fatal(err)
			}
			e := read(t, again)
			if d := cmp.Diff(objects(first), objects(e)); d != "" {
				t.Fatal(d)
			}
			if e.Action != "ADOPT" || e.Resources["t"].Metadata["k"] != "v" {
				t.Fatalf("%+v", e)
			}
			export = abandon(t, l, s)
			nothingLeft(t, l, s)
		}
		// An adopted stack is one like any other.
		s = l.Create(adopt(l, "s", export))
		s = l.Update(s, update(l, strings.Replace(varied, "first", "second", 1), "len", int64(9)))
		l.Expect(s, "UPDATE_COMPLETE")
		if l.Output(s, "t") != `"second"` || l.Output(s, "r") != outputs[0] {
			t.Fatal(l.Output(s, "t"), l.Output(s, "r"))
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
	})
}

// nothingLeft wants no row of a stack, or of stacks below it, but the stack's own.
func nothingLeft(t *testing.T, l *enginetest.Lab, s *core.Stack) {
	t.Helper()
	until(t, "rows are left", func() bool {
		tree, err := l.Store.Tree(t.Context(), s.RootID)
		if err != nil {
			t.Fatal(err)
		}
		n, err := l.Store.CountTree(t.Context(), s.RootID)
		if err != nil {
			t.Fatal(err)
		}
		return len(tree) == 0 && n == 0
	})
	old, err := l.Show(t.Context(), l.Caller, engine.StackRef{ID: s.ID})
	if err != nil || old.DeletedAt == nil || old.Status != core.Complete {
		t.Fatal(old, err)
	}
	if _, err := l.Identify(t.Context(), l.Caller, s.Name); core.ErrorCode(err) != core.NotFound {
		t.Fatal(err)
	}
}

func TestAdoptWithoutAnID(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		template, _ := enginetest.Template(t, chain).Plain().(*yaml.Map)
		export := yaml.MapOf("template", template, "resources", yaml.MapOf("a", yaml.MapOf("type", "OS::Heat::RandomString")))
		s := l.Create(adopt(l, "s", export))
		l.Expect(s, "ADOPT_FAILED")
		if s.StatusReason != "Resource ADOPT failed: Exception: resources.a: Resource ID was not provided." {
			t.Fatal(s.StatusReason)
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")

		// With rollback nothing is left, and nothing is deleted.
		export.Set("resources", yaml.MapOf("b", yaml.MapOf("resource_id", "theirs")))
		r := adopt(l, "s", export)
		r.DisableRollback = false
		s = l.Create(r)
		l.Expect(s, "ROLLBACK_COMPLETE")
		nothingLeft(t, l, s)
		for _, e := range l.Events(s) {
			if strings.Contains(e, "DELETE") {
				t.Error(e)
			}
		}
	})
}

// A stack can be abandoned in the middle of whatever it does.
func TestAbandonWhileCreating(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2021-04-16
resources:
  quick: {type: OS::Heat::RandomString}
  slow: {type: OS::Heat::TestResource, properties: {value: x, action_wait_secs: {create: 3000}}}
  g:
    type: OS::Heat::ResourceGroup
    properties: {count: 2, resource_def: {type: OS::Heat::TestResource, properties: {action_wait_secs: {create: 3000}}}}
  g2:
    type: OS::Heat::ResourceGroup
    properties: {count: 3, resource_def: {type: OS::Heat::TestResource, properties: {action_wait_secs: {create: 3000}}}}
`
		for range 5 { // at once, when nobody knows how far it has come
			s := begin(t, l, l.Request("s", text))
			abandon(t, l, s)
			nothingLeft(t, l, s)
		}
		s := begin(t, l, l.Request("s", text))
		until(t, "slow does not begin", func() bool {
			n, err := l.Store.CountTree(t.Context(), s.ID)
			return err == nil && n == 4+5 && l.Resources(s)["quick"] == "CREATE_COMPLETE"
		})
		e := read(t, abandon(t, l, s))
		if e.Status != "IN_PROGRESS" || e.Resources["quick"].ResourceID == "" || len(e.Resources["g2"].Resources) != 3 {
			t.Fatalf("%+v", e)
		}
		nothingLeft(t, l, s)
		l.Expect(l.Create(l.Request("s", chain)), "CREATE_COMPLETE")
	})
}
