package native

import (
	"context"
	"sync"

	"hearth/murano/muranopl"
)

// Turns has the programs of a process take turns. The zero Turns is ready.
type Turns struct {
	mu sync.Mutex
	of map[string]turn
}

func (t *Turns) get(key string) turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = map[string]turn{}
	}
	if t.of[key] == nil {
		t.of[key] = make(turn, 1)
	}
	return t.of[key]
}

// turn is that of who does a thing in the caller's project.
func (s *Session) turn(thing string) turn {
	if s.Turns == nil {
		s.Turns = new(Turns)
	}
	return s.Turns.get(s.Caller.ProjectID + " " + thing)
}

// turn lets one thread in at a time, where it waits inside.
type turn chan struct{}

// take waits until nobody else is in.
func (t turn) take(th *muranopl.Thread) error {
	select {
	case t <- struct{}{}:
		return nil
	default:
	}
	return wait(th, func(ctx context.Context) error {
		select {
		case t <- struct{}{}:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// leave lets the next one in.
func (t turn) leave() { <-t }
