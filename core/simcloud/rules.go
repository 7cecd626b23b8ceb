package simcloud

import (
	"slices"
	"sync"
)

// counted is what rules are about: it hits the nth thing that it matches, and others after
// it, times altogether (due).
type counted interface{ counts() (nth, times int) }

// rule is one of a list, with how many things it has matched.
type rule[T counted] struct {
	id, seen int
	what     T
}

// rules is the list of active rules, oldest first; the first that hits is used, and every
// matching rule counts.
type rules[T counted] struct {
	mu   sync.Mutex
	next int
	all  []*rule[T]
}

func (l *rules[T]) add(what T) rule[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	r := rule[T]{id: l.next, what: what}
	l.all = append(l.all, &r)
	return rule[T]{id: r.id, what: what}
}

// remove reports whether there was such a rule.
func (l *rules[T]) remove(id int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.all)
	l.all = slices.DeleteFunc(l.all, func(r *rule[T]) bool { return r.id == id })
	return len(l.all) < n
}

func (l *rules[T]) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = nil
}

func (l *rules[T]) list() []rule[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]rule[T], len(l.all))
	for i, r := range l.all {
		out[i] = *r
	}
	return out
}

// hit gives the rule that applies to what matches.
func (l *rules[T]) hit(matches func(what *T) bool) (what T, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.all {
		if !matches(&r.what) {
			continue
		}
		r.seen++
		nth, times := r.what.counts()
		if !ok && due(nth, times, r.seen) {
			what, ok = r.what, true
		}
	}
	return what, ok
}

// due tells whether a rule with these numbers hits the thing that it has seen last.
func due(nth, times, seen int) bool {
	if nth == 0 {
		return times == 0 || seen <= times
	}
	return seen >= nth && seen < nth+max(times, 1)
}
