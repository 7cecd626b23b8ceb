package store

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/murano"
)

// FindBrokerSpace gives the space of a platform.
func FindBrokerSpace(ctx context.Context, db bun.IDB, id string) (*murano.BrokerSpace, error) {
	s := new(murano.BrokerSpace)
	return one(s, db.NewSelect().Model(s).Where("id = ?", id).Scan(ctx))
}

// SaveBrokerSpace stores a space, or the environment that it is from now on.
func SaveBrokerSpace(ctx context.Context, db bun.IDB, s *murano.BrokerSpace) error {
	_, err := db.NewInsert().Model(s).On("CONFLICT (id) DO UPDATE").Set("environment_id = EXCLUDED.environment_id").Exec(ctx)
	return err
}

// CreateBrokerInstance stores a service instance. Ask IsUnique of hearth/core/store of the
// error for one that there is.
func CreateBrokerInstance(ctx context.Context, db bun.IDB, i *murano.BrokerInstance) error {
	_, err := db.NewInsert().Model(i).Exec(ctx)
	return err
}

// FindBrokerInstance gives a service instance of a project.
func FindBrokerInstance(ctx context.Context, db bun.IDB, tenantID, id string) (*murano.BrokerInstance, error) {
	i := new(murano.BrokerInstance)
	return one(i, db.NewSelect().Model(i).Where("id = ? AND tenant_id = ?", id, tenantID).Scan(ctx))
}

// DeleteBrokerInstance forgets a service instance.
func DeleteBrokerInstance(ctx context.Context, db bun.IDB, id string) error {
	_, err := db.NewDelete().Model((*murano.BrokerInstance)(nil)).Where("id = ?", id).Exec(ctx)
	return err
}
