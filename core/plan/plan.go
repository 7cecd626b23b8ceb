package plan

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/store"
)

// Input is what a walk starts from.
type Input struct {
	StackID, RootID string
	Rows            []core.Resource // all of the stack's
	Target          *Target         // nil: nothing is to be left
	Now             time.Time
	// All looks at every resource, unchanged ones too: reality may differ from the rows.
	All bool
	// Held looks at resources with a pre-update hook although nothing of them changes.
	Held bool
	// Unsound are the rows whose nested stack's last action has not succeeded.
	Unsound map[string]bool
}

// Plan is a walk to be stored and taken.
type Plan struct {
	Rows  []*core.Resource // new ones, and those whose place in the stack changes
	Nodes []store.Node
	Edges []store.Edge
}

// Make plans the walk from the rows to the target.
func Make(in Input) *Plan {
	b := &builder{Input: in, chosen: map[string]*core.Resource{}, byID: map[string]*core.Resource{},
		converge: map[string]int{}, cleanup: map[string]int{}, changes: map[string]bool{}, touched: map[string]bool{}, back: map[string]bool{}}
	for i := range in.Rows {
		r := &b.Rows[i]
		b.byID[r.ID] = r
	}
	for _, step := range steps {
		step(b)
	}
	return &b.plan
}

// steps make a plan, in this order.
var steps = []func(*builder){
	(*builder).chooseRows,    // first: every later step asks which row stands for a name
	(*builder).findChanges,   // needs the rows: an unchanged, complete row is left alone
	(*builder).addConverge,   // nodes of what may change
	(*builder).addCleanup,    // nodes of what may go: needs to know what may change
	(*builder).orderConverge, // edges between converge nodes: all of them must be there
	(*builder).orderCleanup,  // edges of cleanup nodes: they refer to both kinds
	(*builder).countPending,  // last: counts the edges
}

type builder struct {
	Input
	plan     Plan
	byID     map[string]*core.Resource
	chosen   map[string]*core.Resource // by name: the row that is to become what the target says
	changes  map[string]bool           // names that may change
	converge map[string]int            // name → node
	cleanup  map[string]int            // row id → node
	touched  map[string]bool           // row ids in plan.Rows
	back     map[string]bool           // names whose row had been replaced
}

// chooseRows finds the best existing row for every resource of the target, or makes one.
// A row that is chosen again although another had replaced it (a rollback) takes its
// place back.
func (b *builder) chooseRows() {
	if b.Target == nil {
		return
	}
	candidates := map[string][]*core.Resource{}
	for i := range b.Rows {
		r := &b.Rows[i]
		candidates[r.Name] = append(candidates[r.Name], r)
	}
	for i, name := range b.Target.Names() {
		row := best(candidates[name], b.Target.Digest(name))
		if row == nil {
			row = &core.Resource{ID: uuid.NewString(), StackID: b.StackID, RootID: b.RootID, Name: name,
				Type: b.Target.Definition(name).Type, Action: core.Init, Status: core.Complete, CreatedAt: b.Now, UpdatedAt: b.Now, Requires: []string{}}
			b.byID[row.ID] = row
			b.touch(row)
		}
		b.chosen[name] = row
		if row.Index != i {
			row.Index = i
			b.touch(row)
		}
		for _, other := range candidates[name] {
			if other != row && other.ReplacedBy == "" {
				other.ReplacedBy = row.ID
				b.touch(other)
			}
		}
		if row.ReplacedBy != "" {
			row.ReplacedBy = ""
			b.touch(row)
			b.back[name] = true
		}
	}
	for name, row := range b.chosen {
		if row.Action != core.Init {
			continue
		}
		for _, need := range b.Target.Requires(name) {
			row.Requires = append(row.Requires, b.chosen[need].ID)
		}
	}
}

// best picks the row that a resource goes on with (heat/engine/stack.py
// _get_best_existing_rsrc_db_id): one that is what the target says before one that is
// not, a sound one before a failed one, the newest of equals. A row whose object is gone
// or going is none.
func best(rows []*core.Resource, digest string) *core.Resource {
	var top *core.Resource
	var topScore int
	for _, r := range rows {
		if r.Action == core.Delete && r.Status == core.Complete {
			continue
		}
		score := 0
		if r.Digest == digest {
			score += 10
		}
		if r.Status == core.Failed {
			score -= 30
		}
		if r.Action == core.Delete {
			score -= 50
		}
		if r.ReplacedBy != "" {
			score--
		}
		if top == nil || score > topScore || score == topScore && r.UpdatedAt.After(top.UpdatedAt) {
			top, topScore = r, score
		}
	}
	return top
}

// findChanges marks what may change: what is new, unsound or defined otherwise, and
// whatever depends on that.
func (b *builder) findChanges() {
	if b.Target == nil {
		return
	}
	dependents := b.Target.RequiredBy()
	var spread func(name string)
	spread = func(name string) {
		if b.changes[name] {
			return
		}
		b.changes[name] = true
		for _, d := range dependents[name] {
			spread(d)
		}
	}
	for name, row := range b.chosen {
		if b.All || b.Unsound[row.ID] || row.Status != core.Complete || row.Action == core.Init || row.Action == core.Delete || row.Digest != b.Target.Digest(name) ||
			b.back[name] || b.madeFromOthers(name) || b.Target.Type(name).ReplacedByUpdate {
			spread(name)
		}
	}
}

// madeFromOthers reports whether a row was made from other rows than are chosen now: one
// that had been replaced has taken its place back.
func (b *builder) madeFromOthers(name string) bool {
	return slices.ContainsFunc(b.Target.Requires(name), func(need string) bool {
		return !slices.Contains(b.chosen[name].Requires, b.chosen[need].ID)
	})
}

// addConverge adds a node for whatever may change, and for what must only be read anew:
// the template asks for attributes that nobody asked for before.
func (b *builder) addConverge() {
	if b.Target == nil {
		return
	}
	for _, name := range b.Target.Names() {
		held := b.Held && slices.Contains(b.Target.Environment.Registry.Hooks(name), "pre-update")
		if b.changes[name] || held || !HasAttributes(b.chosen[name], b.Target.AttributePaths(name)) {
			b.converge[name] = b.node(b.chosen[name].ID, store.Converge)
		}
	}
}

// addCleanup adds a node for every row that the target does not mean, and for every row
// that may be replaced on the way.
func (b *builder) addCleanup() {
	for i := range b.Rows {
		r := &b.Rows[i]
		if b.chosen[r.Name] == r && !b.changes[r.Name] {
			continue
		}
		b.cleanup[r.ID] = b.node(r.ID, store.Cleanup)
	}
}

func (b *builder) node(row string, kind store.NodeKind) int {
	id := len(b.plan.Nodes)
	b.plan.Nodes = append(b.plan.Nodes, store.Node{ID: id, ResourceID: row, Kind: kind})
	return id
}

func (b *builder) orderConverge() {
	for name, node := range b.converge {
		for _, r := range b.Target.Requires(name) {
			if before, ok := b.converge[r]; ok {
				b.edge(before, node)
			}
		}
	}
}

func (b *builder) orderCleanup() {
	for id, node := range b.cleanup {
		row := b.byID[id]
		if before, ok := b.converge[row.Name]; ok {
			b.edge(before, node)
		}
		for _, r := range row.Requires {
			if after, ok := b.cleanup[r]; ok {
				b.edge(node, after)
			}
		}
		if before, ok := b.cleanup[row.ReplacedBy]; ok && !slices.Contains(row.Requires, row.ReplacedBy) {
			b.edge(before, node)
		}
	}
}

func (b *builder) edge(src, dst int) {
	b.plan.Edges = append(b.plan.Edges, store.Edge{Src: src, Dst: dst})
}

func (b *builder) countPending() {
	slices.SortFunc(b.plan.Edges, func(x, y store.Edge) int {
		if x.Src != y.Src {
			return x.Src - y.Src
		}
		return x.Dst - y.Dst
	})
	b.plan.Edges = slices.Compact(b.plan.Edges)
	for _, e := range b.plan.Edges {
		b.plan.Nodes[e.Dst].Pending++
	}
}

func (b *builder) touch(r *core.Resource) {
	if !b.touched[r.ID] {
		b.touched[r.ID] = true
		b.plan.Rows = append(b.plan.Rows, r)
	}
}

// ordered gives the Converge nodes' ids in an order that its edges allow.
func (p *Plan) ordered() []int {
	pending := make([]int, len(p.Nodes))
	next := make([][]int, len(p.Nodes))
	for _, e := range p.Edges {
		pending[e.Dst]++
		next[e.Src] = append(next[e.Src], e.Dst)
	}
	var ready, out []int
	for i := range p.Nodes {
		if pending[i] == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		n := ready[0]
		ready = ready[1:]
		if p.Nodes[n].Kind == store.Converge {
			out = append(out, n)
		}
		for _, d := range next[n] {
			if pending[d]--; pending[d] == 0 {
				ready = append(ready, d)
			}
		}
	}
	return out
}

// row gives the row that a node stands for: one that was there, or one that the plan adds.
func (p *Plan) row(node int, there map[string]*core.Resource) *core.Resource {
	id := p.Nodes[node].ResourceID
	if r := there[id]; r != nil {
		return r
	}
	for _, r := range p.Rows {
		if r.ID == id {
			return r
		}
	}
	return nil
}
