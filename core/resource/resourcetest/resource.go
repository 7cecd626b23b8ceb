package resourcetest

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// patience is how long a resource may take to become complete. One that asks to be left
// alone for longer waits to be woken.
const patience = 10 * time.Second

// ErrWaits is what Create, Update and Delete give when the resource waits to be woken
// (a signal, a child stack); call Continue after that has happened.
var ErrWaits = errors.New("the resource waits to be woken")

// Resource is one resource of the lab.
type Resource struct {
	*resource.Context
	Spec      resource.Type
	Behaviour resource.Resource

	lab   *Lab
	state core.Status
	fault error // what the shape of its properties says is wrong
}

// Resource makes a resource of the type with properties given as name, value, name,
// value …; it is validated and gets its defaults, and is not created yet. Properties
// that the schema refuses end the test.
func (l *Lab) Resource(types []resource.Type, typeName, name string, properties ...any) *Resource {
	l.t.Helper()
	for _, t := range types {
		if t.Name == typeName {
			r := &Resource{Spec: t, Behaviour: t.New(), lab: l}
			r.Context = &resource.Context{
				ID: uuid.NewString(), Name: name, Type: typeName, Action: core.Init, Stack: l.stack, Data: map[string]string{}, Metadata: yaml.NewMap(0),
				Now: l.now, Started: l.now(), Log: slog.New(slog.DiscardHandler), Cloud: l.Client, OpenCloud: l.openCloud, Configs: l.Configs, Links: l, Siblings: l,
			}
			r.Properties, r.Given, r.fault = l.check(t, properties)
			l.mu.Lock()
			l.resources = append(l.resources, r)
			l.mu.Unlock()
			return r
		}
	}
	l.t.Fatalf("there is no type %s", typeName)
	return nil
}

// Created is Resource and Create; a failure ends the test.
func (l *Lab) Created(types []resource.Type, typeName, name string, properties ...any) *Resource {
	l.t.Helper()
	r := l.Resource(types, typeName, name, properties...)
	r.must(l.t, r.Create())
	return r
}

// check brings properties to the schema of their type. What is wrong with them ends the
// test, but where their own values make the schema.
func (l *Lab) check(t resource.Type, properties []any) (checked, given resource.Values, fault error) {
	l.t.Helper()
	m := yaml.MapOf(properties...)
	given = resource.NewValues(m)
	if t.AnyProperties {
		return given, given, nil
	}
	checker := func(name string, value any) string { return l.Client.CheckConstraint(l.t.Context(), name, value) }
	props := t.Properties
	shaper, shaped := t.New().(resource.Shaper)
	if shaped {
		m, props = shaper.Shape(m)
	}
	values, found := schema.Check(props, m, "resources.x.properties", checker)
	if err := found.Err(); err != nil && !shaped {
		l.t.Fatal(err)
	} else if err != nil {
		return given, given, err
	}
	return resource.NewValues(values), given, nil
}

func (r *Resource) must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Restart forgets what a crash between the cloud's answer and the commit loses.
func (r *Resource) Restart() {
	r.PhysicalID = ""
	r.Data = map[string]string{}
}

// Find asks a Finder.
func (r *Resource) Find() (bool, error) {
	return r.Behaviour.(resource.Finder).Find(r.lab.t.Context(), r.Context)
}

// Create makes the object and waits until it is complete.
func (r *Resource) Create() error {
	r.begin(core.Create)
	if err := r.Behaviour.Create(r.lab.t.Context(), r.Context); err != nil {
		return r.end(err)
	}
	return r.end(r.Continue())
}

// Continue asks the …Complete method of the running action until it is done.
func (r *Resource) Continue() error {
	return r.end(r.wait(r.completion()))
}

func (r *Resource) completion() func(context.Context, *resource.Context) (resource.Progress, error) {
	switch b := r.Behaviour; r.Action {
	case core.Create:
		if w, ok := b.(resource.CreateWaiter); ok {
			return w.CreateComplete
		}
	case core.Update:
		if w, ok := b.(resource.UpdateWaiter); ok {
			return w.UpdateComplete
		}
	case core.Delete:
		if w, ok := b.(resource.DeleteWaiter); ok {
			return w.DeleteComplete
		}
	case core.Suspend:
		return b.(resource.Suspender).SuspendComplete
	case core.Resume:
		return b.(resource.Resumer).ResumeComplete
	case core.Snapshot:
		return b.(resource.SnapshotDeleter).SnapshotDeleteComplete
	}
	return nil
}

func (r *Resource) wait(complete func(context.Context, *resource.Context) (resource.Progress, error)) error {
	if complete == nil {
		return nil
	}
	for deadline := time.Now().Add(patience); ; {
		p, err := complete(r.lab.t.Context(), r.Context)
		switch {
		case err != nil || p.Done:
			return err
		case p.After == 0 || p.After > patience:
			return ErrWaits
		case time.Now().After(deadline):
			return errors.New("the resource does not become complete")
		}
		select {
		case <-r.lab.t.Context().Done():
			return r.lab.t.Context().Err()
		case <-time.After(min(p.After, 5*time.Millisecond)):
		}
	}
}

// Update changes the properties to exactly those given. It gives ErrReplace when only a
// replacement will do.
func (r *Resource) Update(properties ...any) error {
	r.lab.t.Helper()
	next, _, _ := r.lab.check(r.Spec, properties)
	var changed []string
	for name, p := range r.Spec.Properties {
		if yaml.Equal(next.Get(name), r.Properties.Get(name)) {
			continue
		}
		if !p.UpdateAllowed {
			return resource.ErrReplace
		}
		changed = append(changed, name)
	}
	old := r.Properties
	r.begin(core.Update)
	r.Old, r.Properties = old, next
	if n, ok := r.Behaviour.(resource.Replacer); ok && n.NeedsReplace(r.Context, changed) {
		r.Old, r.Properties = resource.Values{}, old
		return resource.ErrReplace
	}
	err := r.Behaviour.(resource.Updater).Update(r.lab.t.Context(), r.Context, changed)
	if err == nil {
		err = r.Continue()
	}
	r.Old = resource.Values{}
	return r.end(err)
}

// Delete removes the object and waits until it is gone.
func (r *Resource) Delete() error {
	r.begin(core.Delete)
	if err := r.Behaviour.Delete(r.lab.t.Context(), r.Context); err != nil {
		return r.end(err)
	}
	return r.end(r.Continue())
}

// Suspend and Resume do what they say and wait.
func (r *Resource) Suspend() error {
	r.begin(core.Suspend)
	if err := r.Behaviour.(resource.Suspender).Suspend(r.lab.t.Context(), r.Context); err != nil {
		return r.end(err)
	}
	return r.end(r.Continue())
}

// Resume is the opposite of Suspend.
func (r *Resource) Resume() error {
	r.begin(core.Resume)
	if err := r.Behaviour.(resource.Resumer).Resume(r.lab.t.Context(), r.Context); err != nil {
		return r.end(err)
	}
	return r.end(r.Continue())
}

// SnapshotDelete keeps a copy of the object, then deletes it.
func (r *Resource) SnapshotDelete() error {
	r.begin(core.Snapshot)
	if err := r.Behaviour.(resource.SnapshotDeleter).SnapshotDelete(r.lab.t.Context(), r.Context); err != nil {
		return r.end(err)
	}
	if err := r.Continue(); err != nil {
		return err
	}
	return r.Delete()
}

// Signal sends a signal with that body.
func (r *Resource) Signal(body any) (string, error) {
	return r.Behaviour.(resource.Signaler).Signal(r.lab.t.Context(), r.Context, body)
}

// Check runs the check action.
func (r *Resource) Check() error {
	return r.Behaviour.(resource.Checker).Check(r.lab.t.Context(), r.Context)
}

// Observe gives the properties that the object really has, those of which the type is sure.
func (r *Resource) Observe() (*yaml.Map, error) {
	c := *r.Context
	c.Old = r.Properties
	return r.Behaviour.(resource.Observer).Observe(r.lab.t.Context(), &c)
}

// Sound asks whether the object can still be used.
func (r *Resource) Sound() (bool, error) {
	return r.Behaviour.(resource.Salvager).Sound(r.lab.t.Context(), r.Context)
}

// Attribute reads an attribute; an error ends the test.
func (r *Resource) Attribute(name string) any {
	r.lab.t.Helper()
	v, err := r.Behaviour.(resource.Attributer).Attribute(r.lab.t.Context(), r.Context, name)
	r.must(r.lab.t, err)
	return v
}

// Reference is what get_resource yields.
func (r *Resource) Reference() any {
	if ref, ok := r.Behaviour.(resource.Referencer); ok {
		return ref.ReferenceID(r.Context)
	}
	if r.PhysicalID != "" {
		return r.PhysicalID
	}
	return r.Name
}

func (r *Resource) begin(a core.Action) {
	r.Action, r.state, r.Started = a, core.InProgress, r.lab.now()
}

func (r *Resource) end(err error) error {
	switch {
	case errors.Is(err, ErrWaits):
	case err != nil:
		r.state = core.Failed
	default:
		r.state = core.Complete
	}
	return err
}

// row is the resource as the store would hold it.
func (r *Resource) row() *core.Resource {
	metadata, _ := r.Metadata.MarshalJSON()
	properties, _ := r.Properties.Map().MarshalJSON()
	return &core.Resource{
		ID: r.ID, StackID: r.Stack.ID, Name: r.Name, Type: r.Type, Class: r.Type, PhysicalID: r.PhysicalID,
		Action: r.Action, Status: r.state, Metadata: metadata, Properties: properties,
	}
}

// Validate asks a Validator, if the type is one.
func (r *Resource) Validate() error {
	if r.fault != nil {
		return r.fault
	}
	if v, ok := r.Behaviour.(resource.Validator); ok {
		return v.Validate(r.lab.t.Context(), r.Context)
	}
	return nil
}
