// Package enginetest runs a real engine on a real store for tests: stacks are created,
// updated and deleted through the use cases, and waited for.
package enginetest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/template"
	"hearth/core/yaml"
)

// Lab is an engine that works, and a caller.
type Lab struct {
	*engine.Engine
	T      testing.TB
	Caller *core.Caller
	Walker *converge.Walker
}

// Option changes the Walker's settings before it starts.
type Option func(*converge.Config)

// WithCloud has resources made in a cloud.
func WithCloud(c *cloud.Cloud) Option {
	return func(cfg *converge.Config) { cfg.Cloud = c }
}

// New starts an engine over a store with the given types. It stops when the test ends.
func New(t testing.TB, st *store.Store, types *plan.Types, caller *core.Caller, options ...Option) *Lab {
	t.Helper()
	cfg := converge.Config{Store: st, Types: types, Links: engine.SignalLinks{Endpoint: "http://127.0.0.1:8004/v1", CFN: "http://127.0.0.1:8000/v1", Key: []byte("test")}}
	for _, o := range options {
		o(&cfg)
	}
	w := converge.New(cfg)
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		w.Stop(ctx)
	})
	if caller == nil {
		caller = &core.Caller{UserID: "u", UserName: "user", ProjectID: "project", Roles: []string{"member"}}
	}
	return &Lab{Engine: engine.New(w, engine.DefaultLimits), T: t, Caller: caller, Walker: w}
}

// Types makes types of families.
func Types(t testing.TB, families ...[]resource.Type) *plan.Types {
	t.Helper()
	r, err := resource.NewRegistry(families...)
	if err != nil {
		t.Fatal(err)
	}
	return &plan.Types{Registry: r, Yaql: plan.Yaql}
}

// Template reads the text of a template.
func Template(t testing.TB, text string) *yaml.Node {
	t.Helper()
	n, problems := template.Read([]byte(text), "", yaml.Options{})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

// Request is a create request for a template.
func (l *Lab) Request(name, text string, parameters ...any) engine.CreateRequest {
	l.T.Helper()
	r := engine.CreateRequest{StackName: name, DisableRollback: true}
	r.Template = Template(l.T, text)
	r.Parameters = yaml.MapOf(parameters...)
	return r
}

// Create creates a stack and waits until that has ended.
func (l *Lab) Create(r engine.CreateRequest) *core.Stack {
	l.T.Helper()
	s, err := l.Engine.Create(l.T.Context(), l.Caller, r)
	if err != nil {
		l.T.Fatal(err)
	}
	return l.Wait(s.ID)
}

// Update updates a stack and waits until that has ended.
func (l *Lab) Update(s *core.Stack, r engine.UpdateRequest) *core.Stack {
	l.T.Helper()
	if err := l.Engine.Update(l.T.Context(), l.Caller, engine.StackRef{ID: s.ID}, r); err != nil {
		l.T.Fatal(err)
	}
	return l.Wait(s.ID)
}

// Delete deletes a stack and waits until that has ended.
func (l *Lab) Delete(s *core.Stack) *core.Stack {
	l.T.Helper()
	if err := l.Engine.Delete(l.T.Context(), l.Caller, engine.StackRef{ID: s.ID}); err != nil {
		l.T.Fatal(err)
	}
	return l.Wait(s.ID)
}

// Wait waits until a stack's action has ended, for a minute at most.
func (l *Lab) Wait(id string) *core.Stack {
	l.T.Helper()
	ctx, cancel := context.WithTimeout(l.T.Context(), time.Minute)
	defer cancel()
	s, err := l.Await(ctx, id)
	if err != nil {
		l.T.Fatal(err)
	}
	return s
}

// Until polls until done says so; after 20 s it fails the test with what otherwise says.
func (l *Lab) Until(done func() bool, otherwise func() string) {
	l.T.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			l.T.Fatal(otherwise())
		}
	}
}

// Expect fails the test unless the stack is in the state.
func (l *Lab) Expect(s *core.Stack, state string) {
	l.T.Helper()
	if s == nil || s.State() != state {
		l.T.Fatalf("stack is %s (%s), not %s", s.State(), s.StatusReason, state)
	}
}

// Output gives an output's value as JSON.
func (l *Lab) Output(s *core.Stack, key string) string {
	l.T.Helper()
	var outputs []core.Output
	if err := json.Unmarshal(s.Outputs, &outputs); err != nil {
		l.T.Fatal(err)
	}
	for _, o := range outputs {
		if o.Key == key {
			if o.Error != "" {
				return "error: " + o.Error
			}
			return string(o.Value)
		}
	}
	l.T.Fatalf("no output %s in %s", key, s.Outputs)
	return ""
}

// Resources gives the states of a stack's resources by name.
func (l *Lab) Resources(s *core.Stack) map[string]string {
	l.T.Helper()
	views, err := l.Engine.Resources(l.T.Context(), l.Caller, engine.StackRef{ID: s.ID}, engine.ResourceFilter{}, false)
	if err != nil {
		l.T.Fatal(err)
	}
	out := map[string]string{}
	for _, v := range views {
		out[v.Name] = v.State()
	}
	return out
}

// Events gives a stack's events, oldest first, as "name STATE: reason".
func (l *Lab) Events(s *core.Stack) []string {
	l.T.Helper()
	views, err := l.Engine.Events(l.T.Context(), l.Caller, engine.StackRef{ID: s.ID}, engine.EventFilter{SortDir: "asc"})
	if err != nil {
		l.T.Fatal(err)
	}
	var out []string
	for _, v := range views {
		out = append(out, v.ResourceName+" "+core.State(v.Action, v.Status)+": "+v.StatusReason)
	}
	return out
}
