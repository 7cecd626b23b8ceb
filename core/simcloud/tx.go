package simcloud

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// A tx is one request's view of the store. A writing tx changes memory at once
// and keeps what it replaced, so that an error undoes all of it.
type tx struct {
	s       *store
	journal []change // nil in a reading tx
	writes  bool
}

type change struct {
	c   *collection
	id  string
	old *record
}

var errReadOnly = errors.New("simulated cloud: write in a reading transaction")

// read runs do while no writer runs.
func (s *store) read(do func(*tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return do(&tx{s: s})
}

// write runs do alone and makes its changes durable before anyone sees them.
// An error from do, or from the disk, leaves no trace.
func (s *store) write(ctx context.Context, do func(*tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &tx{s: s, writes: true}
	err := do(t)
	if err == nil {
		// A client that hangs up must not turn an effect into a half effect.
		err = t.commit(context.WithoutCancel(ctx))
	}
	if err != nil {
		for i := len(t.journal) - 1; i >= 0; i-- {
			t.journal[i].c.set(t.journal[i].id, t.journal[i].old)
		}
	}
	return err
}

func (t *tx) commit(ctx context.Context) error {
	if t.s.db == nil || len(t.journal) == 0 {
		return nil
	}
	db, err := t.s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("simulated cloud: begin: %w", err)
	}
	defer db.Rollback()
	done := map[change]bool{}
	for _, ch := range t.journal {
		ch.old = nil
		if done[ch] {
			continue
		}
		done[ch] = true
		if err := t.s.persist(ctx, db, ch.c, ch.id); err != nil {
			return fmt.Errorf("simulated cloud: save %s %s: %w", ch.c.kind.name, ch.id, err)
		}
	}
	if err := db.Commit(); err != nil {
		return fmt.Errorf("simulated cloud: commit: %w", err)
	}
	return nil
}

// persist writes a record as it now is, or removes it.
func (s *store) persist(ctx context.Context, db *sql.Tx, c *collection, id string) error {
	r := c.records[id]
	if r == nil {
		_, err := db.StmtContext(ctx, s.remove).ExecContext(ctx, c.kind.name, id)
		return err
	}
	body, err := json.Marshal(r.object)
	if err != nil {
		return err
	}
	_, err = db.StmtContext(ctx, s.save).ExecContext(ctx, c.kind.service, c.kind.name, r.id, r.project, r.seq, string(body))
	return err
}

// get returns nil when there is no such record.
func (t *tx) get(kind, id string) *record { return t.s.kinds[kind].records[id] }

// all returns the records of a kind in creation order.
func (t *tx) all(kind string) []*record { return inOrder(t.s.kinds[kind].records) }

// having returns the records an index holds under a key, in creation order.
func (t *tx) having(kind, indexed, key string) []*record {
	return inOrder(t.s.kinds[kind].indexes[indexed].at[key])
}

func (t *tx) count(kind, indexed, key string) int {
	return len(t.s.kinds[kind].indexes[indexed].at[key])
}

// first returns the oldest record under a key of an index, or nil.
func (t *tx) first(kind, indexed, key string) *record {
	var oldest *record
	for _, r := range t.s.kinds[kind].indexes[indexed].at[key] {
		if oldest == nil || r.seq < oldest.seq {
			oldest = r
		}
	}
	return oldest
}

// put inserts or replaces a record.
func (t *tx) put(kind string, r *record) *record {
	if !t.writes {
		panic(errReadOnly)
	}
	c := t.s.kinds[kind]
	old := c.records[r.id]
	if r.seq == 0 {
		if old != nil {
			r.seq = old.seq
		} else {
			t.s.lastSeq++
			r.seq = t.s.lastSeq
		}
	}
	t.journal = append(t.journal, change{c, r.id, old})
	c.set(r.id, r)
	return r
}

// add stores a new record under its "id" attribute.
func (t *tx) add(kind, project string, o object) *record {
	return t.put(kind, &record{id: o.str("id"), project: project, object: o})
}

// update stores a changed copy of a record.
func (t *tx) update(kind string, r *record, changes object) *record {
	c := r.clone()
	for k, v := range changes {
		c.object[k] = v
	}
	return t.put(kind, c)
}

func (t *tx) drop(kind, id string) {
	if !t.writes {
		panic(errReadOnly)
	}
	c := t.s.kinds[kind]
	if old := c.records[id]; old != nil {
		t.journal = append(t.journal, change{c, id, old})
		c.set(id, nil)
	}
}
