package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// mode is how an operation of a steered resource goes.
type mode int

const (
	ends    mode = iota
	fails        // with the steering's text; a create leaves an object all the same
	waits        // begins, and is never done
	hangs        // does not return before its context ends, or the gate opens
	hangsOn      // does not return before the gate opens
)

// steering is the world of steered resources that have the same property key: how their
// operations go, which were called, and which objects are there. An operation is
// "resource.create", or for all resources "create".
type steering struct {
	mu      sync.Mutex
	modes   map[string]mode
	text    string
	calls   []string
	objects map[string]string // physical id → mark
	made    int
	gate    chan struct{}
}

// set replaces how operations go; what is not named ends.
func (s *steering) set(modes map[string]mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.modes = modes
}

// open lets the calls that hang go on.
func (s *steering) open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.gate)
	s.gate = make(chan struct{})
}

// called gives the calls of an operation, or of all, since the last forget.
func (s *steering) called(operations ...string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, c := range s.calls {
		if len(operations) == 0 || slices.Contains(operations, c) {
			out = append(out, c)
		}
	}
	return out
}

func (s *steering) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

// left are the objects that are there.
func (s *steering) left() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for id := range s.objects {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// call notes a call and lets it go as it is steered.
func (s *steering) call(ctx context.Context, c *resource.Context, operation string) (mode, error) {
	s.mu.Lock()
	name := c.Name + "." + operation
	s.calls = append(s.calls, name)
	m, ok := s.modes[name]
	if !ok {
		m = s.modes[operation]
	}
	gate, text := s.gate, s.text
	s.mu.Unlock()
	switch m {
	case hangs:
		select {
		case <-gate:
		case <-ctx.Done():
			return m, ctx.Err()
		}
	case hangsOn:
		<-gate
	case fails:
		if text == "" {
			text = name + " fails"
		}
		return m, core.Errorf(core.Invalid, "ValueError", "%s", text)
	}
	return m, nil
}

// done asks for the end of an operation that has begun.
func (s *steering) done(c *resource.Context, operation string) (resource.Progress, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.modes[c.Name+"."+operation]
	if !ok {
		m = s.modes[operation]
	}
	if m == waits {
		return resource.Again(10 * time.Millisecond), nil
	}
	return resource.Done, nil
}

// worlds are the steerings by key.
type worlds struct{ m sync.Map }

func (w *worlds) of(key string) *steering {
	v, _ := w.m.LoadOrStore(key, &steering{objects: map[string]string{}, gate: make(chan struct{})})
	return v.(*steering)
}

// types are the resource types of the worlds.
func (w *worlds) types() []resource.Type {
	return []resource.Type{{
		Name: "Test::Steered", Description: "A resource of which the test says how it goes.",
		Properties: schema.Properties{
			"key":   {Kind: schema.String, Required: true, Description: "Its world."},
			"value": {Kind: schema.String, Default: "", UpdateAllowed: true, Description: "Anything."},
		},
		Attributes: schema.Attributes{"value": {Kind: schema.String, Description: "The value."}},
		New:        func() resource.Resource { return steered{w} },
	}}
}

type steered struct{ w *worlds }

var (
	_ resource.Finder       = steered{}
	_ resource.CreateWaiter = steered{}
	_ resource.Updater      = steered{}
	_ resource.UpdateWaiter = steered{}
	_ resource.DeleteWaiter = steered{}
	_ resource.Suspender    = steered{}
	_ resource.Resumer      = steered{}
	_ resource.Checker      = steered{}
	_ resource.Snapshotter  = steered{}
	_ resource.Attributer   = steered{}
)

func (r steered) world(c *resource.Context) *steering { return r.w.of(c.Properties.String("key")) }

func (r steered) Create(ctx context.Context, c *resource.Context) error {
	s := r.world(c)
	m, err := s.call(ctx, c, "create")
	if err != nil && m != fails {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	c.PhysicalID = fmt.Sprintf("%s-%d", c.Name, s.made)
	s.objects[c.PhysicalID] = c.Mark()
	return err
}

func (r steered) Find(_ context.Context, c *resource.Context) (bool, error) {
	s := r.world(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, mark := range s.objects {
		if mark == c.Mark() {
			c.PhysicalID = id
			return true, nil
		}
	}
	return false, nil
}

func (r steered) CreateComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return r.world(c).done(c, "create")
}

func (r steered) Update(ctx context.Context, c *resource.Context, _ []string) error {
	_, err := r.world(c).call(ctx, c, "update")
	return err
}

func (r steered) UpdateComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return r.world(c).done(c, "update")
}

func (r steered) Delete(ctx context.Context, c *resource.Context) error {
	s := r.world(c)
	m, err := s.call(ctx, c, "delete")
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m != waits {
		delete(s.objects, c.PhysicalID)
	}
	return nil
}

func (r steered) DeleteComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	s := r.world(c)
	p, err := s.done(c, "delete")
	if p.Done {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.objects, c.PhysicalID)
	}
	return p, err
}

func (r steered) Suspend(ctx context.Context, c *resource.Context) error {
	_, err := r.world(c).call(ctx, c, "suspend")
	return err
}

func (r steered) SuspendComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return r.world(c).done(c, "suspend")
}

func (r steered) Resume(ctx context.Context, c *resource.Context) error {
	_, err := r.world(c).call(ctx, c, "resume")
	return err
}

func (r steered) ResumeComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return r.world(c).done(c, "resume")
}

func (r steered) Check(ctx context.Context, c *resource.Context) error {
	_, err := r.world(c).call(ctx, c, "check")
	return err
}

func (r steered) Snapshot(ctx context.Context, c *resource.Context) error {
	_, err := r.world(c).call(ctx, c, "snapshot")
	return err
}

func (r steered) SnapshotComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return r.world(c).done(c, "snapshot")
}

func (r steered) Attribute(ctx context.Context, c *resource.Context, _ string) (any, error) {
	if m, err := r.world(c).call(ctx, c, "attribute"); m == fails {
		return nil, core.Errorf(core.Unavailable, "ServiceUnavailable", "%s", err)
	} else if err != nil {
		return nil, err
	}
	return c.Properties.String("value"), nil
}

// steeredTemplate is a chain of steered resources, first to last, whose values are value.
func steeredTemplate(key, value string, names ...string) string {
	var b strings.Builder
	b.WriteString("heat_template_version: 2021-04-16\nresources:\n")
	for i, name := range names {
		fmt.Fprintf(&b, "  %s:\n    type: Test::Steered\n    properties: {key: %s, value: %s}\n", name, key, value)
		if i > 0 {
			fmt.Fprintf(&b, "    depends_on: %s\n", names[i-1])
		}
	}
	fmt.Fprintf(&b, "outputs:\n  out: {value: {get_attr: [%s, value]}}\n", names[len(names)-1])
	return b.String()
}

// takenOver is an export of steered resources whose objects are there; those of the names
// in without have none.
func takenOver(t *testing.T, s *steering, template string, names []string, without ...string) *yaml.Map {
	t.Helper()
	n, err := yaml.Parse([]byte(template), yaml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	resources := yaml.NewMap(0)
	for _, name := range names {
		given := yaml.MapOf("type", "Test::Steered")
		if !slices.Contains(without, name) {
			s.objects["taken-"+name] = ""
			given.Set("resource_id", "taken-"+name)
		}
		resources.Set(name, given)
	}
	return yaml.MapOf("template", n.Plain(), "resources", resources)
}
