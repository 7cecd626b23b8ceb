package store

import (
	"context"
	"fmt"

	"hearth/core"
)

// CreateConfig stores a software config.
func (tx *Tx) CreateConfig(ctx context.Context, c *core.SoftwareConfig) error {
	if _, err := tx.NewInsert().Model(c).Exec(ctx); err != nil {
		return fmt.Errorf("store software config: %w", err)
	}
	return nil
}

// FindConfig gives a software config of a project; nil when there is none.
func (s *Store) FindConfig(ctx context.Context, project, id string) (*core.SoftwareConfig, error) {
	c := new(core.SoftwareConfig)
	return one(c, s.r.NewSelect().Model(c).Where("id = ? AND project_id = ?", id, project).Scan(ctx))
}

// ListConfigs gives a project's software configs, newest first, after the marker.
func (s *Store) ListConfigs(ctx context.Context, project, marker string, limit int) ([]core.SoftwareConfig, error) {
	var out []core.SoftwareConfig
	q := s.r.NewSelect().Model(&out).Where("project_id = ?", project).OrderExpr("created_at DESC, id DESC")
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
	return out, err
}

// DeleteConfig removes a software config; ok is false when there is none.
func (tx *Tx) DeleteConfig(ctx context.Context, project, id string) (ok bool, err error) {
	res, err := tx.NewDelete().Model((*core.SoftwareConfig)(nil)).Where("id = ? AND project_id = ?", id, project).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
