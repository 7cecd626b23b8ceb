package converge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/store"
)

// retryKey is where a resource's data say that tries of the running action have failed.
const retryKey = "retry"

// retry is what a resource remembers of the tries that have failed (create and delete of
// heat/engine/resource.py): an object that comes up broken, or for which the cloud sees a
// conflict, is deleted and made anew; a delete that meets a conflict is done again.
type retry struct {
	Traversal string   `json:"traversal"` // another walk counts from the start
	Creates   int      `json:"creates,omitempty"`
	Deletes   int      `json:"deletes,omitempty"` // since the last failed create
	Next      tryStep  `json:"next,omitempty"`
	First     *failure `json:"first,omitempty"` // what is told when all tries have failed
}

// tryStep is how far the present try has come.
type tryStep string

const (
	tryGoesOn   tryStep = ""             // the type is asked for its end
	toCreate    tryStep = "create"       // when the pause is over
	creating    tryStep = "creating"     // begun: an object may have been made
	toRemove    tryStep = "remove"       // what is there
	removeAgain tryStep = "remove again" // when the pause is over
)

// failure is an error as a row keeps it.
type failure struct {
	Type    string       `json:"type"`
	Message string       `json:"message"`
	Fault   *cloud.Fault `json:"fault,omitempty"`
}

func (f *failure) err() error {
	e := core.Errorf(core.Conflict, f.Type, "%s", f.Message)
	if f.Fault != nil {
		e.Err = f.Fault
	}
	return e
}

func keptFailure(err error) *failure {
	f := &failure{Type: causeOf(err), Message: err.Error()}
	f.Fault, _ = errors.AsType[*cloud.Fault](err)
	return f
}

// retryOf reads what a resource remembers of a walk's failed tries; nil for none.
func retryOf(c *resource.Context, w store.Walk) *retry {
	var t retry
	if json.Unmarshal([]byte(c.Data[retryKey]), &t) != nil || t.Traversal != w.Traversal {
		return nil
	}
	return &t
}

func (t *retry) note(c *resource.Context) {
	b, _ := json.Marshal(t) // texts and numbers
	c.Data[retryKey] = string(b)
}

// inError reports whether an object has come up broken.
func inError(err error) bool {
	e, ok := errors.AsType[*core.Error](err)
	return ok && e.Type == "ResourceInError"
}

// conflicts reports whether the cloud says that the state of things forbids the call now.
// A quota that is used up is no conflict, whatever its status.
func conflicts(err error) bool {
	f, ok := errors.AsType[*cloud.Fault](err)
	return ok && f.Status == http.StatusConflict && f.Kind != "OverQuota"
}

// backOff is the pause before the try after n failed ones (heat/common/timeutils.py
// retry_backoff_delay): 2^n seconds and up to two more.
func (w *Walker) backOff(n int) time.Duration {
	return time.Duration((float64(int(1)<<n) + 2*rand.Float64()) * float64(w.RetryPause))
}

// noteTry takes down that a try is under way, or has come to its end.
func (d *drainer) noteTry(s *step) {
	if s.err != nil || s.c.Data[retryKey] == "" {
		return
	}
	t := retryOf(s.c, d.walk)
	if t == nil || s.progress.Done && s.verb != undo {
		delete(s.c.Data, retryKey)
		return
	}
	t.Next = tryGoesOn
	t.note(s.c)
}

// nextTry says what a finished step's resource is to try next, and when; ok is false when
// the step is what it is.
func (r *roundTx) nextTry(s *step) (t *retry, pause time.Duration, ok bool) {
	undone := s.verb == undo && s.err == nil && s.progress.Done
	if s.err == nil && !undone || s.c == nil || s.verb != create && s.verb != undo && s.verb != remove {
		return nil, 0, false
	}
	if t = retryOf(s.c, r.walk); t == nil {
		t = &retry{Traversal: r.walk.Traversal}
	}
	again := conflicts(s.err) || inError(s.err) && s.verb != remove
	switch {
	case undone:
		t.Next = toCreate
		return t, r.w.backOff(t.Creates), true
	case !again:
	case s.verb == create:
		t.Creates, t.Deletes, t.Next = t.Creates+1, 0, toRemove
		if t.First == nil {
			t.First = keptFailure(s.err)
		}
		ok = t.Creates <= r.w.RetryLimit
	default:
		t.Deletes++
		if t.Next = removeAgain; s.verb == remove { // one action, and one event
			t.Next = toRemove
		}
		pause, ok = r.w.backOff(t.Deletes), t.Deletes <= r.w.RetryLimit
	}
	ok = ok && !r.fails && !r.p.stack.Force
	if !ok && again && t.First != nil {
		s.first = t.First.err()
	}
	return t, pause, ok
}

// retries puts a step's node back for another try, if it is to have one.
func (r *roundTx) retries(ctx context.Context, s *step) (ok bool, err error) {
	t, pause, ok := r.nextTry(s)
	if t == nil {
		return false, nil
	}
	switch {
	case ok:
		t.note(s.c)
	case s.c.Data[retryKey] == "":
		return false, nil
	default:
		delete(s.c.Data, retryKey)
	}
	if s.verb == undo && s.err == nil { // it is all gone
		s.c.Data = map[string]string{retryKey: s.c.Data[retryKey]}
	}
	if s.sealed, err = r.w.Store.Sealer().Seal(s.c.Data, s.row.ID); err != nil || !ok {
		return false, err
	}
	due := r.w.Now()
	held, err := r.putBack(ctx, s, store.Ending, s.row.ID, milliseconds(due.Add(pause)))
	if err != nil || !held {
		return true, err
	}
	s.absorb()
	r.turn(s)
	r.rows.put(s.row)
	r.save = append(r.save, s.row)
	return true, nil
}

// turn tells how a try has ended, and has the row stand for what follows.
func (r *roundTx) turn(s *step) {
	now := r.w.Now().UTC()
	tell := func(status core.Status, reason string) {
		s.row.Status, s.row.StatusReason, s.row.UpdatedAt = status, reason, now
		r.events = append(r.events, resourceEvent(s.stack, s.row, now, s.masked()))
	}
	if s.verb == remove {
		return
	}
	if s.err != nil {
		tell(core.Failed, failureText(s.row.Name, s.err))
	} else {
		tell(core.Complete, "state changed")
		s.row.PhysicalID = ""
	}
	begins := s.verb == create // the delete follows at once
	if s.row.Action = core.Delete; s.verb == undo && s.err == nil {
		s.row.Action = core.Create
	}
	if s.row.Status, s.row.StatusReason = core.InProgress, "state changed"; begins {
		tell(core.InProgress, "state changed")
	}
}

// tryAgain goes on with a resource whose earlier tries have failed; ok is false for others.
func (r *roundTx) tryAgain(s *step) (ok bool, err error) {
	t := retryOf(s.c, r.walk)
	if t == nil || t.Next == tryGoesOn {
		return false, nil
	}
	s.asked, s.resumed = false, t.Next == creating
	switch t.Next {
	case toCreate:
		t.Next = creating
	case removeAgain:
		t.Next = toRemove
	default:
		return true, nil
	}
	t.note(s.c)
	now := r.w.Now().UTC()
	s.row.UpdatedAt, s.c.Started = now, now
	begun := *s.row
	begun.Metadata = nil
	if begun.Data, err = r.w.Store.Sealer().Seal(s.c.Data, s.row.ID); err != nil {
		return false, err
	}
	r.save = append(r.save, &begun)
	r.rows.put(&begun)
	r.events = append(r.events, resourceEvent(s.stack, s.row, now, s.masked()))
	return true, nil
}

// failedFor is the reason for which a failed step fails its walk: of several tries, the
// first.
func (s *step) failedFor(a core.Action) string {
	if s.first != nil {
		a = core.Create
	}
	return fmt.Sprintf("Resource %s failed: %s", a, failureText(s.row.Name, s.cause()))
}

// cause is the error that is told of a failed step.
func (s *step) cause() error {
	if s.first != nil {
		return s.first
	}
	return s.err
}
