package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hearth/core"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// statements remembers what a store says to its database.
type statements struct{ list []string }

func (s *statements) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (s *statements) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	s.list = append(s.list, e.Query)
}

// orders are those that the APIs offer.
var orders = map[string]store.StackFilter{
	"newest first": {},
	"oldest first": {Order: []string{"created_at"}},
	"by name":      {Order: []string{"name"}},
	"by status":    {Order: []string{"status"}, Desc: true},
	"by update":    {Order: []string{"updated_order"}, Desc: true},
	"oldest last":  {Order: []string{"updated_order"}},
}

// fillStacks stores n stacks of each of four projects, every tenth nested, every other
// updated, with equal times and names among them.
func fillStacks(t *testing.T, st *store.Store, n int) {
	t.Helper()
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	write(t, st, func(ctx context.Context, tx *store.Tx) error {
		for i := range 4 * n {
			s := newStack(fmt.Sprintf("s%d", (i*7)%(4*n)))
			s.ProjectID, s.CreatedAt = fmt.Sprintf("p%d", i%4), began.Add(time.Duration(i/8)*time.Millisecond)
			if i%3 == 0 {
				s.Status = core.Complete
			}
			if i%8 > 3 {
				updated := began.Add(time.Duration(i%16) * time.Minute)
				s.UpdatedAt = &updated
			}
			if i%40 > 35 {
				s.OwnerID, s.ParentResource = "owner", s.ID
			}
			if err := tx.CreateStack(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// Pages, one after the other, are the whole list: nothing twice, nothing left out, where
// keys are equal, too, or not there.
func TestPagesOfStacks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		fillStacks(t, st, 60)
		for name, f := range orders {
			f.Project = "p1"
			whole := names(t, st, f)
			var paged []string
			for f.Limit = 7; ; {
				page := names(t, st, f)
				if len(page) == 0 {
					break
				}
				paged = append(paged, page...)
				f.Marker = page[len(page)-1]
			}
			if len(whole) != 54 {
				t.Errorf("%s: %d stacks", name, len(whole))
			}
			if d := cmp.Diff(whole, paged); d != "" {
				t.Errorf("%s: %s", name, d)
			}
		}
		if _, err := st.ListStacks(t.Context(), store.StackFilter{Marker: "none"}); err != store.ErrMarker {
			t.Error("an unknown marker gives", err)
		}
		newest := store.StackFilter{Project: "p1", Order: []string{"updated_order"}}
		if list, err := st.ListStacks(t.Context(), newest); err != nil || list[0].UpdatedAt != nil || list[53].UpdatedAt == nil {
			t.Error("stacks that were never updated are not the oldest:", err)
		}
	})
}

func names(t *testing.T, st *store.Store, f store.StackFilter) []string {
	t.Helper()
	list, err := st.ListStacks(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].ID
	}
	return out
}

// Every page is read off an index: no table is gone through, nothing is sorted.
func TestListsUseAnIndex(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		said := &statements{}
		st.Observe(said)
		fillStacks(t, st, 500)
		if st.Postgres() {
			write(t, st, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.ExecContext(ctx, "ANALYZE stacks")
				return err
			})
		}
		for name, f := range orders {
			f.Project, f.Limit, f.HideTags = "p1", 100, []string{"hidden"}
			for range 2 { // the first page, and one in the middle
				said.list = nil
				page := names(t, st, f)
				if len(said.list) > 2 {
					t.Errorf("%s: %d statements", name, len(said.list))
				}
				plan := explain(t, st, said.list[len(said.list)-1])
				if bad := slices.ContainsFunc([]string{"SCAN", "TEMP B-TREE", "Seq Scan", "Sort"}, func(s string) bool { return strings.Contains(plan, s) }); bad {
					t.Errorf("%s, marker %q:\n%s", name, f.Marker, plan)
				}
				f.Marker = page[len(page)/2]
			}
		}
	})
}

// explain gives how the database does a statement. PostgreSQL would rather sort the few rows
// of a test: it is asked whether it must.
func explain(t *testing.T, st *store.Store, statement string) string {
	t.Helper()
	var plan strings.Builder
	write(t, st, func(ctx context.Context, tx *store.Tx) error {
		how := "EXPLAIN QUERY PLAN "
		if st.Postgres() {
			how = "EXPLAIN "
			if _, err := tx.ExecContext(ctx, "SET LOCAL enable_sort = off"); err != nil {
				return err
			}
		}
		rows, err := tx.QueryContext(ctx, how+statement)
		if err != nil {
			return err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(any)
		}
		for rows.Next() {
			if err := rows.Scan(row...); err != nil {
				return err
			}
			fmt.Fprintln(&plan, *row[len(row)-1].(*any)) // the text is last on both
		}
		return rows.Err()
	})
	return plan.String()
}

// TestResourceSummaries reads rows whose texts are of all kinds as they were stored.
func TestResourceSummaries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		at := time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC)
		stack := &core.Stack{ID: uuid.NewString(), RootID: "r", ProjectID: "p", Name: "s", Action: core.Create, Status: core.Complete, Traversal: "t", TemplateID: "t", CreatedAt: at}
		row := func(i int, name, reason string) *core.Resource {
			return &core.Resource{ID: uuid.NewString(), StackID: stack.ID, RootID: stack.ID, Name: name, Type: "OS::Heat::Välue", Index: i, PhysicalID: "id " + name,
				Action: core.Create, Status: core.Complete, StatusReason: reason, Requires: []string{"a", `b"c`}, CreatedAt: at, UpdatedAt: at.Add(time.Hour)}
		}
		for _, want := range [][]*core.Resource{
			{row(0, "plain", ""), row(1, "ünï 語", "two\nlines")},
			{row(2, "sepa\x1frated", "a \x1f reason")},
		} {
			err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if want[0].Index == 0 {
					if err := tx.CreateStack(ctx, stack); err != nil {
						return err
					}
				} else if err := tx.RemoveResources(ctx, stack.ID); err != nil {
					return err
				}
				return tx.SaveResources(ctx, want)
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := st.ResourceSummaries(t.Context(), []string{stack.ID})
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i].CreatedAt, got[i].UpdatedAt = got[i].CreatedAt.UTC(), got[i].UpdatedAt.UTC()
				got[i].RootID, got[i].Index = want[i].RootID, want[i].Index
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		}
	})
}
