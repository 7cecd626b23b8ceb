package environment

import (
	"context"
	"encoding/json"

	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// finish ends a task: the environment's model and version, the last report, the session's
// state and the task's result, in one transaction (murano/common/server.py
// process_result). An environment that is wholly gone is removed. What was lent to the task
// is given back.
func (w *Worker) finish(ctx context.Context, r *Run, out *outcome) error {
	failure := out.failure
	if failure != nil {
		// Of whatever object an error was reported, the environment has it, too.
		if err := r.Report(ctx, r.Environment.ID, "failed", murano.Error, failure.message); err != nil {
			return err
		}
	}
	return r.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		if err := store.Lock(ctx, tx, lockName(r.Environment.ID)); err != nil {
			return err
		}
		e, err := store.FindEnvironment(ctx, tx, r.Environment.ID)
		if err != nil || e == nil {
			return lost(err)
		}
		t := *r.task
		if t.Result, err = json.Marshal(out.result()); err != nil {
			return err
		}
		now := store.Now()
		if ok, err := store.FinishTask(ctx, tx, &t, now); err != nil || !ok {
			return lost(err)
		}
		if err := w.programs.giveBack(ctx, tx, r.task); err != nil {
			return err
		}
		model := r.progress.Model
		root, copied := objects(model), copyOf(model)
		if root == nil && copied == nil && failure == nil {
			_, err := store.DeleteEnvironment(ctx, tx, e.ID)
			return err
		}
		if root != nil {
			apps, _ := root.Get(keyApplications)
			root.Delete(keyApplications)
			root.Set(keyServices, apps)
		}
		e.Version, e.UpdatedAt = e.Version+1, now
		if e.Model, err = encodeModel(model); err != nil {
			return err
		}
		if err := store.UpdateEnvironment(ctx, tx, e); err != nil {
			return err
		}
		return r.close(ctx, tx, root == nil, failure != nil)
	})
}

// close writes the last report and the session's state.
func (r *Run) close(ctx context.Context, tx *corestore.Tx, deletion, failed bool) error {
	troubles, err := store.TroublesOf(ctx, tx, r.task.ID)
	if err != nil {
		return err
	}
	tr := troubles[r.task.ID]
	text := "Deployment finished"
	if deletion {
		text = "Deletion finished"
	}
	switch {
	case tr.Errors > 0:
		text += " with errors"
	case tr.Warnings > 0:
		text += " with warnings"
	}
	now := store.Now()
	last := &murano.Report{ID: murano.NewID(), TaskID: r.task.ID, Step: "finished", Level: murano.Info, Text: text, CreatedAt: now, UpdatedAt: now}
	if err := store.CreateReport(ctx, tx, last); err != nil {
		return err
	}
	session, err := store.FindSession(ctx, tx, r.task.SessionID)
	if err != nil || session == nil {
		return err
	}
	session.State, session.UpdatedAt = murano.SessionDeployed, now
	if failed || tr.Errors > 0 {
		session.State = murano.SessionDeployFailure
		if deletion {
			session.State = murano.SessionDeleteFailure
		}
	}
	return store.UpdateSession(ctx, tx, session)
}

func copyOf(model *yaml.Map) *yaml.Map {
	v, _ := model.Get(keyObjectsCopy)
	m, _ := v.(*yaml.Map)
	return m
}
