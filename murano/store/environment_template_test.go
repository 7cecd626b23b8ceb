package store_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	corestore "hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/murano"
	"hearth/murano/store"
)

func TestTemplates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *corestore.Store) {
		made := map[string]*murano.EnvironmentTemplate{}
		for _, x := range []struct {
			name, tenant string
			public       bool
		}{{"own", "p1", false}, {"own public", "p1", true}, {"foreign", "p2", false}, {"foreign public", "p2", true}} {
			now := store.Now()
			row := &murano.EnvironmentTemplate{ID: murano.NewID(), TenantID: x.tenant, Name: x.name, IsPublic: x.public, Model: json.RawMessage(`{"b": 1, "a": 2}`), CreatedAt: now, UpdatedAt: now}
			write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateTemplate(ctx, tx, row) })
			made[x.name] = row
		}
		for scope, want := range map[store.TemplateScope][]string{
			store.OwnOrPublicTemplates: {"own", "own public", "foreign public"},
			store.PublicTemplates:      {"own public", "foreign public"},
			store.PrivateTemplates:     {"own"},
		} {
			list, err := store.ListTemplates(t.Context(), st.Reader(), "p1", scope)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, row := range list {
				names = append(names, row.Name)
			}
			if d := cmp.Diff(want, names); d != "" {
				t.Errorf("%d: %s", scope, d)
			}
		}
		own := made["own"]
		own.Name = "own public"
		err := st.Write(t.Context(), func(ctx context.Context, tx *corestore.Tx) error { return store.UpdateTemplate(ctx, tx, own) })
		if !corestore.IsUnique(err) {
			t.Error("a name was taken twice:", err)
		}
		own.Name = "renamed"
		write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.UpdateTemplate(ctx, tx, own) })
		got, err := store.FindTemplate(t.Context(), st.Reader(), own.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(own, got); d != "" {
			t.Error(d)
		}
		write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.DeleteTemplate(ctx, tx, own.ID) })
		if gone, err := store.FindTemplate(t.Context(), st.Reader(), own.ID); gone != nil || err != nil {
			t.Error(gone, err)
		}
	})
}

// A space may get another environment; an instance goes with its environment, and is its
// project's alone.
func TestBrokerRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *corestore.Store) {
		e := environment(t, st, "p1", "e")
		for _, id := range []string{"gone", e.ID} {
			write(t, st, func(ctx context.Context, tx *corestore.Tx) error {
				return store.SaveBrokerSpace(ctx, tx, &murano.BrokerSpace{ID: "space", EnvironmentID: id})
			})
		}
		if s, err := store.FindBrokerSpace(t.Context(), st.Reader(), "space"); err != nil || s == nil || s.EnvironmentID != e.ID {
			t.Error(s, err)
		}
		i := &murano.BrokerInstance{ID: "i", ServiceID: "s", EnvironmentID: e.ID, OrganizationID: "o", TenantID: "p1"}
		write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateBrokerInstance(ctx, tx, i) })
		find := func(tenant string) *murano.BrokerInstance {
			t.Helper()
			got, err := store.FindBrokerInstance(t.Context(), st.Reader(), tenant, "i")
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if d := cmp.Diff(i, find("p1")); d != "" || find("p2") != nil {
			t.Error(d, find("p2"))
		}
		write(t, st, func(ctx context.Context, tx *corestore.Tx) error {
			_, err := store.DeleteEnvironment(ctx, tx, e.ID)
			return err
		})
		if got := find("p1"); got != nil {
			t.Error(got)
		}
	})
}
