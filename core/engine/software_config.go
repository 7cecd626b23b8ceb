package engine

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/store"
)

// CreateConfig stores a software config for the caller's project and gives it its id.
func (e *Engine) CreateConfig(ctx context.Context, caller *core.Caller, c *core.SoftwareConfig) error {
	c.ID, c.ProjectID, c.CreatedAt = uuid.NewString(), caller.ProjectID, e.Now().UTC()
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.CreateConfig(ctx, c) })
}

// FindConfig gives a software config of the caller's project.
func (e *Engine) FindConfig(ctx context.Context, caller *core.Caller, id string) (*core.SoftwareConfig, error) {
	c, err := e.Store.FindConfig(ctx, caller.ProjectID, id)
	if err == nil && c == nil {
		err = core.EntityNotFound("Software config", id)
	}
	return c, err
}

// ListConfigs gives the software configs of the caller's project, newest first.
func (e *Engine) ListConfigs(ctx context.Context, caller *core.Caller, marker string, limit int) ([]core.SoftwareConfig, error) {
	list, err := e.Store.ListConfigs(ctx, caller.ProjectID, marker, limit)
	if errors.Is(err, store.ErrMarker) {
		err = core.EntityNotFound("Software config", marker)
	}
	return list, err
}

// DeleteConfig removes a software config of the caller's project.
func (e *Engine) DeleteConfig(ctx context.Context, caller *core.Caller, id string) error {
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		ok, err := tx.DeleteConfig(ctx, caller.ProjectID, id)
		if err == nil && !ok {
			err = core.EntityNotFound("Software config", id)
		}
		return err
	})
}
