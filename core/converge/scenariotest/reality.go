package scenariotest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"hearth/core"
	"hearth/core/resource"
)

// Object is one thing of the Reality.
type Object struct {
	ID        string // NAME#NUMBER
	Name      string // of the resource that it was made for
	StackID   string
	Row       string            // id of the resource's row
	Values    map[string]string // of the properties value, fixed and link
	Suspended bool
}

// Reality is the world outside of the engine: what exists, what was called, and what is to
// go wrong.
type Reality struct {
	mu     sync.Mutex
	living []*Object
	made   map[string]int
	calls  []string
	faults []*fault
	broken []string // what must never happen, and has
}

// The kinds of faults.
const (
	failing = "fail" // refused before anything is done
	losing  = "lose" // done, and the answer lost
	slow    = "slow" // needs several asks
	hanging = "hang" // never done
)

// fault is what goes wrong with a call to the objects of a resource.
type fault struct {
	kind, verb, name string
	asks             int
}

// NewReality makes an empty world.
func NewReality() *Reality { return &Reality{made: map[string]int{}} }

// Objects gives what exists, in the order of its making.
func (r *Reality) Objects() []Object {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]Object, len(r.living))
	for i, o := range r.living {
		out[i] = *o
		out[i].Values = maps.Clone(o.Values)
	}
	return out
}

// Calls gives the calls since the last time, each as verb:object.
func (r *Reality) Calls() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.calls
	r.calls = nil
	return out
}

// Broken tells what has happened that must never happen.
func (r *Reality) Broken() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.broken)
}

func (r *Reality) add(f fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, &f)
}

func (r *Reality) mend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = nil
}

// strike takes a fault of a kind that meets the call, if there is one.
func (r *Reality) strike(kind, verb, name string) bool {
	for i, f := range r.faults {
		if f.kind == kind && f.verb == verb && f.name == name {
			r.faults = slices.Delete(r.faults, i, i+1)
			return true
		}
	}
	return false
}

// act does a call: do is what it changes.
func (r *Reality) act(verb, name string, do func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.strike(failing, verb, name) {
		r.calls = append(r.calls, verb+":"+name+"!")
		return core.Errorf(core.Invalid, "ValueError", "%s of %s is refused", verb, name)
	}
	if err := do(); err != nil {
		return err
	}
	if r.strike(losing, verb, name) {
		return fmt.Errorf("%s of %s: %w", verb, name, context.DeadlineExceeded)
	}
	return nil
}

// ask tells how far a call is.
func (r *Reality) ask(verb, name string) resource.Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, f := range r.faults {
		if f.verb != verb || f.name != name {
			continue
		}
		switch {
		case f.kind == hanging:
			return resource.Again(askAgain)
		case f.kind == slow && f.asks > 0:
			f.asks--
			return resource.Again(askAgain)
		case f.kind == slow:
			r.faults = slices.Delete(r.faults, i, i+1)
			return resource.Done
		}
	}
	return resource.Done
}

func (r *Reality) find(match func(*Object) bool) *Object {
	for _, o := range r.living {
		if match(o) {
			return o
		}
	}
	return nil
}

func (r *Reality) byID(id string) *Object {
	return r.find(func(o *Object) bool { return o.ID == id })
}

func (r *Reality) byRow(row string) *Object {
	return r.find(func(o *Object) bool { return o.Row == row })
}

func (r *Reality) create(o *Object) {
	if twin := r.byRow(o.Row); twin != nil {
		r.broken = append(r.broken, fmt.Sprintf("%s was made although %s is there", o.Name, twin.ID))
	}
	r.made[o.Name]++
	o.ID = fmt.Sprintf("%s#%d", o.Name, r.made[o.Name])
	r.living = append(r.living, o)
	r.calls = append(r.calls, "create:"+o.ID)
	r.links(o)
}

// links looks whether what an object refers to exists.
func (r *Reality) links(o *Object) {
	if to := o.Values["link"]; strings.Contains(to, "#") && r.byID(to) == nil {
		r.broken = append(r.broken, fmt.Sprintf("%s refers to %s, which does not exist", o.ID, to))
	}
}

// remove deletes an object; what others still refer to must not go before them.
func (r *Reality) remove(o *Object) {
	r.calls = append(r.calls, "delete:"+o.ID)
	r.living = slices.DeleteFunc(r.living, func(x *Object) bool { return x == o })
	if user := r.find(func(x *Object) bool { return x.Values["link"] == o.ID }); user != nil {
		r.broken = append(r.broken, fmt.Sprintf("%s was deleted although %s refers to it", o.ID, user.ID))
	}
}
