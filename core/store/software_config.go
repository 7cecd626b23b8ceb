package store

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"hearth/core"
)

// CreateConfig stores a software config.
func (tx *Tx) CreateConfig(ctx context.Context, c *core.SoftwareConfig) error {
	if _, err := tx.NewInsert().Model(configContent.Sealed(tx, c)).Exec(ctx); err != nil {
		return fmt.Errorf("store software config: %w", err)
	}
	return nil
}

// FindConfig gives a software config of a project ("": of any); nil when there is none.
func (s *Store) FindConfig(ctx context.Context, project, id string) (*core.SoftwareConfig, error) {
	c, db := new(core.SoftwareConfig), s.Reader()
	return configContent.One(db, c, owned(db.NewSelect().Model(c), project).Where("id = ?", id).Scan(ctx))
}

// FindConfig gives a software config of a project ("": of any); nil when there is none.
func (tx *Tx) FindConfig(ctx context.Context, project, id string) (*core.SoftwareConfig, error) {
	c := new(core.SoftwareConfig)
	return configContent.One(tx, c, owned(tx.NewSelect().Model(c), project).Where("id = ?", id).Scan(ctx))
}

// owned leaves the rows of a project; all for "".
func owned(q *bun.SelectQuery, project string) *bun.SelectQuery {
	if project == "" {
		return q
	}
	return q.Where("project_id = ?", project)
}

// ListConfigs gives a project's software configs ("": all there are), newest first, after
// the marker. It returns ErrMarker for a marker that is none of them.
func (s *Store) ListConfigs(ctx context.Context, project, marker string, limit int) ([]core.SoftwareConfig, error) {
	var out []core.SoftwareConfig
	q := owned(s.r.NewSelect().Model(&out), project).OrderExpr("created_at DESC, id DESC")
	if marker != "" {
		m, err := s.FindConfig(ctx, project, marker)
		if err != nil {
			return nil, err
		}
		if m == nil {
			return nil, ErrMarker
		}
		q = q.Where("(created_at < ? OR (created_at = ? AND id < ?))", m.CreatedAt, m.CreatedAt, m.ID)
	}
	if limit > 0 {
		q = q.Limit(int64(limit))
	}
	err := q.Scan(ctx)
	return configContent.All(s.Reader(), out, err)
}

// CountConfigs counts a project's software configs.
func (s *Store) CountConfigs(ctx context.Context, project string) (int64, error) {
	return owned(s.r.NewSelect().Model((*core.SoftwareConfig)(nil)), project).Count(ctx)
}

// DeleteConfig removes a software config of a project ("": of any); ok is false when there
// is none. It returns ErrInUse when a deployment refers to it.
func (tx *Tx) DeleteConfig(ctx context.Context, project, id string) (ok bool, err error) {
	c, err := tx.FindConfig(ctx, project, id)
	if err != nil || c == nil {
		return false, err
	}
	gone, err := tx.DropConfig(ctx, id)
	if err == nil && !gone {
		err = ErrInUse
	}
	return gone, err
}

// DropConfig removes a software config unless a deployment refers to it.
func (tx *Tx) DropConfig(ctx context.Context, id string) (gone bool, err error) {
	res, err := tx.ExecContext(ctx, "DELETE FROM software_configs WHERE id = ? AND NOT EXISTS (SELECT 1 FROM software_deployments WHERE config_id = ?)", id, id)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
