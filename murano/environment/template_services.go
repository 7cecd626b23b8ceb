package environment

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// TemplateServices gives what is at a path below the services of an environment template:
// all of them, one by its id, or a part of one. Returns NotFound and what
// checkTemplateServices does.
func (s *Service) TemplateServices(ctx context.Context, caller *core.Caller, id, path string) (any, error) {
	t, err := checkTemplateServices(ctx, s.store.Reader(), caller, id)
	if err != nil {
		return nil, err
	}
	v, err := readTemplateServices(t, path)
	if path == "" {
		return v, detailed(err, "The environment template "+id+" does not exist", classKey, classValue, classAttribute)
	}
	return v, detailed(err, "The template does not exist "+id, classKey, classValue, classAttribute)
}

// checkTemplateServices gives a template whose services the caller may see and change: one
// of its project's, whatever the role and however public. Returns NotFound and Forbidden.
func checkTemplateServices(ctx context.Context, db corestore.DB, caller *core.Caller, id string) (*murano.EnvironmentTemplate, error) {
	t, err := store.FindTemplate(ctx, db, id)
	switch {
	case err != nil:
		return nil, err
	case t == nil:
		return nil, murano.Explain(core.NotFound, "Environment Template with id %s not found", id)
	case t.TenantID != caller.ProjectID:
		return nil, murano.Explain(core.Forbidden, "User is not authorized to access this tenant resources")
	}
	return t, nil
}

// readTemplateServices is get_template_data of murano/db/services/core_services.py: an empty
// list while there are no services, whatever the path.
func readTemplateServices(t *murano.EnvironmentTemplate, path string) (any, error) {
	model, err := decodeModel(t.Model)
	if err != nil {
		return nil, err
	}
	if !model.Has(keyServices) {
		return []any{}, nil
	}
	at, err := locate(model, servicesPath(path))
	if err == nil && at.value == nil {
		err = murano.Explain(core.NotFound, "Environment Template <EnvId %s> is not found", t.ID)
	}
	return at.value, err
}

// detailed turns errors of the classes into a NotFound with a detail.
func detailed(err error, detail string, classes ...string) error {
	if e, ok := errors.AsType[*core.Error](err); ok && slices.Contains(classes, e.Type) {
		return murano.Detail(core.NotFound, "%s", detail)
	}
	return err
}

// AddTemplateServices appends an application, or each of a list, to an environment template.
// Returns what checkTemplateServices does.
func (s *Service) AddTemplateServices(ctx context.Context, caller *core.Caller, id string, body any) error {
	_, err := s.changeTemplate(ctx, caller, id, func(model *yaml.Map) error {
		v, ok := model.Get(keyServices)
		list, isList := v.([]any)
		if ok && !isList {
			return noAttribute(v, "append")
		}
		if more, ok := body.([]any); ok {
			list = append(list, more...)
		} else {
			list = append(list, body)
		}
		model.Set(keyServices, list)
		return nil
	})
	return err
}

// PutTemplateService puts an application in the place of the one with the id that the path
// is, or a value at a path in one. (Upstream overwrites the first application, whatever the
// id.) Returns NotFound for an id that there is not, and what checkTemplateServices does.
func (s *Service) PutTemplateService(ctx context.Context, caller *core.Caller, id, path string, body any) error {
	_, err := s.changeTemplate(ctx, caller, id, func(model *yaml.Map) error {
		if err := replaceService(model, path, body); err != nil {
			return err
		}
		model.Set("updated", pythonNow())
		return nil
	})
	return err
}

func replaceService(model *yaml.Map, path string, body any) error {
	if strings.Contains(path, "/") {
		return assign(model, servicesPath(path), body)
	}
	at, err := locate(model, servicesPath(path))
	if err != nil {
		return err
	}
	if at.value == nil {
		return murano.Raise(core.NotFound, classKey, "%s", yaml.Repr(path))
	}
	at.replace(body)
	return nil
}

// DeleteTemplateService takes away what is at a path below the services of an environment
// template, and gives the request that made the template with the services that are left.
// Returns NotFound and what checkTemplateServices does.
func (s *Service) DeleteTemplateService(ctx context.Context, caller *core.Caller, id, path string) (any, error) {
	return s.changeTemplate(ctx, caller, id, func(model *yaml.Map) error { return remove(model, servicesPath(path)) })
}

// changeTemplate lets fn change the model of a template and gives it as it is then.
func (s *Service) changeTemplate(ctx context.Context, caller *core.Caller, id string, fn func(model *yaml.Map) error) (*yaml.Map, error) {
	var model *yaml.Map
	err := s.lockedTemplate(ctx, id, func(ctx context.Context, tx *corestore.Tx) error {
		t, err := checkTemplateServices(ctx, tx, caller, id)
		if err != nil {
			return err
		}
		if model, err = decodeModel(t.Model); err != nil {
			return err
		}
		if err := fn(model); err != nil {
			return detailed(err, "The template does not exist "+id, classKey, classValue)
		}
		if t.Model, err = encodeModel(model); err != nil {
			return err
		}
		t.UpdatedAt = store.Now()
		return store.UpdateTemplate(ctx, tx, t)
	})
	return model, err
}
