package store

import (
	"context"

	"hearth/core"
)

// Places gives where a template defines its resources.
func (tx *Tx) Places(ctx context.Context, templateID string) (map[string]core.Place, error) {
	t := new(core.RawTemplate)
	t, err := one(t, tx.NewSelect().Model(t).ModelTableExpr("raw_templates AS raw_template").Column("places").Where("id = ?", templateID).Scan(ctx))
	if err != nil || t == nil {
		return nil, err
	}
	return t.Places, nil
}

// SaveFailures stores why a stack's action fails.
func (tx *Tx) SaveFailures(ctx context.Context, s *core.Stack) error {
	_, err := tx.NewUpdate().Model(s).Column("failures").WherePK().Exec(ctx)
	return err
}
