package engine

import (
	"context"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// Resources gives the resources of a stack, and of the stacks nested in it down to the
// depth asked for, in template order. With withDetail their attributes are read, now;
// without it the rows have no contents.
func (e *Engine) Resources(ctx context.Context, caller *core.Caller, ref StackRef, f ResourceFilter, withDetail bool) ([]ResourceView, error) {
	find, read := e.findIdentity, e.Store.ResourceSummaries
	if withDetail {
		find, read = e.find, e.Store.ResourcesOf
	}
	s, err := find(ctx, caller, ref)
	if err != nil {
		return nil, err
	}
	stacks, err := e.within(ctx, s, min(f.NestedDepth, e.Limits.NestedDepth))
	if err != nil {
		return nil, err
	}
	views, err := e.views(ctx, stacks, read)
	if err != nil {
		return nil, err
	}
	views = slices.DeleteFunc(views, func(v ResourceView) bool { return !matches(&v, f.Filters) })
	for i := range views {
		views[i].StatusReason = listed(views[i].StatusReason)
	}
	if !withDetail {
		return views, nil
	}
	byID := map[string]*core.Stack{}
	for i := range stacks {
		byID[stacks[i].ID] = &stacks[i]
	}
	for i := range views {
		e.detail(ctx, byID[views[i].StackID], &views[i], nil)
	}
	return views, nil
}

// within gives a stack and those nested in it, depth levels deep, in the order of the tree.
func (e *Engine) within(ctx context.Context, s *core.Stack, depth int) ([]core.Stack, error) {
	if depth <= 0 {
		return []core.Stack{*s}, nil
	}
	tree, err := e.Store.Tree(ctx, s.RootID)
	if err != nil {
		return nil, err
	}
	children := map[string][]core.Stack{}
	for _, c := range tree {
		children[c.OwnerID] = append(children[c.OwnerID], c)
	}
	out := []core.Stack{*s}
	level := out
	for range depth {
		var next []core.Stack
		for _, p := range level {
			next = append(next, children[p.ID]...)
		}
		out, level = append(out, next...), next
	}
	return out, nil
}

// views gives the current resources of stacks, as read gives them, with what the APIs show
// of their place.
func (e *Engine) views(ctx context.Context, stacks []core.Stack, read func(context.Context, []string) ([]*core.Resource, error)) ([]ResourceView, error) {
	ids := make([]string, len(stacks))
	names := make(map[string]core.Identifier, len(stacks))
	for i := range stacks {
		ids[i] = stacks[i].ID
		names[stacks[i].ID] = stacks[i].Identifier()
	}
	rows, err := read(ctx, ids)
	if err != nil {
		return nil, err
	}
	nested, err := e.nestedOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*core.Resource, len(rows))
	byStack := make(map[string][]*core.Resource, len(ids))
	for _, r := range rows {
		byID[r.ID] = r
		byStack[r.StackID] = append(byStack[r.StackID], r)
	}
	requiredBy := map[string][]string{}
	for _, r := range rows {
		if r.ReplacedBy != "" {
			continue
		}
		for _, need := range r.Requires {
			requiredBy[need] = append(requiredBy[need], r.Name)
		}
	}
	parents := map[string]string{}
	for i := range stacks {
		if p := byID[stacks[i].ParentResource]; p != nil {
			parents[stacks[i].ID] = p.Name
		}
	}
	out := make([]ResourceView, 0, len(rows))
	for _, id := range ids {
		for _, r := range byStack[id] {
			if r.ReplacedBy != "" || r.Action == core.Delete && r.Status == core.Complete {
				continue
			}
			v := ResourceView{Resource: r, Stack: names[id], RequiredBy: requiredBy[r.ID], Parent: parents[id]}
			if n, ok := nested[r.ID]; ok {
				v.Nested = &n
			}
			out = append(out, v)
		}
	}
	return out, nil
}

// nestedOf gives the nested stacks directly under stacks, by the resource that they are.
func (e *Engine) nestedOf(ctx context.Context, stackIDs []string) (map[string]core.Identifier, error) {
	children, err := e.Store.IdentifyChildren(ctx, stackIDs)
	if err != nil {
		return nil, err
	}
	out := make(map[string]core.Identifier, len(children))
	for i := range children {
		out[children[i].ParentResource] = children[i].Identifier()
	}
	return out, nil
}

func matches(v *ResourceView, filters map[string][]string) bool {
	for name, values := range filters {
		var have string
		switch name {
		case "type":
			if !slices.ContainsFunc(values, func(t string) bool { return strings.Contains(v.Type, t) }) {
				return false
			}
			continue
		case "status":
			have = string(v.Status)
		case "action":
			have = string(v.Action)
		case "name":
			have = v.Name
		case "id", "uuid":
			have = v.ID
		case "physical_resource_id":
			have = v.PhysicalID
		}
		if !slices.Contains(values, have) {
			return false
		}
	}
	return true
}

// Resource gives one resource with its attributes, those named in withAttr among them.
func (e *Engine) Resource(ctx context.Context, caller *core.Caller, ref StackRef, name string, withAttr []string) (*ResourceView, error) {
	s, row, err := e.findResource(ctx, caller, ref, name)
	if err != nil {
		return nil, err
	}
	views, err := e.views(ctx, []core.Stack{*s}, e.Store.ResourceSummaries)
	if err != nil {
		return nil, err
	}
	for i := range views {
		if v := &views[i]; v.ID == row.ID {
			v.Resource = row
			if s.ParentResource != "" {
				parent, err := e.Store.FindResourceByID(ctx, s.ParentResource)
				if err != nil {
					return nil, err
				}
				if parent != nil {
					v.Parent = parent.Name
				}
			}
			e.detail(ctx, s, v, withAttr)
			return v, nil
		}
	}
	return nil, errNoResource(s, name)
}

func (e *Engine) findResource(ctx context.Context, caller *core.Caller, ref StackRef, name string) (*core.Stack, *core.Resource, error) {
	s, err := e.find(ctx, caller, ref)
	if err != nil {
		return nil, nil, err
	}
	row, err := e.Store.FindResource(ctx, s.ID, name)
	if err != nil {
		return nil, nil, err
	}
	if row == nil && caller.HasRole(core.StackUserRole) {
		return nil, nil, errStackUser
	}
	if row == nil {
		return nil, nil, errNoResource(s, name)
	}
	if err := e.authorize(ctx, caller, s, row); err != nil {
		return nil, nil, err
	}
	return s, row, nil
}

func errNoResource(s *core.Stack, name string) error {
	return core.Errorf(core.NotFound, "ResourceNotFound", "The Resource (%s) could not be found in Stack %s.", name, s.Name)
}

// detail reads a resource's attributes and description. An attribute that cannot be read
// is null, as in Heat: the others are still shown.
func (e *Engine) detail(ctx context.Context, s *core.Stack, v *ResourceView, withAttr []string) {
	v.Attributes = yaml.NewMap(0)
	typ, err := e.Walker.TypeOf(ctx, s, v.Resource)
	if err != nil {
		e.Log.WarnContext(ctx, "no type for a stored resource", "resource", v.ID, "type", v.Type, "error", err)
		return
	}
	if t, err := e.Walker.Target(ctx, s); err == nil && t.Definition(v.Name) != nil {
		v.Description = t.Definition(v.Name).Description
	}
	if v.Action == core.Init || s.DeletedAt != nil {
		for name := range typ.Attributes {
			v.Attributes.Set(name, nil)
		}
		return
	}
	e.readAttributes(ctx, s, v, typ, withAttr)
}

func (e *Engine) readAttributes(ctx context.Context, s *core.Stack, v *ResourceView, typ *resource.Type, withAttr []string) {
	c, err := e.Walker.Context(ctx, s, v.Resource, typ)
	if err != nil {
		e.Log.WarnContext(ctx, "attributes not read", "resource", v.ID, "error", err)
		return
	}
	behaviour := typ.New()
	names := withAttr
	for name := range typ.Attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		value, err := converge.ReadAttribute(ctx, behaviour, typ, c, []any{name})
		if err != nil {
			e.Log.DebugContext(ctx, "attribute not read", "resource", v.ID, "attribute", name, "error", err)
			value = nil
		}
		v.Attributes.Set(name, value)
	}
	if show, ok := behaviour.(resource.Shower); ok && c.PhysicalID != "" {
		if value, err := show.Show(ctx, c); err == nil {
			if m, ok := value.(*yaml.Map); ok {
				v.Attributes = m
				for _, name := range withAttr {
					value, _ := converge.ReadAttribute(ctx, behaviour, typ, c, []any{name})
					v.Attributes.Set(name, value)
				}
			}
		}
	}
}

// Metadata gives a resource's metadata.
func (e *Engine) Metadata(ctx context.Context, caller *core.Caller, ref StackRef, name string) (*yaml.Map, error) {
	s, row, err := e.findResource(ctx, caller, ref, name)
	if err != nil {
		return nil, err
	}
	m := yaml.NewMap(0)
	if len(row.Metadata) > 0 {
		if err := m.UnmarshalJSON(row.Metadata); err != nil {
			return nil, err
		}
	}
	if err := e.inform(ctx, s, row, m); err != nil {
		return nil, err
	}
	return m, e.withDeployments(ctx, s, row, m)
}

// inform has the type of a resource that is there add to its metadata.
func (e *Engine) inform(ctx context.Context, s *core.Stack, row *core.Resource, metadata *yaml.Map) error {
	if row.PhysicalID == "" || row.External {
		return nil
	}
	typ, err := e.Walker.TypeOf(ctx, s, row)
	if err != nil {
		return err
	}
	informer, ok := typ.New().(resource.Informer)
	if !ok {
		return nil
	}
	c, err := e.Walker.Context(ctx, s, row, typ)
	if err != nil {
		return err
	}
	return informer.Inform(ctx, c, metadata)
}
