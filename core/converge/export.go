package converge

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"hearth/core"
	"hearth/core/store"
	"hearth/core/template"
	"hearth/core/yaml"
)

// reader reads what an export tells of, in a transaction or outside.
type reader interface {
	templates
	Resources(ctx context.Context, stackID string) ([]core.Resource, error)
	FindChild(ctx context.Context, resourceID string) (*core.Stack, error)
}

var (
	_ reader = (*store.Store)(nil)
	_ reader = (*store.Tx)(nil)
)

// Export tells all that is needed to take a stack's objects over into another stack
// (heat/engine/stack.py prepare_abandon). A resource with a nested stack is the export of
// that stack; one that has not got it yet is empty.
func (w *Walker) Export(ctx context.Context, from reader, s *core.Stack) (*yaml.Map, error) {
	raw, files, err := from.FindTemplate(ctx, s.TemplateID)
	if err != nil {
		return nil, err
	}
	if raw == nil {
		return nil, fmt.Errorf("stack %s has no template %s", s.ID, s.TemplateID)
	}
	body, err := yaml.DecodeJSON(raw.Template)
	if err != nil {
		return nil, err
	}
	env := new(template.Environment)
	if len(raw.Environment) > 0 {
		if err := env.UnmarshalJSON(raw.Environment); err != nil {
			return nil, err
		}
	}
	rows, err := from.Resources(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	resources := yaml.NewMap(len(rows))
	for i := range rows {
		r := &rows[i]
		if r.ReplacedBy != "" || r.Action == core.Delete && r.Status == core.Complete {
			continue
		}
		exported, err := w.exportResource(ctx, from, r)
		if err != nil {
			return nil, err
		}
		resources.Set(r.Name, exported)
	}
	tags := make([]any, len(s.Tags))
	for i, t := range s.Tags {
		tags[i] = t
	}
	return yaml.MapOf("name", s.Name, "id", s.ID, "action", string(s.Action), "environment", exportEnvironment(env), "files", textValues(files),
		"status", string(s.Status), "template", body, "resources", resources, "project_id", s.ProjectID,
		"stack_user_project_id", textOrNull(s.StackUserProjectID), "tags", tags), nil
}

// exportEnvironment has every section that a user may send, the registry with its
// section resources.
func exportEnvironment(env *template.Environment) *yaml.Map {
	m := env.UserMap()
	v, _ := m.Get("resource_registry")
	registry, _ := v.(*yaml.Map)
	if !registry.Has("resources") {
		registry = registry.Clone()
		registry.Set("resources", yaml.NewMap(0))
		m.Set("resource_registry", registry)
	}
	return m
}

func (w *Walker) exportResource(ctx context.Context, from reader, r *core.Resource) (*yaml.Map, error) {
	child, err := from.FindChild(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	if child != nil {
		return w.Export(ctx, from, child)
	}
	if w.owns(r) {
		return yaml.NewMap(0), nil
	}
	data := map[string]string{}
	if err := w.Store.Sealer().Open(r.Data, &data, r.ID); err != nil {
		return nil, err
	}
	delete(data, adoptKey)
	metadata := decodeMap(r.Metadata)
	if metadata == nil {
		metadata = yaml.NewMap(0)
	}
	return yaml.MapOf("name", r.Name, "resource_id", textOrNull(r.PhysicalID), "type", r.Type, "action", string(r.Action),
		"status", string(r.Status), "metadata", metadata, "resource_data", textValues(data)), nil
}

func textValues(texts map[string]string) *yaml.Map {
	out := yaml.NewMap(len(texts))
	for _, k := range slices.Sorted(maps.Keys(texts)) {
		out.Set(k, texts[k])
	}
	return out
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
