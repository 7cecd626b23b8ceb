package environment

import (
	"context"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// CloneTemplate copies a public environment template into the caller's project, under the
// name of the body. services are those of the copy; nil when it has none. Returns NotFound,
// Forbidden for a template that is not public, Invalid for a name that is missing or too
// long, and Conflict for one that is taken.
func (s *Service) CloneTemplate(ctx context.Context, caller *core.Caller, id string, body any) (t *murano.EnvironmentTemplate, services any, err error) {
	source, err := store.FindTemplate(ctx, s.store.Reader(), id)
	switch {
	case err != nil:
		return nil, nil, err
	case source == nil:
		return nil, nil, murano.Explain(core.NotFound, "EnvTemplate <TempId %s> is not found", id)
	case !source.IsPublic:
		return nil, nil, noAccess()
	}
	params, name, err := templateParameters(body)
	if err != nil {
		return nil, nil, err
	}
	t = newTemplate(caller, name)
	t.DescriptionText = source.DescriptionText
	if t.IsPublic, err = isPublic(params, false); err != nil {
		return nil, nil, err
	}
	before, err := decodeModel(source.Model)
	if err != nil {
		return nil, nil, err
	}
	model := yaml.MapOf("name", name, "description_text", t.DescriptionText, "is_public", t.IsPublic, "id", t.ID, "tenant_id", t.TenantID)
	services, ok := before.Get(keyServices)
	if ok {
		model.Set(keyServices, services)
	}
	if t.Model, err = encodeModel(model); err != nil {
		return nil, nil, err
	}
	return t, services, s.storeTemplate(ctx, t, murano.Explain(core.Conflict, "Env template with specified name already exists"))
}
