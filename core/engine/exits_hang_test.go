package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// eachAtOnce runs a test on both databases at the same time.
func eachAtOnce(t *testing.T, test func(t *testing.T, st *store.Store)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, storetest.Open(t, storetest.SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, storetest.Open(t, storetest.Postgres(t))) })
}

// hanging is a stack whose provider does not answer, and what is asked of it then.
type hanging struct {
	*way
	exit  string
	deaf  bool // the provider does not even hear that nobody waits any more
	state string
}

// A provider that hangs for ever is left within five seconds, whatever leads out. What it
// comes to after all is noted where the resource is still there; it brings nothing back.
func TestProvidersThatHang(t *testing.T) {
	ends := map[string]string{"delete": "DELETE_COMPLETE", "force_delete": "DELETE_COMPLETE", "abandon": "DELETE_COMPLETE",
		"cancel_update": "ROLLBACK_COMPLETE", "cancel_without_rollback": "CREATE_FAILED", "update": "UPDATE_COMPLETE", "suspend": "SUSPEND_FAILED", "timeout": "CREATE_FAILED"}
	eachAtOnce(t, func(t *testing.T, st *store.Store) {
		l, worlds := exitLab(t, st)
		var all []hanging
		for exit, state := range ends {
			for _, m := range []mode{hangs, hangsOn} {
				h := hanging{newWay(t, l, worlds, fmt.Sprintf("%s-%d", exit, m)), exit, m == hangsOn, state}
				if all = append(all, h); exit == "cancel_update" {
					h.create(nil)
					h.is("CREATE_COMPLETE", "")
					h.w.set(map[string]mode{"second.update": m})
					h.updateTo("v2", false, names...)
					h.is("UPDATE_IN_PROGRESS", "second.update")
				} else {
					h.create(map[string]mode{"second.create": m})
					h.is("CREATE_IN_PROGRESS", "second.create")
				}
			}
		}
		for _, h := range all {
			if h.exit == "timeout" {
				h.ok(h.timeOut())
				continue
			}
			if h.exit == "update" {
				h.w.set(nil)
			}
			h.ok(h.leave(h.exit))
		}
		end := time.Now().Add(5 * time.Second)
		for i := range all {
			all[i].endsBefore(end)
		}
		for _, h := range all {
			h.late()
		}
	})
}

// timeOut has the stack's time be over.
func (p *way) timeOut() error {
	s, err := p.Store.FindStack(p.t.Context(), p.s.ID)
	if err != nil {
		return err
	}
	return p.Walker.HaltWalk(p.t.Context(), store.Walk{StackID: s.ID, Traversal: s.Traversal}, "Timed out")
}

func (h *hanging) endsBefore(end time.Time) {
	h.t.Helper()
	for {
		s, err := h.Store.FindStack(h.t.Context(), h.s.ID)
		h.ok(err)
		if s.Status != core.InProgress {
			if h.s = s; s.State() != h.state {
				h.t.Errorf("%s: %s (%s), not %s", h.key, s.State(), s.StatusReason, h.state)
			}
			return
		}
		if time.Now().After(end) {
			h.t.Fatalf("%s: still %s", h.key, s.State())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// late lets the call go on that nobody waits for any more.
func (h *hanging) late() {
	h.t.Helper()
	before := h.w.left()
	row := func() *core.Resource {
		r, err := h.Store.FindResource(h.t.Context(), h.s.ID, "second")
		h.ok(err)
		return r
	}
	h.w.set(nil)
	h.w.open()
	if made := h.exit != "cancel_update" && h.deaf; made {
		until(h.t, h.key+": nothing is made", func() bool { return len(h.w.left()) > len(before) })
	}
	switch h.exit {
	case "cancel_without_rollback", "timeout", "suspend":
		if h.deaf {
			until(h.t, h.key+": what was made is not noted", func() bool { return row().PhysicalID != "" })
		}
	}
	s := h.settled()
	if d := cmp.Diff(h.s.State(), s.State()); d != "" || h.s.Traversal != s.Traversal {
		h.t.Errorf("%s: brought back: %s", h.key, d)
	}
	if s.DeletedAt != nil {
		if r := row(); r != nil {
			h.t.Errorf("%s: the row is back: %s", h.key, r.State())
		}
		return
	}
	if h.exit == "update" && row().PhysicalID == "" {
		h.t.Errorf("%s: the late call has overwritten the row", h.key)
	}
	h.ok(h.Engine.Delete(h.t.Context(), h.Caller, h.ref))
	h.Expect(h.settled(), "DELETE_COMPLETE")
	orphan := h.exit == "update" && h.deaf // made when its row was gone already
	if left := h.w.left(); len(left) > 0 && !orphan {
		h.t.Errorf("%s: left %v", h.key, left)
	}
}

// A call that is over its time fails its resource although it does not end; what it makes
// after that belongs to the resource.
func TestCallsThatOutstayTheirTime(t *testing.T) {
	eachAtOnce(t, func(t *testing.T, st *store.Store) {
		l, worlds := exitLab(t, st, func(c *converge.Config) { c.StepTimeout = 100 * time.Millisecond })
		p := newWay(t, l, worlds, "s")
		p.create(map[string]mode{"second.create": hangsOn})
		s := p.settled()
		p.Expect(s, "CREATE_FAILED")
		if s.StatusReason != "Resource CREATE failed: Timeout: resources.second: context deadline exceeded" {
			t.Error(s.StatusReason)
		}
		p.w.set(nil)
		p.w.open()
		until(t, "what was made is not noted", func() bool {
			r, err := p.Store.FindResource(t.Context(), s.ID, "second")
			p.ok(err)
			return r.PhysicalID == "second-2"
		})
		p.ok(p.Engine.Delete(t.Context(), p.Caller, p.ref))
		p.Expect(p.settled(), "DELETE_COMPLETE")
		if left := p.w.left(); len(left) > 0 {
			t.Error(left)
		}
	})
}
