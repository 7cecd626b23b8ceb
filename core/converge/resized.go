package converge

import (
	"context"
	"encoding/json"
	"maps"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/store"
)

// withFiles adds the files of a nested stack's template to new ones: in a step of several
// some members still are what they were (heat/common/grouputils.py get_child_template_files).
func (w *Walker) withFiles(ctx context.Context, templateID string, files map[string]string) (map[string]string, error) {
	_, all, err := w.Store.FindTemplate(ctx, templateID)
	if err != nil {
		return nil, err
	}
	merged := maps.Clone(all)
	if merged == nil {
		merged = make(map[string]string, len(files))
	}
	maps.Copy(merged, files)
	return merged, nil
}

// adjusted tells a group that its nested stack has become what it was to be.
func adjusted(ctx context.Context, s *step, parent resource.Parent) error {
	if a, ok := parent.(resource.Adjuster); ok && s.verb != remove && s.verb != visit {
		return a.Adjusted(ctx, s.c)
	}
	return nil
}

// resized has the resource above a nested stack catch up once tx is committed, when no walk
// of its own waits for the nested stack: a scaling policy changed a group.
func (w *Walker) resized(tx *store.Tx, child *core.Stack) {
	parent := child.ParentResource
	if child.Action != core.Update {
		return
	}
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.works {
			w.running.Go(func() { w.catchUp(w.ctx, parent) })
		}
	})
}

// catchUp reads anew what a resource shows of its nested stack, stores its stack's outputs
// anew, and goes on upward from there.
func (w *Walker) catchUp(ctx context.Context, id string) {
	for id != "" && ctx.Err() == nil {
		above, err := w.catchUpOne(ctx, id)
		if err != nil && ctx.Err() == nil {
			// What is shown stays old until the next update.
			w.Log.Error("attributes not read anew", "resource", id, "error", err)
		}
		id = above
	}
}

// catchUpOne does one level. It gives the resource above, "" when nothing more is to be done.
func (w *Walker) catchUpOne(ctx context.Context, id string) (above string, err error) {
	row, err := w.Store.FindResourceByID(ctx, id)
	if err != nil || row == nil || row.Status != core.Complete {
		return "", err
	}
	owner, err := w.Store.FindStack(ctx, row.StackID)
	if err != nil || owner == nil {
		return "", err
	}
	target, err := w.Target(ctx, owner)
	if err != nil || target.Definition(row.Name) == nil {
		return "", err
	}
	typ := target.Type(row.Name)
	c, err := w.Context(ctx, owner, row, typ)
	if err != nil {
		return "", err
	}
	attributes, err := readAttributes(ctx, typ.New(), typ, c, target.AttributePaths(row.Name))
	if err != nil {
		return "", err
	}
	err = w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		above = ""
		s, err := tx.LockStack(ctx, owner.ID)
		if err != nil || s == nil || s.TemplateID != owner.TemplateID {
			return err
		}
		fresh, err := tx.ResourcesByID(ctx, []string{id})
		if err != nil || len(fresh) == 0 || fresh[0].Status != core.Complete {
			return err // its own walk reads them
		}
		r := &fresh[0]
		r.Attributes = attributes
		if err := w.settle(ctx, tx, s, r, typ); err != nil {
			return err
		}
		if s.Status == core.InProgress {
			return nil // the end of its walk stores the outputs
		}
		outputs, err := w.outputs(ctx, tx, s, target)
		if err != nil {
			return err
		}
		if s.Outputs, err = encodeOutputs(outputs); err != nil {
			return err
		}
		above = s.ParentResource
		_, err = tx.UpdateStack(ctx, s, s.Traversal)
		return err
	})
	return above, err
}

// settle stores a resource's attributes, and what a group has to say about its new size.
func (w *Walker) settle(ctx context.Context, tx *store.Tx, s *core.Stack, row *core.Resource, typ *resource.Type) error {
	if a, ok := typ.New().(resource.Adjuster); ok {
		c, err := w.Context(ctx, s, row, typ)
		if err != nil {
			return err
		}
		if child, err := c.Children.Stack(ctx); err != nil || child == nil || child.Status == core.InProgress {
			return err // changing again; its end comes back here
		}
		if err := a.Adjusted(ctx, c); err != nil {
			return err
		}
		if err := w.SaveContext(ctx, tx, row, c); err != nil {
			return err
		}
	}
	r := *row
	r.Metadata, r.Data = nil, nil // as stored by now
	return tx.SaveResources(ctx, []*core.Resource{&r})
}

// failedGroup reads what a group whose nested stack has failed still shows: its members'
// attributes. It gives nil for every other resource.
func failedGroup(ctx context.Context, s *step) json.RawMessage {
	if _, ok := s.behaviour.(resource.Group); !ok || s.verb != create && s.verb != update {
		return nil
	}
	attributes, err := readAttributes(ctx, s.behaviour, s.typ, s.c, s.paths)
	if err != nil {
		return nil // the failure is the one before
	}
	return attributes
}
