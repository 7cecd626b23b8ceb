package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/yaml"
)

// awaitEvent waits until a stack has an event, given as enginetest.Lab.Events shows it.
func awaitEvent(t *testing.T, l *enginetest.Lab, s *core.Stack, event string) {
	t.Helper()
	l.Until(func() bool { return slices.Contains(l.Events(s), event) }, func() string {
		return fmt.Sprintf("no %q among\n%s", event, strings.Join(l.Events(s), "\n"))
	})
}

func unset(t *testing.T, l *enginetest.Lab, s *core.Stack, resource, hook string) {
	t.Helper()
	if err := l.Signal(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, resource, yaml.MapOf("unset_hook", hook)); err != nil {
		t.Fatal(err)
	}
}

// Hooks hold a resource before and after what is done to it, by pattern, nested ones too,
// until a signal clears them. What waits costs nothing and has no state of its own.
func TestHooks(t *testing.T) {
	const text = `
heat_template_version: 2021-04-16
parameters: {v: {type: string}}
resources:
  web_1: {type: OS::Heat::TestResource, properties: {value: {get_param: v}}}
  db: {type: OS::Heat::TestResource, depends_on: web_1, properties: {value: {get_param: v}}}
  g: {type: OS::Heat::ResourceGroup, depends_on: db, properties: {count: 2, resource_def: {type: OS::Heat::Value, properties: {value: x}}}}
`
	const environment = `
resource_registry:
  resources:
    web_*: {hooks: [pre-create, post-create, pre-update, pre-delete]}
    g: {"1": {hooks: pre-create}}
`
	each(t, func(t *testing.T, l *enginetest.Lab) {
		r := l.Request("s", text, "v", "a")
		var err error
		if r.Environment, err = yaml.Parse([]byte(environment), yaml.Options{}); err != nil {
			t.Fatal(err)
		}
		s := begin(t, l, r)
		awaitEvent(t, l, s, "web_1 INIT_COMPLETE: CREATE paused until Hook pre-create is cleared")
		for hook, says := range map[string]string{
			"post-create": `The "post-create" hook is not defined on TestResource "web_1" Stack "s" [` + s.ID + `]`,
			"pre-lunch":   `Invalid hook type "pre-lunch" for TestResource "web_1" Stack "s" [` + s.ID + `]`,
		} {
			err := l.Signal(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, "web_1", yaml.MapOf("unset_hook", hook))
			if err == nil || err.Error() != says {
				t.Errorf("%v, want %s", err, says)
			}
		}
		unset(t, l, s, "web_1", "pre-create")
		awaitEvent(t, l, s, "web_1 CREATE_COMPLETE: CREATE paused until Hook post-create is cleared")
		if d := cmp.Diff(map[string]string{"web_1": "CREATE_COMPLETE", "db": "INIT_COMPLETE", "g": "INIT_COMPLETE"}, l.Resources(s)); d != "" {
			t.Fatal(d)
		}
		unset(t, l, s, "web_1", "post-create")
		child := awaitChild(t, l, s, "g")
		awaitEvent(t, l, child, "1 INIT_COMPLETE: CREATE paused until Hook pre-create is cleared")
		unset(t, l, child, "1", "pre-create")
		s = l.Wait(s.ID)
		l.Expect(s, "CREATE_COMPLETE")

		u := update(l, text, "v", "b")
		u.Environment = r.Environment
		if err := l.Engine.Update(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, u); err != nil {
			t.Fatal(err)
		}
		awaitEvent(t, l, s, "web_1 CREATE_COMPLETE: UPDATE paused until Hook pre-update is cleared")
		unset(t, l, s, "web_1", "pre-update")
		l.Expect(l.Wait(s.ID), "UPDATE_COMPLETE")

		if err := l.Engine.Delete(t.Context(), l.Caller, engine.StackRef{ID: s.ID}); err != nil {
			t.Fatal(err)
		}
		awaitEvent(t, l, s, "web_1 UPDATE_COMPLETE: DELETE paused until Hook pre-delete is cleared")
		unset(t, l, s, "web_1", "pre-delete")
		l.Expect(l.Wait(s.ID), "DELETE_COMPLETE")
	})
}

// awaitChild waits until a resource has a nested stack.
func awaitChild(t *testing.T, l *enginetest.Lab, s *core.Stack, resource string) *core.Stack {
	t.Helper()
	var id string
	l.Until(func() bool {
		v, err := l.Engine.Resource(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, resource, nil)
		if err == nil && v.Nested != nil {
			id = v.Nested.StackID
		}
		return id != ""
	}, func() string { return resource + " has no nested stack" })
	child, err := l.Show(t.Context(), l.Caller, engine.StackRef{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	return child
}
