package engine

import (
	"context"
	"strings"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/plan"
	"hearth/core/store"
	"hearth/core/template"
)

// Update begins to make a stack what the request says. A running action is superseded:
// the newest request wins, none is lost. It returns NotSupported where the stack's state
// forbids it.
func (e *Engine) Update(ctx context.Context, caller *core.Caller, ref StackRef, r UpdateRequest) error {
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return err
	}
	if err := e.checkUpdatable(s); err != nil {
		return err
	}
	if r.Tags != nil {
		if err := e.checkTags(*r.Tags); err != nil {
			return err
		}
	}
	src, err := e.updateSource(ctx, s, r)
	if err != nil {
		return err
	}
	target, err := e.loadUpdate(ctx, caller, src, s)
	if err != nil {
		return err
	}
	if err := e.checkImmutable(ctx, s, target); err != nil {
		return err
	}
	raw, err := converge.NewTemplate(src, e.Now())
	if err != nil {
		return err
	}
	return e.change(ctx, caller, s, func(ctx context.Context, tx *store.Tx, s *core.Stack) (*plan.Target, error) {
		if err := e.checkUpdatable(s); err != nil {
			return nil, err
		}
		e.applyUpdate(s, r, raw, target)
		return target, tx.CreateTemplate(ctx, raw, src.Files)
	})
}

func (e *Engine) applyUpdate(s *core.Stack, r UpdateRequest, raw *core.RawTemplate, target *plan.Target) {
	now := e.Now().UTC()
	// What a rollback goes back to is the last template that was made true.
	if s.PrevTemplateID == "" || s.Status == core.Complete || s.Action == core.Rollback {
		s.PrevTemplateID = s.TemplateID
	}
	s.Action, s.TemplateID, s.UpdatedAt, s.Converge = core.Update, raw.ID, &now, r.Converge
	s.Description, s.Parameters = target.Parsed.Description, converge.Shown(target)
	if r.TimeoutMins != nil {
		s.TimeoutMins = r.TimeoutMins
	}
	if r.DisableRollback != nil {
		s.DisableRollback = *r.DisableRollback
	}
	switch {
	case r.Tags != nil:
		s.Tags = *r.Tags
	case !r.Existing:
		s.Tags = []string{}
	}
}

func (e *Engine) checkUpdatable(s *core.Stack) error {
	switch s.Action {
	case core.Suspend:
		return forbidden(s, core.NotSupported("Updating a stack when it is suspended"))
	case core.Delete:
		return forbidden(s, core.NotSupported("Updating a stack when it is deleting"))
	}
	return nil
}

// updateSource joins the request with what it keeps of the stack (PATCH).
func (e *Engine) updateSource(ctx context.Context, s *core.Stack, r UpdateRequest) (plan.Source, error) {
	if !r.Existing {
		return e.source(r.TemplateRequest, e.pseudo(s))
	}
	old, err := e.Walker.ReadSource(ctx, e.Store, s, s.TemplateID)
	if err != nil {
		return plan.Source{}, err
	}
	if r.Template == nil {
		r.Template = old.Template
	}
	files := make(map[string]string, len(old.Files)+len(r.Files))
	for _, m := range []map[string]string{old.Files, r.Files} {
		for name, text := range m {
			files[name] = text
		}
	}
	r.Files = files
	src, err := e.source(r.TemplateRequest, e.pseudo(s))
	if err != nil {
		return src, err
	}
	parsed, problems := template.Parse(src.Template, template.Options{Yaql: e.Types.Yaql})
	if err := problems.Err(); err != nil {
		return src, err
	}
	src.Environment = old.Environment.Merge(src.Environment, parsed, r.ClearParameters)
	return src, nil
}

// checkImmutable refuses a change of a parameter that is declared immutable.
func (e *Engine) checkImmutable(ctx context.Context, s *core.Stack, target *plan.Target) error {
	immutable := false
	for _, p := range target.Parsed.Parameters {
		immutable = immutable || p.Immutable
	}
	if !immutable {
		return nil
	}
	src, err := e.Walker.ReadSource(ctx, e.Store, s, s.TemplateID)
	if err != nil {
		return err
	}
	old, _ := plan.Read(src, e.Types)
	if old == nil || old.Values == nil {
		return nil
	}
	if names := target.Values.Modified(old.Values); len(names) > 0 {
		return core.Errorf(core.Invalid, "ImmutableParameterModified", "The following parameters are immutable and may not be updated: %s", strings.Join(names, ", "))
	}
	return nil
}
