package store_test

import (
	"testing"
	"time"

	"context"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func newStack(name string) *core.Stack {
	id := uuid.NewString()
	return &core.Stack{ID: id, RootID: id, ProjectID: "p", Name: name, Action: core.Create, Status: core.InProgress,
		Traversal: uuid.NewString(), TemplateID: "t", UserID: "u", Username: "u", Tags: []string{"a"}, CreatedAt: time.Now().UTC()}
}

func write(t *testing.T, st *store.Store, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := st.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func TestStackRoundTrip(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newStack("one")
		write(t, st, func(ctx context.Context, tx *store.Tx) error { return tx.CreateStack(ctx, s) })
		got, err := st.FindStackByName(t.Context(), "p", "one")
		if err != nil || got == nil {
			t.Fatal(got, err)
		}
		if got.ID != s.ID || got.Tags[0] != "a" || got.State() != "CREATE_IN_PROGRESS" || got.CreatedAt.Sub(s.CreatedAt).Abs() > time.Millisecond {
			t.Fatalf("%+v", got)
		}
		err = st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.CreateStack(ctx, newStack("one")) })
		if !store.IsUnique(err) {
			t.Fatal(err)
		}
	})
}
