package store

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/murano"
)

// CreatePackage stores a new package with its files, classes and tags, in categories that
// exist (by id). Ask IsUnique of hearth/core/store of the error for a full name that its
// owner has already.
func CreatePackage(ctx context.Context, db bun.IDB, p *murano.Package, f *murano.PackageFiles, categoryIDs []string) error {
	if _, err := db.NewInsert().Model(p).Exec(ctx); err != nil {
		return err
	}
	f.PackageID = p.ID
	if _, err := db.NewInsert().Model(f).Exec(ctx); err != nil {
		return err
	}
	if err := insertNames(ctx, db, "package_classes", "name", p.ID, p.Classes); err != nil {
		return err
	}
	if err := insertNames(ctx, db, "package_tags", "name", p.ID, p.Tags); err != nil {
		return err
	}
	return insertNames(ctx, db, "package_categories", "category_id", p.ID, categoryIDs)
}

// UpdatePackage writes every column of a package, and its tags and categories (by id).
func UpdatePackage(ctx context.Context, db bun.IDB, p *murano.Package, categoryIDs []string) error {
	if _, err := db.NewUpdate().Model(p).WherePK().Exec(ctx); err != nil {
		return err
	}
	for _, table := range []string{"package_tags", "package_categories"} {
		if _, err := db.NewRaw("DELETE FROM ? WHERE package_id = ?", bun.Ident(table), p.ID).Exec(ctx); err != nil {
			return err
		}
	}
	if err := insertNames(ctx, db, "package_tags", "name", p.ID, p.Tags); err != nil {
		return err
	}
	return insertNames(ctx, db, "package_categories", "category_id", p.ID, categoryIDs)
}

// FindPackage gives a package by id.
func FindPackage(ctx context.Context, db bun.IDB, id string) (*murano.Package, error) {
	p := new(murano.Package)
	p, err := one(p, db.NewSelect().Model(p).Where("id = ?", id).Scan(ctx))
	if err != nil || p == nil {
		return nil, err
	}
	row := []murano.Package{*p}
	if err := loadNames(ctx, db, row); err != nil {
		return nil, err
	}
	return &row[0], nil
}

// FindPackageFile gives one of the columns ui, logo, supplier_logo and archive of a package,
// nil when the package has none.
func FindPackageFile(ctx context.Context, db bun.IDB, packageID, column string) ([]byte, error) {
	var b []byte
	row, err := one(&b, db.NewSelect().Model((*murano.PackageFiles)(nil)).Column(column).Where("package_id = ?", packageID).Scan(ctx, &b))
	if err != nil || row == nil {
		return nil, err
	}
	return b, nil
}

// DeletePackage removes a package with all that belongs to it.
func DeletePackage(ctx context.Context, db bun.IDB, id string) error {
	_, err := db.NewDelete().Model((*murano.Package)(nil)).Where("id = ?", id).Exec(ctx)
	return err
}

// ClassTaken reports whether another package than ignoreID has one of the classes: one of
// the project's (when tenantID is given), or a public one (when public).
func ClassTaken(ctx context.Context, db bun.IDB, classes []string, tenantID string, public bool, ignoreID string) (bool, error) {
	if len(classes) == 0 || tenantID == "" && !public {
		return false, nil
	}
	return db.NewSelect().Model((*murano.Package)(nil)).
		Where("id IN (SELECT package_id FROM package_classes WHERE name IN (?))", bun.List(classes)).
		Where("id <> ?", ignoreID).
		Where("(? AND owner_id = ? OR ? AND is_public)", tenantID != "", tenantID, public).Exists(ctx)
}

// PublicNameTaken reports whether a public package other than ignoreID has the full name.
func PublicNameTaken(ctx context.Context, db bun.IDB, fullName, ignoreID string) (bool, error) {
	return db.NewSelect().Model((*murano.Package)(nil)).Where("is_public AND fully_qualified_name = ? AND id <> ?", fullName, ignoreID).Exists(ctx)
}

// loadNames fills in the categories, tags and classes of packages, each by name.
func loadNames(ctx context.Context, db bun.IDB, packages []murano.Package) error {
	if len(packages) == 0 {
		return nil
	}
	at := make(map[string]*murano.Package, len(packages))
	ids := make([]string, len(packages))
	for i := range packages {
		p := &packages[i]
		p.Categories, p.Tags, p.Classes = []string{}, []string{}, []string{}
		at[p.ID], ids[i] = p, p.ID
	}
	for _, part := range []struct {
		query string
		list  func(*murano.Package) *[]string
	}{
		{"SELECT package_id, name FROM package_tags WHERE package_id IN (?) ORDER BY name", func(p *murano.Package) *[]string { return &p.Tags }},
		{"SELECT package_id, name FROM package_classes WHERE package_id IN (?) ORDER BY name", func(p *murano.Package) *[]string { return &p.Classes }},
		{"SELECT pc.package_id, c.name FROM package_categories AS pc JOIN categories AS c ON c.id = pc.category_id WHERE pc.package_id IN (?) ORDER BY c.name",
			func(p *murano.Package) *[]string { return &p.Categories }},
	} {
		var rows []struct{ PackageID, Name string }
		if err := db.NewRaw(part.query, bun.List(ids)).Scan(ctx, &rows); err != nil {
			return err
		}
		for _, r := range rows {
			names := part.list(at[r.PackageID])
			*names = append(*names, r.Name)
		}
	}
	return nil
}
