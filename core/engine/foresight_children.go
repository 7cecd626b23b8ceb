package engine

import (
	"context"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/function"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// A foresight is also what the resource that the stack is will read of it.
var _ resource.Children = (*foresight)(nil)

// Stack is the nested stack; nil for one that is yet to be made.
func (f *foresight) Stack(context.Context) (*core.Stack, error) {
	if f.fresh {
		return nil, nil
	}
	return f.stack, nil
}

// Resources are the resources as they will be, in template order.
func (f *foresight) Resources(context.Context) ([]core.Resource, error) {
	names := f.names()
	out := make([]core.Resource, len(names))
	for i, name := range names {
		out[i] = f.of[name].next()
	}
	return out, nil
}

// Template is the template that the nested stack will have.
func (f *foresight) Template(context.Context) (*yaml.Node, error) {
	return f.target.Source.Template, nil
}

// Output is an output as it will be.
func (f *foresight) Output(_ context.Context, name string) (any, bool, error) {
	if f.still {
		return f.stored(name)
	}
	for _, d := range f.target.Bound.Outputs() {
		if d.Name != name {
			continue
		}
		if !d.Enabled {
			return nil, true, nil
		}
		v, err := f.target.Bound.Resolve(d.Value, f)
		if err != nil {
			return nil, true, core.Errorf(core.Invalid, "TemplateOutputError", "%s", err)
		}
		return v, true, nil
	}
	return nil, false, nil
}

func (f *foresight) stored(name string) (any, bool, error) {
	outputs, err := converge.Outputs(f.stack)
	if err != nil {
		return nil, false, err
	}
	for _, o := range outputs {
		if o.Key != name {
			continue
		}
		if o.Error != "" {
			return nil, true, core.Errorf(core.Invalid, "TemplateOutputError", "%s", o.Error)
		}
		v, err := yaml.DecodeJSON(o.Value)
		return v, true, err
	}
	return nil, false, nil
}

// Attribute is an attribute of a member as it will be; with an empty path its reference id.
func (f *foresight) Attribute(_ context.Context, member string, path []any) (any, error) {
	o := f.of[member]
	if o == nil {
		return nil, nil
	}
	if len(path) == 0 {
		return f.RefID(member)
	}
	if !plan.HasAttribute(o.typ, yaml.Str(path[0])) {
		return nil, core.Errorf(core.Invalid, "InvalidTemplateAttribute", "%s", function.NoAttribute(member, path[0]))
	}
	return f.Attr(member, path)
}
