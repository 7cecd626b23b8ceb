package environment

import (
	"context"
	"encoding/json"

	"github.com/riverqueue/river"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// TaskArgs is the job that wakes a Worker for a task. The task's row is what counts: the
// job may come twice, late, or not at all.
type TaskArgs struct {
	TaskID string `json:"task_id"`
}

// Kind names the job for River.
func (TaskArgs) Kind() string { return "murano_task" }

var _ river.JobArgs = TaskArgs{}

// Deploy begins to make a session's model true. Of two sessions that are deployed at once
// the first wins. Returns what checkSession does, and Forbidden for a session that is stale
// or not open any more.
func (s *Service) Deploy(ctx context.Context, caller *core.Caller, environmentID, sessionID string) error {
	return s.lending(ctx, caller, environmentID, func(ctx context.Context, tx *corestore.Tx, lent *loan) error {
		e, session, err := checkSession(ctx, tx, caller, environmentID, sessionID)
		if err != nil {
			return err
		}
		valid, err := sessionValid(ctx, tx, e, session)
		switch {
		case err != nil:
			return err
		case !valid:
			return overtaken(ctx, tx, e, session)
		case session.State != murano.SessionOpened:
			return murano.Explain(core.Forbidden, "Session <SessionId %s> is already deployed or deployment is in progress", sessionID)
		}
		model, err := decodeModel(session.Model)
		if err != nil {
			return err
		}
		return s.submit(ctx, tx, order{e, session, model, deployment(e.ID), lent})
	})
}

// Delete begins to remove an environment with all that its applications made; one that has
// never been deployed is gone at once. Returns what checkEnvironment does, and Forbidden
// while the environment is being deployed or deleted.
func (s *Service) Delete(ctx context.Context, caller *core.Caller, environmentID string) error {
	return s.lending(ctx, caller, environmentID, func(ctx context.Context, tx *corestore.Tx, lent *loan) error {
		e, err := checkEnvironment(ctx, tx, caller, environmentID)
		if err != nil {
			return err
		}
		session, err := openSession(ctx, tx, caller, environmentID)
		if err != nil {
			return err
		}
		model, err := decodeModel(session.Model)
		if err != nil {
			return err
		}
		model.Set(keyObjects, nil)
		if !model.Has(keyObjectsCopy) {
			_, err := store.DeleteEnvironment(ctx, tx, e.ID)
			return err
		}
		return s.submit(ctx, tx, order{environment: e, session: session, model: model, lent: lent})
	})
}

// Abandon forgets an environment and leaves what its applications made. Returns what
// checkEnvironment does.
func (s *Service) Abandon(ctx context.Context, caller *core.Caller, environmentID string) error {
	return s.locked(ctx, environmentID, func(ctx context.Context, tx *corestore.Tx) error {
		if _, err := checkEnvironment(ctx, tx, caller, environmentID); err != nil {
			return err
		}
		tasks, err := store.UnfinishedTasks(ctx, tx, environmentID)
		if err != nil {
			return err
		}
		for i := range tasks {
			if err := s.programs.giveBack(ctx, tx, &tasks[i]); err != nil {
				return err
			}
		}
		_, err = store.DeleteEnvironment(ctx, tx, environmentID)
		return err
	})
}

// order is what a new task is made of. Without an action it is a deletion.
type order struct {
	environment *murano.Environment
	session     *murano.Session
	model       *yaml.Map
	action      *murano.Action
	lent        *loan
}

func deployment(environmentID string) *murano.Action {
	return &murano.Action{ObjectID: environmentID, Method: "deploy", Args: &yaml.Map{}}
}

// submit writes the session's new state, the task, its first report and its job
// (murano/services/actions.py create_action_task, murano/db/services/actions.py
// update_task).
func (s *Service) submit(ctx context.Context, tx *corestore.Tx, o order) (err error) {
	now := store.Now()
	t := &murano.Task{ID: o.lent.taskID, EnvironmentID: o.environment.ID, SessionID: o.session.ID, CreatedAt: now, StartedAt: now, UpdatedAt: now}
	if o.session.Model, err = encodeModel(o.model); err != nil {
		return err
	}
	o.session.State, o.session.UpdatedAt = murano.SessionDeleting, now
	method := "None"
	if root := objects(o.model); root != nil && o.action != nil {
		o.session.State, method = murano.SessionDeploying, o.action.Method
		if err := describe(t, root, o.action); err != nil {
			return err
		}
	}
	if t.Credentials, err = s.store.Sealer().Seal(o.lent.Credentials, t.ID); err != nil {
		return err
	}
	if t.Model, err = json.Marshal(&progress{Model: o.model}); err != nil {
		return err
	}
	if err := store.UpdateSession(ctx, tx, o.session); err != nil {
		return err
	}
	if err := store.CreateTask(ctx, tx, t); err != nil {
		return err
	}
	scheduled := &murano.Report{ID: murano.NewID(), TaskID: t.ID, Step: "scheduled", Level: murano.Info,
		Text: "Action " + method + " is scheduled", CreatedAt: now, UpdatedAt: now}
	if err := store.CreateReport(ctx, tx, scheduled); err != nil {
		return err
	}
	o.lent.used = true
	return s.jobs.InsertTx(ctx, tx, TaskArgs{TaskID: t.ID}, nil)
}

// describe readies the environment object for the engine, as its own class has it, and
// notes in the task what it is to do.
func describe(t *murano.Task, root *yaml.Map, a *murano.Action) (err error) {
	header, _ := root.Get(keyHeader)
	h, ok := header.(*yaml.Map)
	if !ok {
		return typeError()
	}
	h.Set("id", t.EnvironmentID)
	services, ok := root.Get(keyServices)
	if !ok {
		services = []any{}
	}
	root.Delete(keyServices)
	shown := sanitize(root).(*yaml.Map)
	shown.Set(keyServices, sanitize(services))
	root.Set(keyApplications, services)
	if t.Description, err = encodeModel(shown); err != nil {
		return err
	}
	t.Action, err = json.Marshal(a)
	return err
}
