// Package store keeps Hearth's state in SQLite or PostgreSQL: one set of models, one set
// of migrations, one conformance suite that runs on both. One file a table.
//
// A use case opens one transaction with Write and calls the methods of Tx, which compose;
// reads that need no transaction use the methods of Store. Errors of the database come
// back wrapped; "no such row" is nil or a false ok, as each method says.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the database/sql driver "sqlite"
)

// Store is one open database.
type Store struct {
	w, r   *bun.DB
	pg     bool
	dsn    string
	sealer *Sealer

	signing []byte // see SigningKey
}

// Open opens a database: a path or sqlite:PATH for SQLite, postgres://… for PostgreSQL.
// Call Migrate before anything else, and Close in the end.
func Open(ctx context.Context, dsn string, sealer *Sealer) (*Store, error) {
	s := &Store{dsn: dsn, sealer: sealer}
	var err error
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		err = s.openPostgres()
	} else {
		err = s.openSQLite(strings.TrimPrefix(dsn, "sqlite:"))
	}
	if err != nil {
		return nil, err
	}
	if err := s.w.PingContext(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return s, nil
}

// Postgres reports which of the two databases this is.
func (s *Store) Postgres() bool { return s.pg }

// DSN is what Open was given.
func (s *Store) DSN() string { return s.dsn }

// Close closes all connections.
func (s *Store) Close() error {
	err := s.w.Close()
	if s.r != s.w {
		err = errors.Join(err, s.r.Close())
	}
	return err
}

// Observe has hook told of every statement, for tests. Call it before the store is used.
func (s *Store) Observe(hook bun.QueryHook) {
	same := s.r == s.w
	s.w = s.w.WithQueryHook(hook)
	if same {
		s.r = s.w
	} else {
		s.r = s.r.WithQueryHook(hook)
	}
}

// Reader gives the handle for reads outside a transaction, to the stores of other
// packages; on SQLite it refuses writes.
func (s *Store) Reader() DB { return reader{s.r, s.sealer} }

// openPostgres uses pgx without prepared statements: bun writes arguments into the
// statement, so a statement cache would only churn, and poolers get on with it.
func (s *Store) openPostgres() error {
	cfg, err := pgx.ParseConfig(s.dsn)
	if err != nil {
		return fmt.Errorf("database address: %w", err)
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeExec
	db := stdlib.OpenDB(*cfg)
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	s.w = bun.NewDB(db, pgdialect.New())
	s.r, s.pg = s.w, true
	return nil
}

// openSQLite opens two handles: SQLite has one writer, who must not wait behind readers.
func (s *Store) openSQLite(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	w, err := sql.Open("sqlite", SQLiteDSN(path, false))
	if err != nil {
		return err
	}
	w.SetMaxOpenConns(1)
	r, err := sql.Open("sqlite", SQLiteDSN(path, true))
	if err != nil {
		w.Close()
		return err
	}
	readers := max(4, runtime.NumCPU())
	r.SetMaxOpenConns(readers)
	r.SetMaxIdleConns(readers)
	s.w, s.r = bun.NewDB(w, sqlitedialect.New()), bun.NewDB(r, sqlitedialect.New())
	return nil
}

// SQLiteDSN is the driver's name for the file at path with the settings that all of
// Hearth's handles share. synchronous(NORMAL) may lose the last commits when the power
// fails, never when the process does; what is lost is converged again.
func SQLiteDSN(path string, readOnly bool) string {
	q := url.Values{}
	for _, p := range []string{
		"journal_mode(WAL)", "synchronous(NORMAL)", "busy_timeout(10000)", "foreign_keys(1)",
		"cache_size(-16384)", "temp_store(memory)", "mmap_size(134217728)",
	} {
		q.Add("_pragma", p)
	}
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Set("_txlock", "immediate")
	}
	return "file:" + path + "?" + q.Encode()
}

// Path is the file of a SQLite store.
func (s *Store) Path() string { return strings.TrimPrefix(s.dsn, "sqlite:") }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.r.PingContext(ctx) }
