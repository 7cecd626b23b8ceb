package engine

import (
	"context"

	"hearth/core"
	"hearth/core/store"
)

// Delete begins to remove a stack, whatever it is doing. It returns EntityNotFound for
// one that is gone; asking again while it goes is success.
func (e *Engine) Delete(ctx context.Context, caller *core.Caller, ref StackRef) error {
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return err
	}
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := lockLive(ctx, tx, s)
		if err != nil {
			return err
		}
		if s.Action == core.Delete && s.Status == core.InProgress {
			return nil
		}
		// Whoever deletes a stack lends the engine a token that is valid now.
		if s.Credentials, err = e.Store.Sealer().Seal(credentials(caller), s.ID); err != nil {
			return err
		}
		s.Action, s.Tags = core.Delete, []string{}
		return e.Walker.Begin(ctx, tx, s, s.Traversal, nil)
	})
}
