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
			mine, err := d.stillMine(ctx, tx, f, free[f.row.ID])
			if err != nil {
				return err
			}
			if !mine || f.err == nil && !f.restored.ready() {
				continue
			}
			if overtaken(f, stored[f.row.ID]) {
				if err := noteObject(ctx, tx, f, stored[f.row.ID]); err != nil {
					return err
				}
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

// stillMine reports whether nobody has taken up a step's resource since: it is free, or
// stands as the drainer has left it.
func (d *drainer) stillMine(ctx context.Context, tx *store.Tx, f *step, free bool) (bool, error) {
	if free || !f.delivery.left() {
		return free, nil
	}
	return tx.GivenUp(ctx, d.walk, f.node)
}

// noteObject has a row that was overtaken know of the object that a step has made for it, if
// it knows of none: somebody must delete it.
func noteObject(ctx context.Context, tx *store.Tx, f *step, stored *core.Resource) error {
	if stored == nil || stored.PhysicalID != "" || stored.Action == core.Delete && stored.Status == core.Complete || f.c == nil || f.c.PhysicalID == "" {
		return nil
	}
	return tx.Checkpoint(ctx, f.row.ID, f.c.PhysicalID, f.sealed)
}

// overtaken reports whether another worker, who took the lease over, has brought to an end
// what a step was about; stored is nil when its row is gone. That a step which was left has
// failed is not known better by anyone.
func overtaken(f *step, stored *core.Resource) bool {
	switch {
	case stored == nil:
		return true
	case stored.Status == core.InProgress, stored.StatusReason == aborted(f.row.Action):
		return false
	case f.delivery.left() && stored.Status == core.Failed && stored.Action == f.row.Action:
		return false
	}
	return stored.UpdatedAt.After(f.row.UpdatedAt)
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
	return f.row, ptr(resourceEvent(f.stack, f.row, now, f.masked()))
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
