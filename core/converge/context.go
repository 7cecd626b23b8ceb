package converge

import (
	"context"
	"errors"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/yaml"
)

// context makes the resource.Context of a step.
func (r *roundTx) context(s *step, metadata *yaml.Map) error {
	c, err := r.w.context(&r.p.stack, s.row, s.typ)
	if err != nil {
		return err
	}
	if metadata != nil {
		c.Metadata = metadata
	}
	c.Properties, c.Given = resource.NewValues(s.props), resource.NewValues(s.given)
	if t := r.p.target; t != nil && t.Definition(s.row.Name) != nil {
		c.Files = t.Files
		c.UpdatePolicy = resource.NewValues(t.UpdatePolicy(s.row.Name, s.typ, runtime{r.rows, t}))
	}
	c.Save = func(ctx context.Context) error { return r.w.checkpoint(ctx, r.walk, r.owner, s) }
	s.c = c
	return nil
}

// context makes the resource.Context of a row as it is stored, without a cloud.
func (w *Walker) context(stack *core.Stack, row *core.Resource, typ *resource.Type) (*resource.Context, error) {
	c := &resource.Context{
		ID: row.ID, Name: row.Name, Type: typ.Name, PhysicalID: row.PhysicalID, Action: row.Action,
		Stack:       resource.Stack{ID: stack.ID, Name: stack.Name, ProjectID: stack.ProjectID, UserID: stack.UserID},
		Properties:  resource.NewValues(decodeMap(row.Properties)),
		Metadata:    decodeMap(row.Metadata),
		Data:        map[string]string{},
		Created:     row.CreatedAt,
		Started:     row.UpdatedAt,
		Now:         w.Now,
		Log:         w.Log,
		Configs:     configs{w.Store, stack.ProjectID},
		Deployments: deployments{w, nil, stack},
		Children:    &children{w: w, id: row.ID},
		Links:       w.Links,
		Siblings:    siblings{w.Store, stack.ID},
	}
	if w.Cloud != nil {
		c.OpenCloud = func(ctx context.Context) (*cloud.Client, error) { return w.client(ctx, stack) }
	}
	if stack.TimeoutMins != nil {
		c.Stack.TimeoutMins = *stack.TimeoutMins
	} else {
		c.Stack.TimeoutMins = int(w.Timeout.Minutes())
	}
	if err := w.Store.Sealer().Open(row.Data, &c.Data, row.ID); err != nil {
		return nil, err
	}
	return c, nil
}

// Context makes the context of a row outside a walk, for reads and signals.
func (w *Walker) Context(ctx context.Context, stack *core.Stack, row *core.Resource, typ *resource.Type) (*resource.Context, error) {
	c, err := w.context(stack, row, typ)
	if err != nil {
		return nil, err
	}
	if typ.Service != "" && w.Cloud != nil {
		c.Cloud, err = w.client(ctx, stack)
	}
	return c, err
}

// client gives the cloud as a stack's owner sees it.
func (w *Walker) client(ctx context.Context, s *core.Stack) (*cloud.Client, error) {
	var cr core.Credentials
	root := s.RootID
	sealed := s.Credentials
	if s.ID != root { // nested stacks act for the top stack's owner
		top, err := w.Store.FindStack(ctx, root)
		if err != nil {
			return nil, err
		}
		if top == nil {
			return nil, core.EntityNotFound("Stack", root)
		}
		sealed = top.Credentials
	}
	if err := w.Store.Sealer().Open(sealed, &cr, root); err != nil {
		return nil, err
	}
	return w.Cloud.Client(ctx, cr)
}

// checkpoint stores what a step has made so far, while it still holds its node.
func (w *Walker) checkpoint(ctx context.Context, walk store.Walk, owner string, s *step) error {
	sealed, err := w.Store.Sealer().Seal(s.c.Data, s.row.ID)
	if err != nil {
		return err
	}
	return w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		held, err := tx.Holds(ctx, walk, owner, s.node)
		if err != nil {
			return err
		}
		if !held {
			return errSuperseded
		}
		return tx.Checkpoint(ctx, s.row.ID, s.c.PhysicalID, sealed)
	})
}

// classType is the type of a row by its class alone: what is needed to remove it.
func (w *Walker) classType(row *core.Resource) *resource.Type {
	if row.Class == "" {
		return &resource.Type{Name: row.Type, AnyProperties: true, New: func() resource.Resource { return nestedOnly{} }}
	}
	if t := w.Types.Registry.Lookup(row.Class); t != nil {
		return t
	}
	return &resource.Type{Name: row.Type, AnyProperties: true, New: func() resource.Resource { return unknownClass{row.Class} }}
}

// nestedOnly is a row that is a nested stack and nothing else.
type nestedOnly struct{ resource.Resource }

var _ resource.Parent = nestedOnly{}

func (nestedOnly) Child(context.Context, *resource.Context) (*resource.ChildStack, error) {
	return nil, errors.New("the template of the nested stack is not at hand")
}

// unknownClass is a row of a type that this installation no longer has.
type unknownClass struct{ name string }

func (u unknownClass) Create(context.Context, *resource.Context) error {
	return core.EntityNotFound("Resource Type", u.name)
}

// Delete succeeds when there is no object: there is nothing that could be left behind.
func (u unknownClass) Delete(_ context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	return core.EntityNotFound("Resource Type", u.name)
}

type configs struct {
	store   *store.Store
	project string
}

func (k configs) CreateConfig(ctx context.Context, c *core.SoftwareConfig) error {
	c.ProjectID = k.project
	return k.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.CreateConfig(ctx, c) })
}

func (k configs) FindConfig(ctx context.Context, id string) (*core.SoftwareConfig, error) {
	c, err := k.store.FindConfig(ctx, k.project, id)
	if err == nil && c == nil {
		err = core.EntityNotFound("Software Config", id)
	}
	return c, err
}

func (k configs) DeleteConfig(ctx context.Context, id string) error {
	return k.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		ok, err := tx.DeleteConfig(ctx, k.project, id)
		switch {
		case errors.Is(err, store.ErrInUse):
			return core.ConfigInUse(id)
		case err == nil && !ok:
			return core.EntityNotFound("Software Config", id)
		}
		return err
	})
}

type siblings struct {
	store   *store.Store
	stackID string
}

func (k siblings) ByPhysicalID(ctx context.Context, id string) (*core.Resource, error) {
	r, err := k.store.FindResourceByPhysicalID(ctx, k.stackID, id)
	if err == nil && r == nil {
		r, err = k.store.FindResource(ctx, k.stackID, id)
	}
	if err != nil || r != nil {
		return r, err
	}
	rows, err := k.store.Resources(ctx, k.stackID)
	if err != nil {
		return nil, err
	}
	if r = ByReference(rows, id); r == nil {
		return nil, core.EntityNotFound("Resource", id)
	}
	return r, nil
}

// ForgetMetadata is done under the stack's lock, as signals are.
func (k siblings) ForgetMetadata(ctx context.Context, id string) error {
	return k.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.LockStack(ctx, k.stackID); err != nil {
			return err
		}
		rows, err := tx.ResourcesByID(ctx, []string{id})
		if err != nil || len(rows) == 0 {
			return err
		}
		rows[0].Metadata = []byte("{}")
		return tx.SaveSignal(ctx, &rows[0])
	})
}

func (k siblings) ByName(ctx context.Context, name string) (*core.Resource, error) {
	r, err := k.store.FindResource(ctx, k.stackID, name)
	if err == nil && r == nil {
		err = core.EntityNotFound("Resource", name)
	}
	return r, err
}
