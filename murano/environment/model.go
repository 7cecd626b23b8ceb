package environment

import (
	"context"
	"encoding/json"
	"fmt"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// The keys of a model (murano/dsl/constants.py).
const (
	keyObjects     = "Objects"     // the environment object; null while it is being deleted
	keyObjectsCopy = "ObjectsCopy" // the objects as the last task left them
	keyAttributes  = "Attributes"  // [object id, class, name, value] …
	keySystemData  = "SystemData"
	keyHeader      = "?" // of an object: id, type, name, …

	keyServices     = "services"     // the applications, as the API names them
	keyApplications = "applications" // the same, as class io.murano.Environment does
)

// decodeModel reads a stored model.
func decodeModel(raw json.RawMessage) (*yaml.Map, error) {
	v, err := yaml.DecodeJSON(raw)
	if err != nil {
		return nil, fmt.Errorf("a stored model: %w", err)
	}
	m, ok := v.(*yaml.Map)
	if !ok {
		return nil, fmt.Errorf("a stored model is a %s", yaml.TypeName(v))
	}
	return m, nil
}

func encodeModel(m *yaml.Map) (json.RawMessage, error) { return yaml.EncodeJSON(m) }

// objects gives the environment object of a model; nil when it is null.
func objects(model *yaml.Map) *yaml.Map {
	v, _ := model.Get(keyObjects)
	m, _ := v.(*yaml.Map)
	return m
}

// currentModel gives the model that a request sees: the session's, if it names one that is
// still valid and not yet deployed, else the environment's
// (murano/db/services/environments.py get_environment_description). An unknown session is
// a raised AttributeError, as upstream.
func currentModel(ctx context.Context, db corestore.DB, e *murano.Environment, sessionID string) (*yaml.Map, error) {
	if sessionID == "" {
		return decodeModel(e.Model)
	}
	s, err := store.FindSession(ctx, db, sessionID)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return nil, murano.Raise(core.Internal, "AttributeError", "'NoneType' object has no attribute 'environment_id'")
	case s.EnvironmentID != e.ID:
		return nil, sessionNotTied(sessionID, e.ID)
	}
	return sessionModel(ctx, db, e, s)
}

func sessionModel(ctx context.Context, db corestore.DB, e *murano.Environment, s *murano.Session) (*yaml.Map, error) {
	valid, err := sessionValid(ctx, db, e, s)
	if err != nil {
		return nil, err
	}
	if valid && s.State != murano.SessionDeployed {
		return decodeModel(s.Model)
	}
	return decodeModel(e.Model)
}

// saveObjects stores the environment object in the session's own model.
func saveObjects(ctx context.Context, db corestore.DB, s *murano.Session, value any) error {
	model, err := decodeModel(s.Model)
	if err != nil {
		return err
	}
	model.Set(keyObjects, value)
	if s.Model, err = encodeModel(model); err != nil {
		return err
	}
	s.UpdatedAt = store.Now()
	return store.UpdateSession(ctx, db, s)
}
