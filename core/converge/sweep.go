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

// sweepOnce calls drainers to the walks that have something to do and nobody who does it.
func (w *Walker) sweepOnce(ctx context.Context) error {
	walks, err := w.Due(ctx)
	for _, walk := range walks {
		w.Kick(walk)
	}
	return err
}

// Due gives the walks whose nodes are due or have lost their worker, and those that fail
// and have not ended; the walks that have run out of time are made to fail.
func (w *Walker) Due(ctx context.Context) ([]store.Walk, error) {
	late, err := w.Store.OverdueStacks(ctx, w.Now(), 100)
	if err != nil {
		return nil, err
	}
	for _, s := range late {
		if err := w.HaltWalk(ctx, store.Walk{StackID: s.ID, Traversal: s.Traversal}, "Timed out"); err != nil {
			return nil, err
		}
	}
	return w.Store.DueWalks(ctx, w.Now(), 4*w.Drainers)
}

// HaltWalk has a walk end as failed now: nothing more of it is begun, what waits is let go.
func (w *Walker) HaltWalk(ctx context.Context, walk store.Walk, reason string) error {
	return w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Halt(ctx, walk, reason); err != nil {
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
