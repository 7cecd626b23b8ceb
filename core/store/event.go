package store

import (
	"context"
	"fmt"
	"slices"

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
		part := eventContent.SealedAll(tx, events[:n])
		events = events[n:]
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return fmt.Errorf("store events: %w", err)
		}
	}
	return nil
}

// EventFilter selects events. Columns and Order are names of ours, not of a request.
type EventFilter struct {
	Stacks     []string
	Columns    map[string][]string
	Order      []string // columns, then by id; empty: newest first
	Desc       bool     // the direction of Order
	Marker     string
	Limit      int
	Properties bool // with them, which are large and sealed
}

// eventSummary are the columns of events without their contents.
var eventSummary = []string{
	"id", "stack_id", "resource_name", "resource_type", "physical_id", "action", "status", "status_reason", "created_at",
}

// ListEvents gives the events that f selects. An unknown marker gives ErrMarker.
func (s *Store) ListEvents(ctx context.Context, f EventFilter) ([]core.Event, error) {
	if len(f.Stacks) == 0 {
		return nil, nil
	}
	q := s.r.NewSelect().Where("stack_id IN (?)", bun.List(f.Stacks))
	for column, values := range f.Columns {
		q = q.Where("? IN (?)", bun.Ident(column), bun.List(values))
	}
	q, err := s.paged(ctx, q, "events", page{columns: f.Order, desc: f.Desc || len(f.Order) == 0, marker: f.Marker, limit: f.Limit})
	if err != nil {
		return nil, err
	}
	columns := eventSummary
	if f.Properties {
		columns = append(slices.Clone(columns), "properties")
	}
	out := make([]core.Event, 0, min(f.Limit, usual))
	err = q.Model(&out).Column(columns...).Scan(ctx)
	return eventContent.All(s.Reader(), out, err)
}

// FindEvent gives an event by id; nil when there is none.
func (s *Store) FindEvent(ctx context.Context, id string) (*core.Event, error) {
	e, db := new(core.Event), s.Reader()
	return eventContent.One(db, e, db.NewSelect().Model(e).Where("id = ?", id).Scan(ctx))
}

// TrimEvents keeps the newest events of a stack.
func (tx *Tx) TrimEvents(ctx context.Context, stackID string, keep int) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM events WHERE stack_id = ?0 AND id < (
		SELECT id FROM events WHERE stack_id = ?0 ORDER BY id DESC LIMIT 1 OFFSET ?1)`, stackID, keep-1)
	return err
}
