package converge

import (
	"context"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/store"
)

// deployments stores the software deployments of a stack's resources: each call in a
// transaction of its own, or all in tx.
type deployments struct {
	w     *Walker
	tx    *store.Tx
	stack *core.Stack
}

// Deployments stores software deployments of s within a transaction.
func (w *Walker) Deployments(tx *store.Tx, s *core.Stack) resource.Deployments {
	return deployments{w, tx, s}
}

func (k deployments) write(ctx context.Context, fn func(context.Context, *store.Tx) error) error {
	if k.tx != nil {
		return fn(ctx, k.tx)
	}
	return k.w.Store.Write(ctx, fn)
}

func (k deployments) Deploy(ctx context.Context, d *core.SoftwareDeployment, cfg *core.SoftwareConfig) error {
	now := k.w.Now().UTC()
	d.ProjectID, d.StackUserProjectID = k.stack.ProjectID, k.stack.StackUserProjectID
	cfg.ProjectID, cfg.CreatedAt = k.stack.ProjectID, now
	return k.write(ctx, func(ctx context.Context, tx *store.Tx) error {
		old, err := tx.FindDeployment(ctx, k.stack.ProjectID, d.ID)
		if err != nil || old != nil && old.ConfigID == cfg.ID {
			return err
		}
		if err := tx.CreateConfig(ctx, cfg); err != nil {
			return err
		}
		stack, err := tx.FindStack(ctx, k.stack.ID) // an account of this action's may have made the project of the stack's users
		if err != nil {
			return err
		}
		if stack != nil {
			d.StackUserProjectID = stack.StackUserProjectID
		}
		d.ConfigID = cfg.ID
		if old == nil {
			d.CreatedAt = now
			return tx.CreateDeployment(ctx, d)
		}
		d.CreatedAt, d.UpdatedAt, d.OutputValues = old.CreatedAt, &now, old.OutputValues
		if err := tx.UpdateDeployment(ctx, d); err != nil {
			return err
		}
		_, err = tx.DropConfig(ctx, old.ConfigID)
		return err
	})
}

func (k deployments) FindDeployment(ctx context.Context, id string) (d *core.SoftwareDeployment, err error) {
	if k.tx != nil {
		d, err = k.tx.FindDeployment(ctx, k.stack.ProjectID, id)
	} else {
		d, err = k.w.Store.FindDeployment(ctx, k.stack.ProjectID, id)
	}
	if err == nil && d == nil {
		err = core.DeploymentNotFound(id)
	}
	return d, err
}

func (k deployments) SaveDeployment(ctx context.Context, d *core.SoftwareDeployment) error {
	now := k.w.Now().UTC()
	d.UpdatedAt = &now
	return k.write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateDeployment(ctx, d) })
}

func (k deployments) DeleteDeployment(ctx context.Context, id string) error {
	return k.write(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.FindDeployment(ctx, k.stack.ProjectID, id)
		if err != nil || d == nil {
			return err
		}
		if err := tx.DeleteDeployment(ctx, id); err != nil {
			return err
		}
		_, err = tx.DropConfig(ctx, d.ConfigID)
		return err
	})
}
