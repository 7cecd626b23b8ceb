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
	var ids []string
	for id, row := range r.rows.byID {
		if row.Name == s.row.Name && id != s.row.ID {
			ids = append(ids, id)
		}
	}
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
	r.rows.byID[old.ID] = &old
	r.rows.put(back)
	r.save = append(r.save, &old)
	s.row, s.node.ResourceID = back, back.ID
	r.note(s)
	if err := r.context(s, metadata); err != nil {
		return false, err
	}
	return true, r.unchanged(s, metadata)
}

// fits reports whether a row's object is sound and is what a step is to come to.
func fits(s *step, row *core.Resource) bool {
	if row.Status != core.Complete || row.Action == core.Init || row.Action == core.Delete || row.External || row.PhysicalID == "" ||
		row.Class != s.typ.Class() {
		return false
	}
	if _, isParent := s.behaviour.(resource.Parent); isParent && row.Digest != s.digest {
		return false
	}
	return len(plan.Compare(s.typ, decodeMap(row.Properties), s.props).Changed) == 0
}
