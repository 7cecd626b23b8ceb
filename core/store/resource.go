package store

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"hearth/core"
)

// batch is how many rows one statement carries.
const batch = 500

// resourceUpdates are the columns that a worker writes. Metadata and data keep what a
// signal wrote meanwhile unless the worker has something new for them.
var resourceUpdates = []string{
	"type", "class", "idx", "physical_id", "action", "status", "status_reason", "digest", "definition", "properties", "attributes",
	"requires", "replaces", "replaced_by", "deletion_policy", "external", "updated_at",
}

// SaveResources stores rows, new or changed. A row without Metadata or Data keeps those
// that are stored.
func (tx *Tx) SaveResources(ctx context.Context, rows []*core.Resource) error {
	for len(rows) > 0 {
		n := min(batch, len(rows))
		part := make([]*core.Resource, n)
		for i, r := range rows[:n] {
			part[i] = resourceContent.Sealed(tx, r)
		}
		rows = rows[n:]
		q := tx.NewInsert().Model(&part).On("CONFLICT (id) DO UPDATE")
		for _, c := range resourceUpdates {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		q = q.Set("metadata = COALESCE(EXCLUDED.metadata, resource.metadata)").Set("data = COALESCE(EXCLUDED.data, resource.data)")
		if _, err := q.Exec(ctx); err != nil {
			return fmt.Errorf("store resources: %w", err)
		}
	}
	return nil
}

// Resources gives the rows of a stack, replaced ones too, in template order.
func (tx *Tx) Resources(ctx context.Context, stackID string) ([]core.Resource, error) {
	return resources(ctx, tx, "stack_id = ?", stackID)
}

// Resources gives the rows of a stack, replaced ones too, in template order.
func (s *Store) Resources(ctx context.Context, stackID string) ([]core.Resource, error) {
	return resources(ctx, s.Reader(), "stack_id = ?", stackID)
}

// ResourcesOf gives the rows of several stacks.
func (s *Store) ResourcesOf(ctx context.Context, stackIDs []string) ([]*core.Resource, error) {
	rows, err := resources(ctx, s.Reader(), "stack_id IN (?)", bun.List(stackIDs))
	out := make([]*core.Resource, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out, err
}

// ResourcesByID gives the rows of those ids that are there.
func (tx *Tx) ResourcesByID(ctx context.Context, ids []string) ([]core.Resource, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return resources(ctx, tx, "id IN (?)", bun.List(ids))
}

// CurrentResources gives the rows of those names that no other row replaces.
func (tx *Tx) CurrentResources(ctx context.Context, stackID string, names []string) ([]core.Resource, error) {
	if len(names) == 0 {
		return nil, nil
	}
	return resources(ctx, tx, "stack_id = ? AND replaced_by IS NULL AND name IN (?)", stackID, bun.List(names))
}

func resources(ctx context.Context, db DB, where string, args ...any) ([]core.Resource, error) {
	var out []core.Resource
	if err := db.NewSelect().Model(&out).Where(where, args...).Order("idx", "created_at", "id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read resources: %w", err)
	}
	return resourceContent.All(db, out, nil)
}

// FindResource gives the current row of that name; nil when there is none.
func (s *Store) FindResource(ctx context.Context, stackID, name string) (*core.Resource, error) {
	r, db := new(core.Resource), s.Reader()
	return resourceContent.One(db, r, db.NewSelect().Model(r).Where("stack_id = ? AND name = ? AND replaced_by IS NULL", stackID, name).Limit(1).Scan(ctx))
}

// FindResource gives the current row of that name; nil when there is none.
func (tx *Tx) FindResource(ctx context.Context, stackID, name string) (*core.Resource, error) {
	r := new(core.Resource)
	return resourceContent.One(tx, r, tx.NewSelect().Model(r).Where("stack_id = ? AND name = ? AND replaced_by IS NULL", stackID, name).Limit(1).Scan(ctx))
}

// FindResourceByID gives a row by its id; nil when there is none.
func (s *Store) FindResourceByID(ctx context.Context, id string) (*core.Resource, error) {
	r, db := new(core.Resource), s.Reader()
	return resourceContent.One(db, r, db.NewSelect().Model(r).Where("id = ?", id).Scan(ctx))
}

// FindResourceByPhysicalID gives the current row with that physical id; nil when there is none.
func (s *Store) FindResourceByPhysicalID(ctx context.Context, stackID, physicalID string) (*core.Resource, error) {
	r, db := new(core.Resource), s.Reader()
	return resourceContent.One(db, r, db.NewSelect().Model(r).Where("stack_id = ? AND physical_id = ? AND replaced_by IS NULL", stackID, physicalID).Limit(1).Scan(ctx))
}

// StacksOfPhysicalID gives the ids of the stacks of a project that have a current resource
// with that physical id.
func (s *Store) StacksOfPhysicalID(ctx context.Context, projectID, physicalID string) (ids []string, err error) {
	err = s.r.NewSelect().TableExpr("resources AS r").ColumnExpr("DISTINCT r.stack_id").Join("JOIN stacks AS s ON s.id = r.stack_id").
		Where("s.project_id = ? AND s.deleted_at IS NULL AND r.physical_id = ? AND r.replaced_by IS NULL", projectID, physicalID).Scan(ctx, &ids)
	return ids, err
}

// ForgetDeleted removes the rows of a stack whose objects are gone.
func (tx *Tx) ForgetDeleted(ctx context.Context, stackID string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM resources WHERE stack_id = ? AND action = ? AND status = ?", stackID, core.Delete, core.Complete)
	return err
}

// Checkpoint notes what a resource's running action has made so far.
func (tx *Tx) Checkpoint(ctx context.Context, id, physicalID string, data []byte) error {
	_, err := tx.ExecContext(ctx, "UPDATE resources SET physical_id = ?, data = COALESCE(?, data) WHERE id = ?", bun.NullZero(physicalID), data, id)
	return err
}

// lateUpdates are the columns that a worker of a superseded walk may still write: what it
// has made, not the place in the stack that the newer walk has given the row.
var lateUpdates = []string{"physical_id", "action", "status", "status_reason", "digest", "definition", "properties", "attributes", "updated_at"}

// SaveLate stores what a worker of a superseded walk has made, in rows that are there.
func (tx *Tx) SaveLate(ctx context.Context, rows []*core.Resource) error {
	for _, r := range rows {
		q := tx.NewUpdate().Model(resourceContent.Sealed(tx, r)).Column(lateUpdates...).WherePK()
		if r.Data != nil {
			q = q.Column("data")
		}
		if r.Metadata != nil {
			q = q.Column("metadata")
		}
		if _, err := q.Exec(ctx); err != nil {
			return fmt.Errorf("store resource: %w", err)
		}
	}
	return nil
}

// SaveSignal stores what a signal has changed of a row.
func (tx *Tx) SaveSignal(ctx context.Context, r *core.Resource) error {
	_, err := tx.NewUpdate().Model(resourceContent.Sealed(tx, r)).Column("metadata", "data").WherePK().Exec(ctx)
	return err
}
