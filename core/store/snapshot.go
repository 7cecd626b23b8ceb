package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"hearth/core"
)

const snapshotTable = "snapshots AS stack_snapshot"

// CreateSnapshot stores a new snapshot.
func (tx *Tx) CreateSnapshot(ctx context.Context, s *core.StackSnapshot) error {
	if _, err := tx.NewInsert().Model(s).ModelTableExpr("snapshots").Exec(ctx); err != nil {
		return fmt.Errorf("store snapshot: %w", err)
	}
	return nil
}

// SaveSnapshot writes how far a snapshot has come and what it holds.
func (tx *Tx) SaveSnapshot(ctx context.Context, s *core.StackSnapshot) error {
	_, err := tx.NewUpdate().Model(s).ModelTableExpr(snapshotTable).
		Column("action", "status", "status_reason", "data", "credentials", "due_at").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("store snapshot: %w", err)
	}
	return nil
}

// FindSnapshot gives a snapshot of a stack; nil when there is none of that id.
func (s *Store) FindSnapshot(ctx context.Context, stackID, id string) (*core.StackSnapshot, error) {
	return findSnapshot(ctx, s.r, "stack_id = ? AND id = ?", stackID, id)
}

// FindSnapshot is Store.FindSnapshot inside the transaction.
func (tx *Tx) FindSnapshot(ctx context.Context, stackID, id string) (*core.StackSnapshot, error) {
	return findSnapshot(ctx, tx.Tx, "stack_id = ? AND id = ?", stackID, id)
}

// UnfinishedSnapshot gives the snapshot of a stack that is being made; nil for none.
func (tx *Tx) UnfinishedSnapshot(ctx context.Context, stackID string) (*core.StackSnapshot, error) {
	return findSnapshot(ctx, tx.Tx, "stack_id = ? AND action = ? AND status = ?", stackID, core.Create, core.InProgress)
}

func findSnapshot(ctx context.Context, db bun.IDB, where string, args ...any) (*core.StackSnapshot, error) {
	r := new(core.StackSnapshot)
	return one(r, db.NewSelect().Model(r).ModelTableExpr(snapshotTable).Where(where, args...).Limit(1).Scan(ctx))
}

// Snapshots gives the snapshots of a stack, oldest first.
func (s *Store) Snapshots(ctx context.Context, stackID string) ([]core.StackSnapshot, error) {
	return snapshots(ctx, s.r, stackID)
}

// Snapshots is Store.Snapshots inside the transaction.
func (tx *Tx) Snapshots(ctx context.Context, stackID string) ([]core.StackSnapshot, error) {
	return snapshots(ctx, tx.Tx, stackID)
}

func snapshots(ctx context.Context, db bun.IDB, stackID string) ([]core.StackSnapshot, error) {
	var out []core.StackSnapshot
	err := db.NewSelect().Model(&out).ModelTableExpr(snapshotTable).Where("stack_id = ?", stackID).Order("created_at", "id").Scan(ctx)
	return out, err
}

// CountSnapshots counts the snapshots of a stack.
func (tx *Tx) CountSnapshots(ctx context.Context, stackID string) (n int, err error) {
	err = tx.NewRaw("SELECT COUNT(*) FROM snapshots WHERE stack_id = ?", stackID).Scan(ctx, &n)
	return n, err
}

// EndSnapshots begins to remove every snapshot of a stack with sealed credentials. Those that
// are being removed already go with the credentials that they have.
func (tx *Tx) EndSnapshots(ctx context.Context, stackID string, credentials []byte) (begun bool, err error) {
	res, err := tx.ExecContext(ctx, "UPDATE snapshots SET action = ?, status = ?, status_reason = ?, credentials = ?, due_at = 0 WHERE stack_id = ? AND NOT (action = ? AND status = ?)",
		core.Delete, core.InProgress, core.SnapshotDeleteStarted, credentials, stackID, core.Delete, core.InProgress)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// DeleteSnapshot forgets a snapshot.
func (tx *Tx) DeleteSnapshot(ctx context.Context, id string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM snapshots WHERE id = ?", id)
	return err
}

// ForgetSnapshots forgets the snapshots of a stack, not what they made.
func (tx *Tx) ForgetSnapshots(ctx context.Context, stackID string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM snapshots WHERE stack_id = ?", stackID)
	return err
}

// ClaimSnapshot takes one snapshot whose removal is due; nobody else gets it before until.
// nil when there is none.
func (s *Store) ClaimSnapshot(ctx context.Context, now, until time.Time) (*core.StackSnapshot, error) {
	const due = "action = 'DELETE' AND status = 'IN_PROGRESS' AND due_at <= ?"
	r, err := findSnapshot(ctx, s.r, due, now.UnixMilli())
	if err != nil || r == nil {
		return nil, err
	}
	var taken bool
	err = s.Write(ctx, func(ctx context.Context, tx *Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE snapshots SET due_at = ? WHERE id = ? AND "+due, until.UnixMilli(), r.ID, now.UnixMilli())
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		taken = n == 1
		return err
	})
	if err != nil || !taken {
		return nil, err
	}
	return r, nil
}
