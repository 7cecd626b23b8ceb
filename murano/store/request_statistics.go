package store

import (
	"context"

	"github.com/uptrace/bun"

	corestore "hearth/core/store"
	"hearth/murano"
)

// ListRequestStatistics gives what each host has counted, the oldest row first.
func ListRequestStatistics(ctx context.Context, db bun.IDB) ([]murano.RequestStatistics, error) {
	var out []murano.RequestStatistics
	return out, db.NewSelect().Model(&out).Order("id").Scan(ctx)
}

// ChangeRequestStatistics lets change see what a host has counted so far, or an empty row,
// and stores what it makes of it. Hosts wait for each other.
func ChangeRequestStatistics(ctx context.Context, tx *corestore.Tx, host string, change func(*murano.RequestStatistics) error) error {
	if err := Lock(ctx, tx, "murano request statistics"); err != nil {
		return err
	}
	found := new(murano.RequestStatistics)
	s, err := one(found, tx.NewSelect().Model(found).Where("host = ?", host).Scan(ctx))
	if err != nil {
		return err
	}
	isNew := s == nil
	if isNew {
		s = &murano.RequestStatistics{Host: host}
		if err := tx.NewSelect().Model((*murano.RequestStatistics)(nil)).ColumnExpr("COALESCE(max(id), 0) + 1").Scan(ctx, &s.ID); err != nil {
			return err
		}
	}
	if err := change(s); err != nil {
		return err
	}
	if isNew {
		_, err = tx.NewInsert().Model(s).Exec(ctx)
	} else {
		_, err = tx.NewUpdate().Model(s).WherePK().Exec(ctx)
	}
	return err
}
