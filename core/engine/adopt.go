package engine

import (
	"context"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/store"
	"hearth/core/yaml"
)

// adopting joins a create request with the export that it adopts: what the request says
// of itself wins over the export's environment and files.
func adopting(r CreateRequest) CreateRequest {
	if t := section(r.Adopt, "template"); t != nil && r.Template == nil {
		r.Template = yaml.FromValue(t)
	}
	old := section(r.Adopt, "environment")
	parameters := yaml.NewMap(0)
	for k, v := range section(old, "parameters").All() {
		parameters.Set(k, v)
	}
	environment := yaml.NewMap(0)
	for _, m := range []*yaml.Map{old, plainMap(r.Environment)} {
		for key, v := range m.All() {
			if key == "encrypted_param_names" {
				continue // nothing of an export is encrypted
			}
			environment.Set(key, overlay(section(environment, key), v))
		}
	}
	if environment.Len() > 0 {
		r.Environment = yaml.FromValue(environment)
	}
	if len(r.EnvironmentFiles) > 0 { // the environment is not read then
		for k, v := range r.Parameters.All() {
			parameters.Set(k, v)
		}
		r.Parameters = parameters
	}
	files := texts(section(r.Adopt, "files"))
	for name, text := range r.Files {
		files[name] = text
	}
	r.Files = files
	return r
}

func plainMap(n *yaml.Node) *yaml.Map {
	if n == nil {
		return nil
	}
	m, _ := n.Plain().(*yaml.Map)
	return m
}

// overlay puts a section over another: of two maps every key counts.
func overlay(below *yaml.Map, v any) any {
	above, ok := v.(*yaml.Map)
	if !ok || below == nil {
		return v
	}
	out := below.Clone()
	for k, x := range above.All() {
		out.Set(k, overlay(section(out, k), x))
	}
	return out
}

// begin starts the first walk of a new stack: its objects are made, or taken over.
func (e *Engine) begin(ctx context.Context, tx *store.Tx, s *core.Stack, target *plan.Target, r CreateRequest) error {
	if r.Adopt == nil {
		return e.Walker.Begin(ctx, tx, s, "", target)
	}
	s.Action = core.Adopt
	return e.Walker.BeginAdopt(ctx, tx, s, target, section(r.Adopt, "resources"))
}
