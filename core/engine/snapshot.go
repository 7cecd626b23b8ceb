package engine

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/store"
)

// SnapshotView is a snapshot as the APIs show it.
type SnapshotView struct {
	core.StackSnapshot
	// Export is the stack as it was; nil until the snapshot has ended.
	Export json.RawMessage
}

// CreateSnapshot begins a snapshot of a stack; name may be "". It returns ActionInProgress
// while the stack changes, RequestLimitExceeded when there are too many.
func (e *Engine) CreateSnapshot(ctx context.Context, caller *core.Caller, ref StackRef, name string) (*SnapshotView, error) {
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return nil, err
	}
	snap := core.StackSnapshot{ID: uuid.NewString(), ProjectID: s.ProjectID, StackID: s.ID, Name: name, Action: core.Create, Status: core.InProgress,
		CreatedAt: e.Now().UTC().Truncate(time.Millisecond)} // rows are not older, whatever the database rounds
	err = e.change(ctx, caller, s, func(ctx context.Context, tx *store.Tx, s *core.Stack) (*plan.Target, error) {
		if s.Status == core.InProgress {
			return nil, forbidden(s, core.Errorf(core.Conflict, "ActionInProgress", "Stack %s already has an action (%s) in progress.", s.Name, s.Action))
		}
		n, err := tx.CountSnapshots(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		if limit := e.Limits.SnapshotsPerStack; limit >= 0 && n >= limit && !caller.IsAdmin() {
			return nil, core.RequestLimitExceeded("You have reached the maximum snapshots per stack, %d. Please delete some snapshots.", limit)
		}
		if err := tx.CreateSnapshot(ctx, &snap); err != nil {
			return nil, err
		}
		return e.visit(ctx, tx, s, core.Snapshot)
	})
	if err != nil {
		return nil, err
	}
	return &SnapshotView{StackSnapshot: snap}, nil
}

// Snapshots gives the snapshots of a stack, oldest first.
func (e *Engine) Snapshots(ctx context.Context, caller *core.Caller, ref StackRef) ([]SnapshotView, error) {
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return nil, err
	}
	list, err := e.Store.Snapshots(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	out := make([]SnapshotView, len(list))
	for i := range list {
		if out[i], err = e.snapshotView(&list[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Snapshot gives a snapshot of a stack. It returns NotFound when there is none of that id.
func (e *Engine) Snapshot(ctx context.Context, caller *core.Caller, ref StackRef, id string) (*SnapshotView, error) {
	_, snap, err := e.findSnapshot(ctx, caller, ref, id)
	if err != nil {
		return nil, err
	}
	v, err := e.snapshotView(snap)
	return &v, err
}

// DeleteSnapshot begins to remove a snapshot with what it made in the cloud. It returns
// NotSupported while the snapshot is being made.
func (e *Engine) DeleteSnapshot(ctx context.Context, caller *core.Caller, ref StackRef, id string) error {
	s, _, err := e.findSnapshot(ctx, caller, ref, id)
	if err != nil {
		return err
	}
	root, err := e.Store.FindStack(ctx, s.RootID)
	if err != nil {
		return err
	}
	err = e.lending(ctx, caller, e.Walker.Credentials(ctx, root), func(l *loan) error { return e.endSnapshot(ctx, s, id, l) })
	if errors.Is(err, errSoAlready) {
		return nil
	}
	return err
}

// endSnapshot begins to remove a snapshot with what is lent for that; it gives errSoAlready
// when that goes on already.
func (e *Engine) endSnapshot(ctx context.Context, s *core.Stack, id string, l *loan) error {
	sealed, err := e.Store.Sealer().Seal(l.Credentials, s.RootID)
	if err != nil {
		return err
	}
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := lockLive(ctx, tx, s); err != nil {
			return err
		}
		snap, err := tx.FindSnapshot(ctx, s.ID, id)
		switch {
		case err != nil:
			return err
		case snap == nil:
			return errNoSnapshot(id)
		case snap.Status == core.InProgress && snap.Action == core.Create:
			return forbidden(s, core.NotSupported("Deleting in-progress snapshot"))
		case snap.Status == core.InProgress:
			return errSoAlready
		}
		snap.Action, snap.Status, snap.StatusReason = core.Delete, core.InProgress, core.SnapshotDeleteStarted
		snap.Credentials, snap.DueAt = sealed, 0
		tx.AfterCommit(e.Walker.RemoveSnapshots)
		return tx.SaveSnapshot(ctx, snap)
	})
}

func (e *Engine) findSnapshot(ctx context.Context, caller *core.Caller, ref StackRef, id string) (*core.Stack, *core.StackSnapshot, error) {
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return nil, nil, err
	}
	snap, err := e.Store.FindSnapshot(ctx, s.ID, id)
	if err == nil && snap == nil {
		err = errNoSnapshot(id)
	}
	return s, snap, err
}

func errNoSnapshot(id string) error {
	return core.Errorf(core.NotFound, "NotFound", "Snapshot with id %s not found", id)
}

func (e *Engine) snapshotView(snap *core.StackSnapshot) (SnapshotView, error) {
	v := SnapshotView{StackSnapshot: *snap}
	var data core.SnapshotData
	if err := e.Store.Sealer().Open(snap.Data, &data, snap.ID); err != nil {
		return v, err
	}
	v.Export = data.Stack
	return v, nil
}
