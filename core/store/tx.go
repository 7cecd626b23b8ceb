package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Tx is one open transaction. Its methods compose; none commits.
type Tx struct {
	bun.Tx
	store  *Store
	conn   *pgx.Conn // on PostgreSQL: the connection under the transaction
	locked []string  // stacks, see lockStack
	after  []func()
}

// PgxConn is the connection under the transaction, nil on SQLite: what lets a job be
// enqueued in the same transaction.
func (tx *Tx) PgxConn() *pgx.Conn { return tx.conn }

// AfterCommit has fn called once the transaction is committed, and never otherwise.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Write runs fn in a transaction and commits when it returns nil. On PostgreSQL a
// deadlock or a serialization failure runs fn again, so fn must keep its effects to tx.
func (s *Store) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	for attempt := 0; ; attempt++ {
		err := s.write(ctx, fn)
		if attempt < 5 && retryable(err) {
			continue
		}
		return err
	}
}

func (s *Store) write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	tx := &Tx{store: s}
	err := s.inTx(ctx, func(btx bun.Tx, conn *pgx.Conn) error {
		tx.Tx, tx.conn = btx, conn
		return fn(ctx, tx)
	})
	if err != nil {
		return err
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}

func (s *Store) inTx(ctx context.Context, fn func(bun.Tx, *pgx.Conn) error) (err error) {
	conn, err := s.w.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	btx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if err != nil {
			// The error that matters is the one at hand.
			_ = btx.Rollback()
		}
	}()
	var pc *pgx.Conn
	if s.pg {
		if err := conn.Raw(func(dc any) error { pc = dc.(*stdlib.Conn).Conn(); return nil }); err != nil {
			return err
		}
	}
	if err := fn(btx, pc); err != nil {
		return err
	}
	if err := btx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// lockStack makes this transaction the only one that changes the walk of a stack until
// it ends. SQLite has one writer anyway.
func (tx *Tx) lockStack(ctx context.Context, id string) error {
	if tx.conn == nil || slices.Contains(tx.locked, id) {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", id); err != nil {
		return err
	}
	tx.locked = append(tx.locked, id)
	return nil
}

func retryable(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "40P01" || e.Code == "40001"
	}
	return false
}

// IsUnique reports whether err is a broken unique index.
func IsUnique(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
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
