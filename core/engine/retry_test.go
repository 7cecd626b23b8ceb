package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/store"
)

// A retry goes on with what has failed and what had not begun: what is complete is not
// touched. A check looks at everything again, since it tells of this moment.
func TestRetry(t *testing.T) {
	goesOn := map[string][]string{
		"CREATE_FAILED":   {"second.create", "second.delete"},
		"UPDATE_FAILED":   {"second.create", "second.delete"},
		"ROLLBACK_FAILED": {"third.delete"},
		"DELETE_FAILED":   {"second.delete", "first.delete"},
		"SUSPEND_FAILED":  {"second.suspend", "first.suspend"},
		"RESUME_FAILED":   {"second.resume"},
		"CHECK_FAILED":    {"first.check", "second.check"},
		"RESTORE_FAILED":  {"second.create", "second.delete"},
		"ADOPT_FAILED":    nil,
	}
	eachAtOnce(t, func(t *testing.T, st *store.Store) {
		l, worlds := exitLab(t, st)
		for state, want := range goesOn {
			t.Run(state, func(t *testing.T) {
				p := newWay(t, l, worlds, strings.ToLower(state))
				if state == "ADOPT_FAILED" { // for want of a service; an object that is not named is wanting for ever
					p.w.set(map[string]mode{"second.attribute": fails})
					p.began(begin(t, l, adopt(l, p.key, takenOver(t, p.w, p.template("v1", names...), names))))
					p.is(state, "")
				} else {
					p.reach(state)
				}
				p.w.set(nil)
				p.w.forget()
				p.ok(p.Act(t.Context(), p.Caller, p.ref, "retry"))
				s := p.settled()
				p.Expect(s, strings.Replace(state, "FAILED", "COMPLETE", 1))
				calls := slices.DeleteFunc(p.w.called(), func(c string) bool { return strings.HasSuffix(c, ".attribute") })
				if state == "ROLLBACK_FAILED" { // the way back of the second does not wait for the third
					calls = slices.DeleteFunc(calls, func(c string) bool { return c == "second.update" })
				}
				if d := cmp.Diff(want, calls, cmpopts.EquateEmpty()); d != "" {
					t.Error(d)
				}
				if s.DeletedAt == nil && len(s.Failures()) > 0 && s.Action != core.Rollback {
					t.Error(s.Failures())
				}
				if wanted := map[bool]int{true: 0, false: 2}[s.DeletedAt != nil]; len(p.w.left()) != wanted {
					t.Error(p.w.left())
				}
			})
		}
	})
}

// A forced deletion ends although objects, two levels down, cannot be removed, do not
// answer or are never gone: what can go goes, and the stack's failures name the rest.
func TestForceDelete(t *testing.T) {
	const top = "heat_template_version: 2021-04-16\nresources:\n  mid: {type: mid.yaml}\n"
	for _, how := range []mode{fails, waits, hangs, hangsOn} {
		t.Run(fmt.Sprint(how), func(t *testing.T) {
			eachAtOnce(t, func(t *testing.T, st *store.Store) {
				w := &worlds{}
				l := enginetest.New(t, st, enginetest.Types(t, w.types(), heat.Types), nil, func(c *converge.Config) { c.ForceTimeout = 6 * time.Second })
				p := newWay(t, l, w, "s")
				r := l.Request("s", top)
				r.Files = map[string]string{"mid.yaml": strings.Replace(top, "mid: {type: mid.yaml}", "low: {type: low.yaml}", 1),
					"low.yaml": p.template("v1", "first", "second", "third")}
				p.began(begin(t, l, r))
				p.is("CREATE_COMPLETE", "")
				p.w.set(map[string]mode{"second.delete": how})
				if how == fails {
					p.ok(p.Engine.Delete(t.Context(), p.Caller, p.ref))
					p.Expect(p.settled(), "DELETE_FAILED")
				}
				p.ok(p.ForceDelete(t.Context(), p.Caller, p.ref))
				s := p.settled()
				p.Expect(s, "DELETE_COMPLETE")
				var paths []string
				for _, f := range s.Failures() {
					paths = append(paths, strings.Join(f.Path, ".")+" "+f.PhysicalID)
				}
				if d := cmp.Diff([]string{"mid.low.second second-2"}, paths); d != "" {
					t.Errorf("%s\n%+v", d, s.Failures())
				}
				if d := cmp.Diff([]string{"second-2"}, p.w.left()); d != "" {
					t.Error(d)
				}
				if want := "Stack DELETE completed, 1 resources are left behind"; s.StatusReason != want {
					t.Error(s.StatusReason)
				}
				p.w.open()
			})
		})
	}
}

// A provider that says a great deal is quoted in full where one thing is shown, and cut
// where many are. What it says stands in nobody's way.
func TestReasonsOfAnyLength(t *testing.T) {
	eachAtOnce(t, func(t *testing.T, st *store.Store) {
		l, worlds := exitLab(t, st)
		p := newWay(t, l, worlds, "s")
		p.w.text = strings.Repeat("Überlänge ", 1<<20/11)
		p.create(map[string]mode{"second.create": fails})
		s := p.settled()
		p.Expect(s, "CREATE_FAILED")
		ctx := t.Context()
		if !strings.HasSuffix(s.StatusReason, p.w.text) || !strings.HasSuffix(s.Failures()[0].Message, p.w.text) {
			t.Error("the reason is not stored as it is")
		}
		one, err := p.Engine.Resource(ctx, p.Caller, p.ref, "second", nil)
		p.ok(err)
		if !strings.HasSuffix(one.StatusReason, p.w.text) {
			t.Error("the resource's reason is not stored as it is")
		}
		stacks, _, err := p.List(ctx, p.Caller, engine.ListOptions{})
		p.ok(err)
		resources, err := p.Engine.Resources(ctx, p.Caller, p.ref, engine.ResourceFilter{}, false)
		p.ok(err)
		events, err := p.Engine.Events(ctx, p.Caller, p.ref, engine.EventFilter{})
		p.ok(err)
		reasons := []string{stacks[0].StatusReason}
		for _, r := range resources {
			reasons = append(reasons, r.StatusReason)
		}
		for _, e := range events {
			reasons = append(reasons, e.StatusReason)
		}
		var cut int
		for _, r := range reasons {
			if strings.Contains(r, "Überlänge") {
				cut++
			}
			if len(r) > 64<<10 || strings.ToValidUTF8(r, "") != r {
				t.Errorf("a list has a reason of %d bytes", len(r))
			}
		}
		if cut != 4 {
			t.Errorf("%d reasons tell of it, not those of the stack, the resource and their events", cut)
		}
		p.w.set(nil)
		p.ok(p.Engine.Delete(ctx, p.Caller, p.ref))
		p.Expect(p.settled(), "DELETE_COMPLETE")
	})
}

// What could not be taken over in a nested stack is taken over by a retry: nothing is made
// anew, nothing is deleted.
func TestRetryOfANestedAdoption(t *testing.T) {
	eachAtOnce(t, func(t *testing.T, st *store.Store) {
		l, worlds := exitLab(t, st)
		p := newWay(t, l, worlds, "s")
		r := l.Request("s", "heat_template_version: 2021-04-16\nresources:\n  low: {type: low.yaml}\n")
		r.Files = map[string]string{"low.yaml": p.template("v1", names...)}
		p.began(begin(t, l, r))
		p.is("CREATE_COMPLETE", "")
		export := abandon(t, l, p.s)
		p.w.set(map[string]mode{"second.attribute": fails})
		p.began(begin(t, l, adopt(l, "s", export)))
		p.is("ADOPT_FAILED", "")
		p.w.set(nil)
		p.w.forget()
		p.ok(p.Act(t.Context(), p.Caller, p.ref, "retry"))
		p.is("ADOPT_COMPLETE", "")
		if d := cmp.Diff([]string{"second.attribute"}, p.w.called()); d != "" {
			t.Error(d)
		}
		p.ok(p.Engine.Delete(t.Context(), p.Caller, p.ref))
		p.Expect(p.settled(), "DELETE_COMPLETE")
		if left := p.w.left(); len(left) > 0 {
			t.Error(left)
		}
	})
}
