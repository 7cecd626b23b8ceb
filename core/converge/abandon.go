package converge

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/store"
)

// Abandon forgets a stack and everything below it, whatever it is doing, and leaves the
// objects alone. Action is what the stack's events call it. Workers that still have a
// resource in their hands find that the walk has been superseded, and no row to write to.
func (w *Walker) Abandon(ctx context.Context, tx *store.Tx, s *core.Stack, action core.Action) error {
	from := s.Traversal
	s.Traversal, s.Action = uuid.NewString(), action
	s.Status, s.StatusReason = core.InProgress, fmt.Sprintf("Stack %s started", action)
	if ok, err := tx.UpdateStack(ctx, s, from); err != nil {
		return err
	} else if !ok {
		return errSuperseded
	}
	w.supersede(tx, store.Walk{StackID: s.ID, Traversal: from})
	now := w.Now().UTC()
	if err := tx.AddEvents(ctx, []core.Event{stackEvent(s, now)}); err != nil {
		return err
	}
	// The rows go first: a nested stack that is being made right now is there afterwards,
	// or never will be (see HoldResource).
	if err := tx.RemoveResources(ctx, s.ID); err != nil {
		return err
	}
	if err := w.forgetSnapshots(ctx, tx, s); err != nil {
		return err
	}
	if err := w.abandonBelow(ctx, tx, s, action); err != nil {
		return err
	}
	s.Status, s.StatusReason = core.Complete, fmt.Sprintf("Stack %s completed successfully", action)
	s.DeletedAt = &now
	if err := w.giveBack(ctx, tx, s); err != nil {
		return err
	}
	return w.close(ctx, tx, s, nil)
}

// abandonBelow forgets the stacks nested in a stack.
func (w *Walker) abandonBelow(ctx context.Context, tx *store.Tx, s *core.Stack, action core.Action) error {
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
		if err := w.Abandon(ctx, tx, child, action); err != nil {
			return err
		}
	}
	return nil
}

// owns reports whether a row stands for a nested stack.
func (w *Walker) owns(r *core.Resource) bool {
	_, parent := w.classType(r).New().(resource.Parent)
	return parent
}
