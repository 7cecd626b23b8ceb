package engine_test

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/yaml"
)

// resources compares the resources of a stack: what is stored, what is read.
func (r *corpusRun) resources(ctx context.Context, s *core.Stack, views []engine.ResourceView) error {
	want := r.c.sub("expect")
	if !want.Has("resources") {
		return nil
	}
	rows, err := r.Store.Resources(ctx, s.ID)
	if err != nil {
		return err
	}
	known := converge.Known(rows)
	got, requiredBy := yaml.NewMap(0), yaml.NewMap(0)
	for _, v := range views {
		m := corpusResource(v.Resource)
		if v.Attributes != nil {
			m.Set("attributes", shownAttributes(v.Attributes))
		}
		if len(v.Metadata) > 0 && string(v.Metadata) != "{}" && string(v.Metadata) != "null" {
			md, err := yaml.DecodeJSON(v.Metadata)
			if err != nil {
				return err
			}
			m.Set("metadata", md)
		}
		ref, err := known.RefID(v.Name)
		if err != nil {
			return err
		}
		m.Set("ref_id", ref)
		if v.Nested != nil {
			nested, err := r.nested(ctx, v.Nested.StackID)
			if err != nil {
				return err
			}
			if nested.Len() > 0 {
				m.Set("nested", nested)
			}
		}
		if w := want.sub("resources").sub(v.Name); w.Map != nil {
			for _, key := range []string{"attributes", "ref_id", "properties"} {
				if !w.Has(key) {
					m.Delete(key)
				}
			}
			if w.Has("properties_error") {
				m.Set("properties_error", first(w.Get("properties_error")))
			}
		}
		got.Set(v.Name, m)
		if len(v.RequiredBy) > 0 {
			names := []any{}
			for _, n := range slices.Sorted(slices.Values(v.RequiredBy)) {
				names = append(names, n)
			}
			requiredBy.Set(v.Name, names)
		}
	}
	if err := r.expect("resources", got); err != nil {
		return err
	}
	return r.expect("required_by", requiredBy)
}

func corpusResource(row *core.Resource) *yaml.Map {
	props, _ := yaml.DecodeJSON(row.Properties)
	m, _ := props.(*yaml.Map)
	out := yaml.MapOf("type", row.Type, "status", row.State(), "properties", withoutNull(m))
	if row.Status == core.Failed {
		out.Set("status_reason", row.StatusReason)
	}
	return out
}

func (r *corpusRun) nested(ctx context.Context, id string) (*yaml.Map, error) {
	views, err := r.Engine.Resources(ctx, r.Caller, engine.StackRef{ID: id}, engine.ResourceFilter{}, true) // a list has no properties
	out := yaml.NewMap(0)
	for _, v := range views {
		m := corpusResource(v.Resource)
		m.Delete("status_reason")
		out.Set(v.Name, m)
	}
	return out, err
}

// shownAttributes leaves out what the corpus does.
func shownAttributes(m *yaml.Map) *yaml.Map {
	out := yaml.NewMap(m.Len())
	for k, v := range m.All() {
		if k != "show" && k != "attributes" {
			out.Set(k, v)
		}
	}
	return out
}
