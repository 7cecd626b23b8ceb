package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"hearth/core"
)

// ErrInUse says that a software config cannot go: a deployment refers to it.
var ErrInUse = errors.New("a deployment refers to the software config")

// CreateDeployment stores a software deployment.
func (tx *Tx) CreateDeployment(ctx context.Context, d *core.SoftwareDeployment) error {
	if _, err := tx.NewInsert().Model(deploymentContent.Sealed(tx, d)).Exec(ctx); err != nil {
		return fmt.Errorf("store software deployment: %w", err)
	}
	return nil
}

// UpdateDeployment stores a deployment that is there.
func (tx *Tx) UpdateDeployment(ctx context.Context, d *core.SoftwareDeployment) error {
	if _, err := tx.NewUpdate().Model(deploymentContent.Sealed(tx, d)).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("store software deployment: %w", err)
	}
	return nil
}

// DeleteDeployment removes a deployment.
func (tx *Tx) DeleteDeployment(ctx context.Context, id string) error {
	_, err := tx.NewDelete().Model((*core.SoftwareDeployment)(nil)).Where("id = ?", id).Exec(ctx)
	return err
}

// CancelDeployments has the deployments of resources whose action is given up fail, if they
// are not done (heat/engine/resources/openstack/heat/software_deployment.py _handle_cancel).
func (tx *Tx) CancelDeployments(ctx context.Context, resources []*core.Resource, now time.Time) error {
	if len(resources) == 0 {
		return nil
	}
	ids := make([]string, len(resources))
	for i, r := range resources {
		ids[i] = r.ID
	}
	_, err := tx.ExecContext(ctx, "UPDATE software_deployments SET status = ?, status_reason = ?, updated_at = ? WHERE id IN (?) AND status = ?",
		core.Failed, "Deployment cancelled.", now, bun.List(ids), core.InProgress)
	return err
}

// FindDeployment gives a deployment that the project may see ("": any may) and keeps
// others from changing it until the transaction ends; nil when there is none.
func (tx *Tx) FindDeployment(ctx context.Context, project, id string) (*core.SoftwareDeployment, error) {
	d := new(core.SoftwareDeployment)
	q := visible(tx.NewSelect().Model(d), project).Where("id = ?", id)
	if tx.conn != nil {
		q = q.For("UPDATE")
	}
	return deploymentContent.One(tx, d, q.Scan(ctx))
}

// FindDeployment gives a deployment that the project may see ("": any may); nil when
// there is none.
func (s *Store) FindDeployment(ctx context.Context, project, id string) (*core.SoftwareDeployment, error) {
	d, db := new(core.SoftwareDeployment), s.Reader()
	return deploymentContent.One(db, d, visible(db.NewSelect().Model(d), project).Where("id = ?", id).Scan(ctx))
}

// ListDeployments gives the deployments that a project may see ("": all), those of one
// server when it is named, oldest first.
func (s *Store) ListDeployments(ctx context.Context, project, server string) ([]core.SoftwareDeployment, error) {
	var out []core.SoftwareDeployment
	q := visible(s.r.NewSelect().Model(&out), project).Order("created_at", "id")
	if server != "" {
		q = q.Where("server_id = ?", server)
	}
	err := q.Scan(ctx)
	return deploymentContent.All(s.Reader(), out, err)
}

// CountDeployments counts the deployments that a project may see.
func (s *Store) CountDeployments(ctx context.Context, project string) (int64, error) {
	return visible(s.r.NewSelect().Model((*core.SoftwareDeployment)(nil)), project).Count(ctx)
}

// visible leaves a project's deployments, and those for which it is the project of the
// stack's users; all for "".
func visible(q *bun.SelectQuery, project string) *bun.SelectQuery {
	if project == "" {
		return q
	}
	return q.Where("(project_id = ? OR stack_user_project_id = ?)", project, project)
}

// ServerConfigs gives the configs that are deployed to a server and that a project may see
// ("": all), in the order of their names.
func (s *Store) ServerConfigs(ctx context.Context, project, server string) ([]core.SoftwareConfig, error) {
	deployments, err := s.ListDeployments(ctx, project, server)
	if err != nil || len(deployments) == 0 {
		return nil, err
	}
	ids := make([]string, len(deployments))
	for i := range deployments {
		ids[i] = deployments[i].ConfigID
	}
	var found []core.SoftwareConfig
	err = s.r.NewSelect().Model(&found).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	if found, err = configContent.All(s.Reader(), found, err); err != nil {
		return nil, err
	}
	byID := make(map[string]*core.SoftwareConfig, len(found))
	for i := range found {
		byID[found[i].ID] = &found[i]
	}
	out := make([]core.SoftwareConfig, 0, len(ids))
	for _, id := range ids {
		if c := byID[id]; c != nil {
			out = append(out, *c)
		}
	}
	slices.SortStableFunc(out, func(a, b core.SoftwareConfig) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}
