package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// nodeColumns are the columns of Node.
const nodeColumns = "stack_id, traversal, id, resource_id, kind, phase, state, pending, due_at, owner, attempt, lease_until, waits, hook"

// Claim takes up to limit nodes that are ready and due, or whose worker has lost its
// lease, for owner; never the owner's own.
func (tx *Tx) Claim(ctx context.Context, w Walk, owner string, now time.Time, lease time.Duration, limit int) ([]Node, error) {
	lock, in := "", "IN (SELECT node FROM picked)"
	if tx.conn != nil {
		lock, in = " FOR UPDATE SKIP LOCKED", "= ANY (ARRAY(SELECT node FROM picked))"
	}
	var out []Node
	ms := now.UnixMilli()
	// Materialized: else PostgreSQL may run the locking query once for each row. An array
	// and no join: it knows nothing of a fresh walk and would look at every node.
	err := tx.NewRaw(`WITH picked (node) AS MATERIALIZED (
			SELECT id FROM nodes WHERE stack_id = ? AND traversal = ? AND (state = ? AND due_at <= ? OR state = ? AND lease_until < ? AND owner <> ?)
			ORDER BY id LIMIT ?`+lock+`)
		UPDATE nodes SET state = ?, owner = ?, attempt = attempt + 1, lease_until = ?, due_at = 0
		WHERE stack_id = ? AND traversal = ? AND id `+in+` RETURNING `+nodeColumns,
		w.StackID, w.Traversal, ready, ms, running, ms, owner, limit,
		running, owner, now.Add(lease).UnixMilli(), w.StackID, w.Traversal).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("claim nodes: %w", err)
	}
	return out, nil
}

// Taking is how many nodes an owner takes for itself as soon as they are ready.
type Taking struct {
	Limit int
	Now   time.Time
	Lease time.Duration
}

// Finish marks nodes done and readies those that waited for nothing else; up to a limit the
// owner gets these at once, as Claim would give them. Only nodes that the owner still holds,
// in the same attempt, count: their ids come back.
func (tx *Tx) Finish(ctx context.Context, w Walk, owner string, nodes []Node, take Taking) (held map[int]bool, taken []Node, err error) {
	held, err = tx.letGo(ctx, w, owner, nodes, "state = "+fmt.Sprint(int(done)))
	if err != nil || len(held) == 0 {
		return held, nil, err
	}
	list := make([]int, 0, len(held))
	for id := range held {
		list = append(list, id)
	}
	if taken, err = tx.readyDependents(ctx, w, owner, list, take); err != nil {
		return nil, nil, fmt.Errorf("ready the dependents: %w", err)
	}
	return held, taken, nil
}

// readyDependents takes nodes that are done off what the nodes after them wait for, and
// gives those of them that the owner has taken. The ids stand in the statement: PostgreSQL,
// which knows nothing of a fresh walk, would join by looking at every node of it.
func (tx *Tx) readyDependents(ctx context.Context, w Walk, owner string, finished []int, take Taking) (taken []Node, err error) {
	var after []struct {
		Dst int `bun:"dst"`
		N   int `bun:"n"`
	}
	err = tx.NewRaw("SELECT dst, COUNT(*) AS n FROM edges WHERE stack_id = ? AND traversal = ? AND src IN (?) GROUP BY dst ORDER BY n, dst",
		w.StackID, w.Traversal, bun.List(finished)).Scan(ctx, &after)
	if err != nil {
		return nil, err
	}
	for len(after) > 0 {
		n, full := after[0].N, len(taken) >= take.Limit
		var ids []int
		for len(after) > 0 && after[0].N == n && (full || len(ids) < take.Limit-len(taken)) {
			ids = append(ids, after[0].Dst)
			after = after[1:]
		}
		by := int64(-1) // nodes that are due by then are taken
		if !full {
			by = take.Now.UnixMilli()
		}
		var changed []Node
		err := tx.NewRaw(`UPDATE nodes SET pending = pending - ?0,
				state = CASE WHEN pending <> ?0 THEN state WHEN due_at <= ?1 THEN ?2 ELSE ?3 END,
				owner = CASE WHEN pending = ?0 AND due_at <= ?1 THEN ?4 ELSE owner END,
				attempt = attempt + CASE WHEN pending = ?0 AND due_at <= ?1 THEN 1 ELSE 0 END,
				lease_until = CASE WHEN pending = ?0 AND due_at <= ?1 THEN ?5 ELSE lease_until END
			WHERE stack_id = ?6 AND traversal = ?7 AND id IN (?8) RETURNING `+nodeColumns,
			n, by, running, ready, owner, take.Now.Add(take.Lease).UnixMilli(), w.StackID, w.Traversal, bun.List(ids)).Scan(ctx, &changed)
		if err != nil {
			return nil, err
		}
		for _, c := range changed {
			if nodeState(c.State) == running && c.Owner == owner {
				taken = append(taken, c)
			}
		}
	}
	slices.SortFunc(taken, func(a, b Node) int { return a.ID - b.ID })
	return taken, nil
}

// GiveUp marks nodes done without readying what waited for them.
func (tx *Tx) GiveUp(ctx context.Context, w Walk, owner string, nodes []Node) (map[int]bool, error) {
	return tx.letGo(ctx, w, owner, nodes, "state = "+fmt.Sprint(int(done)))
}

// Never is the due time of a node that only a wake readies.
const Never = int64(1) << 60

// Wait puts a node back until due (milliseconds), in the given phase, for resource, and
// gives until when it waits: not at all when it was woken meanwhile. Only a node that the
// owner still holds counts.
func (tx *Tx) Wait(ctx context.Context, w Walk, owner string, n Node, phase Phase, resource string, due int64) (until int64, ok bool, err error) {
	var out []int64
	err = tx.NewRaw(`UPDATE nodes SET state = ?, phase = ?, resource_id = ?, due_at = CASE WHEN due_at = ? THEN 0 ELSE ? END,
			waits = waits + 1, owner = NULL, lease_until = 0
		WHERE stack_id = ? AND traversal = ? AND id = ? AND owner = ? AND attempt = ? AND state = ? RETURNING due_at`,
		ready, phase, resource, woken, due, w.StackID, w.Traversal, n.ID, owner, n.Attempt, running).Scan(ctx, &out)
	if err != nil || len(out) == 0 {
		return 0, false, err
	}
	return out[0], true, nil
}

// PutDown lets go of a node without having finished it: whoever comes next goes on.
func (tx *Tx) PutDown(ctx context.Context, w Walk, n Node) error {
	_, err := tx.ExecContext(ctx, "UPDATE nodes SET lease_until = 0 WHERE stack_id = ? AND traversal = ? AND id = ? AND attempt = ?",
		w.StackID, w.Traversal, n.ID, n.Attempt)
	return err
}

// MoveNode has a node stand for another resource.
func (tx *Tx) MoveNode(ctx context.Context, w Walk, n Node, resource string) error {
	_, err := tx.ExecContext(ctx, "UPDATE nodes SET resource_id = ? WHERE stack_id = ? AND traversal = ? AND id = ? AND attempt = ?",
		resource, w.StackID, w.Traversal, n.ID, n.Attempt)
	return err
}

// letGo changes nodes that the owner holds in the attempt at hand and gives their ids.
func (tx *Tx) letGo(ctx context.Context, w Walk, owner string, nodes []Node, set string) (map[int]bool, error) {
	tries := map[int][]int{}
	for _, n := range nodes {
		tries[n.Attempt] = append(tries[n.Attempt], n.ID)
	}
	out := make(map[int]bool, len(nodes))
	for attempt, list := range tries {
		var ids []int
		err := tx.NewRaw("UPDATE nodes SET "+set+`, owner = NULL, lease_until = 0
			WHERE stack_id = ? AND traversal = ? AND id IN (?) AND attempt = ? AND owner = ? AND state = ? RETURNING id`,
			w.StackID, w.Traversal, bun.List(list), attempt, owner, running).Scan(ctx, &ids)
		if err != nil {
			return nil, fmt.Errorf("finish nodes: %w", err)
		}
		for _, id := range ids {
			out[id] = true
		}
	}
	return out, nil
}

// Holds reports whether the owner still holds the node in the attempt at hand.
func (tx *Tx) Holds(ctx context.Context, w Walk, owner string, n Node) (bool, error) {
	var c int
	err := tx.NewRaw("SELECT COUNT(*) FROM nodes WHERE stack_id = ? AND traversal = ? AND id = ? AND owner = ? AND attempt = ? AND state = ?",
		w.StackID, w.Traversal, n.ID, owner, n.Attempt, running).Scan(ctx, &c)
	return c == 1, err
}

// GivenUp reports whether a node is done as its worker left it in the attempt at hand.
func (tx *Tx) GivenUp(ctx context.Context, w Walk, n Node) (bool, error) {
	var c int
	err := tx.NewRaw("SELECT COUNT(*) FROM nodes WHERE stack_id = ? AND traversal = ? AND id = ? AND attempt = ? AND state = ?",
		w.StackID, w.Traversal, n.ID, n.Attempt, done).Scan(ctx, &c)
	return c == 1, err
}

// ExtendLeases keeps an owner's nodes of a walk for another while. When the walk has been
// superseded there are none; then the nodes of the newer walk that wait for resources in
// the owner's hands are kept waiting. It returns how many nodes are still the owner's.
func (s *Store) ExtendLeases(ctx context.Context, w Walk, owner string, resources []string, until time.Time) (held int64, err error) {
	ms := until.UnixMilli()
	err = s.Write(ctx, func(ctx context.Context, tx *Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE nodes SET lease_until = ? WHERE stack_id = ? AND traversal = ? AND owner = ? AND state = ?",
			ms, w.StackID, w.Traversal, owner, running)
		if err != nil {
			return err
		}
		if held, err = res.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE nodes SET due_at = ? WHERE stack_id = ? AND traversal <> ? AND phase = ? AND state IN (?, ?) AND due_at > 0 AND resource_id IN (?)`,
			ms, w.StackID, w.Traversal, Begin, blocked, ready, bun.List(resources))
		return err
	})
	return held, err
}

// Release lets the newer walk have resources that a superseded walk's worker has done with.
func (tx *Tx) Release(ctx context.Context, stackID string, resources []string) error {
	_, err := tx.ExecContext(ctx, "UPDATE nodes SET due_at = 0 WHERE stack_id = ? AND phase = ? AND resource_id IN (?)", stackID, Begin, bun.List(resources))
	return err
}

// Untouched gives those of the resources that no worker but the owner has taken up since:
// the node that stands for it, if there is one, has not been begun by another.
func (tx *Tx) Untouched(ctx context.Context, w Walk, owner string, resources []string) (map[string]bool, error) {
	var taken []string
	err := tx.NewRaw(`SELECT resource_id FROM nodes WHERE stack_id = ? AND resource_id IN (?) AND COALESCE(owner, '') <> ?
		AND (state = ? OR state = ? OR phase = ?)`, w.StackID, bun.List(resources), owner, running, done, Ending).Scan(ctx, &taken)
	if err != nil {
		return nil, err
	}
	free := make(map[string]bool, len(resources))
	for _, id := range resources {
		free[id] = true
	}
	for _, id := range taken {
		delete(free, id)
	}
	return free, nil
}
