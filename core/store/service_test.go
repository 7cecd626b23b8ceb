package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

func TestServices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		began := time.Now().UTC().Truncate(time.Millisecond)
		here := core.Service{ID: "s1", EngineID: "e1", Host: "here", Hostname: "here", Binary: "heat-engine", Topic: "engine",
			ReportInterval: 60, CreatedAt: began, UpdatedAt: began}
		there := here
		there.ID, there.EngineID, there.Host, there.CreatedAt = "s0", "e0", "there", began.Add(time.Second)
		renewed := here
		renewed.UpdatedAt = began.Add(time.Minute)
		write(t, st, func(ctx context.Context, tx *store.Tx) error {
			for _, s := range []core.Service{here, there, renewed} {
				if err := tx.SaveService(ctx, &s); err != nil {
					return err
				}
			}
			own, err := tx.HostServices(ctx, "here")
			if d := cmp.Diff([]core.Service{renewed}, own, utc); d != "" {
				t.Error(d)
			}
			return err
		})
		all, err := st.Services(t.Context())
		if d := cmp.Diff([]core.Service{renewed, there}, all, utc); err != nil || d != "" {
			t.Fatal(err, d)
		}
		write(t, st, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteService(ctx, "s1") })
		if all, err = st.Services(t.Context()); err != nil || len(all) != 1 || all[0].ID != "s0" {
			t.Fatal(all, err)
		}
	})
}

// utc compares times as moments.
var utc = cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
