// Package storetest gives tests a real, migrated store: SQLite in a temporary directory
// and PostgreSQL from a private cluster. A package that uses it has
//
//	func TestMain(m *testing.M) { storetest.Main(m) }
package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"hearth/core/store"
)

// One cluster serves all tests of a process; each test has a database of its own.
var (
	once     sync.Once
	cluster  *Cluster
	startErr error
	counter  atomic.Int64
)

const template = "hearth_template"

// Main runs the tests and stops the cluster, if one was started.
func Main(m *testing.M) {
	code := m.Run()
	if cluster != nil {
		if err := cluster.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}

// Each runs a test on both databases, as sub-tests "sqlite" and "postgres". Where no
// PostgreSQL is installed the second is skipped, unless HEARTH_TEST_ALL is set.
func Each(t *testing.T, test func(t *testing.T, st *store.Store)) {
	t.Run("sqlite", func(t *testing.T) { test(t, Open(t, SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, Open(t, Postgres(t))) })
}

// SQLite gives the address of a new database in a temporary directory.
func SQLite(t testing.TB) string { return filepath.Join(t.TempDir(), "hearth.db") }

// Postgres gives the address of a new, migrated database of the private cluster.
func Postgres(t testing.TB) string {
	t.Helper()
	once.Do(func() {
		if cluster, startErr = StartCluster(); startErr == nil {
			startErr = makeTemplate(cluster)
		}
	})
	if errors.Is(startErr, ErrNoPostgres) && os.Getenv("HEARTH_TEST_ALL") == "" {
		t.Skip(startErr)
	}
	if startErr != nil {
		t.Fatal(startErr)
	}
	dsn, err := cluster.CreateDatabase(t.Context(), fmt.Sprintf("test_%d", counter.Add(1)), template)
	if err != nil {
		t.Fatal(err)
	}
	return dsn
}

// PostgresCluster gives the cluster that Postgres uses, for tests that restart it.
func PostgresCluster() *Cluster { return cluster }

// Open opens and migrates the store at dsn; it is closed when the test ends.
func Open(t testing.TB, dsn string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), dsn, Sealer())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := st.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return st
}

// Sealer is the sealer of all tests.
func Sealer() *store.Sealer {
	key := sha256.Sum256([]byte("a key for tests"))
	s, err := store.NewSealer(key[:])
	if err != nil {
		panic(err)
	}
	return s
}

// makeTemplate migrates one database; the tests' are copies of it, which no key has been
// used on.
func makeTemplate(c *Cluster) error {
	ctx := context.Background()
	dsn, err := c.CreateDatabase(ctx, template, "")
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, dsn, Sealer())
	if err != nil {
		return err
	}
	err = st.Migrate(ctx)
	if err == nil {
		err = st.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, "DELETE FROM settings")
			return err
		})
	}
	return errors.Join(err, st.Close())
}
