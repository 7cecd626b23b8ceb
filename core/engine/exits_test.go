package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// exitLab is an engine of steered types.
func exitLab(t *testing.T, st *store.Store, options ...enginetest.Option) (*enginetest.Lab, *worlds) {
	t.Helper()
	w := &worlds{}
	l := enginetest.New(t, st, enginetest.Types(t, w.types()), nil, options...)
	l.Limits.StacksPerTenant = -1
	return l, w
}

// way is one stack on its way into a state and out of it.
type way struct {
	*enginetest.Lab
	t   *testing.T
	w   *steering
	key string
	s   *core.Stack
	ref engine.StackRef
}

func newWay(t *testing.T, l *enginetest.Lab, worlds *worlds, key string) *way {
	own := *l
	own.T = t
	return &way{Lab: &own, t: t, w: worlds.of(key), key: key}
}

var names = []string{"first", "second"}

func (p *way) template(value string, names ...string) string {
	return steeredTemplate(p.key, value, names...)
}

// create begins to make the stack.
func (p *way) create(modes map[string]mode) {
	p.t.Helper()
	p.w.set(modes)
	p.began(begin(p.t, p.Lab, p.Request(p.key, p.template("v1", names...))))
}

func (p *way) began(s *core.Stack) {
	p.s, p.ref = s, engine.StackRef{ID: s.ID}
}

// ok fails the test unless a request was accepted.
func (p *way) ok(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// settled waits until the stack's action has ended.
func (p *way) settled() *core.Stack {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 30*time.Second)
	defer cancel()
	s, err := p.Await(ctx, p.s.ID)
	if err != nil {
		now, _ := p.Store.FindStack(p.t.Context(), p.s.ID)
		p.t.Fatalf("no end: %v; %s %s", err, now.State(), now.StatusReason)
	}
	return s
}

// is waits until the stack is in the state: one that is in progress has called operation.
func (p *way) is(state, operation string) {
	p.t.Helper()
	if strings.HasSuffix(state, "IN_PROGRESS") {
		until(p.t, operation+" is not called", func() bool { return len(p.w.called(operation)) > 0 })
		s, err := p.Store.FindStack(p.t.Context(), p.s.ID)
		p.ok(err)
		p.Expect(s, state)
		return
	}
	p.Expect(p.settled(), state)
}

func (p *way) updateTo(value string, rollback bool, names ...string) {
	p.t.Helper()
	r := update(p.Lab, p.template(value, names...))
	off := !rollback
	r.DisableRollback = &off
	p.ok(p.Engine.Update(p.t.Context(), p.Caller, p.ref, r))
}

// reach brings a new stack into a state by requests alone.
func (p *way) reach(state string) {
	p.t.Helper()
	action, status, _ := core.ParseState(state)
	m := map[core.Status]mode{core.InProgress: waits, core.Failed: fails, core.Complete: ends}[status]
	act := func(name string) {
		p.t.Helper()
		p.ok(p.Act(p.t.Context(), p.Caller, p.ref, name))
	}
	if action == core.Adopt {
		p.adopt(status)
		p.is(state, "second.attribute")
		return
	}
	if action == core.Create {
		p.create(map[string]mode{"second.create": m})
		p.is(state, "second.create")
		return
	}
	p.create(nil)
	p.is("CREATE_COMPLETE", "")
	operation := "second." + strings.ToLower(string(action))
	switch action {
	case core.Update:
		p.w.set(map[string]mode{operation: m})
		p.updateTo("v2", false, names...)
	case core.Rollback:
		operation = "third.delete"
		p.w.set(map[string]mode{"third.create": fails, operation: m})
		p.updateTo("v2", true, "first", "second", "third")
	case core.Delete:
		p.w.set(map[string]mode{operation: m})
		p.ok(p.Engine.Delete(p.t.Context(), p.Caller, p.ref))
	case core.Resume:
		act("suspend")
		p.is("SUSPEND_COMPLETE", "")
		p.w.set(map[string]mode{operation: m})
		act("resume")
	case core.Suspend:
		p.w.set(map[string]mode{operation: m})
		act("suspend")
	case core.Check:
		if m == waits {
			m = hangs
		}
		p.w.set(map[string]mode{operation: m})
		act("check")
	case core.Snapshot:
		p.w.set(map[string]mode{operation: m})
		_, err := p.CreateSnapshot(p.t.Context(), p.Caller, p.ref, "")
		p.ok(err)
	case core.Restore:
		snap := snapshot(p.t, p.Lab, p.s, "")
		p.updateTo("v2", false, names...)
		p.is("UPDATE_COMPLETE", "")
		p.w.forget()
		operation = "second.update"
		p.w.set(map[string]mode{operation: m})
		p.ok(p.Restore(p.t.Context(), p.Caller, p.ref, snap.ID))
	}
	p.is(state, operation)
}

// adopt takes objects over; what would be in progress hangs in the one call that there is.
func (p *way) adopt(status core.Status) {
	p.t.Helper()
	var without []string
	switch status {
	case core.Failed:
		without = []string{"second"}
	case core.InProgress:
		p.w.set(map[string]mode{"second.attribute": hangs})
	}
	export := takenOver(p.t, p.w, p.template("v1", names...), names, without...)
	p.began(begin(p.t, p.Lab, adopt(p.Lab, p.key, export)))
}

// exits are the requests that may be made of a stack, by the words of core.Error.Permitted.
var exits = []string{"update", "cancel_update", "cancel_without_rollback", "retry", "suspend", "resume", "check", "snapshot",
	"delete", "force_delete", "abandon"}

// leave makes a request.
func (p *way) leave(exit string) error {
	ctx := p.t.Context()
	switch exit {
	case "update":
		return p.Engine.Update(ctx, p.Caller, p.ref, update(p.Lab, p.template("v3", "first", "second", "fourth")))
	case "snapshot":
		_, err := p.CreateSnapshot(ctx, p.Caller, p.ref, "")
		return err
	case "delete":
		return p.Engine.Delete(ctx, p.Caller, p.ref)
	case "force_delete":
		return p.ForceDelete(ctx, p.Caller, p.ref)
	case "abandon":
		_, err := p.Engine.Abandon(ctx, p.Caller, p.ref)
		return err
	}
	return p.Act(ctx, p.Caller, p.ref, exit)
}

// try makes a request of a stack in a state, and wants its end: permitted is what a refusal
// names, nil when it was accepted.
func (p *way) try(state, exit string) (permitted []string) {
	p.t.Helper()
	action, status, _ := core.ParseState(state)
	p.reach(state)
	err := p.leave(exit)
	if action == core.Delete && status == core.Complete {
		if e, ok := errors.AsType[*core.Error](err); !ok || e.Type != "EntityNotFound" {
			p.t.Fatalf("a stack that is gone answers %v", err)
		}
		return nil
	}
	if err != nil {
		e, ok := errors.AsType[*core.Error](err)
		if !ok || len(e.Permitted) == 0 {
			p.t.Fatalf("the refusal names nothing else: %v", err)
		}
		permitted = e.Permitted
	}
	// What leads out must do so although nothing has got better; what goes on, or does
	// again what hung, needs that it has.
	out := exit == "force_delete" || exit == "abandon" || err == nil && strings.HasPrefix(exit, "cancel") ||
		exit == "delete" && action != core.Delete && action != core.Rollback
	if !out {
		p.w.set(nil)
	}
	p.w.open() // see TestProvidersThatHang for calls that never end
	s := p.settled()
	objects := p.w.left()
	switch exit {
	case "abandon":
		if err == nil && (s.DeletedAt == nil || s.Status != core.Complete) {
			p.t.Errorf("abandoned, it is %s", s.State())
		}
		return permitted
	case "delete":
		if s.State() != "DELETE_COMPLETE" || len(objects) > 0 {
			p.t.Errorf("deleted, it is %s (%s) and leaves %v", s.State(), s.StatusReason, objects)
		}
		return permitted
	case "force_delete":
		if s.State() != "DELETE_COMPLETE" {
			p.t.Errorf("deleted by force, it is %s (%s)", s.State(), s.StatusReason)
		}
		if stuck := action == core.Delete || action == core.Rollback && status != core.Complete; stuck != (len(objects) > 0) || len(objects) != len(s.Failures()) {
			p.t.Errorf("deleted by force, it leaves %v and names %v", objects, s.Failures())
		}
		return permitted
	}
	p.w.set(nil)
	if s = p.settled(); s.DeletedAt == nil {
		p.ok(p.Engine.Delete(p.t.Context(), p.Caller, p.ref))
		s = p.settled()
	}
	if objects = p.w.left(); s.State() != "DELETE_COMPLETE" || len(objects) > 0 {
		p.t.Errorf("deleted in the end, it is %s (%s) and leaves %v", s.State(), s.StatusReason, objects)
	}
	return permitted
}

// states are all that a stack can be in.
func states() []string {
	var out []string
	for _, a := range []core.Action{core.Create, core.Update, core.Rollback, core.Delete, core.Suspend, core.Resume, core.Check,
		core.Snapshot, core.Restore, core.Adopt} {
		for _, s := range []core.Status{core.InProgress, core.Complete, core.Failed} {
			out = append(out, core.State(a, s))
		}
	}
	return out
}

// always is what no state refuses.
var always = []string{"delete", "force_delete", "abandon"}

// Whatever a stack is doing, and however that has ended: each request is accepted, or the
// refusal names what is permitted instead, which is then accepted. There is always a way
// out, and it leads to an end.
func TestEveryStateHasExits(t *testing.T) {
	table := func(t *testing.T, st *store.Store, states []string) {
		type cell struct{ state, exit string }
		var mu sync.Mutex
		refused := map[cell][]string{}
		t.Run("cells", func(t *testing.T) {
			l, w := exitLab(t, st, quick)
			for i, state := range states {
				for j, exit := range exits {
					key := fmt.Sprintf("s%d-%d", i, j)
					t.Run(state+"/"+exit, func(t *testing.T) {
						t.Parallel()
						permitted := newWay(t, l, w, key).try(state, exit)
						mu.Lock()
						defer mu.Unlock()
						if permitted != nil {
							refused[cell{state, exit}] = permitted
						}
					})
				}
			}
		})
		for c, permitted := range refused {
			if slices.Contains(always, c.exit) {
				t.Errorf("%s: %s is refused", c.state, c.exit)
			}
			for _, exit := range exits {
				if _, no := refused[cell{c.state, exit}]; no == slices.Contains(permitted, exit) {
					t.Errorf("%s: the refusal of %s permits %v; %s is refused: %t", c.state, c.exit, permitted, exit, no)
				}
			}
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		table(t, storetest.Open(t, storetest.SQLite(t)), states())
	})
	t.Run("postgres", func(t *testing.T) {
		table(t, storetest.Open(t, storetest.Postgres(t)), []string{"CREATE_IN_PROGRESS", "UPDATE_FAILED", "ROLLBACK_IN_PROGRESS", "DELETE_FAILED"})
	})
}

// quick lets a forced deletion end in the time of a test.
func quick(c *converge.Config) { c.ForceTimeout = 2 * time.Second }
