package store

import (
	"context"
	"fmt"
	"time"

	"hearth/core"
)

// CreateRevocation stores a trust that is to be deleted.
func (tx *Tx) CreateRevocation(ctx context.Context, r *core.Revocation) error {
	if _, err := tx.NewInsert().Model(r).Exec(ctx); err != nil {
		return fmt.Errorf("store revocation: %w", err)
	}
	return nil
}

// ClaimRevocation takes one trust whose deletion is due, and counts the attempt; nobody else
// gets it before until. While snapshots of the stack are being removed, which may need the
// trust, it is not due. nil when there is none.
func (s *Store) ClaimRevocation(ctx context.Context, now, until time.Time) (*core.Revocation, error) {
	r := new(core.Revocation)
	const needed = "EXISTS (SELECT 1 FROM snapshots AS p JOIN stacks AS s ON s.id = p.stack_id WHERE s.root_id = revocation.stack_id AND p.action = 'DELETE' AND p.status = 'IN_PROGRESS')"
	r, err := one(r, s.r.NewSelect().Model(r).Where("due_at <= ?", now.UnixMilli()).Where("NOT "+needed).Order("due_at", "id").Limit(1).Scan(ctx))
	if err != nil || r == nil {
		return nil, err
	}
	var taken bool
	err = s.Write(ctx, func(ctx context.Context, tx *Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE revocations SET due_at = ?, attempts = attempts + 1 WHERE id = ? AND due_at = ?", until.UnixMilli(), r.ID, r.DueAt)
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
	r.Attempts++
	return r, nil
}

// PostponeRevocation has the deletion of a trust tried again later.
func (tx *Tx) PostponeRevocation(ctx context.Context, id string, due time.Time) error {
	_, err := tx.ExecContext(ctx, "UPDATE revocations SET due_at = ? WHERE id = ?", due.UnixMilli(), id)
	return err
}

// DeleteRevocation forgets a trust.
func (tx *Tx) DeleteRevocation(ctx context.Context, id string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM revocations WHERE id = ?", id)
	return err
}
