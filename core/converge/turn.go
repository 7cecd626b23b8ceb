package converge

import (
	"context"
	"errors"

	"hearth/core/store"
)

// Hand is a worker that moves only when it is told to: it takes one step of a walk at a
// time, by the same rounds as a drainer. It is for tests, which stop it wherever a process
// may die, and go on with another.
type Hand struct {
	w      *Walker
	drains map[store.Walk]*drainer
}

// Hand makes a worker that is moved by hand. The Walker need not be started.
func (w *Walker) Hand() *Hand { return &Hand{w: w, drains: map[store.Walk]*drainer{}} }

// Turn is one step that a Hand has taken: Call does it, Commit writes what it has come to.
// Who drops it instead has died.
type Turn struct {
	hand *Hand
	d    *drainer
	s    *step
}

// Take claims the first node of a walk that is due. The Turn is nil when no type has to be
// called now: what could be decided without one is committed.
func (h *Hand) Take(ctx context.Context, walk store.Walk) (*Turn, error) {
	d := h.drains[walk]
	if d == nil {
		var err error
		if d, err = h.w.open(ctx, walk, 1); err != nil || d == nil {
			return nil, err
		}
		h.drains[walk] = d
	}
	d.unclaimed = true
	begun, _, err := d.proceed(ctx, nil)
	if d.ended {
		delete(h.drains, walk)
	}
	if err != nil || len(begun) == 0 {
		return nil, err
	}
	d.inflight[begun[0].node.ID] = begun[0]
	return &Turn{hand: h, d: d, s: begun[0]}, nil
}

// Resource is the name of the resource that the step is about.
func (t *Turn) Resource() string { return t.s.row.Name }

// Beat keeps the step under its lease.
func (t *Turn) Beat(ctx context.Context) error {
	_, err := t.d.beat(ctx)
	return err
}

// Call does the step: it calls the resource's type.
func (t *Turn) Call(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, t.d.timeout())
	defer cancel()
	t.d.perform(ctx, t.s)
}

// Commit writes what the step has come to, and claims nothing more. A step of a superseded
// walk is handed over; one that another worker has taken up since changes nothing.
func (t *Turn) Commit(ctx context.Context) error {
	finished := []*step{t.s}
	_, _, err := t.d.proceed(ctx, finished) // it is still in flight: there is no room for others
	delete(t.d.inflight, t.s.node.ID)
	if t.d.ended {
		delete(t.hand.drains, t.d.walk)
	}
	if err != nil {
		err = errors.Join(err, t.d.settle(ctx, finished))
	}
	return err
}
