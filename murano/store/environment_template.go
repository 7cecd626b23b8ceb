package store

import (
	"context"

	"github.com/uptrace/bun"

	corestore "hearth/core/store"
	"hearth/murano"
)

// TemplateScope says which templates a list has.
type TemplateScope int

// The scopes.
const (
	OwnOrPublicTemplates TemplateScope = iota // of the project, and the public ones
	PublicTemplates                           // of whatever project
	PrivateTemplates                          // of the project, but for its public ones
)

// CreateTemplate stores a new environment template. Ask IsUnique of hearth/core/store of the
// error for a name that its project has already.
func CreateTemplate(ctx context.Context, db corestore.DB, t *murano.EnvironmentTemplate) error {
	_, err := db.NewInsert().Model(templateContent.Sealed(db, t)).Exec(ctx)
	return err
}

// FindTemplate gives an environment template by id.
func FindTemplate(ctx context.Context, db corestore.DB, id string) (*murano.EnvironmentTemplate, error) {
	t := new(murano.EnvironmentTemplate)
	return templateContent.One(db, t, db.NewSelect().Model(t).Where("id = ?", id).Scan(ctx))
}

// ListTemplates gives environment templates without their models, the oldest first.
func ListTemplates(ctx context.Context, db bun.IDB, tenantID string, scope TemplateScope) ([]murano.EnvironmentTemplate, error) {
	var out []murano.EnvironmentTemplate
	q := db.NewSelect().Model(&out).ExcludeColumn("model").Order("created_at", "id")
	switch scope {
	case OwnOrPublicTemplates:
		q.Where("(tenant_id = ? OR is_public)", tenantID)
	case PublicTemplates:
		q.Where("is_public")
	case PrivateTemplates:
		q.Where("tenant_id = ? AND NOT is_public", tenantID)
	}
	return out, q.Scan(ctx)
}

// UpdateTemplate writes every column of an environment template. Ask IsUnique of
// hearth/core/store of the error for a name that its project has already.
func UpdateTemplate(ctx context.Context, db corestore.DB, t *murano.EnvironmentTemplate) error {
	_, err := db.NewUpdate().Model(templateContent.Sealed(db, t)).WherePK().Exec(ctx)
	return err
}

// DeleteTemplate removes an environment template; the environments made of it stay.
func DeleteTemplate(ctx context.Context, db bun.IDB, id string) error {
	_, err := db.NewDelete().Model((*murano.EnvironmentTemplate)(nil)).Where("id = ?", id).Exec(ctx)
	return err
}
