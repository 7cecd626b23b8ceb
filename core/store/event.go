package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hearth/core"
)

// AddEvents stores events in their order; it gives ids to those without.
func (tx *Tx) AddEvents(ctx context.Context, events []core.Event) error {
	for i := range events {
		if events[i].ID == "" {
			events[i].ID = uuid.Must(uuid.NewV7()).String()
		}
	}
	for len(events) > 0 {
		n := min(batch, len(events))
		part := events[:n]
		events = events[n:]
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return fmt.Errorf("store events: %w", err)
		}
	}
	return nil
}

// EventFilter selects events. Columns are names of ours, not of a request.
type EventFilter struct {
	Stacks  []string
	Columns map[string][]string
	Order   []StackOrder // then by id; empty: newest first
	Marker  string
	Limit   int
}

// ListEvents gives the events that f selects. An unknown marker gives ErrMarker.
func (s *Store) ListEvents(ctx context.Context, f EventFilter) ([]core.Event, error) {
	if len(f.Stacks) == 0 {
		return nil, nil
	}
	var out []core.Event
	q := s.r.NewSelect().Model(&out).Where("stack_id IN (?)", bun.List(f.Stacks))
	for column, values := range f.Columns {
		q = q.Where("? IN (?)", bun.Ident(column), bun.List(values))
	}
	desc := len(f.Order) == 0
	for _, o := range f.Order {
		q = q.OrderExpr("? "+direction(o.Desc), bun.Ident(o.Column))
		desc = o.Desc
	}
	if f.Marker != "" {
		e, err := s.FindEvent(ctx, f.Marker)
		if err != nil {
			return nil, err
		}
		if e == nil {
			return nil, ErrMarker
		}
		if desc {
			q = q.Where("id < ?", e.ID)
		} else {
			q = q.Where("id > ?", e.ID)
		}
	}
	q = q.OrderExpr("id " + direction(desc))
	if f.Limit > 0 {
		q = q.Limit(int64(f.Limit))
	}
	err := q.Scan(ctx)
	return out, err
}

// FindEvent gives an event by id; nil when there is none.
func (s *Store) FindEvent(ctx context.Context, id string) (*core.Event, error) {
	e := new(core.Event)
	return one(e, s.r.NewSelect().Model(e).Where("id = ?", id).Scan(ctx))
}

// TrimEvents keeps the newest events of a stack.
func (tx *Tx) TrimEvents(ctx context.Context, stackID string, keep int) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM events WHERE stack_id = ?0 AND id < (
		SELECT id FROM events WHERE stack_id = ?0 ORDER BY id DESC LIMIT 1 OFFSET ?1)`, stackID, keep-1)
	return err
}
