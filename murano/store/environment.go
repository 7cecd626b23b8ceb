package store

import (
	"context"

	"github.com/uptrace/bun"

	corestore "hearth/core/store"
	"hearth/murano"
)

// CreateEnvironment stores a new environment. Ask IsUnique of hearth/core/store of the
// error for a name that its project has already.
func CreateEnvironment(ctx context.Context, db corestore.DB, e *murano.Environment) error {
	_, err := db.NewInsert().Model(environmentContent.Sealed(db, e)).Exec(ctx)
	return err
}

// FindEnvironment gives an environment by id.
func FindEnvironment(ctx context.Context, db corestore.DB, id string) (*murano.Environment, error) {
	e := new(murano.Environment)
	return environmentContent.One(db, e, db.NewSelect().Model(e).Where("id = ?", id).Scan(ctx))
}

// ListEnvironments gives the environments of a project, or all when it is empty, without
// their models, the oldest first.
func ListEnvironments(ctx context.Context, db bun.IDB, tenantID string) ([]murano.Environment, error) {
	var out []murano.Environment
	q := db.NewSelect().Model(&out).ExcludeColumn("model").Order("created_at", "id")
	if tenantID != "" {
		q.Where("tenant_id = ?", tenantID)
	}
	return out, q.Scan(ctx)
}

// UpdateEnvironment writes every column of an environment. Ask IsUnique of
// hearth/core/store of the error for a name that its project has already.
func UpdateEnvironment(ctx context.Context, db corestore.DB, e *murano.Environment) error {
	_, err := db.NewUpdate().Model(environmentContent.Sealed(db, e)).WherePK().Exec(ctx)
	return err
}

// DeleteEnvironment removes an environment with its sessions, tasks and reports.
func DeleteEnvironment(ctx context.Context, db bun.IDB, id string) (ok bool, err error) {
	return changed(db.NewDelete().Model((*murano.Environment)(nil)).Where("id = ?", id).Exec(ctx))
}
