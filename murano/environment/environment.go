package environment

import (
	"context"
	"strings"
	"unicode/utf8"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// View is an environment as the API shows it.
type View struct {
	murano.Environment
	Status     murano.EnvironmentStatus
	AcquiredBy string // the session that is being deployed
	Services   any
}

// List gives the environments of a project with their statuses; of all projects when
// tenantID is empty. Services are not filled in.
func (s *Service) List(ctx context.Context, tenantID string) ([]View, error) {
	db := s.store.Reader()
	// The sessions come first, here and below: an environment that goes between the two
	// reads is then not there, rather than there without sessions and so "ready".
	sessions, err := store.SessionsOfTenant(ctx, db, tenantID)
	if err != nil {
		return nil, err
	}
	rows, err := store.ListEnvironments(ctx, db, tenantID)
	if err != nil {
		return nil, err
	}
	out := make([]View, len(rows))
	for i, e := range rows {
		out[i] = View{Environment: e, Status: murano.StatusOf(sessions[e.ID])}
	}
	return out, nil
}

// Show gives an environment, its services as the session sees them if one is named.
// Returns what checkEnvironment and checkSession do.
func (s *Service) Show(ctx context.Context, caller *core.Caller, id, sessionID string) (*View, error) {
	db := s.store.Reader()
	sessions, err := store.SessionsOf(ctx, db, id)
	if err != nil {
		return nil, err
	}
	e, err := checkEnvironment(ctx, db, caller, id)
	if err != nil {
		return nil, err
	}
	v := &View{Environment: *e, Status: murano.StatusOf(sessions)}
	if v.Status == murano.EnvironmentDeploying {
		v.AcquiredBy = atWork(sessions, murano.SessionDeploying).ID
	}
	if sessionID != "" {
		if _, _, err := checkSession(ctx, db, caller, id, sessionID); err != nil {
			return nil, err
		}
	}
	model, err := currentModel(ctx, db, e, sessionID)
	if err != nil {
		return nil, err
	}
	v.Services, err = readServices(objects(model), "", v.Status)
	return v, err
}

// ownKeys are the keys of a request that upstream writes into the row of the environment,
// whatever it is for; here they are left out.
var ownKeys = []string{"id", "tenant_id", "version", "created", "updated", "description", "status"}

// Create makes an environment of the body of a request. extra are the keys of the body
// beside those of an environment: they are part of its model and of the answer. Returns
// Invalid for a name that is missing or too long, Conflict for one that is taken.
func (s *Service) Create(ctx context.Context, caller *core.Caller, body any) (e *murano.Environment, extra *yaml.Map, err error) {
	e, extra, err = s.newEnvironment(caller, body)
	if err != nil {
		return nil, nil, err
	}
	err = s.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateEnvironment(ctx, tx, e) })
	if corestore.IsUnique(err) {
		return nil, nil, nameTaken()
	}
	return e, extra, err
}

// newEnvironment is Create without storing anything.
func (s *Service) newEnvironment(caller *core.Caller, body any) (e *murano.Environment, extra *yaml.Map, err error) {
	params, name, err := createParameters(body)
	if err != nil {
		return nil, nil, err
	}
	header, _ := params.Get(keyHeader)
	object, ok := header.(*yaml.Map)
	if header != nil && !ok {
		return nil, nil, typeError()
	}
	if !ok {
		object = yaml.MapOf("id", murano.NewID())
	}
	object.Set("type", "io.murano.Environment")
	object.Set("metadata", &yaml.Map{})
	objects := yaml.MapOf(keyHeader, object)
	extra = &yaml.Map{}
	for k, v := range params.All() {
		if k == keyHeader {
			continue
		}
		objects.Set(k, v)
		extra.Set(k, v)
	}
	if nets, _ := objects.Get("defaultNetworks"); isEmpty(nets) {
		objects.Set("defaultNetworks", s.defaultNetworks(name))
	}
	model, err := encodeModel(yaml.MapOf(keyObjects, objects, keyAttributes, []any{}, "project_id", caller.ProjectID, "user_id", caller.UserID))
	if err != nil {
		return nil, nil, err
	}
	now := store.Now()
	text, _ := params.Get("description_text")
	e = &murano.Environment{ID: murano.NewID(), TenantID: caller.ProjectID, Name: name, Model: model, CreatedAt: now, UpdatedAt: now}
	if text != nil {
		e.DescriptionText = yaml.Str(text)
	}
	return e, extra, nil
}

// namedBody gives the map and the name that the body of a request is to have.
func namedBody(body any, otherwise string) (params *yaml.Map, name string, err error) {
	missing := murano.Explain(core.Invalid, "%s", otherwise)
	params, ok := body.(*yaml.Map)
	if _, list := body.([]any); list {
		return nil, "", missing
	}
	if !ok {
		return nil, "", typeError()
	}
	v, ok := params.Get("name")
	if !ok {
		return nil, "", missing
	}
	if name, ok = v.(string); !ok {
		return nil, "", noAttribute(v, "strip")
	}
	if strings.TrimSpace(name) == "" {
		return nil, "", missing
	}
	return params, name, nil
}

// createParameters checks the body of a request for a new environment.
func createParameters(body any) (params *yaml.Map, name string, err error) {
	params, name, err = namedBody(body, "Please, specify a name of the environment to create")
	if err != nil {
		return nil, "", err
	}
	if err := checkLength(name); err != nil {
		return nil, "", err
	}
	return withoutOwnKeys(params), name, nil
}

// Rename gives an environment another name; its model keeps the old one, as upstream.
// Returns what checkEnvironment does, Invalid for a name that is blank or too long, and
// Conflict for one that is taken.
func (s *Service) Rename(ctx context.Context, caller *core.Caller, id string, body any) (*murano.Environment, error) {
	var e *murano.Environment
	err := s.locked(ctx, id, func(ctx context.Context, tx *corestore.Tx) (err error) {
		if e, err = checkEnvironment(ctx, tx, caller, id); err != nil {
			return err
		}
		name, err := newName(body)
		if err != nil {
			return err
		}
		e.Name, e.UpdatedAt = name, store.Now()
		return store.UpdateEnvironment(ctx, tx, e)
	})
	if corestore.IsUnique(err) {
		return nil, nameTaken()
	}
	return e, err
}

func newName(body any) (string, error) {
	params, ok := body.(*yaml.Map)
	if !ok {
		return "", typeError()
	}
	v, ok := params.Get("name")
	if !ok {
		return "", murano.Raise(core.NotFound, classKey, "'name'")
	}
	name := yaml.Str(v)
	if strings.TrimSpace(name) == "" {
		return "", murano.Explain(core.Invalid, "Environment name must contain at least one non-white space symbol")
	}
	return name, checkLength(name)
}

func checkLength(name string) error {
	if utf8.RuneCountInString(name) > 255 {
		return murano.Explain(core.Invalid, "Environment name should be 255 characters maximum")
	}
	return nil
}

func nameTaken() error {
	return murano.Explain(core.Conflict, "Environment with specified name already exists")
}

// defaultNetworks is the network that an environment has unless its maker names others.
func (s *Service) defaultNetworks(name string) *yaml.Map {
	return yaml.MapOf(
		"environment", yaml.MapOf(keyHeader, yaml.MapOf("id", murano.NewID(), "type", s.network), "name", name+"-network"),
		"flat", nil,
	)
}

// isEmpty is Python's "not v" for what stands in JSON.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case *yaml.Map:
		return v.Len() == 0
	}
	return yaml.Equal(v, int64(0))
}

// lockName is the lock under which an environment, its sessions and their states change.
func lockName(environmentID string) string { return "murano environment " + environmentID }
