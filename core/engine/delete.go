package engine

import (
	"context"

	"hearth/core"
	"hearth/core/plan"
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
	return e.change(ctx, caller, s, func(_ context.Context, _ *store.Tx, s *core.Stack) (*plan.Target, error) {
		if s.Action == core.Delete && s.Status == core.InProgress && (s.Force || !force) {
			return nil, errSoAlready
		}
		s.Action, s.Tags, s.Force = core.Delete, []string{}, force
		return nil, nil
	})
}
