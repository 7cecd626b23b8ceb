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
// nobody else changes the stack meanwhile. The caller lends its credentials to a root; a
// nested stack goes by its root's.
func (e *Engine) change(ctx context.Context, caller *core.Caller, s *core.Stack, prepare func(ctx context.Context, tx *store.Tx, s *core.Stack) (*plan.Target, error)) error {
	begin := func(l *loan) error {
		return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			s, err := lockLive(ctx, tx, s)
			if err != nil {
				return err
			}
			target, err := prepare(ctx, tx, s)
			if err != nil {
				return err
			}
			if l != nil {
				if err := e.take(ctx, tx, s, l); err != nil {
					return err
				}
			}
			return e.Walker.Begin(ctx, tx, s, s.Traversal, target)
		})
	}
	var err error
	if s.ID == s.RootID {
		err = e.lending(ctx, caller, e.Walker.Credentials(ctx, s), begin)
	} else {
		err = begin(nil)
	}
	switch {
	case errors.Is(err, errSoAlready):
		return nil
	case errors.Is(err, errTrustReplaced):
		if s, err = e.Store.FindStack(ctx, s.ID); err == nil {
			return e.change(ctx, caller, s, prepare)
		}
	}
	return err
}
