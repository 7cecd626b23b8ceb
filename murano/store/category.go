package store

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/murano"
)

// CategoryPage says which categories to list.
type CategoryPage struct {
	SortKeys []string // name, created, updated, package_count, id; by name when empty
	Desc     bool
	Limit    int              // 0: no limit
	After    *murano.Category // the last one of the page before
}

// CreateCategory stores a new category. Ask IsUnique of hearth/core/store of the error for
// a name that is taken.
func CreateCategory(ctx context.Context, db bun.IDB, c *murano.Category) error {
	_, err := db.NewInsert().Model(c).Exec(ctx)
	return err
}

// FindCategory gives a category by id.
func FindCategory(ctx context.Context, db bun.IDB, id string) (*murano.Category, error) {
	c := new(murano.Category)
	return one(c, countedCategories(db, c).Where("category.id = ?", id).Scan(ctx))
}

// FindCategoryByName gives a category by name.
func FindCategoryByName(ctx context.Context, db bun.IDB, name string) (*murano.Category, error) {
	c := new(murano.Category)
	return one(c, countedCategories(db, c).Where("category.name = ?", name).Scan(ctx))
}

const categoryCount = "(SELECT count(*) FROM package_categories AS pc WHERE pc.category_id = category.id)"

func countedCategories(db bun.IDB, model any) *bun.SelectQuery {
	return db.NewSelect().Model(model).Column("id", "name", "created_at", "updated_at").ColumnExpr(categoryCount + " AS package_count")
}

// ListCategories gives a page of categories.
func ListCategories(ctx context.Context, db bun.IDB, p CategoryPage) ([]murano.Category, error) {
	var out []murano.Category
	q := countedCategories(db, &out)
	pageAfter(q, p.keys(), p.After != nil)
	if p.Limit > 0 {
		q.Limit(int64(p.Limit))
	}
	return out, q.Scan(ctx)
}

func (p *CategoryPage) keys() []sortKey {
	after := p.After
	if after == nil {
		after = &murano.Category{}
	}
	byName := map[string]sortKey{
		"name":          {"category.name", after.Name, p.Desc},
		"created":       {"category.created_at", after.CreatedAt, p.Desc},
		"updated":       {"category.updated_at", after.UpdatedAt, p.Desc},
		"package_count": {categoryCount, after.PackageCount, p.Desc},
		"id":            {"category.id", after.ID, p.Desc},
	}
	names := p.SortKeys
	if len(names) == 0 {
		names = []string{"name"}
	}
	var keys []sortKey
	for _, n := range names {
		keys = append(keys, byName[n])
	}
	return append(keys, byName["id"])
}

// DeleteCategory removes a category that no package is in.
func DeleteCategory(ctx context.Context, db bun.IDB, id string) error {
	_, err := db.NewDelete().Model((*murano.Category)(nil)).Where("id = ?", id).Exec(ctx)
	return err
}

// PackagesIn gives the packages of a category by name: id, name and full name alone.
func PackagesIn(ctx context.Context, db bun.IDB, categoryID string) ([]murano.Package, error) {
	var out []murano.Package
	err := db.NewSelect().Model(&out).Column("id", "name", "fully_qualified_name").
		Where("id IN (SELECT package_id FROM package_categories WHERE category_id = ?)", categoryID).Order("name", "id").Scan(ctx)
	return out, err
}
