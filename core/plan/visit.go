package plan

import (
	"hearth/core"
	"hearth/core/store"
)

// Visits reports whether an action goes from resource to resource as they are, instead of
// making a template true.
func Visits(a core.Action) bool {
	return a == core.Suspend || a == core.Resume || a == core.Check || a == core.Snapshot
}

// Visit plans a walk over the resources that there are, each after those that it was made
// from; a suspension goes the other way.
func Visit(rows []core.Resource, a core.Action) *Plan {
	p := &Plan{}
	node := map[string]int{}
	for i := range rows {
		r := &rows[i]
		if r.ReplacedBy != "" || r.Action == core.Init || r.Action == core.Delete && r.Status == core.Complete {
			continue
		}
		node[r.ID] = len(p.Nodes)
		p.Nodes = append(p.Nodes, store.Node{ID: len(p.Nodes), ResourceID: r.ID, Kind: store.Visit})
	}
	for i := range rows {
		dst, ok := node[rows[i].ID]
		if !ok {
			continue
		}
		for _, need := range rows[i].Requires {
			src, ok := node[need]
			if !ok {
				continue
			}
			e := store.Edge{Src: src, Dst: dst}
			if a == core.Suspend {
				e.Src, e.Dst = e.Dst, e.Src
			}
			p.Edges = append(p.Edges, e)
			p.Nodes[e.Dst].Pending++
		}
	}
	return p
}
