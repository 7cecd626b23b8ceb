package engine

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/store"
	"hearth/core/yaml"
)

// DeploymentChange is what a client says about a deployment that is there; what is zero, or
// an empty map, stays as it is (heat/engine/service_software_config.py update_software_deployment).
type DeploymentChange struct {
	ConfigID                  string
	InputValues, OutputValues json.RawMessage
	Action                    core.Action
	Status                    core.Status
	StatusReason              string
}

// CreateDeployment stores a software deployment for the caller's project and gives it its
// id. It returns Invalid when there is no such config, RequestLimitExceeded when the
// project has as many deployments as it may.
func (e *Engine) CreateDeployment(ctx context.Context, caller *core.Caller, d *core.SoftwareDeployment) error {
	if !caller.IsAdmin() {
		n, err := e.Store.CountDeployments(ctx, caller.ProjectID)
		if err != nil {
			return err
		}
		if n >= maxDeployments {
			return core.RequestLimitExceeded("You have reached the maximum software deployments per tenant, %d. Please delete some deployments.", maxDeployments)
		}
	}
	if len(d.StackUserProjectID) > 64 {
		return core.Errorf(core.Invalid, "Invalid", "\"stack_user_project_id\" should be no more than 64 characters")
	}
	d.ID, d.ProjectID, d.CreatedAt = uuid.NewString(), caller.ProjectID, e.Now().UTC()
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := deployable(ctx, tx, caller, d.ConfigID); err != nil {
			return err
		}
		return tx.CreateDeployment(ctx, d)
	})
}

// deployable refuses a config that is not there for the caller: its text would be shown to
// the server.
func deployable(ctx context.Context, tx *store.Tx, caller *core.Caller, config string) error {
	c, err := tx.FindConfig(ctx, scope(caller), config)
	if err == nil && c == nil {
		err = core.Errorf(core.Invalid, "Invalid", "Config with id %s not found", config)
	}
	return err
}

// FindDeployment gives a software deployment of the caller's project; an administrator sees all.
func (e *Engine) FindDeployment(ctx context.Context, caller *core.Caller, id string) (*core.SoftwareDeployment, error) {
	d, err := e.Store.FindDeployment(ctx, scope(caller), id)
	if err == nil && d == nil {
		err = core.DeploymentNotFound(id)
	}
	return d, err
}

// ListDeployments gives the software deployments of the caller's project, oldest first,
// those of one server when it is named; an administrator sees all.
func (e *Engine) ListDeployments(ctx context.Context, caller *core.Caller, server string) ([]core.SoftwareDeployment, error) {
	return e.Store.ListDeployments(ctx, scope(caller), server)
}

// UpdateDeployment changes a deployment and wakes the resource that waits for it.
func (e *Engine) UpdateDeployment(ctx context.Context, caller *core.Caller, id string, change DeploymentChange) (*core.SoftwareDeployment, error) {
	var d *core.SoftwareDeployment
	err := e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if d, err = tx.FindDeployment(ctx, scope(caller), id); err != nil {
			return err
		}
		if d == nil {
			return core.DeploymentNotFound(id)
		}
		if change.ConfigID != "" {
			if err := deployable(ctx, tx, caller, change.ConfigID); err != nil {
				return err
			}
		}
		change.apply(d)
		now := e.Now().UTC()
		d.UpdatedAt = &now
		if err := tx.UpdateDeployment(ctx, d); err != nil {
			return err
		}
		// A deployment of a resource has the id of the resource.
		walk, err := tx.Wake(ctx, d.ID)
		if err != nil {
			return err
		}
		return e.Walker.Call(ctx, tx, walk)
	})
	return d, err
}

func (c *DeploymentChange) apply(d *core.SoftwareDeployment) {
	const empty = "{}"
	if c.ConfigID != "" {
		d.ConfigID = c.ConfigID
	}
	if len(c.InputValues) > len(empty) {
		d.InputValues = c.InputValues
	}
	if len(c.OutputValues) > len(empty) {
		d.OutputValues = c.OutputValues
	}
	if c.Action != "" {
		d.Action = c.Action
	}
	if c.Status != "" {
		d.Status = c.Status
	}
	if c.StatusReason != "" {
		d.StatusReason = c.StatusReason
	}
}

// DeleteDeployment removes a software deployment, and not its config.
func (e *Engine) DeleteDeployment(ctx context.Context, caller *core.Caller, id string) error {
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.FindDeployment(ctx, scope(caller), id)
		if err == nil && d == nil {
			err = core.DeploymentNotFound(id)
		}
		if err != nil {
			return err
		}
		return tx.DeleteDeployment(ctx, id)
	})
}

// DeploymentMetadata gives the configs that are deployed to a server, in the order of their
// names: what the agent in the server reads. Such an agent sees those of its own server alone.
func (e *Engine) DeploymentMetadata(ctx context.Context, caller *core.Caller, server string) ([]core.SoftwareConfig, error) {
	if err := e.authorizeServer(ctx, caller, server); err != nil {
		return nil, err
	}
	return e.Store.ServerConfigs(ctx, scope(caller), server)
}

// ConfigView gives a software config as the agents and the API read it: id, name, group,
// creation_time, config, inputs, outputs, options (heat/engine/api.py
// format_software_config).
func ConfigView(c *core.SoftwareConfig) (*yaml.Map, error) {
	body := yaml.NewMap(4)
	if err := body.UnmarshalJSON(c.Config); err != nil {
		return nil, err
	}
	view := yaml.MapOf("id", c.ID, "name", orNull(c.Name), "group", orNull(c.Group), "creation_time", c.CreatedAt.UTC().Format("2006-01-02T15:04:05Z"))
	for _, part := range []struct {
		name      string
		otherwise any
	}{{"config", nil}, {"inputs", []any{}}, {"outputs", []any{}}, {"options", yaml.NewMap(0)}} {
		v, _ := body.Get(part.name)
		if v == nil {
			v = part.otherwise
		}
		view.Set(part.name, v)
	}
	return view, nil
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// withDeployments puts the deployments of a server into the metadata of its resource, where
// agents that poll those find them. Upstream pushes them there with every change.
func (e *Engine) withDeployments(ctx context.Context, s *core.Stack, row *core.Resource, metadata *yaml.Map) error {
	if row.PhysicalID == "" {
		return nil
	}
	configs, err := e.Store.ServerConfigs(ctx, s.ProjectID, row.PhysicalID)
	if err != nil || len(configs) == 0 && !metadata.Has("deployments") {
		return err
	}
	list := make([]any, len(configs))
	for i := range configs {
		if list[i], err = ConfigView(&configs[i]); err != nil {
			return err
		}
	}
	metadata.Set("deployments", list)
	return nil
}
