package converge

import (
	"context"

	"hearth/core"
	"hearth/core/store"
)

// handOver writes down what the steps of a superseded walk have made, so that nothing is
// orphaned, and lets the newer walk have the resources. A row that the newer walk has
// taken up by itself, because the lease had run out, is left to it.
func (d *drainer) handOver(ctx context.Context, finished []*step) error {
	if len(finished) == 0 {
		return nil
	}
	return d.w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := tx.LockStack(ctx, d.walk.StackID)
		if err != nil || s == nil {
			return err
		}
		ids := make([]string, len(finished))
		for i, f := range finished {
			ids[i] = f.row.ID
		}
		free, err := tx.Untouched(ctx, d.walk, d.owner, ids)
		if err != nil {
			return err
		}
		list, err := tx.ResourcesByID(ctx, ids)
		if err != nil {
			return err
		}
		stored := newRows(list).byID
		var rows []*core.Resource
		var events []core.Event
		for _, f := range finished {
			if !free[f.row.ID] || overtaken(f.row, stored[f.row.ID]) {
				continue
			}
			row, e := d.late(f)
			rows = append(rows, row)
			if e != nil {
				events = append(events, *e)
			}
		}
		if err := tx.SaveLate(ctx, rows); err != nil {
			return err
		}
		if err := tx.AddEvents(ctx, events); err != nil {
			return err
		}
		if err := tx.Release(ctx, d.walk.StackID, ids); err != nil {
			return err
		}
		return d.w.call(ctx, tx, store.Walk{StackID: s.ID, Traversal: s.Traversal})
	})
}

// overtaken reports whether another worker, who took the lease over, has brought to an end
// what a step was about; stored is nil when its row is gone.
func overtaken(row, stored *core.Resource) bool {
	return stored == nil || stored.Status != core.InProgress && stored.StatusReason != aborted(row.Action) && stored.UpdatedAt.After(row.UpdatedAt)
}

// late is the row and the event of a step that ended too late: what is done is done, what
// was under way has been interrupted.
func (d *drainer) late(f *step) (*core.Resource, *core.Event) {
	now := d.w.Now().UTC()
	switch {
	case f.err != nil:
		e := f.fail(now)
		return f.row, e
	case f.progress.Done && !f.replace:
		e := f.complete(now)
		return f.row, e
	}
	f.absorb()
	f.row.Status, f.row.StatusReason, f.row.UpdatedAt = core.Failed, aborted(f.row.Action), now
	return f.row, ptr(resourceEvent(f.row, now, f.masked()))
}

// putDown writes down what steps have made so far in a walk that goes on without this
// drainer, and frees their nodes.
func (d *drainer) putDown(ctx context.Context, finished []*step) error {
	superseded := false
	err := d.w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := tx.LockStack(ctx, d.walk.StackID)
		if err != nil || s == nil {
			return err
		}
		if superseded = s.Traversal != d.walk.Traversal; superseded {
			return nil
		}
		for _, f := range finished {
			held, err := tx.Holds(ctx, d.walk, d.owner, f.node)
			if err != nil {
				return err
			}
			if !held {
				continue
			}
			if f.c != nil && (f.c.PhysicalID != "" || f.sealed != nil) {
				if err := tx.Checkpoint(ctx, f.row.ID, f.c.PhysicalID, f.sealed); err != nil {
					return err
				}
			}
			if err := tx.PutDown(ctx, d.walk, f.node); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && superseded {
		return d.handOver(ctx, finished)
	}
	return err
}
