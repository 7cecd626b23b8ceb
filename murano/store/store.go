// Package store keeps environments, sessions, tasks, reports, packages and categories in
// the database of hearth/core/store: one file a table.
//
// Every function takes the handle to work on: a *store.Tx of hearth/core/store inside a
// transaction, its Reader for reads outside one. A row that is not there is a nil result
// or a false ok, never an error. Times are set by the caller, in whole microseconds (Now).
package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	corestore "hearth/core/store"
)

// Now is the time as both databases keep it.
func Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Lock makes this transaction the only one that holds the named lock until it ends.
// SQLite has one writer anyway.
func Lock(ctx context.Context, tx *corestore.Tx, name string) error {
	if tx.PgxConn() == nil {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", name)
	return err
}

// one turns the absence of a row into a nil result.
func one[T any](row *T, err error) (*T, error) {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return row, nil
}

// changed reports whether a statement changed a row.
func changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// insertNames stores the names that belong to a package in one of its tables.
func insertNames(ctx context.Context, db bun.IDB, table, column, packageID string, names []string) error {
	for _, n := range names {
		_, err := db.NewRaw("INSERT INTO ? (package_id, ?) VALUES (?, ?) ON CONFLICT DO NOTHING", bun.Ident(table), bun.Ident(column), packageID, n).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
