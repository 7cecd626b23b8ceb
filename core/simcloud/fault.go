package simcloud

import (
	"context"
	"io"
	"net/http"
	"path"
	"strings"
	"time"
)

// Fault is a rule that slows or spoils calls to the simulated cloud. It lives
// in memory only: a restart clears all rules.
type Fault struct {
	// Service is identity, compute, network, image or volume; "" is any.
	Service string
	// Operation is a name such as "server.create" or "port.delete", or a method
	// and path such as "POST /compute/v2.1/servers/*/action" where * is one path
	// segment; "" is any.
	Operation string
	// Nth picks the call that is hit, counted from 1 since the rule was added;
	// Times more follow it. 0 is every call from the first.
	Nth int
	// Times is how many calls are hit; 0 is one when Nth is given, else no limit.
	Times int
	// Status is the HTTP status answered instead of the real one. With 0, a rule
	// that says BeforeEffect or AfterEffect closes the connection unanswered.
	Status int
	// Message is the error text, in the service's own error shape.
	Message string
	// Latency is waited before anything else happens.
	Latency time.Duration
	// BeforeEffect fails the call before it changes anything (the default when
	// Status is set).
	BeforeEffect bool
	// AfterEffect lets the call do its work and then loses the answer.
	AfterEffect bool
	// Hang never answers: the call waits until the client goes away, before it changes
	// anything, or with AfterEffect when it has done its work.
	Hang bool
	// Become lets a create, resize, rebuild or extend be accepted and makes its
	// object end in this status, such as "ERROR", with Message as the reason.
	Become string
}

// answers reports whether the rule replaces the call's answer.
func (f *Fault) answers() bool { return f.Status != 0 || f.Hang || f.BeforeEffect || f.AfterEffect }

func (f Fault) counts() (nth, times int) { return f.Nth, f.Times }

// faultOf is the fault that a call is to meet; nil for none.
func faultOf(l *rules[Fault], service, op string, r *http.Request) *Fault {
	f, ok := l.hit(func(f *Fault) bool { return (f.Service == "" || f.Service == service) && f.names(op, r) })
	if !ok {
		return nil
	}
	return &f
}

func (f *Fault) names(op string, req *http.Request) bool {
	method, pattern, isPath := strings.Cut(f.Operation, " ")
	if !isPath {
		return f.Operation == "" || f.Operation == op
	}
	matched, err := path.Match(pattern, req.URL.Path)
	return method == req.Method && err == nil && matched
}

// Inject adds a rule; remove takes it away again.
func (c *Cloud) Inject(f Fault) (remove func()) {
	id := c.faults.add(f).id
	return func() { c.faults.remove(id) }
}

// wait returns false when the client has gone before d was over.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// hang returns when the client has gone. That is noticed only behind the body.
func hang(r *http.Request) {
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody))
	<-r.Context().Done()
}

// injected answers as the rule says.
func (s *service) injected(w http.ResponseWriter, r *http.Request, requestID string, f *Fault) {
	if f.Hang {
		hang(r)
		return
	}
	if f.Status == 0 {
		panic(http.ErrAbortHandler) // net/http's way to drop the connection
	}
	message := f.Message
	if message == "" {
		message = "Injected fault."
	}
	kind, body := s.errorBody(&apiError{f.Status, "InjectedFault", message})
	s.send(w, r, requestID, f.Status, kind, body)
}
