package converge

import (
	"context"
	"fmt"

	"hearth/core"
	"hearth/core/store"
)

// round is one transaction: it commits the finished steps and begins what is ready. It
// returns the steps to perform and when the next node is due. errSuperseded means that
// nothing was written.
func (d *drainer) round(ctx context.Context, finished []*step) (begun []*step, due int64, err error) {
	if d.ended {
		return nil, store.Never, errSuperseded
	}
	err = d.w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r := &roundTx{drainer: d, tx: tx}
		err := r.run(ctx, finished)
		begun, due = r.begun, r.due
		return err
	})
	return begun, due, err
}

// roundTx is a round while its transaction is open.
type roundTx struct {
	*drainer
	tx     *store.Tx
	save   []*core.Resource
	events []core.Event
	begun  []*step
	due    int64
}

func (r *roundTx) run(ctx context.Context, finished []*step) error {
	r.due = store.Never
	f, ok, err := r.tx.Fence(ctx, r.walk, 0)
	if err != nil {
		return err
	}
	if !ok {
		return errSuperseded
	}
	r.tx.AfterCommit(func() { r.halting = f.Halting })
	failing := f.Failing
	reason, err := r.commit(ctx, finished)
	if err != nil {
		return err
	}
	if failing == "" {
		failing = reason
	}
	// What is decided next is decided from rows: they must be as they are by now.
	if err := r.flush(ctx); err != nil {
		return err
	}
	for failing == "" {
		more, reason, err := r.begin(ctx)
		if err != nil {
			return err
		}
		if err := r.flush(ctx); err != nil {
			return err
		}
		failing = reason
		if !more {
			break
		}
	}
	return r.conclude(ctx, failing)
}

// conclude ends the walk when nothing of it is left, or when it fails and nobody holds
// any of it; else it looks up when to go on.
func (r *roundTx) conclude(ctx context.Context, failing string) error {
	f, ok, err := r.tx.Fence(ctx, r.walk, 0)
	if err != nil {
		return err
	}
	if !ok {
		return errSuperseded
	}
	if failing != "" {
		running, err := r.tx.Running(ctx, r.walk, r.w.Now())
		if err != nil || running > 0 {
			return err
		}
		s, err := r.stack(ctx)
		if err != nil {
			return err
		}
		r.tx.AfterCommit(func() { r.ended = true })
		return r.w.fail(ctx, r.tx, s, r.p.target, failing)
	}
	if f.Left == 0 {
		s, err := r.stack(ctx)
		if err != nil {
			return err
		}
		r.tx.AfterCommit(func() { r.ended = true })
		return r.w.end(ctx, r.tx, s, r.p.target)
	}
	due, soon, err := r.tx.NextDue(ctx, r.walk)
	if soon {
		r.due = due
	}
	return err
}

func (r *roundTx) stack(ctx context.Context) (*core.Stack, error) {
	s, err := r.tx.FindStack(ctx, r.walk.StackID)
	if err == nil && s == nil {
		err = errSuperseded
	}
	return s, err
}

// commit writes what finished steps have come to. It returns the reason when one failed.
func (r *roundTx) commit(ctx context.Context, finished []*step) (failing string, err error) {
	var done, failed []*step
	for _, s := range finished {
		switch {
		case s.err != nil:
			failed = append(failed, s)
		case s.replace:
			if err := r.replaceLate(ctx, s); err != nil {
				return "", err
			}
		case s.progress.Done:
			done = append(done, s)
		default:
			if err := r.wait(ctx, s); err != nil {
				return "", err
			}
		}
	}
	if err := r.finish(ctx, done); err != nil {
		return "", err
	}
	return r.failSteps(ctx, failed)
}

// finish commits steps that are done: the nodes, what they ready, the rows, the events.
func (r *roundTx) finish(ctx context.Context, done []*step) error {
	var open []*step
	for _, s := range done {
		held, err := r.holdAfter(ctx, s)
		if err != nil {
			return err
		}
		if !held {
			open = append(open, s)
		}
	}
	if done = open; len(done) == 0 {
		return nil
	}
	held, err := r.tx.Finish(ctx, r.walk, r.owner, nodesOf(done))
	if err != nil {
		return err
	}
	for _, s := range done {
		if held[s.node.ID] && s.verb != nothing {
			r.keep(s, s.complete(r.w.Now().UTC()))
		}
	}
	_, _, err = r.tx.Fence(ctx, r.walk, len(held))
	return err
}

// failSteps commits steps that failed; what waits for them is not readied.
func (r *roundTx) failSteps(ctx context.Context, failed []*step) (reason string, err error) {
	if len(failed) == 0 {
		return "", nil
	}
	goesOn := r.p.stack.Action == core.Check || r.p.stack.Force
	giveUp := r.tx.GiveUp
	if goesOn {
		giveUp = r.tx.Finish
	}
	held, err := giveUp(ctx, r.walk, r.owner, nodesOf(failed))
	if err != nil {
		return "", err
	}
	var noted []*step
	for _, s := range failed {
		if !held[s.node.ID] {
			continue
		}
		noted = append(noted, s)
		e := s.fail(r.w.Now().UTC())
		r.keep(s, e)
		if reason == "" {
			reason = fmt.Sprintf("Resource %s failed: %s", e.Action, failureText(s.row.Name, s.err))
		}
	}
	if len(noted) > 0 {
		if err := r.noteFailures(ctx, noted); err != nil {
			return "", err
		}
	}
	if goesOn {
		_, _, err := r.tx.Fence(ctx, r.walk, len(held))
		return "", err
	}
	if reason == "" {
		return "", nil
	}
	return reason, r.tx.Fail(ctx, r.walk, reason)
}

// wait puts a step's node back until it is to be asked again.
func (r *roundTx) wait(ctx context.Context, s *step) error {
	due := store.Never
	if s.progress.After > 0 {
		due = milliseconds(r.w.Now().Add(s.progress.After))
	}
	if s.child {
		due = milliseconds(r.w.Now().Add(childPoll)) // unless its end wakes the node
	}
	ok, err := r.tx.Wait(ctx, r.walk, r.owner, s.node, store.Ending, s.row.ID, due)
	if err != nil || !ok {
		return err
	}
	s.absorb()
	r.rows.put(s.row)
	r.save = append(r.save, s.row)
	r.events = append(r.events, s.before...)
	return nil
}

// keep takes a step's row, and its event when there is one.
func (r *roundTx) keep(s *step, e *core.Event) {
	r.rows.put(s.row)
	r.mine[s.row.ID] = true
	r.save = append(r.save, s.row)
	r.events = append(r.events, s.before...)
	if e != nil {
		r.events = append(r.events, *e)
	}
}

// begin claims what is ready and decides what is to be done with it. more says that
// nodes were finished at once, so that others may be ready now.
func (r *roundTx) begin(ctx context.Context) (more bool, failing string, err error) {
	room := r.parallel - len(r.inflight) - len(r.begun)
	if room <= 0 {
		return false, "", nil
	}
	nodes, err := r.tx.Claim(ctx, r.walk, r.owner, r.w.Now(), r.w.Lease, room)
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

// refresh makes the rows of nodes, and of what they depend on, current.
func (r *roundTx) refresh(ctx context.Context, nodes []store.Node) error {
	var names, ids []string
	for _, n := range nodes {
		row := r.rows.byID[n.ResourceID]
		if row == nil || row.Action != core.Init {
			ids = append(ids, n.ResourceID)
		}
		if row != nil && n.Kind == store.Converge && r.p.target != nil && r.p.target.Definition(row.Name) != nil {
			names = append(names, r.p.target.Requires(row.Name)...)
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

// flush writes the rows and events of the round, each row once and as it is last.
func (r *roundTx) flush(ctx context.Context) error {
	seen := make(map[string]int, len(r.save))
	rows := r.save[:0]
	for _, row := range r.save {
		if i, ok := seen[row.ID]; ok {
			rows[i] = row
			continue
		}
		seen[row.ID] = len(rows)
		rows = append(rows, row)
	}
	if err := r.tx.SaveResources(ctx, rows); err != nil {
		return err
	}
	events := r.events
	r.save, r.events = nil, nil
	return r.tx.AddEvents(ctx, events)
}

func nodesOf(steps []*step) []store.Node {
	nodes := make([]store.Node, len(steps))
	for i, s := range steps {
		nodes[i] = s.node
	}
	return nodes
}
