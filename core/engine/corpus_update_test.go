package engine_test

import (
	"context"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/yaml"
)

func (r *corpusRun) update(ctx context.Context) error {
	s, err := r.made(ctx)
	if err != nil {
		return r.failure(err)
	}
	req, err := r.c.sub("update").updateRequest()
	if err != nil {
		return r.failure(err)
	}
	ref := engine.StackRef{ID: s.ID}
	before, err := r.Engine.Resources(ctx, r.Caller, ref, engine.ResourceFilter{}, false)
	if err != nil {
		return err
	}
	foreseen, err := r.PreviewUpdate(ctx, r.Caller, ref, req, false)
	if err != nil {
		return r.failure(err)
	}
	if err := r.Engine.Update(ctx, r.Caller, ref, req); err != nil || r.c.Has("error") {
		return r.failure(err)
	}
	if s, err = r.Await(ctx, s.ID); err != nil {
		return err
	}
	if err := r.readBack(ctx, s); err != nil {
		return err
	}
	after, err := r.Engine.Resources(ctx, r.Caller, ref, engine.ResourceFilter{}, false)
	if err != nil {
		return err
	}
	if err := r.expect("update_actions", whatHappened(before, after)); err != nil {
		return err
	}
	return r.expect("preview", foreseenActions(foreseen))
}

func whatHappened(before, after []engine.ResourceView) *yaml.Map {
	out, old := yaml.NewMap(0), map[string]engine.ResourceView{}
	for _, v := range before {
		old[v.Name] = v
		out.Set(v.Name, "deleted")
	}
	for _, v := range after {
		was, ok := old[v.Name]
		switch {
		case !ok:
			out.Set(v.Name, "added")
		case was.ID != v.ID:
			out.Set(v.Name, "replaced")
		case v.Action == core.Update:
			out.Set(v.Name, "updated")
		default:
			out.Set(v.Name, "unchanged")
		}
	}
	return out
}

func foreseenActions(c *engine.Changes) *yaml.Map {
	out := yaml.NewMap(0)
	for action, list := range map[string][]engine.PreviewResource{
		"unchanged": c.Unchanged, "updated": c.Updated, "replaced": c.Replaced, "added": c.Added, "deleted": c.Deleted,
	} {
		for _, x := range list {
			out.Set(x.Name, action)
		}
	}
	return out
}
