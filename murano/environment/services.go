package environment

import (
	"context"
	"time"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// Services gives what is at a path below the services of an environment: all of them, one
// by its id, or a part of one. An unknown id at the end of the path gives nil. Returns
// NotFound and what checkEnvironment does.
func (s *Service) Services(ctx context.Context, caller *core.Caller, environmentID, sessionID, path string) (any, error) {
	db := s.store.Reader()
	sessions, err := store.SessionsOf(ctx, db, environmentID)
	if err != nil {
		return nil, err
	}
	e, err := checkEnvironment(ctx, db, caller, environmentID)
	if err != nil {
		return nil, err
	}
	model, err := currentModel(ctx, db, e, sessionID)
	if err == nil {
		var v any
		if v, err = readServices(objects(model), path, murano.StatusOf(sessions)); err == nil {
			return v, nil
		}
	}
	return nil, caught(err, classKey, classValue, classAttribute)
}

// readServices is murano/db/services/core_services.py get_data: nothing of an environment
// that is being deleted, an empty list while there are no services, whatever the path;
// and the environment's status in the header of each, when the path is "".
func readServices(objects *yaml.Map, path string, status murano.EnvironmentStatus) (any, error) {
	if objects == nil {
		return nil, nil
	}
	if !objects.Has(keyServices) {
		return []any{}, nil
	}
	at, err := locate(objects, servicesPath(path))
	if err != nil || path != "" {
		return at.value, err
	}
	list, ok := at.value.([]any)
	if !ok {
		return nil, typeError()
	}
	for _, item := range list {
		if err := addStatus(item, status); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func addStatus(service any, status murano.EnvironmentStatus) error {
	m, ok := service.(*yaml.Map)
	if !ok {
		return typeError()
	}
	v, ok := m.Get(keyHeader)
	if !ok {
		return murano.Raise(core.NotFound, classKey, "'?'")
	}
	header, ok := v.(*yaml.Map)
	if !ok {
		return typeError()
	}
	if !header.Has("id") {
		return murano.Raise(core.NotFound, classKey, "'id'")
	}
	header.Set("status", string(status))
	return nil
}

func servicesPath(path string) string {
	if path == "" {
		return "/" + keyServices
	}
	return "/" + keyServices + "/" + path
}

// AddServices appends an application, or each of a list, to the session's model. With a
// path it changes nothing, as upstream. It gives back the body. Returns Invalid without
// one, and what verifySession does.
func (s *Service) AddServices(ctx context.Context, caller *core.Caller, environmentID, sessionID, path string, body any) (any, error) {
	return body, s.changeServices(ctx, caller, environmentID, sessionID, func(root *yaml.Map) error {
		if isEmpty(body) {
			return murano.Detail(core.Invalid, "Request body is empty: please, provide application object model")
		}
		if root == nil {
			return murano.Explain(core.NotFound, "Environment <EnvId %s> is not found", environmentID)
		}
		if path != "" {
			return nil
		}
		v, ok := root.Get(keyServices)
		list, isList := v.([]any)
		if ok && !isList {
			return noAttribute(v, "append")
		}
		if more, ok := body.([]any); ok {
			list = append(list, more...)
		} else {
			list = append(list, body)
		}
		root.Set(keyServices, list)
		return nil
	})
}

// PutServices puts a value at a path below the services of the session's model: all of
// them, or a property. It gives back the value. Returns Invalid where nothing can be put,
// NotFound, and what verifySession does.
func (s *Service) PutServices(ctx context.Context, caller *core.Caller, environmentID, sessionID, path string, body any) (any, error) {
	if isEmpty(body) {
		body = []any{}
	}
	return body, s.changeServices(ctx, caller, environmentID, sessionID, func(root *yaml.Map) error {
		if err := assign(root, servicesPath(path), body); err != nil {
			return caught(err, classKey, classValue)
		}
		return stampUpdated(root)
	})
}

// stampUpdated notes in the header of the environment object when it was changed, as
// Python writes a time.
func stampUpdated(root *yaml.Map) error {
	v, ok := root.Get(keyHeader)
	if !ok {
		return murano.Explain(core.NotFound, "")
	}
	header, ok := v.(*yaml.Map)
	if !ok {
		return typeError()
	}
	header.Set("updated", pythonNow())
	return nil
}

// pythonNow is the time as Python writes one.
func pythonNow() string { return time.Now().UTC().Format("2006-01-02 15:04:05.000000") }

// DeleteServices takes away what is at a path below the services of the session's model.
// Returns NotFound and what verifySession does.
func (s *Service) DeleteServices(ctx context.Context, caller *core.Caller, environmentID, sessionID, path string) error {
	return s.changeServices(ctx, caller, environmentID, sessionID, func(root *yaml.Map) error {
		return caught(remove(root, servicesPath(path)), classKey, classValue)
	})
}

// changeServices lets fn change the environment object of a session.
func (s *Service) changeServices(ctx context.Context, caller *core.Caller, environmentID, sessionID string, fn func(root *yaml.Map) error) error {
	return s.locked(ctx, environmentID, func(ctx context.Context, tx *corestore.Tx) error {
		e, session, err := verifySession(ctx, tx, caller, environmentID, sessionID)
		if err != nil {
			return err
		}
		model, err := sessionModel(ctx, tx, e, session)
		if err != nil {
			return err
		}
		root := objects(model)
		if err := fn(root); err != nil {
			return err
		}
		return saveObjects(ctx, tx, session, root)
	})
}
