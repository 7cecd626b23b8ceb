package store_test

import (
	"context"
	"testing"

	corestore "hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/murano/store"
)

// What there is one of goes to one network at a time.
func TestClaim(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *corestore.Store) {
		one, two := environment(t, st, "p", "one").ID, environment(t, st, "p", "two").ID
		for _, step := range []struct {
			environment, owner string
			keep               bool
			candidates         []string
			want               string
		}{
			{one, "net", false, []string{"a", "b"}, "a"},
			{one, "net", false, []string{"b", "a"}, "a"},
			{two, "net", false, []string{"a", "b", "c"}, "b"},
			{one, "net", true, []string{"c"}, "a"},  // a program that is run again made it itself
			{one, "net", false, []string{"c"}, "c"}, // somebody else has it
			{one, "other", false, []string{"b", "c"}, "b"},
			{two, "net", false, nil, ""},
			{two, "net", false, []string{"b", "a"}, "a"},
		} {
			err := st.Write(t.Context(), func(ctx context.Context, tx *corestore.Tx) error {
				got, err := store.Claim(ctx, tx, step.environment, "addresses", step.owner, step.candidates, step.keep)
				if got != step.want {
					t.Errorf("%+v: %q", step, got)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
