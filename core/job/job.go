// Package job runs River, the durable job queue, on both databases: a job is enqueued in
// the transaction of the use case that wants it, so that state and job commit together.
//
// Jobs are few and coarse (one for a walk over a stack, one for a deployment). They may
// run twice and at once; what they work on is fenced by rows of its own.
package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"hearth/core/store"
)

// Config says what a Client does.
type Config struct {
	// Workers are the kinds of jobs that this process works; nil for a process that
	// only enqueues.
	Workers *river.Workers
	// MaxWorkers is how many jobs run at once.
	MaxWorkers int
	Log        *slog.Logger
}

// Client enqueues and works jobs. Start it to work them; Stop lets running jobs end.
type Client struct {
	pg     *river.Client[pgx.Tx]
	lite   *river.Client[*sql.Tx]
	works  bool
	closer func() error
}

// timeout is after how long a job that does not end is taken for lost and run again.
const timeout = time.Minute

// New prepares River's tables in the store's database and makes a Client.
func New(ctx context.Context, st *store.Store, cfg Config) (*Client, error) {
	c := &Client{works: cfg.Workers != nil}
	rc := &river.Config{
		Logger:               cfg.Log,
		FetchCooldown:        time.Millisecond, // here, not at the queue: else notifications wait 100 ms
		FetchPollInterval:    time.Second,
		JobTimeout:           timeout,
		RescueStuckJobsAfter: timeout + time.Second,
		MaxAttempts:          100,
		SkipUnknownJobCheck:  true, // a process may enqueue what only others work
	}
	if c.works {
		rc.Workers = cfg.Workers
		rc.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: max(cfg.MaxWorkers, 1)}}
	}
	var err error
	if st.Postgres() {
		err = c.openPostgres(ctx, st.DSN(), rc)
	} else {
		err = c.openSQLite(ctx, st.Path(), rc)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the job queue: %w", err), c.close())
	}
	return c, nil
}

func (c *Client) openPostgres(ctx context.Context, dsn string, rc *river.Config) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	c.closer = func() error { pool.Close(); return nil }
	driver := riverpgxv5.New(pool)
	if err := migrateLocked(ctx, pool, driver); err != nil {
		return err
	}
	c.pg, err = river.NewClient(driver, rc)
	return err
}

// migrateLocked lets one of several starting processes migrate at a time.
func migrateLocked(ctx context.Context, pool *pgxpool.Pool, driver riverdriver.Driver[pgx.Tx]) error {
	const key = int64(0x4865617274680002)
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", key); err != nil {
		return err
	}
	err = migrate(ctx, driver)
	_, uerr := conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", key)
	return errors.Join(err, uerr)
}

// openSQLite gives River a handle of its own: it keeps transactions open while ours run.
// The process is the only one at this file, so what runs by the table ran in a process
// that is gone.
func (c *Client) openSQLite(ctx context.Context, path string, rc *river.Config) error {
	db, err := sql.Open("sqlite", store.SQLiteDSN(path, false))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	c.closer = db.Close
	driver := riversqlite.New(db)
	if err := migrate(ctx, driver); err != nil {
		return err
	}
	if c.works {
		if _, err := db.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'"); err != nil {
			return err
		}
	}
	c.lite, err = river.NewClient(driver, rc)
	return err
}

func migrate[T any](ctx context.Context, driver riverdriver.Driver[T]) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// Start begins to work jobs; a Client without workers has nothing to start.
func (c *Client) Start(ctx context.Context) error {
	switch {
	case !c.works:
		return nil
	case c.pg != nil:
		return c.pg.Start(ctx)
	}
	return c.lite.Start(ctx)
}

// Stop takes no new jobs, lets the running ones end until ctx does, then cancels them,
// and closes the connections.
func (c *Client) Stop(ctx context.Context) error {
	var err error
	if c.works {
		if c.pg != nil {
			err = stop(ctx, c.pg)
		} else if c.lite != nil {
			err = stop(ctx, c.lite)
		}
	}
	return errors.Join(err, c.close())
}

func stop[T any](ctx context.Context, rc *river.Client[T]) error {
	err := rc.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		return rc.StopAndCancel(hard)
	}
	return err
}

func (c *Client) close() error {
	if c.closer == nil {
		return nil
	}
	err := c.closer()
	c.closer = nil
	return err
}

// InsertTx enqueues a job that exists when tx commits, and never otherwise.
func (c *Client) InsertTx(ctx context.Context, tx *store.Tx, args river.JobArgs, opts *river.InsertOpts) error {
	var err error
	if c.pg != nil {
		_, err = c.pg.InsertTx(ctx, pgxTx{tx.PgxConn()}, args, opts)
	} else {
		_, err = c.lite.InsertTx(ctx, tx.Tx.Tx, args, opts)
	}
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), err)
	}
	return nil
}
