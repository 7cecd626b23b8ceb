package engine

import (
	"context"

	"hearth/core"
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
	src.Early = true
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
	if u, ok := v.(plan.Unforeseen); ok {
		v = u.Unknown
	}
	if u, ok := v.(function.Unknown); ok && u.Path == nil {
		return u.Resource // which get_resource yields as long as there is nothing else
	}
	if schema.IsUnknown(v) {
		return nil
	}
	return v
}
