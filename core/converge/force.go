package converge

import (
	"context"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/store"
)

// forceStep is how long a call may take in a forced deletion.
func (w *Walker) forceStep() time.Duration {
	return min(4*time.Second, w.StepTimeout, w.ForceTimeout/4)
}

// forcePatience is how long one object may take to go in a forced deletion, so that what
// is before it has its turn, too.
func (w *Walker) forcePatience() time.Duration { return w.ForceTimeout / 2 }

// forsaken reports whether a step's object has taken its time in a forced deletion. A
// nested stack has a time of its own.
func (r *roundTx) forsaken(s *step) bool {
	return r.p.stack.Force && s.verb == remove && !s.child && !r.w.Now().Before(s.c.Started.Add(r.w.forcePatience()))
}

// leaveBehind ends a forced deletion whose time is over: what is left of the stack, and of
// those nested in it, is forgotten and named among the stack's failures.
func (w *Walker) leaveBehind(ctx context.Context, tx *store.Tx, s *core.Stack, reason string) error {
	left, err := w.remainder(ctx, tx, s, reason)
	if err != nil {
		return err
	}
	s.FailureList = nil
	if err := keepFailures(s, left); err != nil {
		return err
	}
	if err := w.abort(ctx, tx, s, reason); err != nil {
		return err
	}
	if err := w.abandonBelow(ctx, tx, s, core.Delete); err != nil {
		return err
	}
	return w.end(ctx, tx, s, nil)
}

// remainder names the objects that a deletion leaves when it ends for reason: those that
// have failed to go already, and all that have not come to it, down in the nested stacks.
func (w *Walker) remainder(ctx context.Context, tx *store.Tx, s *core.Stack, reason string) ([]core.Failure, error) {
	var out []core.Failure
	if s.Action == core.Delete {
		out = s.Failures()
	}
	named := make(map[string]bool, len(out))
	for _, f := range out {
		named[strings.Join(f.Path, "/")+"/"+f.PhysicalID] = true
	}
	children, err := tx.Children(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	below := make(map[string]*core.Stack, len(children))
	for i := range children {
		below[children[i].ParentResource] = &children[i]
	}
	rows, err := tx.Resources(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	places, err := tx.Places(ctx, s.TemplateID)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		row := &rows[i]
		if child := below[row.ID]; child != nil {
			list, err := w.remainder(ctx, tx, child, reason)
			if err != nil {
				return nil, err
			}
			out = append(out, core.Within(row.Name, list)...)
			continue
		}
		if !hasObject(row) || named[row.Name+"/"+row.PhysicalID] {
			continue
		}
		out = append(out, abortedFailure(s, row, reason, places))
	}
	return out, nil
}

// hasObject reports whether an object may be left when a row is forgotten.
func hasObject(r *core.Resource) bool {
	switch {
	case r.Action == core.Delete && r.Status == core.Complete, r.Action == core.Init, r.External, r.DeletionPolicy == "Retain":
		return false
	}
	return r.PhysicalID != "" || len(r.Data) > 0 || r.Status == core.InProgress
}
