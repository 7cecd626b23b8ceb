package store

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"

	"hearth/migrations"
)

// migrationLock is the key of the advisory lock that lets one process at a time migrate.
const migrationLock = 0x4865617274680001

// Migrate brings the database up to date; it changes nothing when it is. Processes that
// start at once wait for each other. It returns ErrWrongKey when the keys at hand do not
// open what the database holds.
func (s *Store) Migrate(ctx context.Context) error {
	if !s.pg {
		return s.migrate(ctx, s.w)
	}
	conn, err := s.w.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(?)", int64(migrationLock)); err != nil {
		return err
	}
	err = s.migrate(ctx, s.w)
	if _, uerr := conn.ExecContext(ctx, "SELECT pg_advisory_unlock(?)", int64(migrationLock)); err == nil {
		err = uerr
	}
	return err
}

func (s *Store) migrate(ctx context.Context, db *bun.DB) error {
	set := migrate.NewMigrations()
	if err := set.Discover(migrations.FS); err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	types := map[string]string{"TIME": "TIMESTAMP", "BYTES": "BLOB"}
	if s.pg {
		types = map[string]string{"TIME": "TIMESTAMPTZ", "BYTES": "BYTEA"}
	}
	m := migrate.NewMigrator(db, set, migrate.WithTemplateData(types), migrate.WithMarkAppliedOnSuccess(true))
	if err := m.Init(ctx); err != nil {
		return fmt.Errorf("prepare the migrations: %w", err)
	}
	if _, err := m.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return s.unlock(ctx)
}
