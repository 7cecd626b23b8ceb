package converge

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/store"
)

// planOf plans what the stack's action is.
func planOf(s *core.Stack, rows []core.Resource, target *plan.Target, now time.Time) *plan.Plan {
	if plan.Visits(s.Action) {
		return plan.Visit(rows, s.Action)
	}
	return plan.Make(plan.Input{StackID: s.ID, RootID: s.RootID, Rows: rows, Target: target, Now: now})
}

// Begin starts a walk towards target (nil: nothing is to be left) in the caller's
// transaction. s holds what the stack is to be, its Action and TemplateID first; from is
// the traversal that s was read with, "" for a new stack, which Begin stores. It returns
// a Conflict when another request came first.
func (w *Walker) Begin(ctx context.Context, tx *store.Tx, s *core.Stack, from string, target *plan.Target) error {
	now := w.Now().UTC()
	var rows []core.Resource
	if from != "" {
		var err error
		if rows, err = tx.Resources(ctx, s.ID); err != nil {
			return err
		}
	}
	p := planOf(s, rows, target, now)
	s.Traversal = uuid.NewString()
	s.Status, s.StatusReason = core.InProgress, fmt.Sprintf("Stack %s started", s.Action)
	s.NodesLeft, s.Failing = len(p.Nodes), ""
	deadline := now.Add(w.Timeout)
	if s.TimeoutMins != nil {
		deadline = now.Add(minutes(*s.TimeoutMins))
	}
	s.Deadline = &deadline
	if from == "" {
		if err := tx.CreateStack(ctx, s); err != nil {
			return err
		}
	} else if ok, err := tx.UpdateStack(ctx, s, from); err != nil {
		return err
	} else if !ok {
		return core.Errorf(core.Conflict, "ActionInProgress", "Stack %s already has an action (%s) in progress.", s.Name, s.Action)
	}
	if err := tx.SaveResources(ctx, p.Rows); err != nil {
		return err
	}
	walk := store.Walk{StackID: s.ID, Traversal: s.Traversal}
	if err := tx.StartWalk(ctx, walk, p.Nodes, p.Edges); err != nil {
		return err
	}
	if err := tx.AddEvents(ctx, []core.Event{stackEvent(s, now)}); err != nil {
		return err
	}
	w.remember(tx, s, target)
	if len(p.Nodes) == 0 {
		return w.end(ctx, tx, s, target)
	}
	return w.call(ctx, tx, walk)
}
