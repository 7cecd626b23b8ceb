package converge

import (
	"context"
	"fmt"

	"hearth/core"
	"hearth/core/resource"
)

// decideVisit begins the stack's action on a resource as it is (heat/engine/resource.py
// suspend, resume, check, snapshot). Types without a handler have nothing to do.
func (r *roundTx) decideVisit(s *step) error {
	a := r.p.stack.Action
	s.typ = r.w.classType(s.row)
	if r.p.target != nil && r.p.target.Type(s.row.Name) != nil {
		s.typ = r.p.target.Type(s.row.Name)
	}
	s.behaviour = s.typ.New()
	s.props = decodeMap(s.row.Properties)
	s.given = s.props
	if err := r.context(s, nil); err != nil {
		return err
	}
	switch {
	case s.asked || s.resumed && s.row.Action == a && s.row.Status == core.InProgress:
		s.verb = visit
		return nil
	case s.row.Action == a && s.row.Status == core.Complete && a != core.Check && a != core.Snapshot:
		return nil // it is so already
	case a == core.Snapshot && s.row.Action != a && s.row.Status != core.Complete:
		return nil // it stays as it is: there is nothing sound to copy
	case s.row.External && a != core.Check:
		return nil
	case s.row.Status != core.Complete && s.row.Action != a && a != core.Check && a != core.Snapshot:
		s.err = core.Errorf(core.Conflict, "Error", "State ('%s', '%s') invalid for %s", s.row.Action, s.row.Status, lower(a))
		s.row.Action, s.row.Metadata, s.row.Data = a, nil, nil
		return nil
	}
	return r.started(s, visit, a)
}

// actVisit does a stack's action to one resource.
func actVisit(ctx context.Context, s *step) (err error) {
	s.progress = resource.Done
	switch s.row.Action {
	case core.Suspend:
		if h, ok := s.behaviour.(resource.Suspender); ok {
			if !s.asked {
				if err := h.Suspend(ctx, s.c); err != nil {
					return err
				}
			}
			s.progress, err = h.SuspendComplete(ctx, s.c)
		}
	case core.Resume:
		if h, ok := s.behaviour.(resource.Resumer); ok {
			if !s.asked {
				if err := h.Resume(ctx, s.c); err != nil {
					return err
				}
			}
			s.progress, err = h.ResumeComplete(ctx, s.c)
		}
	case core.Snapshot:
		if h, ok := s.behaviour.(resource.Snapshotter); ok {
			if !s.asked {
				if err := h.Snapshot(ctx, s.c); err != nil {
					return err
				}
			}
			s.progress, err = h.SnapshotComplete(ctx, s.c)
		}
	case core.Check:
		h, ok := s.behaviour.(resource.Checker)
		if !ok {
			s.reason = "CHECK not fully supported (see resources)"
			return nil
		}
		return h.Check(ctx, s.c)
	}
	return err
}

// failedVisits is the reason for which a check has failed: it goes on after a failure and
// tells of all in the end.
func failedVisits(rows []core.Resource) string {
	for i := range rows {
		if r := &rows[i]; r.ReplacedBy == "" && r.Action == core.Check && r.Status == core.Failed {
			return fmt.Sprintf("Resource %s failed: %s", r.Action, r.StatusReason)
		}
	}
	return ""
}
