package environment

import (
	"context"
	"strings"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// UpdateTemplate gives an environment template the name, and the text and visibility if
// they are there, of the body of a request; its services stay. extra are the other keys of
// the body, which the answer echoes. Returns what checkOwnTemplate does, Invalid without a
// name, and Conflict for one that is taken.
func (s *Service) UpdateTemplate(ctx context.Context, caller *core.Caller, id string, body any) (t *murano.EnvironmentTemplate, extra *yaml.Map, err error) {
	err = s.lockedTemplate(ctx, id, func(ctx context.Context, tx *corestore.Tx) error {
		if t, err = checkOwnTemplate(ctx, tx, caller, id); err != nil {
			return err
		}
		incorrect := murano.Detail(core.Invalid, "EnvTemplate body is incorrect")
		params, ok := body.(*yaml.Map)
		if !ok {
			return incorrect
		}
		name, ok := params.Get("name")
		if t.Name = yaml.Str(name); !ok || strings.TrimSpace(t.Name) == "" {
			return incorrect
		}
		if err := checkTemplateName(t.Name); err != nil {
			return err
		}
		if err := setTemplate(t, params); err != nil {
			return err
		}
		extra, t.UpdatedAt = extraKeys(params), store.Now()
		return store.UpdateTemplate(ctx, tx, t)
	})
	if corestore.IsUnique(err) {
		err = murano.Detail(core.Conflict, "Env Template with specified name already exists")
	}
	return t, extra, err
}

// DeleteTemplate removes an environment template. Returns what checkOwnTemplate does.
func (s *Service) DeleteTemplate(ctx context.Context, caller *core.Caller, id string) error {
	return s.lockedTemplate(ctx, id, func(ctx context.Context, tx *corestore.Tx) error {
		if _, err := checkOwnTemplate(ctx, tx, caller, id); err != nil {
			return err
		}
		return store.DeleteTemplate(ctx, tx, id)
	})
}
