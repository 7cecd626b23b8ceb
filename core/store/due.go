package store

import (
	"context"
	"time"

	"hearth/core"
)

// woken is the due time of a node that was woken while it was worked on: its Wait is over
// before it begins.
const woken = int64(-1)

const wake = "UPDATE nodes SET due_at = CASE WHEN state = ? THEN ? ELSE 0 END WHERE "

// Wake readies the node that stands for a resource and waits, if there is one, and gives
// its walk. A node that is being worked on will not wait at all when it comes to that.
func (tx *Tx) Wake(ctx context.Context, resourceID string) (*Walk, error) {
	var out []Walk
	err := tx.NewRaw(wake+"resource_id = ? AND (state = ? AND phase = ? OR state = ?) RETURNING stack_id, traversal",
		running, woken, resourceID, ready, Ending, running).Scan(ctx, &out)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return &out[0], nil
}

// WakeStack does what Wake does for every node of a stack's walk.
func (tx *Tx) WakeStack(ctx context.Context, stackID string) (*Walk, error) {
	var out []Walk
	err := tx.NewRaw(wake+"stack_id = ? AND (state = ? AND phase = ? OR state = ?) RETURNING stack_id, traversal",
		running, woken, stackID, ready, Ending, running).Scan(ctx, &out)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return &out[0], nil
}

// Running counts the nodes of a walk that a worker holds under a live lease.
func (tx *Tx) Running(ctx context.Context, w Walk, now time.Time) (int, error) {
	var n int
	err := tx.NewRaw("SELECT COUNT(*) FROM nodes WHERE stack_id = ? AND traversal = ? AND state = ? AND lease_until >= ?",
		w.StackID, w.Traversal, running, now.UnixMilli()).Scan(ctx, &n)
	return n, err
}

// Waiting gives the resources whose action has begun in a walk and not ended.
func (tx *Tx) Waiting(ctx context.Context, w Walk) ([]string, error) {
	var ids []string
	err := tx.NewRaw("SELECT resource_id FROM nodes WHERE stack_id = ? AND traversal = ? AND (state = ? OR state = ? AND phase = ?)",
		w.StackID, w.Traversal, running, ready, Ending).Scan(ctx, &ids)
	return ids, err
}

// NextDue is when the next node of a walk is due, in milliseconds; ok is false when none
// will be by itself.
func (tx *Tx) NextDue(ctx context.Context, w Walk) (due int64, ok bool, err error) {
	err = tx.NewRaw("SELECT COALESCE(MIN(due_at), ?) FROM nodes WHERE stack_id = ? AND traversal = ? AND state = ?",
		Never, w.StackID, w.Traversal, ready).Scan(ctx, &due)
	return due, err == nil && due < Never, err
}

// DueWalks gives the walks that have something to do and nobody doing it: a node that is
// due or has lost its worker, or, in a walk that fails, nobody left but to end it.
func (s *Store) DueWalks(ctx context.Context, now time.Time, limit int) ([]Walk, error) {
	var out []Walk
	ms := now.UnixMilli()
	err := s.r.NewRaw(`SELECT n.stack_id, n.traversal FROM nodes AS n JOIN stacks AS s ON s.id = n.stack_id AND s.traversal = n.traversal AND s.status = ?
			WHERE n.state = ? AND n.due_at <= ? OR n.state = ? AND n.lease_until < ?
		UNION SELECT s.id, s.traversal FROM stacks AS s WHERE s.status = ? AND s.failing IS NOT NULL AND NOT EXISTS
			(SELECT 1 FROM nodes AS n WHERE n.stack_id = s.id AND n.traversal = s.traversal AND n.state = ? AND n.lease_until >= ?) LIMIT ?`,
		core.InProgress, ready, ms, running, ms, core.InProgress, running, ms, limit).Scan(ctx, &out)
	return out, err
}

// ReleaseLeases frees every node that is under a lease: for the one process of an
// embedded database, which knows at its start that no other holds any.
func (s *Store) ReleaseLeases(ctx context.Context) error {
	_, err := s.w.ExecContext(ctx, "UPDATE nodes SET lease_until = 0 WHERE state = ?", running)
	return err
}
