package converge

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/store"
)

// begin decides what is to be done with what is ready. more says that nodes were finished
// at once, so that others may be ready now.
func (r *roundTx) begin(ctx context.Context) (more bool, failing string, err error) {
	nodes, err := r.claim(ctx)
	if err != nil || len(nodes) == 0 {
		return false, "", err
	}
	if err := r.refresh(ctx, nodes); err != nil {
		return false, "", err
	}
	var done, failed []*step
	for _, n := range nodes {
		s, err := r.decide(ctx, n)
		if err != nil {
			return false, "", err
		}
		switch {
		case s == nil: // held
		case s.err != nil:
			failed = append(failed, s)
		case s.verb == nothing:
			s.progress.Done = true
			done = append(done, s)
		default:
			r.begun = append(r.begun, s)
		}
	}
	if err := r.finish(ctx, done); err != nil {
		return false, "", err
	}
	failing, err = r.failSteps(ctx, failed)
	return len(done) > 0, failing, err
}

// claim gives the nodes that this round has taken over already, and looks for others that
// are ready when there may be some: unless it was called or had no room it knows of all.
func (r *roundTx) claim(ctx context.Context) ([]store.Node, error) {
	nodes, room := r.taken, r.room()
	r.taken = nil
	if !r.unclaimed || room == 0 {
		return nodes, nil
	}
	others, err := r.tx.Claim(ctx, r.walk, r.owner, r.w.Now(), r.w.Lease, room)
	r.unclaimed = len(others) == room
	return append(nodes, others...), err
}

// refresh makes the rows of nodes, and of what they depend on, current.
func (r *roundTx) refresh(ctx context.Context, nodes []store.Node) error {
	var names, ids []string
	for _, n := range nodes {
		row := r.rows.byID[n.ResourceID]
		// A row that is still to be begun is as this drainer knows it, unless another one, whose
		// lease has run out, has begun it meanwhile.
		if row == nil || row.Action != core.Init || n.Attempt > 1 || n.Waits > 0 {
			ids = append(ids, n.ResourceID)
		}
		if row != nil && n.Kind == store.Converge && r.p.target != nil && r.p.target.Definition(row.Name) != nil {
			names = append(names, r.p.target.Requires(row.Name)...)
		}
	}
	if r.awaitsSaving(ids, names) {
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	list, err := r.tx.ResourcesByID(ctx, ids)
	if err != nil {
		return err
	}
	for i := range list {
		r.rows.put(&list[i])
	}
	return r.rows.refresh(ctx, r.tx, r.walk.StackID, names, r.mine)
}

// awaitsSaving reports whether rows that are to be read are among those that this round has
// still to write.
func (r *roundTx) awaitsSaving(ids, names []string) bool {
	wanted := make(map[string]bool, len(ids)+len(names))
	for _, key := range slices.Concat(ids, names) {
		wanted[key] = true
	}
	return slices.ContainsFunc(r.save, func(row *core.Resource) bool {
		return wanted[row.ID] || !r.mine[row.ID] && wanted[row.Name]
	})
}
