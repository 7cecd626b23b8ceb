package converge

import (
	"context"
	"errors"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// salvaged is the reason of a resource whose failure turns out to be none.
const salvaged = "Update status to COMPLETE for FAILED resource neither update nor replace."

// assessment gives what has to be asked of the object itself before it can be said what is
// to be done: whether a failed one is sound, and with converge what it really is like. nil
// when the rows tell it all.
func (r *roundTx) assessment(s *step, c plan.Case, v plan.Verdict) func(context.Context) error {
	if v.Change == plan.Replaced || s.row.External {
		return nil
	}
	observe := r.p.stack.Converge && !c.Resumed && observable(s.behaviour)
	if !observe && !v.Doubtful {
		return nil
	}
	return func(ctx context.Context) error {
		if v.Doubtful {
			ok, err := s.behaviour.(resource.Salvager).Sound(ctx, s.c)
			if err != nil || !ok {
				s.replace = err == nil
				return err
			}
		}
		if observe {
			live, err := observeLive(ctx, s)
			if err != nil || s.replace {
				return err
			}
			c.Old = overlay(c.Old, live)
			s.c.Old = resource.NewValues(c.Old)
			if v = plan.Judge(c); v.Refused != nil {
				return v.Refused
			}
		}
		s.settle(v)
		return nil
	}
}

// settle takes a verdict that was come to on the way.
func (s *step) settle(v plan.Verdict) {
	switch {
	case v.Change == plan.Replaced:
		s.replace = true
	case v.Change == plan.Unchanged && s.row.Status == core.Complete:
		s.verb = refresh
	case v.Change == plan.Unchanged:
		s.verb, s.reason = define, salvaged
	default:
		s.changed = v.Changed
		if v.Definition {
			s.verb = define
		}
		now := s.c.Now().UTC()
		s.row.Action, s.row.Status, s.row.StatusReason, s.row.UpdatedAt = core.Update, core.InProgress, "state changed", now
		s.c.Action, s.c.Started = core.Update, now
		s.before = append(s.before, resourceEvent(s.stack, s.row, now, s.masked()))
	}
}

func observable(b resource.Resource) bool {
	_, observer := b.(resource.Observer)
	_, checker := b.(resource.Checker)
	return observer || checker
}

// observeLive reads the properties that the object really has; one that is gone is replaced.
func observeLive(ctx context.Context, s *step) (live *yaml.Map, err error) {
	if o, ok := s.behaviour.(resource.Observer); ok {
		live, err = o.Observe(ctx, s.c)
	} else {
		err = s.behaviour.(resource.Checker).Check(ctx, s.c)
	}
	if core.ErrorCode(err) == core.NotFound || s.c.PhysicalID == "" {
		s.replace = true
		return nil, nil
	}
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		// What cannot be seen is taken to be as it is stored.
		s.c.Log.Warn("live state not read", "resource", s.c.ID, "error", err)
		return nil, nil
	}
	return live, err
}

// overlay is old with what is really there in its place.
func overlay(old, live *yaml.Map) *yaml.Map {
	if live.Len() == 0 {
		return old
	}
	out := old.Clone()
	if out == nil {
		out = yaml.NewMap(live.Len())
	}
	for name, v := range live.All() {
		out.Set(name, v)
	}
	return out
}
