package engine_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource"
)

const innerTemplate = `
heat_template_version: 2021-04-16
parameters: {secret: {type: string, hidden: true, default: none}}
resources:
  inner: {type: OS::Heat::TestResource, properties: {value: {get_param: secret}}}
`

// foreseeUpdate previews an update of a new stack from one text to another.
func foreseeUpdate(t *testing.T, l *enginetest.Lab, name, before, after string, nested bool) *engine.Changes {
	t.Helper()
	r := l.Request(name, before)
	r.Files = map[string]string{"inner.yaml": innerTemplate}
	s := l.Create(r)
	l.Expect(s, "CREATE_COMPLETE")
	u := update(l, after)
	u.Files = r.Files
	c, err := l.PreviewUpdate(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, u, nested)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func named(list []engine.PreviewResource, name string) engine.PreviewResource {
	i := slices.IndexFunc(list, func(r engine.PreviewResource) bool { return r.Name == name })
	if i < 0 {
		return engine.PreviewResource{}
	}
	return list[i]
}

// What is in nested stacks that come or go as a whole comes or goes with them, and of what
// is replaced the one does and the other.
func TestPreviewOfWholeNestedStacks(t *testing.T) {
	const before = `
heat_template_version: 2021-04-16
resources:
  away: {type: inner.yaml}
  former: {type: inner.yaml}
  later: {type: OS::Heat::TestResource}
  same: {type: inner.yaml}
  kept: {type: inner.yaml, deletion_policy: Retain}
`
	const after = `
heat_template_version: 2021-04-16
resources:
  former: {type: OS::Heat::TestResource}
  later: {type: inner.yaml}
  new: {type: inner.yaml}
  same: {type: inner.yaml}
`
	top := []string{"/away deleted", "/former replaced", "/kept deleted", "/later replaced", "/new added", "/same unchanged"}
	inner := []string{"away/inner deleted", "former/inner deleted", "later/inner added", "new/inner added", "same/inner unchanged"}
	each(t, func(t *testing.T, l *enginetest.Lab) {
		if d := cmp.Diff(slices.Concat(top, inner), listed(foreseeUpdate(t, l, "nested", before, after, true))); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(top, listed(foreseeUpdate(t, l, "top", before, after, false))); d != "" {
			t.Error(d)
		}
	})
}

// What a preview cannot know it says so; what certainly changes it says too, and secrets
// stay secret.
func TestPreviewOfTheUnknown(t *testing.T) {
	const before = `
heat_template_version: 2021-04-16
resources:
  random: {type: OS::Heat::RandomString, properties: {salt: a}}
  test: {type: OS::Heat::TestResource, properties: {value: a}}
  text: {type: OS::Heat::Value, properties: {value: {get_attr: [random, value]}}}
  id: {type: OS::Heat::Value, properties: {value: {get_resource: test}}}
  shown: {type: OS::Heat::Value, properties: {value: {get_attr: [test, output]}}}
  hidden: {type: inner.yaml, properties: {secret: a}}
`
	const after = `
heat_template_version: 2021-04-16
resources:
  random: {type: OS::Heat::RandomString, properties: {salt: b}}
  test: {type: OS::Heat::TestResource, properties: {value: a, update_replace: true}}
  text: {type: OS::Heat::Value, properties: {value: {get_attr: [random, value]}}}
  id: {type: OS::Heat::Value, properties: {value: {get_resource: test}}}
  shown: {type: OS::Heat::Value, properties: {value: {get_attr: [test, output]}}}
  hidden: {type: inner.yaml, properties: {secret: b}}
`
	each(t, func(t *testing.T, l *enginetest.Lab) {
		c := foreseeUpdate(t, l, "s", before, after, false)
		want := []string{"/hidden updated", "/id updated", "/random replaced", "/shown unchanged", "/test replaced", "/text updated"}
		if d := cmp.Diff(want, listed(c)); d != "" {
			t.Error(d)
		}
		if text := named(c.Updated, "text"); !text.Maybe || len(text.Changed) > 0 || !slices.Equal(text.Unknown, []string{"value"}) {
			t.Errorf("text: %+v", text)
		}
		if id := named(c.Updated, "id"); id.Maybe || len(id.Unknown) > 0 || !slices.Equal(id.Changed, []string{"value"}) {
			t.Errorf("id: %+v", id)
		}
		if v, _ := named(c.Updated, "hidden").Properties.Get("secret"); v != "******" {
			t.Errorf("the secret is %v", v)
		}
		if r := named(c.Replaced, "random"); r.Reason == "" || !slices.Equal(r.Changed, []string{"salt"}) {
			t.Errorf("random: %+v", r)
		}
	})
}

// What an update refuses its preview refuses.
func TestPreviewRefuses(t *testing.T) {
	const text = `
heat_template_version: 2021-04-16
parameters: {p: {type: string, immutable: true}}
resources:
  a: {type: OS::Heat::TestResource, properties: {value: {get_param: p}}}
`
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("s", text, "p", "a"))
		l.Expect(s, "CREATE_COMPLETE")
		_, err := l.PreviewUpdate(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, update(l, text, "p", "b"), false)
		if e, ok := errors.AsType[*core.Error](err); !ok || e.Type != "ImmutableParameterModified" {
			t.Error(err)
		}
	})
}

// With converge the preview looks at the real objects, as the update then does.
func TestPreviewObservesReality(t *testing.T) {
	const text = `
heat_template_version: 2021-04-16
resources:
  gone: {type: OS::Cinder::Volume, properties: {size: 1, name: a}}
  renamed: {type: OS::Cinder::Volume, properties: {size: 1, name: b}}
  same: {type: OS::Cinder::Volume, properties: {size: 1, name: c}}
  below: {type: OS::Heat::ResourceGroup, properties: {resource_def: {type: OS::Cinder::Volume, properties: {size: 1, name: d}}}}
`
	l, c := cloudLab(t)
	s := l.Create(l.Request("s", text))
	l.Expect(s, "CREATE_COMPLETE")
	volumes := ids(t, l, s)
	below, err := l.Walker.Store.FindStack(t.Context(), volumes["below"])
	if err != nil {
		t.Fatal(err)
	}
	tell(t, c, "volumev3", http.MethodDelete, "volumes/"+volumes["gone"], nil)
	tell(t, c, "volumev3", http.MethodDelete, "volumes/"+ids(t, l, below)["0"], nil)
	tell(t, c, "volumev3", http.MethodPut, "volumes/"+volumes["renamed"], resource.Object("volume", resource.Object("name", "mine")))
	r, ref := update(l, text), engine.StackRef{ID: s.ID}
	for _, looks := range []bool{false, true} {
		r.Converge = looks
		before, err := treeOf(t, l, s)
		if err != nil {
			t.Fatal(err)
		}
		foreseen, err := l.PreviewUpdate(t.Context(), l.Caller, ref, r, true)
		if err != nil {
			t.Fatal(err)
		}
		l.Expect(l.Update(s, r), "UPDATE_COMPLETE")
		after, err := treeOf(t, l, s)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"/below unchanged", "/gone unchanged", "/renamed unchanged", "/same unchanged", "below/0 unchanged"}
		if looks {
			want = []string{"/below updated", "/gone replaced", "/renamed updated", "/same unchanged", "below/0 replaced"}
		}
		if said, done := listed(foreseen), executed(before, after); !slices.Equal(said, want) || !slices.Equal(done, want) {
			t.Errorf("looks: %t\nsaid %v\ndone %v", looks, said, done)
		}
	}
}
