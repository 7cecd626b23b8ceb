package environment

import (
	"context"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/store"
)

// EnvironmentFromTemplate makes an environment of the body of a request, as Create does, and
// opens a session on it that has the template's services. Returns what checkTemplate and
// Create do.
func (s *Service) EnvironmentFromTemplate(ctx context.Context, caller *core.Caller, id string, body any) (*murano.Session, error) {
	t, err := checkTemplate(ctx, s.store.Reader(), caller, id)
	if err != nil {
		return nil, err
	}
	if _, _, err := templateParameters(body); err != nil {
		return nil, err
	}
	e, _, err := s.newEnvironment(caller, body)
	if err != nil {
		return nil, err
	}
	from, err := decodeModel(t.Model)
	if err != nil {
		return nil, err
	}
	var session *murano.Session
	err = s.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		if err := store.CreateEnvironment(ctx, tx, e); err != nil {
			return err
		}
		if session, err = openSession(ctx, tx, caller, e.ID); err != nil {
			return err
		}
		services, _ := from.Get(keyServices)
		if isEmpty(services) {
			return nil
		}
		model, err := decodeModel(session.Model)
		if err != nil {
			return err
		}
		root := objects(model)
		root.Set(keyServices, services)
		return saveObjects(ctx, tx, session, root)
	})
	if corestore.IsUnique(err) {
		return nil, nameTaken()
	}
	return session, err
}
