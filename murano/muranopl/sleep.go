package muranopl

import (
	"sync"
	"time"
)

// sleepers are threads that sleep. Those that are due in the same millisecond get their turns
// one after the other, in the order in which they fell asleep, before anything that the first
// of them sets off: programs were written for an event loop that does so.
type sleepers struct {
	mu  sync.Mutex
	due map[int64][]chan (<-chan struct{})
}

// sleep lets other threads run for a while; it ends early with the program.
func (th *Thread) sleep(d time.Duration) error {
	if d < 0 {
		d = 0
	}
	s, b := &th.ex.sleepers, &th.ex.baton
	until := time.Now().Add(d + time.Millisecond - 1).Truncate(time.Millisecond)
	woken := make(chan (<-chan struct{}), 1)
	s.mu.Lock()
	if s.due == nil {
		s.due = map[int64][]chan (<-chan struct{}){}
	}
	at := until.UnixMilli()
	first := len(s.due[at]) == 0
	s.due[at] = append(s.due[at], woken)
	s.mu.Unlock()
	if first {
		time.AfterFunc(time.Until(until), func() { s.wake(at, b) })
	}
	b.release()
	select {
	case turn := <-woken:
		<-turn
		return nil
	case <-th.ctx.Done():
	}
	if !s.leave(at, woken) { // it was woken meanwhile
		<-<-woken
		return th.ctx.Err()
	}
	<-b.ticket()
	return th.ctx.Err()
}

// wake queues all that are due.
func (s *sleepers) wake(at int64, b *baton) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, woken := range s.due[at] {
		woken <- b.ticket()
	}
	delete(s.due, at)
}

// leave takes a sleeper away; false when it has been woken already.
func (s *sleepers) leave(at int64, woken chan (<-chan struct{})) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, w := range s.due[at] {
		if w == woken {
			s.due[at] = append(s.due[at][:i:i], s.due[at][i+1:]...)
			return true
		}
	}
	return false
}
