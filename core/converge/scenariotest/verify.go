package scenariotest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hearth/core"
)

// Verify checks that a stack is in a state, and that its rows and the Reality agree.
func (l *Lab) Verify(ctx context.Context, name, state string) error {
	s, err := l.stack(ctx, name)
	if err != nil {
		return err
	}
	if s.State() != state {
		return fmt.Errorf("stack %s is %s (%s), not %s", name, s.State(), s.StatusReason, state)
	}
	return l.Sound(ctx)
}

// Sound checks what holds at any time when all are at rest: nothing has happened that must
// not; every object belongs to a row; every row that is COMPLETE has its object; no
// resource has two rows that none replaces.
func (l *Lab) Sound(ctx context.Context) error {
	if broken := l.Reality.Broken(); len(broken) > 0 {
		return errors.New(strings.Join(broken, "; "))
	}
	left := map[string]Object{}
	for _, o := range l.Reality.Objects() {
		left[o.Row] = o
	}
	var problems []error
	for _, id := range l.ids {
		tree, err := l.Store.Tree(ctx, id)
		if err != nil {
			return err
		}
		for _, s := range tree {
			rows, err := l.Store.Resources(ctx, s.ID)
			if err != nil {
				return err
			}
			problems = append(problems, soundRows(rows, left))
		}
	}
	for _, o := range left {
		problems = append(problems, fmt.Errorf("%s is an orphan", o.ID))
	}
	return errors.Join(problems...)
}

// soundRows takes the objects of the rows out of left.
func soundRows(rows []core.Resource, left map[string]Object) error {
	current := map[string]bool{}
	for _, r := range rows {
		o, exists := left[r.ID]
		delete(left, r.ID)
		if r.ReplacedBy == "" {
			if current[r.Name] {
				return fmt.Errorf("%s has two rows", r.Name)
			}
			current[r.Name] = true
		}
		if r.Class != thingName || r.Status != core.Complete || r.Action == core.Init || r.Action == core.Delete {
			continue
		}
		switch {
		case !exists:
			return fmt.Errorf("%s is %s, but %s does not exist", r.Name, r.State(), r.PhysicalID)
		case r.PhysicalID != o.ID:
			return fmt.Errorf("%s is %s, but the row says %q", o.ID, r.State(), r.PhysicalID)
		}
	}
	return nil
}

// Fits checks that exactly what the template means is there: each object once, with its
// values, and no row but the ones that stand for it.
func (l *Lab) Fits(ctx context.Context, name string, w Wanted) error {
	left := map[string]Object{}
	for _, o := range l.Reality.Objects() {
		left[o.ID] = o
	}
	for other, id := range l.ids {
		if other == name {
			continue
		}
		if err := l.leaveOut(ctx, id, left); err != nil {
			return err
		}
	}
	m := meaning{l: l, files: w.Files, left: left}
	parameters := map[string]string{}
	for k, v := range w.Parameters.All() {
		parameters[k] = fmt.Sprint(v)
	}
	if _, err := m.stack(ctx, l.ids[name], w.File, parameters); err != nil {
		return err
	}
	if len(left) > 0 {
		return fmt.Errorf("there are objects that nobody wants: %s", strings.Join(slices.Sorted(maps.Keys(left)), " "))
	}
	return nil
}

// leaveOut takes the objects of another tree of stacks out of left.
func (l *Lab) leaveOut(ctx context.Context, rootID string, left map[string]Object) error {
	tree, err := l.Store.Tree(ctx, rootID)
	for _, s := range tree {
		maps.DeleteFunc(left, func(_ string, o Object) bool { return o.StackID == s.ID })
	}
	return err
}

// rows gives a stack's rows by name; two of one name are an error.
func (l *Lab) rows(ctx context.Context, stackID string) (map[string]core.Resource, error) {
	list, err := l.Store.Resources(ctx, stackID)
	out := make(map[string]core.Resource, len(list))
	for _, r := range list {
		if _, twice := out[r.Name]; twice {
			return nil, fmt.Errorf("%s has two rows", r.Name)
		}
		out[r.Name] = r
	}
	return out, err
}
