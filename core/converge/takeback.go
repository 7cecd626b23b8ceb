package converge

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// takeBack has a node that would make a replacement stand for a row that was replaced
// before and still has its object, just as it is wanted now: an update went half way, and
// leads back. ok is false when there is none.
func (r *roundTx) takeBack(ctx context.Context, s *step, metadata *yaml.Map) (ok bool, err error) {
	ids := slices.DeleteFunc(slices.Clone(r.rows.replaced[s.row.Name]), func(id string) bool { return id == s.row.ID })
	list, err := r.tx.ResourcesByID(ctx, ids)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(list, func(row core.Resource) bool { return fits(s, &row) })
	if i < 0 {
		return false, nil
	}
	back, old := &list[i], *s.row
	back.ReplacedBy, old.ReplacedBy = "", back.ID
	old.Metadata, old.Data = nil, nil
	if err := r.tx.MoveNode(ctx, r.walk, s.node, back.ID); err != nil {
		return false, err
	}
	r.rows.put(&old)
	r.rows.put(back)
	saved := *back
	saved.Metadata, saved.Data = nil, nil
	r.save = append(r.save, &old, &saved)
	s.row, s.node.ResourceID = back, back.ID
	r.note(s)
	if err := r.context(s, metadata); err != nil {
		return false, err
	}
	s.c.Old = resource.NewValues(decodeMap(back.Properties))
	if err := r.findRestored(ctx, s); err != nil {
		return false, err
	}
	return true, r.unchanged(s, metadata)
}

// fits reports whether a row's object is sound and is what a step is to come to.
func fits(s *step, row *core.Resource) bool {
	if s.typ.ReplacedByUpdate || row.Status != core.Complete || row.Action == core.Init || row.Action == core.Delete || row.External || row.PhysicalID == "" ||
		row.Class != s.typ.Class() {
		return false
	}
	if _, isParent := s.behaviour.(resource.Parent); isParent && row.Digest != s.digest {
		return false
	}
	return len(plan.Compare(s.typ, decodeMap(row.Properties), s.props).Changed) == 0
}

// restored is a resource that gives back what it took from the one that it had replaced.
type restored struct {
	restorer resource.ReplaceRestorer
	c        *resource.Context // of by
	done     bool
}

// ready reports whether there is nothing to be waited for.
func (p *restored) ready() bool { return p == nil || p.done }

// findRestored looks up what had replaced a row that stands for its resource again, where
// the type has something to take back from it.
func (r *roundTx) findRestored(ctx context.Context, s *step) error {
	restorer, ok := s.behaviour.(resource.ReplaceRestorer)
	if !ok || s.row.PhysicalID == "" {
		return nil
	}
	var ids []string
	for _, id := range r.rows.replaced[s.row.Name] {
		if row := r.rows.byID[id]; row.ReplacedBy == s.row.ID && s.row.Replaces != id {
			ids = append(ids, id)
		}
	}
	list, err := r.tx.ResourcesByID(ctx, ids)
	if err != nil || len(list) == 0 {
		return err
	}
	by := &list[0]
	if by.Class != s.row.Class || by.Action == core.Delete && by.Status == core.Complete {
		return nil
	}
	c, err := r.w.context(&r.p.stack, by, s.typ)
	s.restored = &restored{restorer: restorer, c: c}
	return err
}

// giveBack is done before anything else is done to the resource; until it is, the node is
// decided again and again.
func (p *restored) giveBack(ctx context.Context, s *step) (err error) {
	c := *s.c
	c.Properties = c.Old
	p.c.Cloud = s.c.Cloud
	if s.progress, err = p.restorer.RestoreReplaced(ctx, &c, p.c); err != nil {
		s.row.Action = core.Update
		return err
	}
	p.done, s.progress.Done = s.progress.Done, false
	return nil
}
