package converge

import (
	"context"
	"time"

	"hearth/core"
	"hearth/core/store"
)

// sweepEvery is how often a process looks for work that nobody does.
const sweepEvery = time.Second

func (w *Walker) sweep() {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := w.sweepOnce(w.ctx); err != nil && w.ctx.Err() == nil {
			w.Log.Error("sweep", "error", err)
		}
		select {
		case <-tick.C:
		case <-w.ctx.Done():
			return
		}
	}
}

// sweepOnce calls drainers to walks whose nodes are due or have lost their worker, and
// fails the walks that have run out of time.
func (w *Walker) sweepOnce(ctx context.Context) error {
	walks, err := w.Store.DueWalks(ctx, w.Now(), 4*w.Drainers)
	if err != nil {
		return err
	}
	for _, walk := range walks {
		w.Kick(walk)
	}
	late, err := w.Store.OverdueStacks(ctx, w.Now(), 100)
	if err != nil {
		return err
	}
	for _, s := range late {
		if err := w.Fail(ctx, store.Walk{StackID: s.ID, Traversal: s.Traversal}, "Timed out"); err != nil {
			return err
		}
	}
	return nil
}

// Fail has a walk end as failed: nothing more of it is begun, what waits is let go.
func (w *Walker) Fail(ctx context.Context, walk store.Walk, reason string) error {
	return w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Fail(ctx, walk, reason); err != nil {
			return err
		}
		return w.call(ctx, tx, walk)
	})
}

// milliseconds is a due time.
func milliseconds(t time.Time) int64 { return t.UnixMilli() }

// stackEvent is an event of the stack itself.
func stackEvent(s *core.Stack, now time.Time) core.Event {
	return core.Event{StackID: s.ID, RootID: s.RootID, ResourceName: s.Name, ResourceType: core.StackEventType, PhysicalID: s.ID,
		Action: s.Action, Status: s.Status, StatusReason: s.StatusReason, CreatedAt: now}
}
