package engine

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/store"
)

// maxConfigs and maxDeployments are how many software configs and deployments a project may
// have (max_software_configs_per_tenant, max_software_deployments_per_tenant).
const maxConfigs, maxDeployments = 4096, 4096

// scope is the project whose software configs and deployments a caller may use; "" for all,
// which are an administrator's.
func scope(caller *core.Caller) string {
	if caller.IsAdmin() {
		return ""
	}
	return caller.ProjectID
}

// CreateConfig stores a software config for the caller's project and gives it its id. It
// returns RequestLimitExceeded when the project has as many as it may.
func (e *Engine) CreateConfig(ctx context.Context, caller *core.Caller, c *core.SoftwareConfig) error {
	if !caller.IsAdmin() {
		n, err := e.Store.CountConfigs(ctx, caller.ProjectID)
		if err != nil {
			return err
		}
		if n >= maxConfigs {
			return core.RequestLimitExceeded("You have reached the maximum software configs per tenant, %d. Please delete some configs.", maxConfigs)
		}
	}
	c.ID, c.ProjectID, c.CreatedAt = uuid.NewString(), caller.ProjectID, e.Now().UTC()
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.CreateConfig(ctx, c) })
}

// FindConfig gives a software config of the caller's project; an administrator sees all.
func (e *Engine) FindConfig(ctx context.Context, caller *core.Caller, id string) (*core.SoftwareConfig, error) {
	c, err := e.Store.FindConfig(ctx, scope(caller), id)
	if err == nil && c == nil {
		err = core.EntityNotFound("Software config", id)
	}
	return c, err
}

// ListConfigs gives the software configs of the caller's project, newest first; an
// administrator sees all.
func (e *Engine) ListConfigs(ctx context.Context, caller *core.Caller, marker string, limit int) ([]core.SoftwareConfig, error) {
	list, err := e.Store.ListConfigs(ctx, scope(caller), marker, limit)
	if errors.Is(err, store.ErrMarker) {
		err = core.EntityNotFound("Software config", marker)
	}
	return list, err
}

// DeleteConfig removes a software config of the caller's project, an administrator any. It
// returns InvalidRestrictedAction when a deployment refers to it.
func (e *Engine) DeleteConfig(ctx context.Context, caller *core.Caller, id string) error {
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		ok, err := tx.DeleteConfig(ctx, scope(caller), id)
		switch {
		case errors.Is(err, store.ErrInUse):
			return core.ConfigInUse(id)
		case err == nil && !ok:
			return core.EntityNotFound("Software config", id)
		}
		return err
	})
}
