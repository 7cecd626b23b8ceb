package converge

import (
	"context"

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
	fails  bool         // the walk: nothing is tried again
	fenced store.Fenced // how the walk stands by now
	taken  []store.Node // ready, and this drainer's
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
	r.fenced = f
	r.tx.AfterCommit(func() { r.halting = f.Halting })
	failing := f.Failing
	r.fails = failing != ""
	reason, err := r.commit(ctx, finished)
	if err != nil {
		return err
	}
	if failing == "" {
		failing = reason
	}
	for more := true; more && failing == ""; {
		if more, failing, err = r.begin(ctx); err != nil {
			return err
		}
	}
	if err := r.flush(ctx); err != nil {
		return err
	}
	return r.conclude(ctx, failing)
}

// conclude ends the walk when nothing of it is left, or when it fails and nobody holds
// any of it; else it looks up when to go on.
func (r *roundTx) conclude(ctx context.Context, failing string) error {
	if failing != "" {
		for _, n := range r.taken { // and not begun
			if err := r.tx.PutDown(ctx, r.walk, n); err != nil {
				return err
			}
		}
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
	if r.fenced.Left == 0 {
		s, err := r.stack(ctx)
		if err != nil {
			return err
		}
		r.tx.AfterCommit(func() { r.ended = true })
		return r.w.end(ctx, r.tx, s, r.p.target)
	}
	return r.lookAhead(ctx)
}

// lookAhead finds when the next node that waits is due. As long as something is under way
// it is enough to know what was found before, and what has been put back since: what others
// wake or put back they see to themselves.
func (r *roundTx) lookAhead(ctx context.Context) error {
	if r.room() == 0 {
		return nil // whatever ends makes room first
	}
	if busy := len(r.begun)+len(r.inflight) > 0; !busy || !r.looked || milliseconds(r.w.Now()) >= r.soonest {
		due, soon, err := r.tx.NextDue(ctx, r.walk)
		if err != nil {
			return err
		}
		if r.looked, r.soonest = true, store.Never; soon {
			r.soonest = due
		}
	}
	r.due = r.soonest
	return nil
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
		if again, err := r.retries(ctx, s); again || err != nil {
			if err != nil {
				return "", err
			}
			continue
		}
		switch {
		case s.err != nil:
			failed = append(failed, s)
		case !s.restored.ready():
			if _, err := r.putBack(ctx, s, store.Begin, s.row.ID, milliseconds(r.w.Now().Add(s.progress.After))); err != nil {
				return "", err
			}
		case s.replace:
			if err := r.replaceLate(ctx, s); err != nil {
				return "", err
			}
		case s.progress.Done:
			done = append(done, s)
		case r.forsaken(s):
			s.err = core.Errorf(core.Timeout, "Timeout", "%s timed out", s.row.Action)
			failed = append(failed, s)
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
	held, err := r.finishNodes(ctx, nodesOf(done))
	if err != nil {
		return err
	}
	var left []*step
	for _, s := range done {
		if held[s.node.ID] && s.verb != nothing {
			r.keep(s, s.complete(r.w.Now().UTC()))
		}
		if held[s.node.ID] && len(s.left) > 0 {
			left = append(left, s)
		}
	}
	if len(left) > 0 {
		if err := r.noteFailures(ctx, left); err != nil {
			return err
		}
	}
	return r.count(ctx, len(held))
}

// finishNodes marks nodes done and takes over what they ready, as far as there is room.
func (r *roundTx) finishNodes(ctx context.Context, nodes []store.Node) (held map[int]bool, err error) {
	room := r.room()
	held, taken, err := r.tx.Finish(ctx, r.walk, r.owner, nodes, store.Taking{Limit: room, Now: r.w.Now(), Lease: r.w.Lease})
	if len(taken) >= room {
		r.unclaimed = true
	}
	r.taken = append(r.taken, taken...)
	return held, err
}

// room is how many more steps may be begun.
func (r *roundTx) room() int {
	return max(0, r.parallel-len(r.inflight)-len(r.begun)-len(r.taken))
}

// count takes nodes that are done off what is left of the walk.
func (r *roundTx) count(ctx context.Context, n int) error {
	f, ok, err := r.tx.Fence(ctx, r.walk, n)
	if err == nil && !ok {
		err = errSuperseded
	}
	r.fenced = f
	return err
}

// failSteps commits steps that failed; what waits for them is not readied.
func (r *roundTx) failSteps(ctx context.Context, failed []*step) (reason string, err error) {
	if len(failed) == 0 {
		return "", nil
	}
	goesOn := r.p.stack.Action == core.Check || r.p.stack.Force
	letGo := func(ctx context.Context, nodes []store.Node) (map[int]bool, error) {
		return r.tx.GiveUp(ctx, r.walk, r.owner, nodes)
	}
	if goesOn {
		letGo = r.finishNodes
	}
	held, err := letGo(ctx, nodesOf(failed))
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
			reason = s.failedFor(e.Action)
		}
	}
	if len(noted) > 0 {
		if err := r.noteFailures(ctx, noted); err != nil {
			return "", err
		}
	}
	if goesOn {
		return "", r.count(ctx, len(held))
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
	} else if r.p.stack.Force {
		due = min(due, milliseconds(s.c.Started.Add(r.w.forcePatience())))
	}
	ok, err := r.putBack(ctx, s, store.Ending, s.row.ID, due)
	if err != nil || !ok {
		return err
	}
	s.absorb()
	r.rows.put(s.row)
	r.save = append(r.save, s.row)
	r.events = append(r.events, s.before...)
	return nil
}

// putBack has a step's node wait, in the given phase, for a resource.
func (r *roundTx) putBack(ctx context.Context, s *step, phase store.Phase, resource string, due int64) (ok bool, err error) {
	until, ok, err := r.tx.Wait(ctx, r.walk, r.owner, s.node, phase, resource, due)
	if err != nil || !ok {
		return false, err
	}
	r.soonest = min(r.soonest, until)
	if until <= milliseconds(r.w.Now()) {
		r.unclaimed = true
	}
	return true, nil
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
