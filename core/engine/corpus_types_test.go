package engine_test

import (
	"context"
	"encoding/json"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/resource"
	"hearth/core/yaml"
)

func (r *corpusRun) resourceType() (*resource.Type, error) {
	name := r.c.text("resource_type")
	if t := r.Registry().Lookup(name); t != nil {
		return t, nil
	}
	return nil, core.EntityNotFound("Resource Type", name)
}

func (r *corpusRun) schema(context.Context) error {
	t, err := r.resourceType()
	if err != nil || r.c.Has("error") {
		return r.failure(err)
	}
	return r.undescribed("schema", engine.SchemaOf(t))
}

func (r *corpusRun) generate(context.Context) error {
	t, err := r.resourceType()
	if err != nil || r.c.Has("error") {
		return r.failure(err)
	}
	return r.undescribed("template", engine.TemplateOf(t, r.c.text("template_type")))
}

// undescribed compares but for descriptions, which are our own.
func (r *corpusRun) undescribed(part string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	got, err := yaml.DecodeJSON(raw)
	if err != nil {
		return err
	}
	want, _ := r.c.sub("expect").Get(part)
	return r.differ(part, withoutDescriptions(want), withoutDescriptions(got))
}

func withoutDescriptions(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = withoutDescriptions(x)
		}
		return out
	case *yaml.Map:
		out := yaml.NewMap(v.Len())
		for k, x := range v.All() {
			if _, text := x.(string); text && (k == "description" || k == "Description" || k == "message") {
				continue
			}
			out.Set(k, withoutDescriptions(x))
		}
		return out
	}
	return v
}
