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
func planOf(ctx context.Context, tx *store.Tx, s *core.Stack, rows []core.Resource, target *plan.Target, now time.Time) (*plan.Plan, error) {
	if plan.Visits(s.Action) {
		return plan.Visit(rows, s.Action), nil
	}
	in := plan.Input{StackID: s.ID, RootID: s.RootID, Rows: rows, Target: target, Now: now, All: s.Converge, Held: s.Action == core.Update}
	if len(rows) > 0 {
		var err error
		if in.Unsound, err = tx.UnsoundParents(ctx, s.ID); err != nil {
			return nil, err
		}
	}
	return plan.Make(in), nil
}

// Begin starts a walk towards target (nil: nothing is to be left) in the caller's
// transaction. s holds what the stack is to be, its Action and TemplateID first; from is
// the traversal that s was read with, "" for a new stack, which Begin stores. It returns
// a Conflict when another request came first.
func (w *Walker) Begin(ctx context.Context, tx *store.Tx, s *core.Stack, from string, target *plan.Target) error {
	if from == "" {
		return w.begin(ctx, tx, s, from, nil, target)
	}
	if err := tx.Unsettle(ctx, s.ID); err != nil {
		return err
	}
	was, err := tx.FindStack(ctx, s.ID)
	if err != nil || was == nil {
		return err
	}
	if err := forgetTemplates(ctx, tx, s, was.TemplateID, was.PrevTemplateID); err != nil {
		return err
	}
	rows, err := tx.Resources(ctx, s.ID)
	if err != nil {
		return err
	}
	if s.Action != core.Snapshot {
		if err := w.leaveSnapshots(ctx, tx, s); err != nil {
			return err
		}
	}
	return w.begin(ctx, tx, s, from, rows, target)
}

// begin is Begin with the rows that the walk starts from.
func (w *Walker) begin(ctx context.Context, tx *store.Tx, s *core.Stack, from string, rows []core.Resource, target *plan.Target) error {
	now := w.Now().UTC()
	p, err := planOf(ctx, tx, s, rows, target, now)
	if err != nil {
		return err
	}
	s.Traversal = uuid.NewString()
	s.Status, s.StatusReason = core.InProgress, fmt.Sprintf("Stack %s started", s.Action)
	s.NodesLeft, s.Failing, s.Halting = len(p.Nodes), "", false
	if s.Action != core.Rollback { // which is to tell why it was begun
		s.FailureList = nil
	}
	deadline := now.Add(w.Timeout)
	if s.TimeoutMins != nil {
		deadline = now.Add(minutes(*s.TimeoutMins))
	}
	if s.Action != core.Delete {
		s.Force = false
	}
	if s.Force {
		deadline = now.Add(w.ForceTimeout)
	}
	s.Deadline = &deadline
	var held map[string]int64
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
	if from != "" {
		if held, err = tx.EndWalk(ctx, s.ID); err != nil {
			return err
		}
		w.supersede(tx, store.Walk{StackID: s.ID, Traversal: from})
	}
	walk := store.Walk{StackID: s.ID, Traversal: s.Traversal}
	if err := tx.StartWalk(ctx, walk, p.Nodes, p.Edges, held); err != nil {
		return err
	}
	if err := tx.AddEvents(ctx, []core.Event{stackEvent(s, now)}); err != nil {
		return err
	}
	var fresh []*core.Resource
	if from == "" && len(rows) == 0 {
		fresh = p.Rows
	}
	w.remember(tx, s, target, fresh)
	if len(p.Nodes) == 0 {
		return w.end(ctx, tx, s, target)
	}
	return w.call(ctx, tx, walk)
}
