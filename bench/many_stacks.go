package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/store"
)

const (
	many     = 100_000
	pageSize = 100
)

// manyStacks reads the list of a project's 100,000 stacks from its first page to its last,
// in every order, as clients do: each page begins after the last stack of the one before.
func (b *bench) manyStacks(db string) error {
	return b.with(db, func(s *site) error {
		if err := s.fill(); err != nil {
			return err
		}
		for _, order := range []struct{ name, query string }{
			{"newest first", ""}, {"by name", "&sort_keys=stack_name&sort_dir=asc"}, {"by status", "&sort_keys=stack_status&sort_dir=desc"},
			{"by creation", "&sort_keys=creation_time&sort_dir=asc"}, {"by update", "&sort_keys=updated_time&sort_dir=desc"},
		} {
			times, err := s.walk(order.query)
			if err != nil {
				return fmt.Errorf("%s: %w", order.name, err)
			}
			name := fmt.Sprintf("page of %d among %d stacks, %s", pageSize, many, order.name)
			b.report(name+": p50", db, []float64{percentile(times, 50)}, "ms", 0)
			b.report(name+": p95", db, []float64{percentile(times, 95)}, "ms", 20)
		}
		var times []float64
		for range 20 {
			began := time.Now()
			if _, err := s.send(http.MethodGet, fmt.Sprintf("%s/stacks?limit=%d&with_count=true", s.heat, pageSize), nil, http.StatusOK); err != nil {
				return err
			}
			times = append(times, time.Since(began).Seconds()*1e3)
		}
		b.report(fmt.Sprintf("page of %d among %d stacks, with their number", pageSize, many), db, times, "ms", 0)
		return nil
	})
}

// walk reads all pages and gives how many milliseconds each took, in order of length.
func (s *site) walk(query string) ([]float64, error) {
	var times []float64
	seen, marker := map[string]bool{}, ""
	for {
		began := time.Now()
		body, err := s.send(http.MethodGet, fmt.Sprintf("%s/stacks?limit=%d%s%s", s.heat, pageSize, query, marker), nil, http.StatusOK)
		if err != nil {
			return nil, err
		}
		took := time.Since(began).Seconds() * 1e3
		var page struct{ Stacks []struct{ ID string } }
		if err := json.Unmarshal(body, &page); err != nil {
			return nil, err
		}
		if len(page.Stacks) == 0 {
			break
		}
		times = append(times, took)
		for _, stack := range page.Stacks {
			seen[stack.ID] = true
		}
		marker = "&marker=" + page.Stacks[len(page.Stacks)-1].ID
	}
	if len(seen) != many {
		return nil, fmt.Errorf("the pages have %d stacks, not %d", len(seen), many)
	}
	slices.Sort(times)
	return times, nil
}

// fill puts the stacks into the database: the user's, each twentieth with one nested in it,
// and half as many of other projects.
func (s *site) fill() (err error) {
	ctx := context.Background()
	sealer, err := store.NewSealer(make([]byte, 32)) // lists open nothing
	if err != nil {
		return err
	}
	dsn := s.dsn
	if dsn == "" {
		dsn = filepath.Join(s.dir, "hearth.db")
	}
	st, err := store.Open(ctx, dsn, sealer)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	began := time.Now().UTC().Add(-many * time.Second)
	for i := 0; i < many; {
		err := st.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			for end := i + 1000; i < end; i++ {
				row := manyth(i, path.Base(s.heat), began)
				rows := []*core.Stack{row}
				if i%20 == 0 {
					nested := manyth(i, row.ProjectID, began)
					nested.Name, nested.OwnerID, nested.RootID, nested.ParentResource = row.Name+"-nested", row.ID, row.ID, uuid.NewString()
					rows = append(rows, nested)
				}
				if i%2 == 0 {
					rows = append(rows, manyth(i, fmt.Sprintf("other-project-%d", i%8), began))
				}
				for _, r := range rows {
					if err := tx.CreateStack(ctx, r); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if !st.Postgres() {
		return nil
	}
	return st.Write(ctx, func(ctx context.Context, tx *store.Tx) error { // the database would do it by itself, soon
		_, err := tx.ExecContext(ctx, "ANALYZE stacks")
		return err
	})
}

// manyth is the i-th stack of a project.
func manyth(i int, project string, began time.Time) *core.Stack {
	id := uuid.NewString()
	s := &core.Stack{ID: id, ProjectID: project, RootID: id, Name: fmt.Sprintf("stack-%06d", (i*7919)%many), Action: core.Create, Status: core.Complete,
		StatusReason: "Stack CREATE completed successfully", Traversal: uuid.NewString(), TemplateID: uuid.NewString(), UserID: "u", Username: "demo",
		Tags: []string{"a-tag"}, Description: "One of many stacks, to see how long lists take.", CreatedAt: began.Add(time.Duration(i) * time.Second),
		Parameters: json.RawMessage(`{"flavor": "m1.small", "image": "debian-12", "key_name": "default", "network": "private"}`),
		Outputs:    json.RawMessage(`[{"output_key": "address", "description": "The address.", "output_value": "10.0.0.7"}]`)}
	if i%2 == 1 {
		updated := s.CreatedAt.Add(time.Hour)
		s.Action, s.StatusReason, s.UpdatedAt = core.Update, "Stack UPDATE completed successfully", &updated
	}
	if i%50 == 0 {
		s.Status = core.Failed
	}
	return s
}
