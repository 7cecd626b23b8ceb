package engine

import (
	"context"
	"fmt"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/store"
)

// Act begins an action on a stack as it is: suspend, resume, check, cancel_update,
// cancel_without_rollback, retry. It returns NotSupported where the state forbids it.
func (e *Engine) Act(ctx context.Context, caller *core.Caller, ref StackRef, action string) error {
	if action == "retry" {
		return e.Retry(ctx, caller, ref)
	}
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return err
	}
	if a, ok := visits[action]; ok {
		return e.change(ctx, caller, s, func(ctx context.Context, tx *store.Tx, s *core.Stack) (*plan.Target, error) {
			return e.visit(ctx, tx, s, a)
		})
	}
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := lockLive(ctx, tx, s)
		if err != nil {
			return err
		}
		switch action {
		case "cancel_update":
			return e.cancelUpdate(ctx, tx, s)
		case "cancel_without_rollback":
			return e.cancelWithoutRollback(ctx, tx, s)
		}
		return core.Errorf(core.Invalid, "HTTPBadRequest", "Invalid action %s specified", action)
	})
}

// visits are the actions that go from resource to resource, by their names in requests.
var visits = map[string]core.Action{"suspend": core.Suspend, "resume": core.Resume, "check": core.Check}

// visit notes an action that goes from resource to resource, and gives the template that
// they are of. What is so already is left.
func (e *Engine) visit(ctx context.Context, tx *store.Tx, s *core.Stack, a core.Action) (*plan.Target, error) {
	if s.Action == a && s.Status == core.Complete && a != core.Check && a != core.Snapshot {
		return nil, errSoAlready
	}
	if s.Action == core.Delete {
		return nil, forbidden(s, core.NotSupported(fmt.Sprintf("%s of a stack that is being deleted", a)))
	}
	now := e.Now().UTC()
	s.Action, s.UpdatedAt = a, &now
	return e.Walker.Goal(ctx, tx, s)
}

// cancelUpdate leads a running update back to the template before.
func (e *Engine) cancelUpdate(ctx context.Context, tx *store.Tx, s *core.Stack) error {
	if s.Action != core.Update || s.Status != core.InProgress || s.PrevTemplateID == "" {
		return forbidden(s, core.NotSupported("Cancelling update when stack is "+s.State()))
	}
	src, err := e.Walker.ReadSource(ctx, tx, s, s.PrevTemplateID)
	if err != nil {
		return err
	}
	back, problems := plan.Load(src, e.Types)
	if back == nil {
		return problems.Err()
	}
	return e.Walker.Rollback(ctx, tx, s, back)
}

// cancelWithoutRollback stops a running action where it is.
func (e *Engine) cancelWithoutRollback(ctx context.Context, tx *store.Tx, s *core.Stack) error {
	if s.Status != core.InProgress || s.Action == core.Delete {
		return forbidden(s, core.NotSupported("Cancelling update when stack is "+s.State()))
	}
	return e.Walker.Halt(ctx, tx, s, fmt.Sprintf("Stack %s cancelled", s.Action))
}
