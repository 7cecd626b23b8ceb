package engine

import (
	"context"
	"errors"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/store"
)

// errSoAlready says that a stack is, or is becoming, what it was asked to be.
var errSoAlready = errors.New("the stack does so already")

// change has a live stack take up another action. prepare notes in s what the action is, and
// gives what it leads to (nil: nothing is to be left); it works in the transaction, and
// nobody else changes the stack meanwhile. The caller lends the engine a token that is valid
// now.
func (e *Engine) change(ctx context.Context, caller *core.Caller, s *core.Stack, prepare func(ctx context.Context, tx *store.Tx, s *core.Stack) (*plan.Target, error)) error {
	sealed, err := e.Store.Sealer().Seal(credentials(caller), s.ID)
	if err != nil {
		return err
	}
	err = e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := lockLive(ctx, tx, s)
		if err != nil {
			return err
		}
		target, err := prepare(ctx, tx, s)
		if err != nil {
			return err
		}
		s.Credentials = sealed
		return e.Walker.Begin(ctx, tx, s, s.Traversal, target)
	})
	if errors.Is(err, errSoAlready) {
		return nil
	}
	return err
}
