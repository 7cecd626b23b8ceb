package converge

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/template"
	"hearth/core/yaml"
)

// childPoll is when a resource looks after its nested stack although nothing woke it.
const childPoll = 15 * time.Second

// actOnChild makes a resource's nested stack what the resource wants it to be. The nested
// stack is a walk of its own; its end wakes the resource's node.
func (d *drainer) actOnChild(ctx context.Context, s *step, parent resource.Parent) error {
	if s.asked {
		return d.childEnded(ctx, s)
	}
	var spec *resource.ChildStack
	if s.verb != remove && s.verb != visit {
		var err error
		if spec, err = parent.Child(ctx, s.c); err != nil {
			return err
		}
	}
	started, err := d.beginChild(ctx, s, spec)
	if err != nil {
		return err
	}
	if s.child = started; !started {
		s.progress = resource.Done
	}
	return nil
}

// beginChild begins the nested stack's walk; started is false when there is nothing to do.
func (d *drainer) beginChild(ctx context.Context, s *step, spec *resource.ChildStack) (started bool, err error) {
	err = d.w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		started = false
		child, err := tx.FindChild(ctx, s.row.ID)
		if err != nil {
			return err
		}
		if s.verb == remove {
			started, err = d.removeChild(ctx, tx, s, child)
			return err
		}
		if s.verb == visit {
			started, err = d.visitChild(ctx, tx, s, child)
			return err
		}
		fresh := child == nil
		if fresh {
			child = d.newChild(s, spec)
		} else if child, err = tx.LockStack(ctx, child.ID); err != nil {
			return err
		}
		s.c.PhysicalID = child.ID
		if s.resumed && !fresh && child.Status == core.InProgress {
			started = true // an earlier attempt has begun it
			return nil
		}
		src, err := plan.ChildSource(d.p.target, s.row.Name, spec, d.w.Pseudo(child))
		if err != nil {
			return err
		}
		t, problems := plan.Load(src, d.w.Types)
		if t == nil {
			return problems.Err()
		}
		started = true
		return d.storeChild(ctx, tx, s, child, fresh, src, t, spec)
	})
	return started, err
}

func (d *drainer) newChild(s *step, spec *resource.ChildStack) *core.Stack {
	p := &d.p.stack
	name := spec.Name
	if name == "" {
		name = s.c.PhysicalName(0)
	}
	return &core.Stack{ID: uuid.NewString(), ProjectID: p.ProjectID, Name: name, OwnerID: p.ID, RootID: p.RootID, ParentResource: s.row.ID,
		NestedDepth: p.NestedDepth + 1, UserID: p.UserID, Username: p.Username, DisableRollback: true, Tags: []string{},
		StackUserProjectID: p.StackUserProjectID, CreatedAt: d.w.Now().UTC()}
}

func (d *drainer) storeChild(ctx context.Context, tx *store.Tx, s *step, child *core.Stack, fresh bool, src plan.Source, t *plan.Target, spec *resource.ChildStack) error {
	raw, err := NewTemplate(src, d.w.Now())
	if err != nil {
		return err
	}
	if err := tx.CreateTemplate(ctx, raw, src.Files); err != nil {
		return err
	}
	from := child.Traversal
	child.Action = core.Create
	if !fresh {
		child.Action = s.row.Action
		now := d.w.Now().UTC()
		child.UpdatedAt = &now
		child.PrevTemplateID = child.TemplateID
	}
	child.TemplateID = raw.ID
	child.TimeoutMins = d.p.stack.TimeoutMins
	if spec.TimeoutMins > 0 {
		child.TimeoutMins = &spec.TimeoutMins
	}
	child.Description, child.Parameters = t.Parsed.Description, Shown(t)
	return d.w.Begin(ctx, tx, child, from, t)
}

// removeChild begins to delete a nested stack, if there is one.
func (d *drainer) removeChild(ctx context.Context, tx *store.Tx, s *step, child *core.Stack) (started bool, err error) {
	if child == nil {
		return false, nil
	}
	if child, err = tx.LockStack(ctx, child.ID); err != nil {
		return false, err
	}
	s.c.PhysicalID = child.ID
	if child.Action == core.Delete && child.Status == core.InProgress {
		return true, nil
	}
	from := child.Traversal
	child.Action = core.Delete
	return true, d.w.Begin(ctx, tx, child, from, nil)
}

// visitChild begins the parent's action on a nested stack, if there is one.
func (d *drainer) visitChild(ctx context.Context, tx *store.Tx, s *step, child *core.Stack) (started bool, err error) {
	if child == nil {
		return false, nil
	}
	if child, err = tx.LockStack(ctx, child.ID); err != nil {
		return false, err
	}
	target, err := d.w.readTarget(ctx, tx, child, child.TemplateID)
	if err != nil {
		return false, err
	}
	from := child.Traversal
	child.Action = s.row.Action
	return true, d.w.Begin(ctx, tx, child, from, target)
}

// childEnded asks how the nested stack's action has ended.
func (d *drainer) childEnded(ctx context.Context, s *step) error {
	child, err := d.w.Store.FindStack(ctx, s.c.PhysicalID)
	if err != nil {
		return err
	}
	switch {
	case child == nil:
		if s.verb == remove {
			s.progress = resource.Done
			return nil
		}
		return core.EntityNotFound("Stack", s.c.PhysicalID)
	case child.Status == core.InProgress:
		s.child = true
		return nil
	case child.Status == core.Failed:
		return splitFailure(child.StatusReason)
	}
	s.progress = resource.Done
	return nil
}

// splitFailure reads a nested stack's status reason, "Resource CREATE failed: ValueError:
// resources.x: text", so that the parent can put its own path in front.
func splitFailure(reason string) error {
	parts := strings.SplitN(reason, ": ", 4)
	if len(parts) == 4 && strings.HasPrefix(parts[0], "Resource ") && inResources(parts[2]) {
		return &nestedError{typ: parts[1], path: parts[2], message: parts[3]}
	}
	if len(parts) >= 3 && strings.HasPrefix(parts[0], "Resource ") && inResources(parts[1]) {
		return &nestedError{path: parts[1], message: strings.Join(parts[2:], ": ")}
	}
	return &nestedError{message: reason}
}

func inResources(path string) bool {
	return strings.HasPrefix(path, "resources.") || strings.HasPrefix(path, "resources[")
}

// NewTemplate makes the row of a source's template and environment.
func NewTemplate(src plan.Source, now time.Time) (*core.RawTemplate, error) {
	body, err := yaml.EncodeJSON(src.Template.Plain())
	if err != nil {
		return nil, err
	}
	env := src.Environment
	if env == nil {
		env = &template.Environment{}
	}
	encoded, err := env.MarshalJSON()
	if err != nil {
		return nil, err
	}
	return &core.RawTemplate{ID: uuid.NewString(), Template: body, Environment: encoded, CreatedAt: now.UTC()}, nil
}
