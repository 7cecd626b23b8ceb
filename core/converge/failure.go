package converge

import (
	"context"
	"encoding/json"
	"errors"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/plan"
	"hearth/core/store"
)

// maxFailures is how many failures a stack keeps.
const maxFailures = 50

// failures are what a step's failure goes back to: those of its nested stack, or itself. A
// step that has succeeded may have left something behind.
func (s *step) failures(stack *core.Stack, places map[string]core.Place) []core.Failure {
	if s.err == nil {
		return core.Within(s.row.Name, s.left)
	}
	cause := s.cause()
	if e, ok := errors.AsType[*nestedError](cause); ok && len(e.failures) > 0 {
		return core.Within(s.row.Name, e.failures)
	}
	f := core.Failure{Path: []string{s.row.Name}, StackID: stack.ID, ResourceType: s.row.Type, PhysicalID: s.row.PhysicalID,
		Action: s.row.Action, Cause: causeOf(cause), Message: cause.Error()}
	if fault, ok := errors.AsType[*cloud.Fault](cause); ok {
		f.HTTPStatus, f.RequestID, f.Message = fault.Status, fault.RequestID, fault.Message
	}
	if p, ok := places[s.row.Name]; ok {
		f.Place = &p
	}
	return []core.Failure{f}
}

// causeOf is the exception's name under which a failure is known.
func causeOf(err error) string {
	if e, ok := errors.AsType[*nestedError](err); ok && e.typ != "" {
		return e.typ
	}
	switch e, ok := errors.AsType[*core.Error](err); {
	case ok && e.Type != "":
		return e.Type
	case errors.Is(err, context.DeadlineExceeded):
		return "Timeout"
	}
	return "Error"
}

// keepFailures adds failures to what a stack holds.
func keepFailures(s *core.Stack, list []core.Failure) error {
	if len(list) == 0 {
		return nil
	}
	all := append(s.Failures(), list...)
	b, err := json.Marshal(all[:min(len(all), maxFailures)])
	s.FailureList = b
	return err
}

// noteFailures stores why steps failed with their stack.
func (r *roundTx) noteFailures(ctx context.Context, failed []*step) error {
	s, err := r.stack(ctx)
	if err != nil {
		return err
	}
	places, err := r.tx.Places(ctx, s.TemplateID)
	if err != nil {
		return err
	}
	var list []core.Failure
	for _, f := range failed {
		list = append(list, f.failures(s, places)...)
	}
	if err := keepFailures(s, list); err != nil {
		return err
	}
	return r.tx.SaveFailures(ctx, s)
}

// unfinished are the failures of a stack that is stopped: the resources that had not come
// to their end, down in the nested stacks.
func (w *Walker) unfinished(ctx context.Context, tx *store.Tx, s *core.Stack, reason string) ([]core.Failure, error) {
	ids, err := tx.Waiting(ctx, store.Walk{StackID: s.ID, Traversal: s.Traversal})
	if err != nil {
		return nil, err
	}
	rows, err := tx.ResourcesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	places, err := tx.Places(ctx, s.TemplateID)
	if err != nil {
		return nil, err
	}
	var out []core.Failure
	for i := range rows {
		row := &rows[i]
		if row.Status != core.InProgress || len(out) >= maxFailures {
			continue
		}
		child, err := tx.FindChild(ctx, row.ID)
		if err != nil {
			return nil, err
		}
		if child != nil && child.Status == core.InProgress {
			below, err := w.unfinished(ctx, tx, child, reason)
			if err != nil {
				return nil, err
			}
			out = append(out, core.Within(row.Name, append(child.Failures(), below...))...)
			continue
		}
		out = append(out, abortedFailure(s, row, reason, places))
	}
	return out, nil
}

// abortedFailure is the failure of a resource that was stopped on its way.
func abortedFailure(s *core.Stack, row *core.Resource, reason string, places map[string]core.Place) core.Failure {
	f := core.Failure{Path: []string{row.Name}, StackID: s.ID, ResourceType: row.Type, PhysicalID: row.PhysicalID,
		Action: row.Action, Cause: "Aborted", Message: reason}
	if p, ok := places[row.Name]; ok {
		f.Place = &p
	}
	return f
}

// placesOf are the places of a source's resources, for failures; nil when the client sent no
// text: then lines are those of nothing that anybody has seen.
func placesOf(src plan.Source) map[string]core.Place {
	n := src.Template.Get("resources")
	if n == nil {
		n = src.Template.Get("Resources")
	}
	if n == nil {
		return nil
	}
	out := map[string]core.Place{}
	for _, p := range n.Pairs {
		if p.At != nil && p.At.Line > 1 {
			out[p.Key] = core.Place{File: src.File, Line: p.At.Line, Column: p.At.Column}
		}
	}
	return out
}
