package converge

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/store"
	"hearth/core/template"
	"hearth/core/yaml"
)

// hooks gives the points at which the environment wants a resource to be held.
func (d *drainer) hooks(ctx context.Context, name string) []string {
	if d.p.target != nil {
		return d.p.target.Environment.Registry.Hooks(name)
	}
	if d.registry == nil {
		d.registry = d.w.storedRegistry(ctx, &d.p.stack)
	}
	return d.registry.Hooks(name)
}

// storedRegistry is the registry of a stack that is being deleted; only one that speaks of
// hooks is understood.
func (w *Walker) storedRegistry(ctx context.Context, s *core.Stack) *template.Registry {
	none := &template.Registry{}
	raw, _, err := w.Store.FindTemplate(ctx, s.TemplateID)
	if err != nil || raw == nil || !bytes.Contains(raw.Environment, []byte(`"hooks"`)) {
		return none
	}
	n, err := yaml.Parse(raw.Environment, yaml.Options{})
	if err != nil {
		return none
	}
	env, problems := template.ParseEnvironment(n)
	if problems.HasErrors() {
		return none
	}
	return &env.Registry
}

// hookOf is the hook before or after what a node does to its resource; "" for none
// (heat/engine/resource.py _break_if_required and its callers: a resource that an update
// makes or removes is not held).
func (d *drainer) hookOf(when string, n store.Node, row *core.Resource, a core.Action) string {
	switch {
	case n.Kind == store.Cleanup && d.p.stack.Action == core.Delete && row.Action != core.Init:
		return when + "-delete"
	case n.Kind != store.Converge:
		return ""
	case a == core.Create && d.p.stack.Action == core.Create:
		return when + "-create"
	case a == core.Update:
		return when + "-update"
	}
	return ""
}

// holdBefore holds a node that is about to begin, where a hook wants it.
func (r *roundTx) holdBefore(ctx context.Context, n store.Node, row *core.Resource) (held bool, err error) {
	a := core.Update
	if row.Action == core.Init {
		a = core.Create
	}
	if n.Phase != store.Begin || n.Attempt > 1 && n.Hook == "" && row.Status == core.InProgress {
		return false, nil
	}
	hook := r.hookOf("pre", n, row, a)
	if !r.holds(ctx, n, row, hook) {
		return false, nil
	}
	if held, err = r.tx.Hold(ctx, r.walk, r.owner, n, store.Begin, row.ID, hook); held {
		r.paused(row, hook)
	}
	return held, err
}

// holdAfter holds a step that is done, where a hook wants it, before what waits for it goes on.
func (r *roundTx) holdAfter(ctx context.Context, s *step) (held bool, err error) {
	if s.verb == nothing || s.verb == refresh {
		return false, nil
	}
	hook := r.hookOf("post", s.node, s.row, s.row.Action)
	if !r.holds(ctx, s.node, s.row, hook) {
		return false, nil
	}
	if held, err = r.tx.Hold(ctx, r.walk, r.owner, s.node, store.Ending, s.row.ID, hook); err != nil || !held {
		return held, err
	}
	r.keep(s, s.complete(r.w.Now().UTC()))
	r.paused(s.row, hook)
	return true, nil
}

// holds reports whether a node is to be held at a hook that it has not passed yet.
func (r *roundTx) holds(ctx context.Context, n store.Node, row *core.Resource, hook string) bool {
	return hook != "" && n.Hook != hook+store.Cleared && slices.Contains(r.hooks(ctx, row.Name), hook)
}

// paused tells that a resource is held; clients find it by these words.
func (r *roundTx) paused(row *core.Resource, hook string) {
	action := strings.ToUpper(hook[strings.Index(hook, "-")+1:])
	e := resourceEvent(r.p.stack.Name, row, r.w.Now().UTC(), nil)
	e.StatusReason = fmt.Sprintf("%s paused until Hook %s is cleared", action, hook)
	r.events = append(r.events, e)
}

// passed reports whether a node has been held after its work, which is done.
func passed(n store.Node) bool {
	return strings.HasPrefix(n.Hook, "post-") && strings.HasSuffix(n.Hook, store.Cleared)
}
