package engine

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// PreviewUpdate tells what an update would do to each resource, with showNested to those
// of nested stacks too (heat/engine/service.py preview_update_stack). Nothing is stored.
func (e *Engine) PreviewUpdate(ctx context.Context, caller *core.Caller, ref StackRef, r UpdateRequest, showNested bool) (*Changes, error) {
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return nil, err
	}
	if err := e.checkUpdatable(s); err != nil {
		return nil, err
	}
	src, err := e.updateSource(ctx, s, r)
	if err != nil {
		return nil, err
	}
	target, err := e.loadUpdate(ctx, caller, src, s)
	if err != nil {
		return nil, err
	}
	if err := e.checkImmutable(ctx, s, target); err != nil {
		return nil, err
	}
	f, err := e.foresee(ctx, s, target, false, r.Converge)
	if err != nil {
		return nil, err
	}
	changes := &Changes{}
	return changes, f.list(changes, "", showNested)
}

// list adds what becomes of the stack's resources; parent is the name of the resource that
// the stack is.
func (f *foresight) list(changes *Changes, parent string, nested bool) error {
	for _, name := range f.names() {
		o := f.of[name]
		changes.add(o.change, f.show(o, parent))
		if !nested {
			continue
		}
		if err := f.listNested(changes, o); err != nil {
			return err
		}
	}
	for i := range f.gone {
		if err := f.e.listGone(f.ctx, changes, f.stack, &f.gone[i], f.nested[f.gone[i].ID], parent, nested); err != nil {
			return err
		}
	}
	return nil
}

// listNested adds the resources of a resource's nested stack: all of those that go, and all
// of those that come, when it is replaced.
func (f *foresight) listNested(changes *Changes, o *outlook) (err error) {
	there := (*core.Stack)(nil)
	if o.was != nil {
		there = f.nested[o.was.ID]
	}
	switch {
	case o.change == plan.Unchanged && there != nil && o.child == nil:
		if o.child, err = f.e.stay(f.ctx, there); err != nil {
			return err
		}
	case o.change == plan.Replaced && there != nil && f.target.Definition(o.name).DeletionPolicy != "Retain":
		if err := f.e.listAllGone(f.ctx, changes, there, o.name); err != nil {
			return err
		}
	}
	if o.child == nil {
		return nil
	}
	return o.child.list(changes, o.name, true)
}

// listGone adds a row that goes, and with nested what is under it.
func (e *Engine) listGone(ctx context.Context, changes *Changes, s *core.Stack, r *core.Resource, child *core.Stack, parent string, nested bool) error {
	changes.add(plan.Deleted, PreviewResource{Name: r.Name, Type: r.Type, PhysicalID: r.PhysicalID, Nested: child != nil,
		StackName: s.Name, StackID: s.ID, ParentName: parent})
	if child == nil || !nested || r.DeletionPolicy == "Retain" {
		return nil
	}
	return e.listAllGone(ctx, changes, child, r.Name)
}

// listAllGone adds the resources of a nested stack that goes as a whole.
func (e *Engine) listAllGone(ctx context.Context, changes *Changes, s *core.Stack, parent string) error {
	f := &foresight{e: e, ctx: ctx, stack: s}
	rows, _, err := f.read()
	if err != nil {
		return err
	}
	for i := range rows {
		if r := &rows[i]; plan.Current(r) {
			if err := e.listGone(ctx, changes, s, r, f.nested[r.ID], parent, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// show describes a resource as it will be; secrets are not shown.
func (f *foresight) show(o *outlook, parent string) PreviewResource {
	_, isParent := o.behaviour.(resource.Parent)
	p := PreviewResource{Name: o.name, Type: o.row.Type, Attributes: yaml.NewMap(len(o.typ.Attributes)), Nested: isParent,
		StackName: f.stack.Name, StackID: f.stack.ID, ParentName: parent,
		Changed: slices.DeleteFunc(slices.Clone(o.verdict.Changed), func(name string) bool { return slices.Contains(o.unknown, name) }),
		Unknown: o.unknown, Maybe: o.maybe, Reason: o.verdict.Reason, Refused: o.refused}
	if f.fresh {
		p.StackID = ""
	}
	if o.was != nil {
		p.PhysicalID = o.was.PhysicalID
	}
	for name := range o.typ.Attributes {
		p.Attributes.Set(name, nil)
	}
	d := f.target.Definition(o.name)
	if d == nil {
		return p
	}
	p.Type, p.Description, p.Requires = d.Type, d.Description, f.target.Requires(o.name)
	if o.props == nil {
		_, o.props, _ = f.target.CheckProperties(o.name, f, nil)
	}
	p.Properties = known(plan.Mask(o.typ, o.props))
	if m, err := f.target.Metadata(o.name, f); err == nil {
		p.Metadata = known(m)
	}
	return p
}

func (c *Changes) add(change plan.Change, p PreviewResource) {
	lists := map[plan.Change]*[]PreviewResource{plan.Unchanged: &c.Unchanged, plan.Updated: &c.Updated,
		plan.Replaced: &c.Replaced, plan.Added: &c.Added, plan.Deleted: &c.Deleted}
	if l := lists[change]; l != nil {
		*l = append(*l, p)
	}
}
