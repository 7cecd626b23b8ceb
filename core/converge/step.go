package converge

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/store"
	"hearth/core/yaml"
)

// verb is what a step does.
type verb int

const (
	nothing verb = iota // nothing is to be done, but the row may have to be noted anew
	create
	accept // an external object, as it is
	adopt  // an object that another stack has left
	update
	remove
	define  // nothing but the definition is new
	refresh // read attributes that the template asks for since now
	visit   // suspend, resume or check the object
	undo    // delete what a create has made that is to be tried again
)

// step is one call to a resource's type, from the decision to the row it results in.
type step struct {
	stack     string // its name
	node      store.Node
	verb      verb
	row       *core.Resource // a copy of this step's own
	typ       *resource.Type
	behaviour resource.Resource
	c         *resource.Context

	resumed bool      // an earlier attempt may have made the object
	asked   bool      // begun before: ask for the end
	changed []string  // properties that differ, of an update
	props   *yaml.Map // what the row is to hold when the step is done
	given   *yaml.Map // the properties that the template gives, for events
	digest  string
	paths   [][]any // attributes to read
	reason  string  // of success; "" is "state changed"
	kept    bool    // refused before anything was done: the row's state stays

	fingerprint plan.Fingerprint
	// assess decides what is to be done, for what only the object itself can tell.
	assess func(ctx context.Context) error
	before []core.Event // to be written before the step's own

	replaced *replaced // what this create replaces, if that has to be made ready for it
	restored *restored // what had replaced this row

	cancel   context.CancelFunc
	expires  time.Time // when the call is left although it has not ended
	delivery delivery

	err      error
	first    error // of several tries that have failed; nil: err
	replace  bool
	progress resource.Progress
	child    bool // it waits for its nested stack
	attrs    json.RawMessage
	sealed   []byte
	silent   bool           // the call has changed no metadata: a signal may have, meanwhile
	left     []core.Failure // what a forced deletion of the nested stack has left behind
}

// replaced is a resource that gives way to another of its name.
type replaced struct {
	row       *core.Resource
	behaviour resource.ReplacePreparer
	c         *resource.Context
}

// giveWay has the old object let go of what the new one needs, and keeps what it must
// remember of that.
func (p *replaced) giveWay(ctx context.Context, st *store.Store) error {
	if err := p.behaviour.PrepareReplace(ctx, p.c); err != nil {
		return err
	}
	sealed, err := st.Sealer().Seal(p.c.Data, p.row.ID)
	if err != nil {
		return err
	}
	return st.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Checkpoint(ctx, p.row.ID, p.c.PhysicalID, sealed)
	})
}

// timeout is how long a call may take.
func (d *drainer) timeout() time.Duration {
	if d.p.stack.Force {
		return d.w.forceStep()
	}
	return d.w.StepTimeout
}

// perform does the step's work. A type that panics fails its resource and nothing else.
func (d *drainer) perform(ctx context.Context, s *step) {
	defer func() {
		if p := recover(); p != nil {
			d.w.Log.Error("resource type panicked", "type", s.typ.Name, "verb", s.verb, "panic", p)
			s.err = core.Errorf(core.Internal, "InternalError", "the resource type %s failed unexpectedly", s.typ.Name)
		}
	}()
	before, noted := maps.Clone(s.c.Data), metadataOf(s.c)
	if s.err = d.prepare(ctx, s); s.err == nil && s.assess != nil && s.restored.ready() {
		s.err = s.assess(ctx)
	}
	if s.err == nil && !s.replace && s.restored.ready() {
		s.err = d.act(ctx, s)
	}
	if errors.Is(s.err, resource.ErrReplace) && s.verb == update {
		s.err, s.replace = nil, true
	}
	if s.err == nil && s.progress.Done && s.verb != remove && s.verb != visit && s.verb != undo {
		s.attrs, s.err = readAttributes(ctx, s.behaviour, s.typ, s.c, s.paths)
	}
	if s.err != nil {
		s.attrs = failedGroup(ctx, s)
	}
	d.noteTry(s)
	if !maps.Equal(before, s.c.Data) {
		sealed, err := d.w.Store.Sealer().Seal(s.c.Data, s.row.ID)
		if s.err == nil {
			s.err = err
		}
		s.sealed = sealed
	}
	began := s.verb == update || s.verb == accept || s.verb == adopt || s.verb == define
	s.silent = (s.asked || !began) && bytes.Equal(noted, metadataOf(s.c))
}

// prepare opens what the call needs.
func (d *drainer) prepare(ctx context.Context, s *step) (err error) {
	if s.c.Cloud, err = d.client(ctx, s.typ); err != nil {
		return err
	}
	if p := s.restored; p != nil {
		if err := p.giveBack(ctx, s); err != nil || !p.done {
			return err
		}
	}
	if p := s.replaced; p != nil && s.verb == create && !s.asked {
		p.c.Cloud = s.c.Cloud
		return p.giveWay(ctx, d.w.Store)
	}
	return nil
}

func (d *drainer) act(ctx context.Context, s *step) error {
	if parent, ok := s.behaviour.(resource.Parent); ok && s.verb != refresh {
		return d.actOnChild(ctx, s, parent)
	}
	switch s.verb {
	case create:
		return actCreate(ctx, s)
	case accept:
		s.progress = resource.Done
		if check, ok := s.behaviour.(resource.Checker); ok {
			return check.Check(ctx, s.c)
		}
		return nil
	case adopt:
		return actAdopt(s)
	case update:
		return actUpdate(ctx, s)
	case remove, undo:
		return actRemove(ctx, s)
	case visit:
		return actVisit(ctx, s)
	}
	s.progress = resource.Done
	return nil
}

func actCreate(ctx context.Context, s *step) (err error) {
	if !s.asked {
		found := s.c.PhysicalID != "" // checkpointed by the attempt before
		if f, ok := s.behaviour.(resource.Finder); ok && s.resumed && !found {
			if found, err = f.Find(ctx, s.c); err != nil {
				return err
			}
		}
		if !found {
			if err := s.behaviour.Create(ctx, s.c); err != nil {
				return err
			}
		}
	}
	s.progress = resource.Done
	if waiter, ok := s.behaviour.(resource.CreateWaiter); ok {
		s.progress, err = waiter.CreateComplete(ctx, s.c)
	}
	return err
}

func actUpdate(ctx context.Context, s *step) (err error) {
	if !s.asked {
		if err := s.behaviour.(resource.Updater).Update(ctx, s.c, s.changed); err != nil {
			return err
		}
	}
	s.progress = resource.Done
	if waiter, ok := s.behaviour.(resource.UpdateWaiter); ok {
		s.progress, err = waiter.UpdateComplete(ctx, s.c)
	}
	return err
}

// actRemove deletes the object; one that an interrupted create may have made is looked
// for first.
func actRemove(ctx context.Context, s *step) (err error) {
	if !s.asked {
		if f, ok := s.behaviour.(resource.Finder); ok && s.c.PhysicalID == "" && s.verb == remove {
			if _, err := f.Find(ctx, s.c); err != nil {
				return err
			}
		}
		if err := s.behaviour.Delete(ctx, s.c); err != nil {
			return err
		}
	}
	s.progress = resource.Done
	if waiter, ok := s.behaviour.(resource.DeleteWaiter); ok && (s.c.PhysicalID != "" || len(s.c.Data) > 0) {
		s.progress, err = waiter.DeleteComplete(ctx, s.c)
	}
	return err
}

// absorb takes over into the row what the call has made, be it done or not.
func (s *step) absorb() {
	s.row.PhysicalID = s.c.PhysicalID
	s.row.Data = s.sealed  // nil: as stored
	if s.verb == refresh { // what is new of the metadata has been noted
		return
	}
	s.row.Metadata = nil
	if !s.silent {
		s.row.Metadata = metadataOf(s.c)
	}
}

// metadataOf is a resource's metadata as rows keep them; nil for none.
func metadataOf(c *resource.Context) []byte {
	if c.Metadata == nil {
		return nil
	}
	b, err := yaml.EncodeJSON(c.Metadata)
	if err != nil {
		return nil
	}
	return b
}

// complete makes the row what it is after success and gives the event; nil for none.
func (s *step) complete(now time.Time) *core.Event {
	if s.verb == nothing {
		return nil
	}
	s.absorb()
	if s.verb != remove && s.verb != visit && s.verb != undo {
		s.row.Attributes = s.attrs
		s.row.Properties, _ = yaml.EncodeJSON(s.props)
		s.row.Digest, s.row.Definition = s.digest, s.fingerprint.String()
	}
	if s.verb == refresh {
		return nil
	}
	s.row.Status, s.row.StatusReason, s.row.UpdatedAt = core.Complete, "state changed", now
	if s.reason != "" {
		s.row.StatusReason = s.reason
	}
	return ptr(resourceEvent(s.stack, s.row, now, s.masked()))
}

// fail makes the row what it is after failure and gives the event.
func (s *step) fail(now time.Time) *core.Event {
	if s.kept {
		s.row.Metadata, s.row.Data = nil, nil // as stored
		e := resourceEvent(s.stack, s.row, now, s.masked())
		e.Action, e.Status, e.StatusReason = core.Update, core.Failed, s.err.Error()
		return &e
	}
	if s.c != nil {
		s.absorb()
	}
	if s.attrs != nil {
		s.row.Attributes = s.attrs
	}
	s.row.Status, s.row.StatusReason, s.row.UpdatedAt = core.Failed, failureText(s.row.Name, s.err), now
	if errors.Is(s.err, errAborted) || errors.Is(s.err, context.Canceled) {
		s.row.StatusReason = aborted(s.row.Action)
	}
	return ptr(resourceEvent(s.stack, s.row, now, s.masked()))
}

// masked are the properties for events: secrets are not shown.
func (s *step) masked() *yaml.Map {
	if s.c == nil {
		return nil
	}
	return plan.Mask(s.typ, s.given)
}

// resourceEvent is an event of a resource as it is now. What has no object yet goes by the
// name that its object is to have (heat/engine/resource.py _add_event).
func resourceEvent(stack string, r *core.Resource, now time.Time, properties *yaml.Map) core.Event {
	e := core.Event{StackID: r.StackID, RootID: r.RootID, ResourceName: r.Name, ResourceType: r.Type, PhysicalID: cmp.Or(r.PhysicalID, resource.PhysicalName(stack, r.Name, r.ID, 0)),
		Action: r.Action, Status: r.Status, StatusReason: r.StatusReason, CreatedAt: now}
	if properties.Len() > 0 {
		if b, err := yaml.EncodeJSON(properties); err == nil {
			e.Properties = b
		}
	}
	return e
}

func ptr[T any](v T) *T { return &v }

// nestedError is why a nested stack failed, with the path within it.
type nestedError struct {
	typ, path, message string
	failures           []core.Failure // of the nested stack
}

func (e *nestedError) Error() string { return e.message }

// failureText is a resource's status reason (heat/common/exception.py ResourceFailure):
// "ValueError: resources.bad: Test Resource failed bad".
func failureText(name string, err error) string {
	if e, ok := errors.AsType[*nestedError](err); ok {
		path := schema.Join("resources", name)
		if e.path != "" {
			path += "." + e.path
		}
		if e.typ == "" {
			return path + ": " + e.message
		}
		return fmt.Sprintf("%s: %s: %s", e.typ, path, e.message)
	}
	return fmt.Sprintf("%s: %s: %s", causeOf(err), schema.Join("resources", name), err.Error())
}
