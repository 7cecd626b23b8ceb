package engine

import (
	"hearth/core"
	"hearth/core/converge"
	"hearth/core/function"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/template"
	"hearth/core/yaml"
)

var _ template.Runtime = (*foresight)(nil)

// RefID is what get_resource will yield.
func (f *foresight) RefID(name string) (any, error) {
	o := f.of[name]
	if o == nil || o.stays() {
		return f.known.RefID(name)
	}
	if p, ok := o.behaviour.(resource.ReferencePredictor); ok && o.c != nil {
		if v, ok := p.PredictReference(o.c); ok {
			return v, nil
		}
	}
	switch {
	case o.change == plan.Updated:
		return f.known.RefID(name)
	case o.external != "":
		return o.external, nil
	}
	return plan.Unforeseen{Unknown: function.Unknown{Resource: name}, New: true}, nil
}

// stays reports whether neither the object nor its nested stack is touched.
func (o *outlook) stays() bool {
	return o.change == plan.Unchanged || o.verdict.Definition && o.child == nil
}

// Attr is what get_attr will yield.
func (f *foresight) Attr(name string, path []any) (any, error) {
	o := f.of[name]
	if o == nil {
		return nil, nil
	}
	if o.stays() {
		if plan.HasAttributes(o.row, [][]any{path}) {
			return f.known.Attr(name, path)
		}
		return f.readNow(o, path)
	}
	if o.c == nil {
		return o.unforeseen(path), nil
	}
	if p, ok := o.behaviour.(resource.PathAttributer); ok {
		if o.child == nil {
			return o.unforeseen(path), nil
		}
		return p.AttributePath(f.ctx, o.c, path)
	}
	return o.predict(path), nil
}

// readNow reads what nobody asked for before, of a resource that stays; from its type when
// that needs no cloud.
func (f *foresight) readNow(o *outlook, path []any) (any, error) {
	if o.c == nil {
		if err := f.context(o, nil); err != nil {
			return nil, err
		}
		o.c.Properties, o.c.Action = o.c.Old, o.row.Action
	}
	if child := f.nested[o.row.ID]; child != nil && o.child == nil {
		var err error
		if o.child, err = f.e.stay(f.ctx, child); err != nil {
			return nil, err
		}
		o.c.Children = o.child
	}
	_, byPath := o.behaviour.(resource.PathAttributer)
	if o.typ.Service != "" || o.child != nil && !byPath {
		return o.unforeseen(path), nil
	}
	return converge.ReadAttribute(f.ctx, o.behaviour, o.typ, o.c, path)
}

func (o *outlook) unforeseen(path []any) any {
	return plan.Unforeseen{Unknown: function.Unknown{Resource: o.name, Path: append([]any{}, path...)}}
}

// predict is an attribute of an object that is made or changed.
func (o *outlook) predict(path []any) any {
	if len(path) > 0 {
		return function.Select(o.predictOne(yaml.Str(path[0])), path[1:])
	}
	if o.typ.AnyProperties {
		return o.unforeseen(path)
	}
	all := yaml.NewMap(len(o.typ.Attributes))
	for name := range o.typ.Attributes {
		all.Set(name, o.predictOne(name))
	}
	return all
}

func (o *outlook) predictOne(name string) any {
	_, attributer := o.behaviour.(resource.Attributer)
	_, shower := o.behaviour.(resource.Shower)
	if name == "show" && !shower || name != "show" && !attributer {
		return nil
	}
	if p, ok := o.behaviour.(resource.Predictor); ok && name != "show" {
		if v, ok := p.Predict(o.c, name); ok {
			return v
		}
	}
	return o.unforeseen([]any{name})
}

// next is the row as it will be.
func (o *outlook) next() core.Resource {
	r := *o.row
	switch o.change {
	case plan.Added, plan.Replaced:
		r.Action, r.Status = core.Create, core.Complete
	case plan.Updated:
		r.Action, r.Status = core.Update, core.Complete
	}
	return r
}
