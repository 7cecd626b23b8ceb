package environment

import (
	"context"
	"encoding/json"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// Act begins an action of an object of a deployed environment, in a session of its own, and
// gives the id of its task (murano/services/actions.py). Returns what checkEnvironment does,
// Forbidden while the environment is being deployed or deleted, a raised LookupError for an
// action that there is not, and a raised ValueError for one that is disabled.
func (s *Service) Act(ctx context.Context, caller *core.Caller, environmentID, actionID string, args *yaml.Map) (taskID string, err error) {
	err = s.lending(ctx, caller, environmentID, func(ctx context.Context, tx *corestore.Tx, lent *loan) error {
		e, err := checkEnvironment(ctx, tx, caller, environmentID)
		if err != nil {
			return err
		}
		session, err := openSession(ctx, tx, caller, e.ID)
		if core.ErrorCode(err) == core.Forbidden {
			return murano.Explain(core.Forbidden, "")
		}
		if err != nil {
			return err
		}
		model, err := decodeModel(session.Model)
		if err != nil {
			return err
		}
		action, err := findAction(model, actionID)
		if err != nil {
			return err
		}
		if action == nil {
			return murano.Raise(core.NotFound, "LookupError", "Action is not found")
		}
		if action.Args = args; args == nil {
			action.Args = &yaml.Map{}
		}
		taskID = lent.taskID
		return s.submit(ctx, tx, order{e, session, model, action, lent})
	})
	return taskID, err
}

// findAction looks for the object whose header has the action; nil for none.
func findAction(v any, id string) (*murano.Action, error) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if a, err := findAction(item, id); a != nil || err != nil {
				return a, err
			}
		}
	case *yaml.Map:
		if a, err := actionIn(v, id); a != nil || err != nil {
			return a, err
		}
		for _, item := range v.All() {
			if a, err := findAction(item, id); a != nil || err != nil {
				return a, err
			}
		}
	}
	return nil, nil
}

// actionIn gives the action if it is one of the object itself.
func actionIn(object *yaml.Map, id string) (*murano.Action, error) {
	v, _ := object.Get(keyHeader)
	header, _ := v.(*yaml.Map)
	v, _ = header.Get("_actions")
	actions, _ := v.(*yaml.Map)
	v, _ = actions.Get(id)
	action, ok := v.(*yaml.Map)
	if !ok {
		return nil, nil
	}
	if enabled, ok := action.Get("enabled"); ok && isEmpty(enabled) {
		return nil, murano.Raise(core.Invalid, classValue, "Cannot execute disabled action")
	}
	name, _ := action.Get("name")
	return &murano.Action{ObjectID: objectID(object), Method: yaml.Str(name)}, nil
}

// ActionResult gives what a task of an environment has come to; an empty object while it is
// not finished. Returns what checkEnvironment does, and NotFound.
func (s *Service) ActionResult(ctx context.Context, caller *core.Caller, environmentID, taskID string) (json.RawMessage, error) {
	db := s.store.Reader()
	if _, err := checkEnvironment(ctx, db, caller, environmentID); err != nil {
		return nil, err
	}
	t, err := store.FindTask(ctx, db, taskID)
	switch {
	case err != nil:
		return nil, err
	case t == nil || t.EnvironmentID != environmentID:
		return nil, murano.Detail(core.NotFound, "Result for task with environment_id: %s and task_id: %s was not found.", environmentID, taskID)
	case t.Result == nil:
		return json.RawMessage("{}"), nil
	}
	return t.Result, nil
}
