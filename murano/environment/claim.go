package environment

import (
	"context"

	corestore "hearth/core/store"
	"hearth/murano/store"
)

// claim chooses for an object of the environment what no other environment's gets
// (native.Session).
func (r *Run) claim(ctx context.Context, scope, owner string, candidates []string) (value string, err error) {
	err = r.write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		if err := store.Lock(ctx, tx, "murano claim "+scope); err != nil {
			return err
		}
		value, err = store.Claim(ctx, tx, r.Environment.ID, scope, storable(owner), candidates, r.task.Attempt > 1)
		return err
	})
	return value, err
}
