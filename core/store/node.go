package store

import (
	"context"
	"fmt"

	"hearth/core"

	"github.com/uptrace/bun"
)

// NodeKind says what a node does with its resource.
type NodeKind int

// The kinds.
const (
	Converge NodeKind = iota // make it as the template says
	Cleanup                  // delete it, unless it is what the template means
	Visit                    // do the stack's action to it: suspend, resume, check
)

// Phase says how far a node's work has come.
type Phase int

// The phases.
const (
	Begin  Phase = iota // the action is to be begun
	Ending              // it has begun; the type is asked for its end
)

// nodeState is where a node stands.
type nodeState int

const (
	blocked nodeState = iota // by nodes before it
	ready                    // at due_at
	running                  // under a lease
	done
)

// Node is one resource in one walk. The bun tags name the columns of table nodes.
type Node struct {
	StackID    string   `bun:"stack_id,pk"`
	Traversal  string   `bun:"traversal,pk"`
	ID         int      `bun:"id,pk"`
	ResourceID string   `bun:"resource_id"`
	Kind       NodeKind `bun:"kind"`
	Phase      Phase    `bun:"phase"`
	State      int      `bun:"state"`
	Pending    int      `bun:"pending"`
	DueAt      int64    `bun:"due_at"`
	Owner      string   `bun:"owner,nullzero"`
	Attempt    int      `bun:"attempt"`
	LeaseUntil int64    `bun:"lease_until"`
	Waits      int      `bun:"waits"`
	Hook       string   `bun:"hook,nullzero"` // where it is held, or was last, see Hold
}

// Edge says that Src is done before Dst. The bun tags name the columns of table edges.
type Edge struct {
	StackID   string `bun:"stack_id,pk"`
	Traversal string `bun:"traversal,pk"`
	Src       int    `bun:"src,pk"`
	Dst       int    `bun:"dst,pk"`
}

// Walk names one walk over one stack.
type Walk struct {
	StackID   string `bun:"stack_id"`
	Traversal string `bun:"traversal"`
}

// EndWalk drops the nodes of a stack's walk, and gives the resources that its workers still
// have in their hands, with the time in milliseconds that their leases run out.
func (tx *Tx) EndWalk(ctx context.Context, stackID string) (held map[string]int64, err error) {
	var nodes []Node
	if err := tx.NewRaw("SELECT * FROM nodes WHERE stack_id = ? AND state = ?", stackID, running).Scan(ctx, &nodes); err != nil {
		return nil, err
	}
	held = make(map[string]int64, len(nodes))
	for _, n := range nodes {
		held[n.ResourceID] = max(held[n.ResourceID], n.LeaseUntil)
	}
	return held, tx.DropWalk(ctx, stackID)
}

// StartWalk stores the nodes and edges of a stack's new walk; Pending must be set. What
// EndWalk says that a worker of the walk before still holds is not touched before the worker
// lets go of it or its lease runs out.
func (tx *Tx) StartWalk(ctx context.Context, w Walk, nodes []Node, edges []Edge, held map[string]int64) error {
	for i := range nodes {
		n := &nodes[i]
		n.StackID, n.Traversal, n.DueAt = w.StackID, w.Traversal, held[n.ResourceID]
		if n.Pending == 0 {
			n.State = int(ready)
		}
	}
	for i := range edges {
		edges[i].StackID, edges[i].Traversal = w.StackID, w.Traversal
	}
	if err := insertAll(ctx, tx, nodes); err != nil {
		return fmt.Errorf("store nodes: %w", err)
	}
	if err := insertAll(ctx, tx, edges); err != nil {
		return fmt.Errorf("store edges: %w", err)
	}
	return nil
}

func insertAll[T any](ctx context.Context, tx *Tx, rows []T) error {
	for len(rows) > 0 {
		n := min(batch, len(rows))
		part := rows[:n]
		rows = rows[n:]
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// DropWalk removes the nodes and edges of a stack.
func (tx *Tx) DropWalk(ctx context.Context, stackID string) error {
	for _, table := range []string{"nodes", "edges"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM ? WHERE stack_id = ?", bun.Ident(table), stackID); err != nil {
			return err
		}
	}
	return nil
}

// Fenced is how a walk stands.
type Fenced struct {
	Left    int    `bun:"nodes_left"` // nodes that are not done
	Failing string `bun:"failing"`    // why it fails, "" when it does not
	Halting bool   `bun:"halting"`    // it fails now: calls under way are not waited for
}

// Unsettle forgets, for the resources that a stack's walk has not come to, what they were
// last made true to: something they depend on may have changed, so that the next walk must
// look at them although their definition is the same.
func (tx *Tx) Unsettle(ctx context.Context, stackID string) error {
	_, err := tx.ExecContext(ctx, "UPDATE resources SET digest = NULL WHERE id IN (SELECT resource_id FROM nodes WHERE stack_id = ? AND kind = ? AND state <> ?)",
		stackID, Converge, done)
	return err
}

// Fence takes n nodes off what is left of a walk, and tells how it stands: ok is false when
// another has superseded it or it has ended. It locks the stack's row, so that two workers'
// commits follow each other.
func (tx *Tx) Fence(ctx context.Context, w Walk, n int) (f Fenced, ok bool, err error) {
	if err := tx.lockStack(ctx, w.StackID); err != nil {
		return f, false, err
	}
	var rows []Fenced
	const columns = "nodes_left, COALESCE(failing, '') AS failing, halting"
	where := bun.SafeQuery("id = ? AND traversal = ? AND status = ?", w.StackID, w.Traversal, core.InProgress)
	if n == 0 { // no new version of a wide row for nothing
		lock := ""
		if tx.conn != nil {
			lock = " FOR NO KEY UPDATE"
		}
		err = tx.NewRaw("SELECT "+columns+" FROM stacks WHERE ?"+lock, where).Scan(ctx, &rows)
	} else {
		err = tx.NewRaw("UPDATE stacks SET nodes_left = nodes_left - ? WHERE ? RETURNING "+columns, n, where).Scan(ctx, &rows)
	}
	if err != nil || len(rows) == 0 {
		return f, false, err
	}
	return rows[0], true, nil
}

// Fail notes why a walk fails, unless a reason stands already: no further node of it is begun.
func (tx *Tx) Fail(ctx context.Context, w Walk, reason string) error {
	_, err := tx.ExecContext(ctx, "UPDATE stacks SET failing = COALESCE(failing, ?) WHERE id = ? AND traversal = ?", reason, w.StackID, w.Traversal)
	return err
}

// Halt is Fail for a walk that is to end now: calls that are under way are not waited for.
func (tx *Tx) Halt(ctx context.Context, w Walk, reason string) error {
	_, err := tx.ExecContext(ctx, "UPDATE stacks SET failing = COALESCE(failing, ?), halting = TRUE WHERE id = ? AND traversal = ?", reason, w.StackID, w.Traversal)
	return err
}

// Halting reports whether a walk is to end now.
func (s *Store) Halting(ctx context.Context, w Walk) (bool, error) {
	var n int
	err := s.r.NewRaw("SELECT COUNT(*) FROM stacks WHERE id = ? AND traversal = ? AND halting", w.StackID, w.Traversal).Scan(ctx, &n)
	return n > 0, err
}
