package store

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"hearth/core"
)

// SaveService stores a service, or renews its time when it is there.
func (tx *Tx) SaveService(ctx context.Context, s *core.Service) error {
	if _, err := tx.NewInsert().Model(s).On("CONFLICT (id) DO UPDATE").Set("updated_at = EXCLUDED.updated_at").Exec(ctx); err != nil {
		return fmt.Errorf("store service: %w", err)
	}
	return nil
}

// DeleteService forgets a service.
func (tx *Tx) DeleteService(ctx context.Context, id string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM services WHERE id = ?", id)
	return err
}

// Services gives all services, oldest first.
func (s *Store) Services(ctx context.Context) ([]core.Service, error) { return services(ctx, s.r, "") }

// HostServices gives the services of a host, oldest first.
func (tx *Tx) HostServices(ctx context.Context, host string) ([]core.Service, error) {
	return services(ctx, tx.Tx, host)
}

func services(ctx context.Context, db bun.IDB, host string) ([]core.Service, error) {
	var out []core.Service
	q := db.NewSelect().Model(&out).Order("created_at", "id")
	if host != "" {
		q = q.Where("host = ?", host)
	}
	err := q.Scan(ctx)
	return out, err
}
