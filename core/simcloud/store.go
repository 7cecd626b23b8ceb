package simcloud

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync"

	_ "modernc.org/sqlite" // database/sql opens the file with it
)

// A store keeps every record in memory and, when it has a file, writes each
// transaction through to SQLite before the transaction is visible to anyone.
// Readers share; a writer is alone.
type store struct {
	mu      sync.RWMutex
	kinds   map[string]*collection
	lastSeq int64
	db      *sql.DB // nil: memory only
	save    *sql.Stmt
	remove  *sql.Stmt
}

// A collection holds the records of one kind and its indexes. An index is
// named after the query parameter it serves, so that list filters find it.
type collection struct {
	kind    kind
	records map[string]*record
	indexes map[string]index
}

type index struct {
	keys func(*record) []string
	at   map[string]map[string]*record
}

const schema = `CREATE TABLE IF NOT EXISTS object (
	service TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, project TEXT NOT NULL,
	seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID`

const saveObject = `INSERT INTO object (service, kind, id, project, seq, body) VALUES (?, ?, ?, ?, ?, ?)
	ON CONFLICT (kind, id) DO UPDATE SET project = excluded.project, body = excluded.body`

const removeObject = "DELETE FROM object WHERE kind = ? AND id = ?"

// openStore reads the whole file into memory. The file is locked exclusively:
// a second simulator on it fails instead of diverging.
func openStore(ctx context.Context, path string) (*store, error) {
	s := &store{kinds: map[string]*collection{}}
	for _, k := range kinds {
		c := &collection{kind: k, records: map[string]*record{}, indexes: map[string]index{}}
		c.indexes["project"] = index{func(r *record) []string { return []string{r.project} }, map[string]map[string]*record{}}
		for name, keys := range k.indexes {
			c.indexes[name] = index{keys, map[string]map[string]*record{}}
		}
		s.kinds[k.name] = c
	}
	if path == "" {
		return s, nil
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=locking_mode(EXCLUSIVE)" +
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("simulated cloud: %w", err)
	}
	db.SetMaxOpenConns(1)
	s.db = db
	if _, err := db.ExecContext(ctx, schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("simulated cloud: open %s: %w", path, err)
	}
	if err := s.load(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("simulated cloud: read %s: %w", path, err)
	}
	for text, into := range map[string]**sql.Stmt{saveObject: &s.save, removeObject: &s.remove} {
		if *into, err = db.PrepareContext(ctx, text); err != nil {
			db.Close()
			return nil, fmt.Errorf("simulated cloud: prepare: %w", err)
		}
	}
	return s, nil
}

func (s *store) load(ctx context.Context) error {
	rows, err := s.db.QueryContext(ctx, "SELECT kind, id, project, seq, body FROM object")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var kind, body string
		r := &record{}
		if err := rows.Scan(&kind, &r.id, &r.project, &r.seq, &body); err != nil {
			return err
		}
		c, ok := s.kinds[kind]
		if !ok {
			return fmt.Errorf("unknown kind %q", kind)
		}
		if err := json.Unmarshal([]byte(body), &r.object); err != nil {
			return fmt.Errorf("%s %s: %w", kind, r.id, err)
		}
		c.set(r.id, r)
		s.lastSeq = max(s.lastSeq, r.seq)
	}
	return rows.Err()
}

func (s *store) close() error {
	if s.db == nil {
		return nil
	}
	return s.db.Close()
}

// set replaces the record of id, or removes it when r is nil.
func (c *collection) set(id string, r *record) {
	if old := c.records[id]; old != nil {
		for _, ix := range c.indexes {
			for _, k := range ix.keys(old) {
				delete(ix.at[k], id)
				if len(ix.at[k]) == 0 {
					delete(ix.at, k)
				}
			}
		}
		delete(c.records, id)
	}
	if r == nil {
		return
	}
	c.records[id] = r
	for _, ix := range c.indexes {
		for _, k := range ix.keys(r) {
			if ix.at[k] == nil {
				ix.at[k] = map[string]*record{}
			}
			ix.at[k][id] = r
		}
	}
}

func inOrder(m map[string]*record) []*record {
	return slices.SortedFunc(maps.Values(m), func(a, b *record) int { return cmp.Compare(a.seq, b.seq) })
}
