package converge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/store"
	"hearth/core/template"
	"hearth/core/yaml"
)

// errSuperseded says that another request has taken the stack over.
var errSuperseded = errors.New("the walk has been superseded")

// program is a stack's walk as a drainer works it.
type program struct {
	stack  core.Stack   // as the walk began
	target *plan.Target // nil: nothing is to be left
	// fresh are the rows of a stack that was made just now, for the first drainer; nil: they
	// are to be read.
	fresh []*core.Resource
}

// maxLoaded is how many programs are kept understood at most.
const maxLoaded = 2000

// remember keeps a program for the drainers of this process, once tx is committed.
func (w *Walker) remember(tx *store.Tx, s *core.Stack, target *plan.Target, fresh []*core.Resource) {
	p := &program{stack: *s, target: target}
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.works {
			p.fresh = fresh
		}
		if len(w.loaded) >= maxLoaded {
			clear(w.loaded)
		}
		w.loaded[p.stack.ID] = p
	})
}

func (w *Walker) forget(stackID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.loaded, stackID)
}

// takeFresh gives the rows that a program keeps for its first drainer, once.
func (w *Walker) takeFresh(p *program) []*core.Resource {
	w.mu.Lock()
	defer w.mu.Unlock()
	fresh := p.fresh
	p.fresh = nil
	return fresh
}

// program gives a walk's program; nil when the walk has ended or been superseded.
func (w *Walker) program(ctx context.Context, walk store.Walk) (*program, error) {
	w.mu.Lock()
	p := w.loaded[walk.StackID]
	w.mu.Unlock()
	if p != nil && p.stack.Traversal == walk.Traversal {
		return p, nil
	}
	s, err := w.Store.FindStack(ctx, walk.StackID)
	if err != nil || s == nil || s.Traversal != walk.Traversal || s.Status != core.InProgress {
		return nil, err
	}
	p = &program{stack: *s}
	if p.target, err = w.Goal(ctx, w.Store, s); err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.loaded[s.ID] = p
	w.mu.Unlock()
	return p, nil
}

// Goal understands what the action of a stack leads to; nil when nothing is to be left.
func (w *Walker) Goal(ctx context.Context, from templates, s *core.Stack) (*plan.Target, error) {
	if s.Action == core.Delete || s.Action == core.Rollback && s.PrevTemplateID == "" {
		return nil, nil
	}
	return w.readTarget(ctx, from, s, s.TemplateID)
}

// templates reads templates, in a transaction or outside.
type templates interface {
	FindTemplate(ctx context.Context, id string) (*core.RawTemplate, map[string]string, error)
}

// readTarget understands a stored template for a stack.
func (w *Walker) readTarget(ctx context.Context, from templates, s *core.Stack, templateID string) (*plan.Target, error) {
	src, err := w.ReadSource(ctx, from, s, templateID)
	if err != nil {
		return nil, err
	}
	t, problems := plan.Load(src, w.Types)
	if t == nil {
		return nil, fmt.Errorf("the template of stack %s is no longer understood: %w", s.ID, problems.Err())
	}
	return t, nil
}

// ReadSource gives what a stored template asks for.
func (w *Walker) ReadSource(ctx context.Context, from templates, s *core.Stack, templateID string) (plan.Source, error) {
	raw, files, err := from.FindTemplate(ctx, templateID)
	if err != nil {
		return plan.Source{}, err
	}
	if raw == nil {
		return plan.Source{}, fmt.Errorf("stack %s has no template %s", s.ID, templateID)
	}
	src := plan.Source{Files: files, Pseudo: w.Pseudo(s)}
	if src.Template, err = yaml.Parse(raw.Template, yaml.Options{}); err != nil {
		return src, fmt.Errorf("template %s: %w", templateID, err)
	}
	env, err := yaml.Parse(raw.Environment, yaml.Options{})
	if err != nil {
		return src, fmt.Errorf("environment of template %s: %w", templateID, err)
	}
	parsed, problems := template.ParseEnvironment(env)
	if err := problems.Err(); err != nil {
		return src, fmt.Errorf("environment of template %s: %w", templateID, err)
	}
	src.Environment = parsed
	if s.ParentResource != "" {
		if src.Facade, err = w.readFacade(ctx, s); err != nil {
			return src, err
		}
	}
	return src, nil
}

// readFacade gives the resource of the owner that a nested stack is, as its template may
// see it.
func (w *Walker) readFacade(ctx context.Context, s *core.Stack) (*template.Facade, error) {
	row, err := w.Store.FindResourceByID(ctx, s.ParentResource)
	if err != nil || row == nil || row.Class != "" {
		return nil, err
	}
	owner, err := w.Store.FindStack(ctx, s.OwnerID)
	if err != nil || owner == nil {
		return nil, err
	}
	t, err := w.readTarget(ctx, w.Store, owner, owner.TemplateID)
	if err != nil || t.Definition(row.Name) == nil {
		return nil, err
	}
	return t.FacadeOf(row.Name), nil
}

// Pseudo gives the values of the pseudo parameters of a stack.
func (w *Walker) Pseudo(s *core.Stack) template.Pseudo {
	return template.Pseudo{StackID: s.ID, StackARN: s.Identifier().ARN(), StackName: s.Name, ProjectID: s.ProjectID}
}

// Shown gives the parameters of a target as stack show prints them.
func Shown(t *plan.Target) json.RawMessage {
	b, err := yaml.EncodeJSON(t.Values.Shown())
	if err != nil {
		return nil
	}
	return b
}

// Target understands a stack's template as it is now.
func (w *Walker) Target(ctx context.Context, s *core.Stack) (*plan.Target, error) {
	w.mu.Lock()
	p := w.loaded[s.ID]
	w.mu.Unlock()
	if p != nil && p.target != nil && p.stack.TemplateID == s.TemplateID {
		return p.target, nil
	}
	return w.readTarget(ctx, w.Store, s, s.TemplateID)
}
