package agent

import "sync"

// waiting are those who wait for something to change in a queue. They are woken by what
// happens in this process at once, and look for themselves after a while.
type waiting struct {
	mu      sync.Mutex
	waiters map[string]map[chan struct{}]struct{}
}

// on gives a channel that a change of the queue closes, and what ends the waiting for it.
func (w *waiting) on(queueID string) (changed <-chan struct{}, leave func()) {
	ch := make(chan struct{})
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiters == nil {
		w.waiters = map[string]map[chan struct{}]struct{}{}
	}
	if w.waiters[queueID] == nil {
		w.waiters[queueID] = map[chan struct{}]struct{}{}
	}
	w.waiters[queueID][ch] = struct{}{}
	return ch, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.waiters[queueID], ch)
		if len(w.waiters[queueID]) == 0 {
			delete(w.waiters, queueID)
		}
	}
}

// wake tells that a queue has changed.
func (w *waiting) wake(queueID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ch := range w.waiters[queueID] {
		close(ch)
	}
	delete(w.waiters, queueID)
}

// any tells whether somebody waits.
func (w *waiting) any() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.waiters) > 0
}
