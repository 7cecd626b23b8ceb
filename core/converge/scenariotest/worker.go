package scenariotest

import (
	"context"
	"fmt"
	"time"

	"hearth/core/converge"
)

// worker is one process as far as walks go: it holds one step at most.
type worker struct {
	name    string
	hand    *converge.Hand
	turn    *converge.Turn // in its hands
	called  bool
	stalled bool // it lives, but keeps no lease
}

// worker gives a living worker by name; one that is new, or was killed, begins anew.
func (l *Lab) worker(name string) *worker {
	for _, w := range l.workers {
		if w.name == name {
			return w
		}
	}
	w := &worker{name: name, hand: l.walker().Hand()}
	l.workers = append(l.workers, w)
	return w
}

// Kill ends a worker: whatever it has in its hands is lost with it.
func (l *Lab) Kill(name string) {
	kept := l.workers[:0]
	for _, w := range l.workers {
		if w.name != name {
			kept = append(kept, w)
		}
	}
	l.workers = kept
}

// Stall has a worker keep no lease any more.
func (l *Lab) Stall(name string) { l.worker(name).stalled = true }

// Take has a worker claim a step of the first walk that is due. worked is false when none
// is; held is false when there was nothing to call.
func (l *Lab) Take(ctx context.Context, name string) (held, worked bool, err error) {
	w := l.worker(name)
	if w.turn != nil {
		return false, false, fmt.Errorf("worker %s has %s in its hands", name, w.turn.Resource())
	}
	l.now = l.now.Add(tick)
	walks, err := l.due(ctx)
	if err != nil || len(walks) == 0 {
		return false, false, err
	}
	l.Turns++
	w.called = false
	w.turn, err = w.hand.Take(ctx, walks[0])
	return w.turn != nil, true, err
}

// Call has a worker do what it has taken.
func (l *Lab) Call(ctx context.Context, name string) error {
	w := l.worker(name)
	if w.turn == nil || w.called {
		return fmt.Errorf("worker %s has nothing to call", name)
	}
	w.turn.Call(ctx)
	w.called = true
	return nil
}

// Commit has a worker commit what it has called.
func (l *Lab) Commit(ctx context.Context, name string) error {
	w := l.worker(name)
	if w.turn == nil || !w.called {
		return fmt.Errorf("worker %s has nothing to commit", name)
	}
	turn := w.turn
	w.turn, w.stalled = nil, false
	return turn.Commit(ctx)
}

// Turn is a whole one; worked is false when nothing is due.
func (l *Lab) Turn(ctx context.Context, name string) (worked bool, err error) {
	held, worked, err := l.Take(ctx, name)
	if err != nil || !held {
		return worked, err
	}
	if err := l.Call(ctx, name); err != nil {
		return false, err
	}
	return true, l.Commit(ctx, name)
}

// The bounds of Run: an engine that is neither done nor at a loss by then is stuck.
const (
	maxTurns = 400
	maxIdle  = 2 * time.Minute
)

// Run takes turns until every stack is at rest. When nothing is due it lets a second pass,
// as the sweep does.
func (l *Lab) Run(ctx context.Context, name string) error {
	var idle time.Duration
	for turns := 0; ; {
		worked, err := l.Turn(ctx, name)
		if err != nil {
			return err
		}
		if worked {
			if turns++; turns > maxTurns {
				return fmt.Errorf("no end after %d turns", turns)
			}
			idle = 0
			continue
		}
		rest, busy, err := l.resting(ctx)
		if err != nil || rest {
			return err
		}
		if idle += time.Second; idle > maxIdle {
			return fmt.Errorf("%s is in progress, and nobody has anything to do for %s", busy, maxIdle)
		}
		if err := l.Advance(ctx, time.Second); err != nil {
			return err
		}
	}
}
