package converge

import (
	"context"
	"errors"
	goruntime "runtime"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/template"
)

// patience is how long a drainer without work stays for a node that will be due soon.
const patience = 300 * time.Millisecond

// drainer works one walk.
type drainer struct {
	w        *Walker
	walk     store.Walk
	p        *program
	owner    string // of leases: another one for each drainer, so that none takes its own for lost
	parallel int    // steps at once

	session sync.Mutex
	cloud   *cloud.Client

	registry *template.Registry // of a stack that is being deleted, once it is asked for
	rows     *rows
	mine     map[string]bool // rows that this drainer has finished in this walk
	inflight map[int]*step   // by node
	results  chan *step
	ended    bool // another walk has taken the stack over, or this one is done
	halting  bool // the walk is to end now
	depart   departure
	// unclaimed says that there may be nodes that are ready and nobody's.
	unclaimed bool
	looked    bool  // soonest is known
	soonest   int64 // when the next node that waits is due, as far as this drainer knows
}

// drain works a walk until there is nothing to do for this process now.
func (w *Walker) drain(ctx context.Context, walk store.Walk, again <-chan struct{}) error {
	d, err := w.open(ctx, walk, w.Parallel)
	if err != nil || d == nil {
		return err
	}
	return d.loop(ctx, again)
}

// open makes a drainer of a walk; nil when the walk has ended or been superseded.
func (w *Walker) open(ctx context.Context, walk store.Walk, parallel int) (*drainer, error) {
	p, err := w.program(ctx, walk)
	if err != nil || p == nil {
		return nil, err
	}
	d := &drainer{w: w, walk: walk, p: p, owner: uuid.NewString(), parallel: parallel, unclaimed: true, mine: map[string]bool{}, inflight: map[int]*step{},
		results: make(chan *step, parallel)}
	if fresh := w.takeFresh(p); fresh != nil {
		d.rows = newRows(nil)
		for _, row := range fresh {
			d.rows.put(row)
		}
		d.looked, d.soonest = true, store.Never // no node of it has waited yet
		return d, nil
	}
	list, err := w.Store.Resources(ctx, walk.StackID)
	if err != nil {
		return nil, err
	}
	d.rows = newRows(list)
	return d, nil
}

// proceed is a round that takes being superseded for the end of the walk: what has been
// made is handed over.
func (d *drainer) proceed(ctx context.Context, finished []*step) (begun []*step, due int64, err error) {
	begun, due, err = d.round(ctx, finished)
	if errors.Is(err, errSuperseded) {
		d.ended = true
		err = d.handOver(ctx, finished)
	}
	return begun, due, err
}

func (d *drainer) loop(ctx context.Context, again <-chan struct{}) error {
	heartbeat := time.NewTicker(d.w.Lease / 3)
	defer heartbeat.Stop()
	var finished []*step
	for {
		if ctx.Err() != nil {
			// What has ended just now may have ended only because the process does.
			return errors.Join(ctx.Err(), d.settle(ctx, finished))
		}
		begun, due, err := d.proceed(ctx, finished)
		if err != nil {
			return errors.Join(err, d.settle(ctx, finished))
		}
		for _, s := range begun {
			d.inflight[s.node.ID] = s
			timeout := d.timeout()
			own, cancel := context.WithTimeout(ctx, timeout)
			s.cancel, s.expires = cancel, time.Now().Add(timeout+parting)
			go func() {
				defer cancel()
				d.perform(own, s)
				d.send(s)
			}()
		}
		if len(d.inflight) == 0 {
			if d.ended || !d.staysFor(due) {
				return nil
			}
		}
		finished, err = d.wait(ctx, again, heartbeat.C, due)
		if err != nil {
			return errors.Join(err, d.settle(ctx, nil))
		}
	}
}

// staysFor reports whether the drainer is to wait for the next due node; if not, it is
// called again when the node is due.
func (d *drainer) staysFor(due int64) bool {
	if due >= store.Never {
		return false
	}
	at := time.UnixMilli(due)
	if at.Sub(d.w.Now()) <= patience {
		return true
	}
	d.w.kickAt(d.walk, at)
	return false
}

// wait returns when there is something for the next round: finished steps (all that are
// there), a node that is due, or a call.
func (d *drainer) wait(ctx context.Context, again <-chan struct{}, heartbeat <-chan time.Time, due int64) ([]*step, error) {
	var dueC <-chan time.Time
	if !d.ended && due < store.Never {
		t := time.NewTimer(max(time.UnixMilli(due).Sub(d.w.Now()), 0))
		defer t.Stop()
		dueC = t.C
	}
	var expired <-chan time.Time
	if at, ok := d.expiry(); ok {
		t := time.NewTimer(time.Until(at))
		defer t.Stop()
		expired = t.C
	}
	for {
		select {
		case s := <-d.results:
			return d.collect(s), nil
		case <-expired:
			return d.expire(ctx)
		case <-d.leaving():
			return d.leave(ctx)
		case <-dueC:
			d.unclaimed = true
			return nil, nil
		case <-again:
			d.unclaimed = true
			if !d.ended {
				return nil, nil
			}
		case <-heartbeat:
			news, err := d.beat(ctx)
			if err != nil || news {
				return nil, err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// collect takes s and every other step that has finished. Steps that call nobody end all but
// at once: letting them run first makes one transaction of them instead of many.
func (d *drainer) collect(s *step) []*step {
	out := []*step{s}
	for turns := 0; ; {
		select {
		case s := <-d.results:
			out, turns = append(out, s), 0
		default:
			if turns++; turns < 3 && len(out) < len(d.inflight) {
				goruntime.Gosched()
				continue
			}
			for _, s := range out {
				delete(d.inflight, s.node.ID)
			}
			return out
		}
	}
}

// beat keeps what is in flight. news says, once, that another walk has taken the stack over
// meanwhile, or that another process has halted this one.
func (d *drainer) beat(ctx context.Context) (news bool, err error) {
	if len(d.inflight) == 0 {
		return false, nil
	}
	ids := make([]string, 0, len(d.inflight))
	for _, s := range d.inflight {
		ids = append(ids, s.row.ID)
	}
	slices.Sort(ids)
	held, err := d.w.Store.ExtendLeases(ctx, d.walk, d.owner, ids, d.w.Now().Add(d.w.Lease))
	switch {
	case err != nil || d.ended || d.halting:
		return false, err
	case held == 0:
		return true, nil
	}
	return d.w.Store.Halting(ctx, d.walk)
}

// client gives the cloud as the stack's owner sees it, for types that need one.
func (d *drainer) client(ctx context.Context, typ *resource.Type) (*cloud.Client, error) {
	if typ.Service == "" || d.w.Cloud == nil {
		return nil, nil
	}
	d.session.Lock()
	defer d.session.Unlock()
	if d.cloud == nil {
		c, err := d.w.client(ctx, &d.p.stack)
		if err != nil {
			return nil, err
		}
		d.cloud = c
	}
	return d.cloud, nil
}
