package converge

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"hearth/core"
	"hearth/core/store"
)

// A walk that has been superseded or halted waits for the calls that are still under way:
// they end, or are cancelled after grace, or are left after another parting. So a provider
// that never answers holds nobody up for longer than that.
const (
	grace   = 2 * time.Second
	parting = 500 * time.Millisecond
)

// errAborted is why a resource failed whose call was cancelled.
var errAborted = errors.New("aborted")

// delivery says who takes a step's result: the drainer, or, once it has left, nobody.
type delivery struct{ state atomic.Int32 }

const (
	underWay int32 = iota
	delivered
	abandoned
)

func (d *delivery) deliver() bool { return d.state.CompareAndSwap(underWay, delivered) }
func (d *delivery) abandon() bool { return d.state.CompareAndSwap(underWay, abandoned) }
func (d *delivery) left() bool    { return d.state.Load() == abandoned }

// departure is how far a drainer is in leaving what it has in its hands.
type departure struct {
	timer     *time.Timer
	cancelled bool
}

// supersede has the drainer of a walk, if this process has one, see that its time is over
// once tx is committed; others see it with their next beat.
func (w *Walker) supersede(tx *store.Tx, walk store.Walk) {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if again, ok := w.drains[walk]; ok {
			select {
			case again <- struct{}{}:
			default:
			}
		}
	})
}

// leaving starts the clock once there is a reason to leave; C is nil before.
func (d *drainer) leaving() <-chan time.Time {
	if !d.ended && !d.halting || len(d.inflight) == 0 {
		return nil
	}
	if d.depart.timer == nil {
		d.depart.timer = time.NewTimer(grace)
	}
	return d.depart.timer.C
}

// leave first cancels the calls that are under way, then lets go of those that do not end
// all the same: they count as aborted, and write down by themselves what they come to.
func (d *drainer) leave(ctx context.Context) ([]*step, error) {
	if !d.depart.cancelled {
		d.depart.cancelled = true
		for _, s := range d.inflight {
			s.cancel()
		}
		d.depart.timer.Reset(parting)
		return nil, nil
	}
	return d.letGo(ctx, func(*step) bool { return true }, errAborted)
}

// expiry is when the first of the calls under way is to be left: it has had its time, has
// been cancelled, and does not end; ok is false when there is none.
func (d *drainer) expiry() (at time.Time, ok bool) {
	for _, s := range d.inflight {
		if at.IsZero() || s.expires.Before(at) {
			at = s.expires
		}
	}
	return at, !at.IsZero()
}

// expire leaves the calls that have had their time.
func (d *drainer) expire(ctx context.Context) ([]*step, error) {
	now := time.Now()
	return d.letGo(ctx, func(s *step) bool { return !s.expires.After(now) }, context.DeadlineExceeded)
}

// letGo leaves those of the calls under way that which says, and gives the steps that they
// have failed with why.
func (d *drainer) letGo(ctx context.Context, which func(*step) bool, why error) ([]*step, error) {
	var ids []string
	var left []*step
	for _, s := range d.inflight {
		if which(s) && s.delivery.abandon() {
			left = append(left, s)
			ids = append(ids, s.row.ID)
			delete(d.inflight, s.node.ID)
		}
	}
	if len(left) == 0 {
		return nil, nil
	}
	rows, err := d.rowsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*step, 0, len(left))
	for _, s := range left {
		row := rows[s.row.ID]
		if row == nil {
			continue
		}
		d.w.Log.Warn("call left behind", "resource", row.ID, "type", row.Type, "action", row.Action)
		row.Data, row.Metadata = nil, nil // as stored
		out = append(out, &step{stack: d.p.stack.Name, node: s.node, row: row, err: why})
	}
	return out, nil
}

func (d *drainer) rowsByID(ctx context.Context, ids []string) (map[string]*core.Resource, error) {
	out := make(map[string]*core.Resource, len(ids))
	err := d.w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err := tx.ResourcesByID(ctx, ids)
		for i := range list {
			out[list[i].ID] = &list[i]
		}
		return err
	})
	return out, err
}

// send gives a step that has ended back to the drainer. Of one that the drainer has left it
// writes down what was made after all, unless somebody else has taken the resource up.
func (d *drainer) send(s *step) {
	if s.delivery.deliver() {
		d.results <- s
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), d.w.Lease)
	defer cancel()
	if err := d.sendLate(ctx, s); err != nil {
		d.w.Log.Error("what a call came to is not known", "resource", s.row.ID, "error", err)
	}
}

func (d *drainer) sendLate(ctx context.Context, s *step) error {
	var held bool
	err := d.w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		held, err = tx.Holds(ctx, d.walk, d.owner, s.node)
		return err
	})
	if err != nil {
		return err
	}
	if held { // the drainer has gone, and its walk goes on
		return d.putDown(ctx, []*step{s})
	}
	return d.handOver(ctx, []*step{s})
}

// settle waits for what is in flight when the drainer cannot go on, as long as leave does,
// and writes down what it has made, so that the next one finds it.
func (d *drainer) settle(ctx context.Context, finished []*step) error {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	for cancelled := false; len(d.inflight) > 0; {
		select {
		case s := <-d.results:
			finished = append(finished, d.collect(s)...)
			continue
		case <-timer.C:
			timer.Reset(parting)
		}
		for id, s := range d.inflight {
			if !cancelled {
				s.cancel()
			} else if s.delivery.abandon() {
				delete(d.inflight, id)
			}
		}
		cancelled = true
	}
	if len(finished) == 0 {
		return nil
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.w.Lease)
	defer cancel()
	return d.putDown(late, finished)
}

// aborted is the status reason of a resource whose call was cancelled.
func aborted(a core.Action) string { return fmt.Sprintf("%s aborted", a) }
