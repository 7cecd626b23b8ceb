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
		delete(s.c.Data, adoptKey)
		ended, err := d.childEnded(ctx, s)
		if err != nil || !ended || !nextStep(s) {
			if err == nil && s.progress.Done {
				err = adjusted(ctx, s, parent)
			}
			return err
		}
	}
	var spec *resource.ChildStack
	if s.verb != remove && s.verb != visit {
		var err error
		if spec, err = parent.Child(ctx, s.c); err != nil {
			return err
		}
		adoptTemplate(s, spec)
		noteStep(s, spec)
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

// stepKey is where a resource's data say that its nested stack is not yet all that it is
// to become: how long to wait, once that is known since when.
const stepKey = "nested_step"

// noteStep remembers whether another step follows.
func noteStep(s *step, spec *resource.ChildStack) {
	delete(s.c.Data, stepKey)
	if spec.More {
		s.c.Data[stepKey] = spec.Pause.String()
	}
}

// nextStep reports whether it is time for the next step of several; with none to come the
// step is done.
func nextStep(s *step) bool {
	noted, more := s.c.Data[stepKey]
	if !more || s.verb == remove || s.verb == visit {
		s.progress = resource.Done
		return false
	}
	due, err := time.Parse(time.RFC3339Nano, noted)
	if err != nil {
		pause, _ := time.ParseDuration(noted)
		due = s.c.Now().Add(pause)
		s.c.Data[stepKey] = due.Format(time.RFC3339Nano)
	}
	if left := due.Sub(s.c.Now()); left > 0 {
		s.progress = resource.Again(left)
		return false
	}
	return true
}

// beginChild begins the nested stack's walk; started is false when there is nothing to do.
func (d *drainer) beginChild(ctx context.Context, s *step, spec *resource.ChildStack) (started bool, err error) {
	err = d.w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		started = false
		if held, err := tx.HoldResource(ctx, s.row.ID); err != nil {
			return err
		} else if !held {
			return errSuperseded // and abandoned
		}
		child, err := tx.FindChild(ctx, s.row.ID)
		if err != nil {
			return err
		}
		switch s.verb {
		case remove:
			started, err = d.removeChild(ctx, tx, s, child)
			return err
		case visit:
			started, err = d.visitChild(ctx, tx, s, child)
			return err
		}
		if child != nil {
			s.c.PhysicalID = child.ID
			if child, err = tx.LockStack(ctx, child.ID); err != nil {
				return err
			}
			if s.resumed && !s.asked && child.Status == core.InProgress {
				started = true // an earlier attempt has begun it
				return nil
			}
			if s.verb == adopt {
				started, err = d.adoptAgain(ctx, tx, child)
				return err
			}
		}
		started = true
		child, err = d.w.shape(ctx, tx, nest{&d.p.stack, d.p.target, s.row, s.c}, child, spec)
		if err == nil {
			s.c.PhysicalID = child.ID
		}
		return err
	})
	return started, err
}

// nest is a resource that has, or is to have, a nested stack.
type nest struct {
	owner  *core.Stack
	target *plan.Target // of the owner
	row    *core.Resource
	c      *resource.Context
}

// shape begins to make a nested stack what spec says; a nil child is made.
func (w *Walker) shape(ctx context.Context, tx *store.Tx, n nest, child *core.Stack, spec *resource.ChildStack) (*core.Stack, error) {
	fresh := child == nil
	if fresh {
		child = w.newChild(n, spec)
	}
	src, err := plan.ChildSource(n.target, n.row.Name, spec, w.Pseudo(child))
	if err != nil {
		return nil, err
	}
	if spec.More && !fresh {
		if src.Files, err = w.withFiles(ctx, child.TemplateID, src.Files); err != nil {
			return nil, err
		}
	}
	t, problems := plan.Load(src, w.Types)
	if t == nil {
		return nil, problems.Err()
	}
	raw, err := NewTemplate(src, w.Now())
	if err != nil {
		return nil, err
	}
	if err := tx.CreateTemplate(ctx, raw, src.Files); err != nil {
		return nil, err
	}
	from := child.Traversal
	child.Action = core.Create
	if !fresh {
		if child.Action = n.row.Action; child.Action == core.Adopt {
			child.Action = core.Update // it has been taken over already
		}
		now := w.Now().UTC()
		child.UpdatedAt = &now
		child.PrevTemplateID = child.TemplateID
	}
	child.TemplateID = raw.ID
	child.TimeoutMins, child.Converge = n.owner.TimeoutMins, n.owner.Converge
	if spec.TimeoutMins > 0 {
		child.TimeoutMins = &spec.TimeoutMins
	}
	child.Description, child.Parameters = t.Parsed.Description, Shown(t)
	if fresh && n.row.Action == core.Adopt {
		return child, w.adoptChild(ctx, tx, n, child, t)
	}
	return child, w.Begin(ctx, tx, child, from, t)
}

func (w *Walker) newChild(n nest, spec *resource.ChildStack) *core.Stack {
	name := spec.Name
	if name == "" {
		name = n.c.PhysicalName(0)
	}
	p := n.owner
	return &core.Stack{ID: uuid.NewString(), ProjectID: p.ProjectID, Name: name, OwnerID: p.ID, RootID: p.RootID, ParentResource: n.row.ID,
		NestedDepth: p.NestedDepth + 1, UserID: p.UserID, Username: p.Username, DisableRollback: true, Tags: []string{},
		StackUserProjectID: p.StackUserProjectID, CreatedAt: w.Now().UTC()}
}

// Adjust has a group that is a resource of s change its size; row is the group's. It
// returns resource.ErrNoAction when the group stays as it is, or is changing already.
func (w *Walker) Adjust(ctx context.Context, tx *store.Tx, s *core.Stack, row *core.Resource, a resource.Adjustment) error {
	typ, err := w.TypeOf(ctx, s, row)
	if err != nil {
		return err
	}
	adjuster, ok := typ.New().(resource.Adjuster)
	if !ok {
		return core.Errorf(core.Invalid, "NotSupported", "Resource %s of type %s has no size to be changed.", row.Name, row.Type)
	}
	child, err := tx.FindChild(ctx, row.ID)
	if err != nil {
		return err
	}
	if child == nil || row.Status != core.Complete {
		return resource.ErrNoAction
	}
	if child, err = tx.LockStack(ctx, child.ID); err != nil {
		return err
	}
	if child.Status == core.InProgress {
		return resource.ErrNoAction
	}
	c, err := w.Context(ctx, s, row, typ)
	if err != nil {
		return err
	}
	spec, err := adjuster.Adjust(ctx, c, a)
	if err != nil {
		return err
	}
	target, err := w.Target(ctx, s)
	if err != nil {
		return err
	}
	changed := *row
	changed.Action = core.Update
	if _, err := w.shape(ctx, tx, nest{s, target, &changed, c}, child, spec); err != nil {
		return err
	}
	return w.SaveContext(ctx, tx, row, c)
}

// SaveContext stores what a call outside of a walk has changed of a row's data and metadata.
func (w *Walker) SaveContext(ctx context.Context, tx *store.Tx, row *core.Resource, c *resource.Context) (err error) {
	r := *row
	if r.Data, err = w.Store.Sealer().Seal(c.Data, r.ID); err != nil {
		return err
	}
	r.Metadata = []byte("{}")
	if c.Metadata != nil {
		if r.Metadata, err = yaml.EncodeJSON(c.Metadata); err != nil {
			return err
		}
	}
	return tx.SaveSignal(ctx, &r)
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
	if child.Action == core.Delete && child.Status == core.InProgress && (child.Force || !d.p.stack.Force) {
		return true, nil
	}
	from := child.Traversal
	child.Action, child.Force = core.Delete, d.p.stack.Force
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

// childEnded asks how the nested stack's action has ended; ended is false while it goes on.
func (d *drainer) childEnded(ctx context.Context, s *step) (ended bool, err error) {
	child, err := d.w.Store.FindStack(ctx, s.c.PhysicalID)
	if err != nil {
		return false, err
	}
	switch {
	case child == nil:
		if s.verb == remove {
			return true, nil
		}
		return false, core.EntityNotFound("Stack", s.c.PhysicalID)
	case child.Status == core.InProgress:
		s.child = true
		return false, nil
	case child.Status == core.Failed:
		err := splitFailure(child.StatusReason)
		err.failures = child.Failures()
		return false, err
	case s.verb == remove && child.Force:
		s.left = child.Failures()
	}
	return true, nil
}

// splitFailure reads a nested stack's status reason, "Resource CREATE failed: ValueError:
// resources.x: text", so that the parent can put its own path in front.
func splitFailure(reason string) *nestedError {
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
	return &core.RawTemplate{ID: uuid.NewString(), Template: body, Environment: encoded, CreatedAt: now.UTC(), Places: placesOf(src)}, nil
}
