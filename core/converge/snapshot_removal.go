package converge

import (
	"context"
	"fmt"
	"time"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/store"
)

// removalTime is how long a process keeps a snapshot to itself while it removes what the
// snapshot made. What it has not done by then is gone on with, here or elsewhere.
const removalTime = 30 * time.Second

// RemoveSnapshots has this process, if it works, see at once to snapshots that are to go.
// Others find them by looking every second.
func (w *Walker) RemoveSnapshots() {
	select {
	case w.removals <- struct{}{}:
	default:
	}
}

// attend does what is due of a kind, one by one: now, when called, and each time that the
// sweep is due.
func (w *Walker) attend(what string, called <-chan struct{}, next func(context.Context) (more bool, err error)) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		for {
			more, err := next(w.ctx)
			if err != nil && w.ctx.Err() == nil {
				w.Log.Error(what, "error", err)
			}
			if err != nil || !more {
				break
			}
		}
		select {
		case <-tick.C:
		case <-called:
		case <-w.ctx.Done():
			return
		}
	}
}

// removeNext goes on with one snapshot that is to go; more is false when there is none.
func (w *Walker) removeNext(ctx context.Context) (more bool, err error) {
	now := w.Now()
	snap, err := w.Store.ClaimSnapshot(ctx, now, now.Add(removalTime))
	if err != nil || snap == nil {
		return false, err
	}
	call, cancel := context.WithTimeout(ctx, removalTime-5*time.Second)
	defer cancel()
	progress, failure := w.removeCopies(call, snap)
	if ctx.Err() != nil {
		return false, ctx.Err() // it may have failed only because the process ends
	}
	switch {
	case failure != nil:
		snap.Status, snap.StatusReason = core.Failed, fmt.Sprintf("Resource snapshot %s failed: %s", snap.Action, failure)
	case !progress.Done:
		snap.DueAt = milliseconds(w.Now().Add(progress.After))
		time.AfterFunc(progress.After, w.RemoveSnapshots)
	}
	return true, w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if failure == nil && !progress.Done {
			return tx.SaveSnapshot(ctx, snap)
		}
		if err := w.revokeSnapshot(ctx, tx, snap); err != nil {
			return err
		}
		if failure == nil {
			return tx.DeleteSnapshot(ctx, snap.ID)
		}
		ended := *snap
		ended.Credentials = nil
		return tx.SaveSnapshot(ctx, &ended)
	})
}

// removeCopies asks the types to remove the copies of a snapshot, all of them each time.
func (w *Walker) removeCopies(ctx context.Context, snap *core.StackSnapshot) (resource.Progress, error) {
	var data core.SnapshotData
	if err := w.Store.Sealer().Open(snap.Data, &data, snap.ID); err != nil {
		return resource.Progress{}, err
	}
	s, err := w.Store.FindStack(ctx, snap.StackID)
	if err != nil {
		return resource.Progress{}, err
	}
	all := resource.Done
	for i := range data.Made {
		p, err := w.removeCopy(ctx, s, snap, &data.Made[i])
		if err != nil {
			return p, fmt.Errorf("%s", failureText(data.Made[i].Name, err))
		}
		if !p.Done && (all.Done || p.After < all.After) {
			all = p
		}
	}
	return all, nil
}

func (w *Walker) removeCopy(ctx context.Context, s *core.Stack, snap *core.StackSnapshot, made *core.SnapshotCopy) (resource.Progress, error) {
	row := &core.Resource{ID: made.ResourceID, StackID: s.ID, RootID: s.RootID, Name: made.Name, Type: made.Type, Class: made.Class, PhysicalID: made.PhysicalID}
	typ := w.classType(row)
	remover, ok := typ.New().(resource.SnapshotRemover)
	if !ok {
		return resource.Progress{}, core.EntityNotFound("Resource Type", made.Class)
	}
	c, err := w.context(s, row, typ)
	if err != nil {
		return resource.Progress{}, err
	}
	c.Data = made.Data
	if typ.Service != "" && w.Cloud != nil {
		var cr core.Credentials
		if err := w.Store.Sealer().Open(snap.Credentials, &cr, s.RootID); err != nil {
			return resource.Progress{}, err
		}
		if c.Cloud, err = w.Cloud.Client(ctx, cr); err != nil {
			return resource.Progress{}, err
		}
	}
	return remover.DeleteSnapshot(ctx, c)
}
