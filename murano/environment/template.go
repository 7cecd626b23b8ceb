package environment

import (
	"context"
	"slices"
	"unicode/utf8"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// Templates gives the environment templates that the caller's project may use: its own and
// the public ones; those that are public, or its own that are not, when public says so.
func (s *Service) Templates(ctx context.Context, caller *core.Caller, public *bool) ([]murano.EnvironmentTemplate, error) {
	scope := store.OwnOrPublicTemplates
	switch {
	case public == nil:
	case *public:
		scope = store.PublicTemplates
	default:
		scope = store.PrivateTemplates
	}
	return store.ListTemplates(ctx, s.store.Reader(), caller.ProjectID, scope)
}

// CreateTemplate makes an environment template of the body of a request. extra are the keys
// of the body beside those of a template: the answer echoes them. Returns Invalid for a name
// that is missing or too long, Conflict for one that is taken.
func (s *Service) CreateTemplate(ctx context.Context, caller *core.Caller, body any) (t *murano.EnvironmentTemplate, extra *yaml.Map, err error) {
	params, name, err := templateParameters(body)
	if err != nil {
		return nil, nil, err
	}
	t = newTemplate(caller, name)
	if err := setTemplate(t, params); err != nil {
		return nil, nil, err
	}
	params.Set("id", t.ID)
	params.Set("tenant_id", t.TenantID)
	if t.Model, err = encodeModel(params); err != nil {
		return nil, nil, err
	}
	err = s.storeTemplate(ctx, t, murano.Detail(core.Conflict, "Env Template with specified name already exists"))
	return t, extraKeys(params), err
}

func newTemplate(caller *core.Caller, name string) *murano.EnvironmentTemplate {
	now := store.Now()
	return &murano.EnvironmentTemplate{ID: murano.NewID(), TenantID: caller.ProjectID, Name: name, CreatedAt: now, UpdatedAt: now}
}

// storeTemplate stores a new template; taken is the error when its name is.
func (s *Service) storeTemplate(ctx context.Context, t *murano.EnvironmentTemplate, taken error) error {
	err := s.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateTemplate(ctx, tx, t) })
	if corestore.IsUnique(err) {
		return taken
	}
	return err
}

// templateParameters checks the body of a request that names a new template, or an
// environment to be made of one. It gives a copy without the keys of the row.
func templateParameters(body any) (params *yaml.Map, name string, err error) {
	params, name, err = namedBody(body, "Please, specify a name of the environment template.")
	if err != nil {
		return nil, "", err
	}
	if err := checkTemplateName(name); err != nil {
		return nil, "", err
	}
	return withoutOwnKeys(params), name, nil
}

func checkTemplateName(name string) error {
	if utf8.RuneCountInString(name) > 255 {
		return murano.Explain(core.Invalid, "Environment template name should be 255 characters maximum")
	}
	return nil
}

func withoutOwnKeys(params *yaml.Map) *yaml.Map {
	out := params.Clone()
	for _, k := range params.Keys() {
		if slices.Contains(ownKeys, k) {
			out.Delete(k)
		}
	}
	return out
}

// setTemplate puts what a request says of a template into its row.
func setTemplate(t *murano.EnvironmentTemplate, params *yaml.Map) error {
	if v, _ := params.Get("description_text"); v != nil {
		t.DescriptionText = yaml.Str(v)
	}
	public, err := isPublic(params, t.IsPublic)
	t.IsPublic = public
	return err
}

// isPublic reads the key is_public; instead stands for one that is not there.
func isPublic(params *yaml.Map, instead bool) (bool, error) {
	v, ok := params.Get("is_public")
	if !ok {
		return instead, nil
	}
	public, ok := v.(bool)
	if v != nil && !ok {
		return false, typeError()
	}
	return public, nil
}

// extraKeys gives the keys of a request that are no columns of a template.
func extraKeys(params *yaml.Map) *yaml.Map {
	extra := withoutOwnKeys(params)
	for _, k := range []string{"name", "description_text", "is_public"} {
		extra.Delete(k)
	}
	return extra
}

// ShowTemplate gives an environment template with its services. Returns what checkTemplate
// does.
func (s *Service) ShowTemplate(ctx context.Context, caller *core.Caller, id string) (*murano.EnvironmentTemplate, any, error) {
	t, err := checkTemplate(ctx, s.store.Reader(), caller, id)
	if err != nil {
		return nil, nil, err
	}
	services, err := readTemplateServices(t, "")
	return t, services, err
}

// checkTemplate gives a template that the caller may use: a public one, one of its
// project's, or any for an administrator. Returns NotFound and Forbidden.
func checkTemplate(ctx context.Context, db corestore.DB, caller *core.Caller, id string) (*murano.EnvironmentTemplate, error) {
	t, err := store.FindTemplate(ctx, db, id)
	switch {
	case err != nil:
		return nil, err
	case t == nil:
		return nil, murano.Explain(core.NotFound, "EnvTemplate <TempId %s> is not found", id)
	case t.IsPublic || t.TenantID == caller.ProjectID || caller.IsAdmin():
		return t, nil
	}
	return nil, noAccess()
}

// checkOwnTemplate gives a template that the caller may change: beyond upstream, being
// public does not open it to others. Returns what checkTemplate does.
func checkOwnTemplate(ctx context.Context, db corestore.DB, caller *core.Caller, id string) (*murano.EnvironmentTemplate, error) {
	t, err := checkTemplate(ctx, db, caller, id)
	if err == nil && t.TenantID != caller.ProjectID && !caller.IsAdmin() {
		return nil, noAccess()
	}
	return t, err
}

func noAccess() error {
	return murano.Explain(core.Forbidden, "User has no access to these resources.")
}

// lockedTemplate runs fn in a transaction in which nothing else changes the template.
func (s *Service) lockedTemplate(ctx context.Context, id string, fn func(context.Context, *corestore.Tx) error) error {
	return s.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		if err := store.Lock(ctx, tx, "murano template "+id); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}
