package converge

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/store"
)

func lower(a core.Action) string { return strings.ToLower(string(a)) }

// Halt ends a stack's walk as FAILED for reason, without going back. Workers that still
// have a resource in their hands write down what they have made, and stop.
func (w *Walker) Halt(ctx context.Context, tx *store.Tx, s *core.Stack, reason string) error {
	if err := w.abort(ctx, tx, s, reason); err != nil {
		return err
	}
	from := s.Traversal
	s.Traversal = uuid.NewString()
	if ok, err := tx.UpdateStack(ctx, s, from); err != nil {
		return err
	} else if !ok {
		return errSuperseded
	}
	w.supersede(tx, store.Walk{StackID: s.ID, Traversal: from})
	s.Status, s.StatusReason = core.Failed, reason
	target, err := w.readTarget(ctx, tx, s, s.TemplateID)
	if err != nil {
		return err
	}
	return w.close(ctx, tx, s, target)
}
