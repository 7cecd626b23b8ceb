package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/yaml"
)

// Signal hands a signal to a resource and wakes what waits in its stack. It returns
// ResourceActionNotSupported for a type that takes none.
func (e *Engine) Signal(ctx context.Context, caller *core.Caller, ref StackRef, name string, body any) error {
	s, row, err := e.findResource(ctx, caller, ref, name)
	if err != nil {
		return err
	}
	return e.signal(ctx, s, row, body)
}

// signal takes the row under the stack's lock, so that two signals at once both count.
func (e *Engine) signal(ctx context.Context, s *core.Stack, row *core.Resource, body any) error {
	if hook, ok := clearsHook(body); ok {
		return e.clearHook(ctx, s, row, hook)
	}
	typ, err := e.Walker.TypeOf(ctx, s, row)
	if err != nil {
		return err
	}
	signaler, ok := typ.New().(resource.Signaler)
	if !ok {
		return core.Errorf(core.Invalid, "ResourceActionNotSupported", "signal is not supported for resource.")
	}
	_, late := signaler.(resource.LateSignaler)
	switch {
	case !late && (row.Action == core.Suspend || row.Action == core.Delete):
		return core.NotSupported(fmt.Sprintf("Signal resource during %s", row.Action))
	case row.Action == core.Init:
		return core.Errorf(core.NotFound, "ResourceNotAvailable", "The Resource (%s) is not available.", row.Name)
	}
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.LockStack(ctx, s.ID); err != nil {
			return err
		}
		fresh, err := tx.ResourcesByID(ctx, []string{row.ID})
		if err != nil || len(fresh) == 0 {
			return err
		}
		r := &fresh[0]
		c, err := e.Walker.Context(ctx, s, r, typ)
		if err != nil {
			return err
		}
		c.Adjust = e.adjust(tx, s)
		c.Deployments = e.Walker.Deployments(tx, s)
		text, err := signaler.Signal(ctx, c, body)
		if errors.Is(err, resource.ErrNoAction) {
			return nil
		}
		if err != nil {
			return err
		}
		if text = "Signal: " + text; text == "Signal: " {
			text = signalDetails(body)
		}
		if err := e.saveSignal(ctx, tx, r, c, typ, text); err != nil {
			return err
		}
		walk, err := tx.WakeStack(ctx, s.ID)
		if err != nil {
			return err
		}
		return e.Walker.Call(ctx, tx, walk)
	})
}

// adjust has a group of the stack change its size, in the transaction of the signal.
func (e *Engine) adjust(tx *store.Tx, s *core.Stack) func(context.Context, string, resource.Adjustment) error {
	return func(ctx context.Context, group string, a resource.Adjustment) error {
		rows, err := tx.Resources(ctx, s.ID)
		if err != nil {
			return err
		}
		row := converge.ByReference(rows, group)
		if row == nil {
			return core.EntityNotFound("Resource", group)
		}
		return e.Walker.Adjust(ctx, tx, s, row, a)
	}
}

func (e *Engine) saveSignal(ctx context.Context, tx *store.Tx, r *core.Resource, c *resource.Context, typ *resource.Type, text string) error {
	if err := e.Walker.SaveContext(ctx, tx, r, c); err != nil {
		return err
	}
	return tx.AddEvents(ctx, []core.Event{{StackID: r.StackID, RootID: r.RootID, ResourceName: r.Name, ResourceType: r.Type,
		PhysicalID: r.PhysicalID, Action: core.Signal, Status: r.Status, StatusReason: text, Properties: eventProperties(r, typ), CreatedAt: e.Now().UTC()}})
}

// signalDetails is what the event of a signal says when its type has nothing to say
// (heat/engine/resource.py get_string_details).
func signalDetails(body any) string {
	switch body := body.(type) {
	case nil:
		return "No signal details provided"
	case string:
		return body
	case *yaml.Map:
		if body.Has("previous") && body.Has("current") && body.Has("reason") {
			from, _ := body.Get("previous")
			to, _ := body.Get("current")
			why, _ := body.Get("reason")
			return fmt.Sprintf("alarm state changed from %s to %s (%s)", yaml.Str(from), yaml.Str(to), yaml.Str(why))
		}
	}
	return "Unknown"
}

// eventProperties are a row's properties for its events: secrets are masked.
func eventProperties(r *core.Resource, typ *resource.Type) json.RawMessage {
	v, err := yaml.DecodeJSON(r.Properties)
	if err != nil {
		return nil
	}
	m, _ := v.(*yaml.Map)
	if m = plan.Mask(typ, m); m.Len() == 0 {
		return nil
	}
	b, err := yaml.EncodeJSON(m)
	if err != nil {
		return nil
	}
	return b
}

// MarkUnhealthy makes a resource CHECK_FAILED, so that the next update replaces it, or
// takes that back (heat/engine/service.py resource_mark_unhealthy). name may be the
// physical id.
func (e *Engine) MarkUnhealthy(ctx context.Context, caller *core.Caller, ref StackRef, name string, unhealthy bool, reason string) error {
	s, row, err := e.findResource(ctx, caller, ref, name)
	if core.ErrorCode(err) == core.NotFound && s == nil {
		if s, err = e.find(ctx, caller, ref); err != nil {
			return err
		}
		if row, err = e.Store.FindResourceByPhysicalID(ctx, s.ID, name); err == nil && row == nil {
			err = errNoResource(s, name)
		}
	}
	if err != nil {
		return err
	}
	if row.Status == core.InProgress {
		return core.Errorf(core.Conflict, "ActionInProgress", "Stack %s already has an action (%s) in progress.", s.Name, s.Action)
	}
	if reason == "" {
		reason = "state changed by resource_mark_unhealthy api"
	}
	typ, err := e.Walker.TypeOf(ctx, s, row)
	if err != nil {
		return err
	}
	r := *row
	now := e.Now().UTC()
	r.UpdatedAt, r.StatusReason = now, reason
	switch {
	case unhealthy && row.Action != core.Delete:
		r.Action, r.Status = core.Check, core.Failed
	case !unhealthy && row.Action == core.Check && row.Status == core.Failed:
		r.Action, r.Status = core.Check, core.Complete
	default:
		return nil
	}
	r.Data, r.Metadata = nil, nil
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.SaveResources(ctx, []*core.Resource{&r}); err != nil {
			return err
		}
		return tx.AddEvents(ctx, []core.Event{{StackID: r.StackID, RootID: r.RootID, ResourceName: r.Name, ResourceType: r.Type,
			PhysicalID: r.PhysicalID, Action: r.Action, Status: r.Status, StatusReason: r.StatusReason, Properties: eventProperties(&r, typ), CreatedAt: now}})
	})
}
