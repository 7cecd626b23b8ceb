package store

import (
	"context"
)

// Cleared marks the name of a hook that a node has passed.
const Cleared = " cleared"

// Hold keeps a node at a hook (pre-create, post-update …) until ClearHook. Only a node that
// the owner still holds counts.
func (tx *Tx) Hold(ctx context.Context, w Walk, owner string, n Node, phase Phase, resource, hook string) (ok bool, err error) {
	res, err := tx.ExecContext(ctx, `UPDATE nodes SET state = ?, phase = ?, resource_id = ?, hook = ?, due_at = ?, attempt = 0, owner = NULL, lease_until = 0
		WHERE stack_id = ? AND traversal = ? AND id = ? AND owner = ? AND attempt = ? AND state = ?`,
		ready, phase, resource, hook, Never, w.StackID, w.Traversal, n.ID, owner, n.Attempt, running)
	if err != nil {
		return false, err
	}
	c, err := res.RowsAffected()
	return c == 1, err
}

// ClearHook lets a resource go on that is held at a hook, and gives its walk; nil when the
// resource is not held there.
func (tx *Tx) ClearHook(ctx context.Context, resource, hook string) (*Walk, error) {
	var out []Walk
	err := tx.NewRaw("UPDATE nodes SET hook = ?, due_at = 0 WHERE resource_id = ? AND hook = ? AND state = ? RETURNING stack_id, traversal",
		hook+Cleared, resource, hook, ready).Scan(ctx, &out)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return &out[0], nil
}
