package converge

import (
	"context"
	"fmt"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/yaml"
)

// closeSnapshot has the snapshot that a stack's walk was for tell how that has ended. A
// nested stack's walk belongs to the snapshot of the stack above.
func (w *Walker) closeSnapshot(ctx context.Context, tx *store.Tx, s *core.Stack) error {
	snap, err := tx.UnfinishedSnapshot(ctx, s.ID)
	if err != nil || snap == nil {
		return err
	}
	return w.keepSnapshot(ctx, tx, s, snap, s.Status, s.StatusReason)
}

// leaveSnapshots ends what a walk of another action leaves unfinished; with a stack go its
// snapshots. s is what the stack is to be, and is not stored yet.
func (w *Walker) leaveSnapshots(ctx context.Context, tx *store.Tx, s *core.Stack) error {
	snap, err := tx.UnfinishedSnapshot(ctx, s.ID)
	if err != nil {
		return err
	}
	if snap != nil {
		was, err := tx.FindStack(ctx, s.ID)
		if err != nil || was == nil {
			return err
		}
		if err := w.keepSnapshot(ctx, tx, was, snap, core.Failed, fmt.Sprintf("Stack %s cancelled", core.Snapshot)); err != nil {
			return err
		}
	}
	if s.Action != core.Delete {
		return nil
	}
	credentials := s.Credentials
	if s.ID != s.RootID {
		root, err := tx.FindStack(ctx, s.RootID)
		if err != nil || root == nil {
			return err
		}
		credentials = root.Credentials
	}
	begun, err := tx.EndSnapshots(ctx, s.ID, credentials)
	if begun {
		tx.AfterCommit(w.RemoveSnapshots)
	}
	return err
}

// keepSnapshot stores what a snapshot holds.
func (w *Walker) keepSnapshot(ctx context.Context, tx *store.Tx, s *core.Stack, snap *core.StackSnapshot, status core.Status, reason string) error {
	export, err := w.Export(ctx, tx, s)
	if err != nil {
		return err
	}
	var data core.SnapshotData
	if data.Stack, err = yaml.EncodeJSON(export); err != nil {
		return err
	}
	if data.Made, err = w.copies(ctx, tx, s.ID, snap); err != nil {
		return err
	}
	if snap.Data, err = w.Store.Sealer().Seal(data, snap.ID); err != nil {
		return err
	}
	snap.Status, snap.StatusReason = status, reason
	return tx.SaveSnapshot(ctx, snap)
}

// copies are the resources, those of nested stacks too, of which the snapshot's own walk
// has made a copy: what a row remembers from another snapshot is not this one's.
func (w *Walker) copies(ctx context.Context, tx *store.Tx, stackID string, snap *core.StackSnapshot) (out []core.SnapshotCopy, err error) {
	rows, err := tx.Resources(ctx, stackID)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		r := &rows[i]
		if r.Action != core.Snapshot || r.UpdatedAt.Before(snap.CreatedAt) {
			continue
		}
		child, err := tx.FindChild(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		if child != nil {
			below, err := w.copies(ctx, tx, child.ID, snap)
			if err != nil {
				return nil, err
			}
			out = append(out, below...)
			continue
		}
		typ := w.classType(r)
		if _, ok := typ.New().(resource.SnapshotRemover); !ok || r.Status != core.Complete {
			continue
		}
		c := core.SnapshotCopy{ResourceID: r.ID, Name: r.Name, Type: r.Type, Class: typ.Name, PhysicalID: r.PhysicalID}
		if err := w.Store.Sealer().Open(r.Data, &c.Data, r.ID); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}
