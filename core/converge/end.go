package converge

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/store"
)

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// end closes a walk whose last node is done: the stack is COMPLETE.
func (w *Walker) end(ctx context.Context, tx *store.Tx, s *core.Stack, target *plan.Target) error {
	if s.Action == core.Check {
		rows, err := tx.Resources(ctx, s.ID)
		if err != nil {
			return err
		}
		if reason := failedVisits(rows); reason != "" {
			return w.fail(ctx, tx, s, target, reason)
		}
	}
	s.Status, s.StatusReason = core.Complete, fmt.Sprintf("Stack %s completed successfully", s.Action)
	if left := len(s.Failures()); s.Force && left > 0 {
		s.StatusReason = fmt.Sprintf("Stack %s completed, %d resources are left behind", s.Action, left)
	}
	old := s.PrevTemplateID
	s.PrevTemplateID = ""
	now := w.Now().UTC()
	if s.Action == core.Delete {
		s.DeletedAt = &now
		if err := w.giveBack(ctx, tx, s); err != nil {
			return err
		}
	}
	if err := w.close(ctx, tx, s, target); err != nil {
		return err
	}
	return forgetTemplates(ctx, tx, s, old)
}

// forgetTemplates removes those of the templates that s had which it has no longer.
func forgetTemplates(ctx context.Context, tx *store.Tx, s *core.Stack, had ...string) error {
	for _, id := range had {
		if id == "" || id == s.TemplateID || id == s.PrevTemplateID {
			continue
		}
		if err := tx.DeleteTemplate(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// fail closes a walk as FAILED for reason; what waits is let go. Where the user wants
// it, the walk back begins in the same transaction.
func (w *Walker) fail(ctx context.Context, tx *store.Tx, s *core.Stack, target *plan.Target, reason string) error {
	if s.Force {
		return w.leaveBehind(ctx, tx, s, reason)
	}
	if err := w.abort(ctx, tx, s, reason); err != nil {
		return err
	}
	s.Status, s.StatusReason = core.Failed, reason
	if err := w.close(ctx, tx, s, target); err != nil {
		return err
	}
	if s.DisableRollback {
		return nil
	}
	switch s.Action {
	case core.Create, core.Update, core.Restore:
	case core.Adopt: // what was taken over is left alone
		return w.Abandon(ctx, tx, s, core.Rollback)
	default:
		return nil
	}
	back, err := w.previous(ctx, tx, s)
	if err != nil {
		// The stack stays FAILED: there is nothing sound to go back to.
		w.Log.Error("no rollback", "stack", s.ID, "error", err)
		return nil
	}
	return w.Rollback(ctx, tx, s, back)
}

// Rollback begins the walk back to the template before (nil: to nothing).
func (w *Walker) Rollback(ctx context.Context, tx *store.Tx, s *core.Stack, back *plan.Target) error {
	from := s.Traversal
	s.Action, s.Converge = core.Rollback, false
	if back != nil {
		s.TemplateID, s.PrevTemplateID = s.PrevTemplateID, s.TemplateID
		s.Parameters = Shown(back)
		s.Description = back.Parsed.Description
	}
	now := w.Now().UTC()
	s.UpdatedAt = &now
	return w.Begin(ctx, tx, s, from, back)
}

// previous understands the template that a rollback goes back to; nil for a stack that
// was being created.
func (w *Walker) previous(ctx context.Context, tx *store.Tx, s *core.Stack) (*plan.Target, error) {
	if s.PrevTemplateID == "" {
		return nil, nil
	}
	return w.readTarget(ctx, tx, s, s.PrevTemplateID)
}

// close writes the state that s has come to, with its outputs and its event, and tells
// whoever waits for it.
func (w *Walker) close(ctx context.Context, tx *store.Tx, s *core.Stack, target *plan.Target) error {
	s.Deadline, s.Failing, s.NodesLeft = nil, "", 0
	if s.Action == core.Snapshot {
		if err := w.closeSnapshot(ctx, tx, s); err != nil {
			return err
		}
	}
	if err := tx.ForgetDeleted(ctx, s.ID); err != nil {
		return err
	}
	if target != nil {
		outputs, err := w.outputs(ctx, tx, s, target)
		if err != nil {
			return err
		}
		if s.Outputs, err = encodeOutputs(outputs); err != nil {
			return err
		}
	} else {
		s.Outputs = json.RawMessage("[]")
	}
	if err := tx.Unsettle(ctx, s.ID); err != nil {
		return err
	}
	if err := tx.DropWalk(ctx, s.ID); err != nil {
		return err
	}
	if ok, err := tx.UpdateStack(ctx, s, s.Traversal); err != nil {
		return err
	} else if !ok {
		return errSuperseded
	}
	if err := tx.AddEvents(ctx, []core.Event{stackEvent(s, w.Now().UTC())}); err != nil {
		return err
	}
	if err := tx.TrimEvents(ctx, s.ID, w.MaxEvents); err != nil {
		return err
	}
	id, parent := s.ID, s.ParentResource
	tx.AfterCommit(func() { w.announce(id) })
	if s.DeletedAt != nil {
		tx.AfterCommit(func() { w.forget(id) })
	}
	if parent == "" {
		return nil
	}
	walk, err := tx.Wake(ctx, parent)
	if err != nil {
		return err
	}
	if walk == nil {
		w.resized(tx, s)
	}
	return w.Call(ctx, tx, walk)
}

// abort lets go of the resources whose action has begun and not ended, and of the nested
// stacks under them.
func (w *Walker) abort(ctx context.Context, tx *store.Tx, s *core.Stack, reason string) error {
	if len(s.FailureList) == 0 {
		left, err := w.unfinished(ctx, tx, s, reason)
		if err != nil {
			return err
		}
		if err := keepFailures(s, left); err != nil {
			return err
		}
	}
	ids, err := tx.Waiting(ctx, store.Walk{StackID: s.ID, Traversal: s.Traversal})
	if err != nil {
		return err
	}
	rows, err := tx.ResourcesByID(ctx, ids)
	if err != nil {
		return err
	}
	now := w.Now().UTC()
	var changed []*core.Resource
	var events []core.Event
	for i := range rows {
		r := &rows[i]
		if r.Status != core.InProgress {
			continue
		}
		child, err := tx.FindChild(ctx, r.ID)
		if err != nil {
			return err
		}
		if child != nil && child.Status == core.InProgress {
			walk := store.Walk{StackID: child.ID, Traversal: child.Traversal}
			if err := tx.Halt(ctx, walk, fmt.Sprintf("Stack %s cancelled", child.Action)); err != nil {
				return err
			}
			if err := w.call(ctx, tx, walk); err != nil {
				return err
			}
		}
		r.Status, r.StatusReason, r.UpdatedAt = core.Failed, aborted(r.Action), now
		r.Metadata, r.Data = nil, nil // as stored
		changed = append(changed, r)
		events = append(events, resourceEvent(s.Name, r, now, nil))
	}
	if err := tx.SaveResources(ctx, changed); err != nil {
		return err
	}
	if err := tx.CancelDeployments(ctx, changed, now); err != nil {
		return err
	}
	return tx.AddEvents(ctx, events)
}
