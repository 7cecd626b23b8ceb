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

// departure is how far a drainer is in leaving what it has in its hands.
type departure struct {
	timer     *time.Timer
	cancelled bool
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
	var ids []string
	var left []*step
	for _, s := range d.inflight {
		if s.delivery.abandon() {
			left = append(left, s)
			ids = append(ids, s.row.ID)
		}
	}
	rows, err := d.rowsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*step, 0, len(left))
	for _, s := range left {
		delete(d.inflight, s.node.ID)
		row := rows[s.row.ID]
		if row == nil {
			continue
		}
		d.w.Log.Warn("call left behind", "resource", row.ID, "type", row.Type, "action", row.Action)
		row.Data, row.Metadata = nil, nil // as stored
		out = append(out, &step{node: s.node, verb: s.verb, row: row, typ: s.typ, err: errAborted})
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
	if err := d.handOver(ctx, []*step{s}); err != nil {
		d.w.Log.Error("what a call came to is not known", "resource", s.row.ID, "error", err)
	}
}

// aborted is the status reason of a resource whose call was cancelled.
func aborted(a core.Action) string { return fmt.Sprintf("%s aborted", a) }
