package converge

import (
	"context"

	"hearth/core"
	"hearth/core/function"
	"hearth/core/plan"
	"hearth/core/yaml"
)

// children reads a resource's nested stack, each part once: it lives as long as one call.
type children struct {
	w  *Walker
	id string // of the resource

	read    bool
	stack   *core.Stack
	members []core.Resource
	index   map[string]*core.Resource
}

// Stack is the nested stack, nil when there is none yet.
func (k *children) Stack(ctx context.Context) (*core.Stack, error) {
	if k.read {
		return k.stack, nil
	}
	var err error
	k.stack, err = k.w.Store.FindChild(ctx, k.id)
	k.read = err == nil
	return k.stack, err
}

// Resources are the current resources of the nested stack, in template order.
func (k *children) Resources(ctx context.Context) ([]core.Resource, error) {
	s, err := k.Stack(ctx)
	if err != nil || s == nil || k.index != nil {
		return k.members, err
	}
	list, err := k.w.Store.Resources(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	k.index = make(map[string]*core.Resource, len(list))
	for _, r := range list {
		if r.ReplacedBy == "" {
			k.members = append(k.members, r)
		}
	}
	for i := range k.members {
		k.index[k.members[i].Name] = &k.members[i]
	}
	return k.members, nil
}

// Template is the template that the nested stack has by now; nil when there is none yet.
func (k *children) Template(ctx context.Context) (*yaml.Node, error) {
	s, err := k.Stack(ctx)
	if err != nil || s == nil {
		return nil, err
	}
	raw, _, err := k.w.Store.FindTemplate(ctx, s.TemplateID)
	if err != nil || raw == nil {
		return nil, err
	}
	return yaml.Parse(raw.Template, yaml.Options{})
}

// Output is a stored output of the nested stack.
func (k *children) Output(ctx context.Context, name string) (any, bool, error) {
	s, err := k.Stack(ctx)
	if err != nil || s == nil {
		return nil, false, err
	}
	outputs, err := Outputs(s)
	if err != nil {
		return nil, false, err
	}
	for _, o := range outputs {
		if o.Key == name {
			if o.Error != "" {
				return nil, true, core.Errorf(core.Invalid, "TemplateOutputError", "%s", o.Error)
			}
			v, err := yaml.DecodeJSON(o.Value)
			return v, true, err
		}
	}
	return nil, false, nil
}

// Attribute reads an attribute of a member: what its row keeps, else from its type; with
// an empty path its reference id.
func (k *children) Attribute(ctx context.Context, member string, path []any) (any, error) {
	if _, err := k.Resources(ctx); err != nil {
		return nil, err
	}
	row := k.index[member]
	if row == nil {
		return nil, nil
	}
	if len(path) == 0 {
		return runtime{rows: &rows{current: k.index}}.RefID(member)
	}
	if v, ok, err := readStored(storedAttributes(row), path); ok {
		return v, err
	}
	typ, err := k.w.TypeOf(ctx, k.stack, row)
	if err != nil {
		return nil, err
	}
	if !plan.HasAttribute(typ, yaml.Str(path[0])) {
		return nil, core.Errorf(core.Invalid, "InvalidTemplateAttribute", "%s", function.NoAttribute(member, path[0]))
	}
	return k.w.LiveAttribute(ctx, k.stack, row, path)
}
