package engine

import (
	"context"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/store"
)

// Retry goes on with the action of a stack that has failed, with the same template and the
// same values: what is complete stays, what has failed or was not begun is done. It returns
// a Conflict that names what is permitted when nothing has failed.
func (e *Engine) Retry(ctx context.Context, caller *core.Caller, ref StackRef) error {
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return err
	}
	return e.change(ctx, caller, s, func(ctx context.Context, tx *store.Tx, s *core.Stack) (*plan.Target, error) {
		if !retryable(s) {
			return nil, forbidden(s, core.Errorf(core.Conflict, "NotSupported", "Retrying when stack is %s is not supported.", s.State()))
		}
		return e.Walker.Goal(ctx, tx, s)
	})
}
