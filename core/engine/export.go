package engine

import (
	"context"

	"hearth/core"
	"hearth/core/yaml"
)

// Export tells all that is needed to adopt a stack's objects into another stack, secrets
// included; nothing is changed.
func (e *Engine) Export(ctx context.Context, caller *core.Caller, ref StackRef) (*yaml.Map, error) {
	s, err := e.findLive(ctx, caller, ref)
	if err != nil {
		return nil, err
	}
	return e.Walker.Export(ctx, e.Store, s)
}
