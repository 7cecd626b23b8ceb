package scenariotest

import (
	"context"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/store"
	"hearth/core/template"
	"hearth/core/yaml"
)

// Wanted is what a stack is asked to be.
type Wanted struct {
	File       string            // the template's name
	Files      map[string]string // all of them
	Parameters *yaml.Map
	Rollback   bool // when it fails
	Timeout    *int // minutes
}

func (w Wanted) request() (engine.TemplateRequest, error) {
	n, problems := template.Read([]byte(w.Files[w.File]), "", yaml.Options{})
	return engine.TemplateRequest{Template: n, Files: w.Files, Parameters: w.Parameters}, problems.Err()
}

// Create asks for a stack.
func (l *Lab) Create(ctx context.Context, name string, w Wanted) error {
	r, err := w.request()
	if err != nil {
		return err
	}
	s, err := l.Engine.Create(ctx, l.Caller, engine.CreateRequest{TemplateRequest: r, StackName: name, DisableRollback: !w.Rollback, TimeoutMins: w.Timeout})
	if err == nil {
		l.ids[name] = s.ID
	}
	return err
}

// Update asks for another stack.
func (l *Lab) Update(ctx context.Context, name string, w Wanted) error {
	r, err := w.request()
	if err != nil {
		return err
	}
	keep := !w.Rollback
	return l.Engine.Update(ctx, l.Caller, l.ref(name), engine.UpdateRequest{TemplateRequest: r, DisableRollback: &keep, TimeoutMins: w.Timeout})
}

// Delete asks for no stack.
func (l *Lab) Delete(ctx context.Context, name string) error {
	return l.Engine.Delete(ctx, l.Caller, l.ref(name))
}

// Act asks for one of the engine's actions.
func (l *Lab) Act(ctx context.Context, name, action string) error {
	return l.Engine.Act(ctx, l.Caller, l.ref(name), action)
}

// Rollback has a stack go back to what it was before, to nothing while it is being created.
func (l *Lab) Rollback(ctx context.Context, name string) error {
	s, err := l.stack(ctx, name)
	if err != nil {
		return err
	}
	if s.Action != core.Create || s.Status != core.InProgress {
		return l.Act(ctx, name, "cancel_update")
	}
	return l.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := tx.LockStack(ctx, s.ID)
		if err != nil {
			return err
		}
		return l.Engine.Walker.Rollback(ctx, tx, s, nil)
	})
}

func (l *Lab) ref(name string) engine.StackRef { return engine.StackRef{ID: l.ids[name]} }
