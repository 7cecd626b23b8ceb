package engine

import (
	"context"

	"hearth/core"
	"hearth/core/store"
	"hearth/core/yaml"
)

// Abandon forgets a stack, whatever it is doing, leaves its objects alone, and gives what
// Export does. What an action has under way at this moment may come to be unheard of.
func (e *Engine) Abandon(ctx context.Context, caller *core.Caller, ref StackRef) (export *yaml.Map, err error) {
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return nil, err
	}
	err = e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := lockLive(ctx, tx, s)
		if err != nil {
			return err
		}
		if export, err = e.Walker.Export(ctx, tx, s); err != nil {
			return err
		}
		return e.Walker.Abandon(ctx, tx, s, core.Delete)
	})
	return export, err
}
