package scenariotest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/store"
)

// Lab is an engine without a life of its own: its clock and its workers move when they are
// told to.
type Lab struct {
	Store   *store.Store
	Reality *Reality
	Engine  *engine.Engine
	Caller  *core.Caller
	// Turns is how many turns have been taken.
	Turns int

	now     time.Time
	types   *plan.Types
	workers []*worker
	ids     map[string]string // of stacks, by name
	paths   map[string]string // of stacks, by id
	roots   map[string]string // ids of the top stacks, by id
}

// tick is what a turn takes.
const tick = time.Millisecond

// New makes a Lab with an empty Reality, in a project of its own: many may share a store.
func New(st *store.Store) (*Lab, error) {
	l := &Lab{Store: st, Reality: NewReality(), now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), ids: map[string]string{}, paths: map[string]string{}, roots: map[string]string{},
		Caller: &core.Caller{UserID: "u", UserName: "user", ProjectID: uuid.NewString(), Roles: []string{"member"}}}
	registry, err := resource.NewRegistry(heat.Types, []resource.Type{thingType(l.Reality)})
	if err != nil {
		return nil, err
	}
	l.types = &plan.Types{Registry: registry, Yaql: plan.Yaql}
	l.Engine = engine.New(l.walker(), engine.DefaultLimits)
	return l, nil
}

// walker makes what a process has: it shares nothing with others but the store.
func (l *Lab) walker() *converge.Walker {
	return converge.New(converge.Config{Store: l.Store, Types: l.types, Now: func() time.Time { return l.now },
		Links: engine.SignalLinks{Endpoint: "http://127.0.0.1:8004/v1", CFN: "http://127.0.0.1:8000/v1", Key: []byte("test")}})
}

// Advance moves the clock; workers that live keep what they have in their hands.
func (l *Lab) Advance(ctx context.Context, d time.Duration) error {
	beat := l.Engine.Walker.Lease / 3
	for d > 0 {
		part := min(d, beat)
		l.now, d = l.now.Add(part), d-part
		for _, w := range l.workers {
			if w.turn == nil || w.stalled {
				continue
			}
			if err := w.turn.Beat(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// due gives the walks of this Lab's stacks that have something to do, always in the same order.
func (l *Lab) due(ctx context.Context) ([]store.Walk, error) {
	walks, err := l.Engine.Walker.Due(ctx)
	if err != nil {
		return nil, err
	}
	own := walks[:0]
	for _, w := range walks {
		p, err := l.path(ctx, w.StackID)
		if err != nil {
			return nil, err
		}
		name, _, _ := strings.Cut(p, "/")
		if l.ids[name] == l.roots[w.StackID] {
			own = append(own, w)
		}
	}
	slices.SortFunc(own, func(a, b store.Walk) int { return strings.Compare(l.paths[a.StackID], l.paths[b.StackID]) })
	return own, nil
}

// path names a stack by the resources that lead to it.
func (l *Lab) path(ctx context.Context, stackID string) (string, error) {
	if p, ok := l.paths[stackID]; ok {
		return p, nil
	}
	s, err := l.Store.FindStack(ctx, stackID)
	if err != nil {
		return "", err
	}
	if s == nil {
		return "", fmt.Errorf("there is no stack %s", stackID)
	}
	p := s.Name
	if s.ParentResource != "" {
		owner, err := l.path(ctx, s.OwnerID)
		if err != nil {
			return "", err
		}
		row, err := l.Store.FindResourceByID(ctx, s.ParentResource)
		if err != nil {
			return "", err
		}
		p = owner + "/"
		if row != nil {
			p += row.Name
		}
		// Two rows of one name may have a nested stack each, the older first.
		p += s.CreatedAt.Format("/150405.000")
	}
	l.paths[stackID], l.roots[stackID] = p, s.RootID
	return p, nil
}

// stack gives the stack that was made last under a name.
func (l *Lab) stack(ctx context.Context, name string) (*core.Stack, error) {
	s, err := l.Store.FindStack(ctx, l.ids[name])
	if err == nil && s == nil {
		err = fmt.Errorf("there is no stack %s", name)
	}
	return s, err
}

// resting reports whether no stack of this Lab is IN_PROGRESS, and names one that is.
func (l *Lab) resting(ctx context.Context) (bool, string, error) {
	for _, id := range l.ids {
		tree, err := l.Store.Tree(ctx, id)
		if err != nil {
			return false, "", err
		}
		for _, s := range tree {
			if s.Status == core.InProgress {
				return false, s.Name, nil
			}
		}
	}
	return true, "", nil
}
