package engine

import (
	"context"

	"hearth/core"
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
	sealed, err := e.Store.Sealer().Seal(credentials(caller), s.ID)
	if err != nil {
		return err
	}
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := lockLive(ctx, tx, s)
		if err != nil {
			return err
		}
		if !retryable(s) {
			return forbidden(s, core.Errorf(core.Conflict, "NotSupported", "Retrying when stack is %s is not supported.", s.State()))
		}
		target, err := e.Walker.Goal(ctx, tx, s)
		if err != nil {
			return err
		}
		s.Credentials = sealed
		return e.Walker.Begin(ctx, tx, s, s.Traversal, target)
	})
}
