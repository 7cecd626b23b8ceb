package converge

import (
	"context"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/yaml"
)

// adoptKey is where the row of a resource with a nested stack keeps what that stack is to
// take over, until it has begun.
const adoptKey = "adopt_stack_data"

// BeginAdopt is Begin for a new stack that takes over objects as they are: resources is
// what an export says of them, by name.
func (w *Walker) BeginAdopt(ctx context.Context, tx *store.Tx, s *core.Stack, target *plan.Target, resources *yaml.Map) error {
	rows, err := w.adopted(s, target, resources)
	if err != nil {
		return err
	}
	return w.begin(ctx, tx, s, "", rows, target)
}

// adopted makes rows that know their objects already.
func (w *Walker) adopted(s *core.Stack, target *plan.Target, resources *yaml.Map) ([]core.Resource, error) {
	now := w.Now().UTC()
	var rows []core.Resource
	for _, name := range target.Names() {
		v, _ := resources.Get(name)
		given, ok := v.(*yaml.Map)
		if !ok {
			continue
		}
		row := core.Resource{ID: uuid.NewString(), StackID: s.ID, RootID: s.RootID, Name: name, Type: target.Definition(name).Type,
			Index:  -1, // no place yet: so the plan has it stored
			Action: core.Init, Status: core.Complete, Requires: []string{}, CreatedAt: now, UpdatedAt: now}
		data := map[string]string{}
		if _, parent := target.Type(name).New().(resource.Parent); parent {
			b, err := yaml.EncodeJSON(given)
			if err != nil {
				return nil, err
			}
			data[adoptKey] = string(b)
		} else if err := takeOver(&row, data, given); err != nil {
			return nil, err
		}
		if len(data) > 0 {
			var err error
			if row.Data, err = w.Store.Sealer().Seal(data, row.ID); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// takeOver reads what an export says of one object (heat/engine/resource.py handle_adopt).
func takeOver(row *core.Resource, data map[string]string, given *yaml.Map) (err error) {
	if id, _ := given.Get("resource_id"); id != nil {
		row.PhysicalID = yaml.Str(id)
	}
	v, _ := given.Get("resource_data")
	remembered, _ := v.(*yaml.Map)
	for k, x := range remembered.All() {
		data[k] = yaml.Str(x)
	}
	v, _ = given.Get("metadata")
	if metadata, ok := v.(*yaml.Map); ok {
		row.Metadata, err = yaml.EncodeJSON(metadata)
	}
	return err
}

// adopts reports whether a row's object is to be taken over instead of made.
func (r *roundTx) adopts(s *step) bool {
	return r.p.stack.Action == core.Adopt && (s.row.Action == core.Init || s.row.Action == core.Adopt)
}

// actAdopt takes an object as the row names it. It is not looked at, as in Heat.
func actAdopt(s *step) error {
	if s.c.PhysicalID == "" {
		return core.Errorf(core.Invalid, "Exception", "Resource ID was not provided.")
	}
	s.progress = resource.Done
	return nil
}

// adoption is what the nested stack of a resource is to take over; nil for nothing.
func adoption(c *resource.Context) *yaml.Map { return decodeMap([]byte(c.Data[adoptKey])) }

// adoptTemplate lets a nested stack that is taken over be what it was: a group draws other
// names for its members each time.
func adoptTemplate(s *step, spec *resource.ChildStack) {
	if s.verb != adopt {
		return
	}
	v, _ := adoption(s.c).Get("template")
	if m, ok := v.(*yaml.Map); ok && m.Len() > 0 {
		spec.Node, spec.Template, spec.More = yaml.FromValue(m), "", false
	}
}

// adoptChild begins the walk of a nested stack that takes over what the resource kept for it.
func (w *Walker) adoptChild(ctx context.Context, tx *store.Tx, n nest, child *core.Stack, t *plan.Target) error {
	v, _ := adoption(n.c).Get("resources")
	resources, _ := v.(*yaml.Map)
	child.Action = core.Adopt
	return w.BeginAdopt(ctx, tx, child, t, resources)
}

// adoptAgain has a nested stack go on to take over what it could not; started is false when
// it has taken over everything.
func (d *drainer) adoptAgain(ctx context.Context, tx *store.Tx, child *core.Stack) (started bool, err error) {
	if child.Action != core.Adopt || child.Status == core.Complete {
		return false, nil
	}
	target, err := d.w.readTarget(ctx, tx, child, child.TemplateID)
	if err != nil {
		return false, err
	}
	return true, d.w.Begin(ctx, tx, child, child.Traversal, target)
}
