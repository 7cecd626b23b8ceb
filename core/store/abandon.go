package store

import (
	"context"

	"hearth/core"
)

// RemoveResources forgets the rows of a stack with the walk over them: their objects are
// left alone.
func (tx *Tx) RemoveResources(ctx context.Context, stackID string) error {
	if err := tx.DropWalk(ctx, stackID); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM resources WHERE stack_id = ?", stackID)
	return err
}

// Children gives the nested stacks of a stack that are not deleted.
func (tx *Tx) Children(ctx context.Context, stackID string) ([]core.Stack, error) {
	var out []core.Stack
	err := tx.NewSelect().Model(&out).Where("owner_id = ? AND deleted_at IS NULL", stackID).Order("created_at", "id").Scan(ctx)
	return stackContent.All(tx, out, err)
}

// HoldResource keeps a row from being removed until the transaction ends; ok is false when
// it is not there.
func (tx *Tx) HoldResource(ctx context.Context, id string) (ok bool, err error) {
	lock := ""
	if tx.conn != nil {
		lock = " FOR KEY SHARE"
	}
	var ids []string
	err = tx.NewRaw("SELECT id FROM resources WHERE id = ?"+lock, id).Scan(ctx, &ids)
	return len(ids) == 1, err
}
