package converge

import (
	"context"
	"time"

	"hearth/core"
	"hearth/core/store"
)

// forceStep is how long a call may take in a forced deletion.
const forceStep = 4 * time.Second

// leaveBehind ends a forced deletion whose time is over: what is left of the stack, and of
// those nested in it, is forgotten.
func (w *Walker) leaveBehind(ctx context.Context, tx *store.Tx, s *core.Stack) error {
	children, err := tx.Children(ctx, s.ID)
	if err != nil {
		return err
	}
	for i := range children {
		child, err := tx.LockStack(ctx, children[i].ID)
		if err != nil {
			return err
		}
		if child == nil || child.DeletedAt != nil {
			continue
		}
		if err := w.Abandon(ctx, tx, child, core.Delete); err != nil {
			return err
		}
	}
	return w.end(ctx, tx, s, nil)
}
