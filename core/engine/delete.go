package engine

import (
	"context"

	"hearth/core"
	"hearth/core/store"
)

// Delete begins to remove a stack, whatever it is doing. It returns EntityNotFound for
// one that is gone; asking again while it goes is success.
func (e *Engine) Delete(ctx context.Context, caller *core.Caller, ref StackRef) error {
	return e.remove(ctx, caller, ref, false)
}

// ForceDelete is Delete that ends for certain: objects that cannot be removed, or not in
// time, are left behind; the stack's failures name them.
func (e *Engine) ForceDelete(ctx context.Context, caller *core.Caller, ref StackRef) error {
	return e.remove(ctx, caller, ref, true)
}

func (e *Engine) remove(ctx context.Context, caller *core.Caller, ref StackRef, force bool) error {
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return err
	}
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := lockLive(ctx, tx, s)
		if err != nil {
			return err
		}
		if s.Action == core.Delete && s.Status == core.InProgress && (s.Force || !force) {
			return nil
		}
		// Whoever deletes a stack lends the engine a token that is valid now.
		if s.Credentials, err = e.Store.Sealer().Seal(credentials(caller), s.ID); err != nil {
			return err
		}
		s.Action, s.Tags, s.Force = core.Delete, []string{}, force
		return e.Walker.Begin(ctx, tx, s, s.Traversal, nil)
	})
}
