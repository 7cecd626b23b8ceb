package engine

import (
	"context"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/function"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// PreviewCreate tells what a create would make. Nothing is stored.
func (e *Engine) PreviewCreate(ctx context.Context, caller *core.Caller, r CreateRequest) (*StackPreview, error) {
	s, target, err := e.prepare(ctx, caller, r)
	if err != nil {
		return nil, err
	}
	list, err := e.previewResources(ctx, target, s)
	if err != nil {
		return nil, err
	}
	return &StackPreview{Stack: *s, Parameters: target.Values.Shown(), Resources: list}, nil
}

// previewResources shows a target's resources as they would be; what is not known yet is null.
func (e *Engine) previewResources(ctx context.Context, target *plan.Target, s *core.Stack) ([]PreviewResource, error) {
	requiredBy := target.RequiredBy()
	var out []PreviewResource
	for _, name := range target.Names() {
		p, err := e.previewResource(ctx, target, name, s)
		if err != nil {
			return nil, err
		}
		p.RequiredBy = requiredBy[name]
		out = append(out, *p)
	}
	return out, nil
}

func (e *Engine) previewResource(ctx context.Context, target *plan.Target, name string, s *core.Stack) (*PreviewResource, error) {
	d, typ := target.Definition(name), target.Type(name)
	_, props, problems := target.CheckProperties(name, nil, nil)
	err := problems.Err()
	if err != nil {
		return nil, err
	}
	p := &PreviewResource{Name: name, Type: d.Type, Description: d.Description, Properties: known(plan.Mask(typ, props)),
		Requires: target.Requires(name), Attributes: yaml.NewMap(0), StackName: s.Name, StackID: s.ID}
	if p.Metadata, err = target.Metadata(name, nil); err != nil {
		return nil, err
	}
	p.Metadata = known(p.Metadata)
	for attr := range typ.Attributes {
		p.Attributes.Set(attr, nil)
	}
	parent, ok := typ.New().(resource.Parent)
	if !ok {
		return p, nil
	}
	p.Nested = true
	c := &resource.Context{Name: name, Type: typ.Name, Stack: stackOf(s), Properties: resource.NewValues(props), Data: map[string]string{}}
	child, err := parent.Child(ctx, c)
	if err != nil || child == nil {
		return p, err
	}
	src, err := plan.ChildSource(target, name, child, target.Pseudo)
	if err != nil {
		return nil, err
	}
	nested, problems := plan.Load(src, e.Types)
	if nested == nil {
		return nil, problems.Err()
	}
	p.Children, err = e.previewResources(ctx, nested, &core.Stack{Name: s.Name + "-" + name, ProjectID: s.ProjectID})
	for i := range p.Children {
		p.Children[i].ParentName = name
	}
	return p, err
}

// known gives a map with null in the place of what is not known yet.
func known(m *yaml.Map) *yaml.Map {
	if m == nil {
		return nil
	}
	out := yaml.NewMap(m.Len())
	for k, v := range m.All() {
		out.Set(k, knownValue(v))
	}
	return out
}

func knownValue(v any) any {
	switch v := v.(type) {
	case *yaml.Map:
		return known(v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = knownValue(x)
		}
		return out
	}
	if u, ok := v.(function.Unknown); ok && u.Path == nil {
		return u.Resource // which get_resource yields as long as there is nothing else
	}
	if schema.IsUnknown(v) {
		return nil
	}
	return v
}

// PreviewUpdate tells what an update would do to each resource. Nothing is stored.
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
	changes := &Changes{}
	return changes, e.foresee(ctx, changes, s, target, showNested)
}

// foresee adds what an update does to a stack's resources, and with nested to those of
// the stacks under it.
func (e *Engine) foresee(ctx context.Context, changes *Changes, s *core.Stack, target *plan.Target, nested bool) error {
	rows, err := e.Store.Resources(ctx, s.ID)
	if err != nil {
		return err
	}
	foreseen := plan.Foresee(rows, target, converge.Known(rows))
	current := map[string]*core.Resource{}
	for i := range rows {
		if rows[i].ReplacedBy == "" {
			current[rows[i].Name] = &rows[i]
		}
	}
	for _, name := range target.Names() {
		p, err := e.previewResource(ctx, target, name, s)
		if err != nil {
			return err
		}
		row := current[name]
		if row != nil {
			p.PhysicalID = row.PhysicalID
		}
		changes.add(foreseen[name], *p)
		if nested && p.Nested && row != nil && foreseen[name] == plan.Updated {
			if err := e.foreseeChild(ctx, changes, row, target, name); err != nil {
				return err
			}
		}
	}
	for i := range rows {
		if r := &rows[i]; foreseen[r.Name] == plan.Deleted && r.ReplacedBy == "" {
			changes.add(plan.Deleted, PreviewResource{Name: r.Name, Type: r.Type, PhysicalID: r.PhysicalID, StackName: s.Name, StackID: s.ID})
		}
	}
	return nil
}

func (e *Engine) foreseeChild(ctx context.Context, changes *Changes, row *core.Resource, target *plan.Target, name string) error {
	child, err := e.Store.FindChild(ctx, row.ID)
	if err != nil || child == nil {
		return err
	}
	typ := target.Type(name)
	_, props, problems := target.CheckProperties(name, nil, nil)
	if problems.HasErrors() {
		return problems.Err()
	}
	c, err := e.Walker.Context(ctx, child, row, typ)
	if err != nil {
		return err
	}
	c.Properties = resource.NewValues(props)
	spec, err := typ.New().(resource.Parent).Child(ctx, c)
	if err != nil || spec == nil {
		return err
	}
	src, err := plan.ChildSource(target, name, spec, e.pseudo(child))
	if err != nil {
		return err
	}
	t, problems := plan.Load(src, e.Types)
	if t == nil {
		return problems.Err()
	}
	return e.foresee(ctx, changes, child, t, true)
}

func (c *Changes) add(change plan.Change, p PreviewResource) {
	lists := map[plan.Change]*[]PreviewResource{plan.Unchanged: &c.Unchanged, plan.Updated: &c.Updated,
		plan.Replaced: &c.Replaced, plan.Added: &c.Added, plan.Deleted: &c.Deleted}
	if l := lists[change]; l != nil {
		*l = append(*l, p)
	}
}
