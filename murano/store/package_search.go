package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"hearth/murano"
)

// PackageScope says whose packages a search sees.
type PackageScope int

// The scopes.
const (
	AllPackages   PackageScope = iota
	OwnOrPublic                // of the project, and the public ones
	OwnedPackages              // of the project alone
)

// PackageFilter says which packages to search for; an empty field asks nothing, but a list
// that is there and empty finds nothing.
type PackageFilter struct {
	TenantID        string // whose, for Scope and Owned
	Scope           PackageScope
	Owned           bool
	IncludeDisabled bool

	IDs, Categories, Tags []string // any of
	Type                  string
	Class                 string
	FullName, Name        string
	Words                 []string // any, anywhere in the package's texts

	SortKeys []string // fqn, name, created
	Desc     bool
	Limit    int
	After    *murano.Package // the last one of the page before
}

// SearchPackages gives a page of packages (murano/db/catalog/api.py package_search). With
// Words those come first that have a word in the name, then in the full name, and so on.
func SearchPackages(ctx context.Context, db bun.IDB, f PackageFilter) ([]murano.Package, error) {
	var out []murano.Package
	q := db.NewSelect().Model(&out)
	f.where(q)
	keys, err := f.keys(ctx, db)
	if err != nil {
		return nil, err
	}
	pageAfter(q, keys, f.After != nil)
	if f.Limit > 0 {
		q.Limit(int64(f.Limit))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, err
	}
	return out, loadNames(ctx, db, out)
}

func (f *PackageFilter) where(q *bun.SelectQuery) {
	switch f.Scope {
	case OwnOrPublic:
		q.Where("(package.owner_id = ? OR package.is_public)", f.TenantID)
	case OwnedPackages:
		q.Where("package.owner_id = ?", f.TenantID)
	}
	if f.Owned {
		q.Where("package.owner_id = ?", f.TenantID)
	}
	if !f.IncludeDisabled {
		q.Where("package.enabled")
	}
	for _, c := range []struct{ column, value string }{
		{"type", f.Type}, {"fully_qualified_name", f.FullName}, {"name", f.Name},
	} {
		if c.value != "" {
			q.Where("package.? = ?", bun.Ident(c.column), c.value)
		}
	}
	if f.IDs != nil {
		q.Where("package.id IN (?)", bun.List(f.IDs))
	}
	if f.Tags != nil {
		q.Where("package.id IN (SELECT package_id FROM package_tags WHERE name IN (?))", bun.List(f.Tags))
	}
	if f.Categories != nil {
		q.Where("package.id IN (SELECT pc.package_id FROM package_categories AS pc JOIN categories AS c ON c.id = pc.category_id WHERE c.name IN (?))", bun.List(f.Categories))
	}
	if f.Class != "" {
		q.Where("package.id IN (SELECT package_id FROM package_classes WHERE name = ?)", f.Class)
	}
	if len(f.Words) > 0 {
		q.Where("? < ?", bun.Safe(f.weight()), len(searched))
	}
}

// searched are the texts in which words are sought, the most telling first; those of one
// entry weigh the same.
var searched = [][]string{
	{"lower(package.name) LIKE ?"},
	{"lower(package.fully_qualified_name) LIKE ?"},
	{"lower(package.description) LIKE ?"},
	{"EXISTS (SELECT 1 FROM package_categories AS pc JOIN categories AS c ON c.id = pc.category_id WHERE pc.package_id = package.id AND lower(c.name) LIKE ?)"},
	{"EXISTS (SELECT 1 FROM package_tags AS t WHERE t.package_id = package.id AND lower(t.name) LIKE ?)"},
	{"EXISTS (SELECT 1 FROM package_classes AS k WHERE k.package_id = package.id AND lower(k.name) LIKE ?)"},
	{"lower(package.author) LIKE ?"},
	{"package.id LIKE ?", "lower(package.type) LIKE ?", "package.owner_id LIKE ?"},
}

// weight is an SQL expression: the place in searched where a word is found first.
func (f *PackageFilter) weight() string {
	var b strings.Builder
	b.WriteString("CASE")
	for i, texts := range searched {
		var cond []string
		for _, text := range texts {
			for _, w := range f.Words {
				cond = append(cond, strings.Replace(text, "?", likePattern(w), 1))
			}
		}
		fmt.Fprintf(&b, " WHEN %s THEN %d", strings.Join(cond, " OR "), i)
	}
	fmt.Fprintf(&b, " ELSE %d END", len(searched))
	return b.String()
}

// likePattern is the SQL text of a pattern that finds the word anywhere, whatever it holds.
func likePattern(word string) string {
	word = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_", "'", "''", "\x00", "").Replace(strings.ToLower(word))
	return "'%" + word + "%' ESCAPE '!'"
}

func (f *PackageFilter) keys(ctx context.Context, db bun.IDB) ([]sortKey, error) {
	after := f.After
	if after == nil {
		after = &murano.Package{}
	}
	var keys []sortKey
	if len(f.Words) > 0 {
		k := sortKey{expr: f.weight()}
		if f.After != nil {
			var w int
			if err := db.NewSelect().Model((*murano.Package)(nil)).ColumnExpr("?", bun.Safe(k.expr)).Where("package.id = ?", after.ID).Scan(ctx, &w); err != nil {
				return nil, err
			}
			k.after = w
		}
		keys = append(keys, k)
	}
	for _, name := range f.SortKeys {
		switch name {
		case "fqn":
			keys = append(keys, sortKey{"package.fully_qualified_name", after.FullyQualifiedName, f.Desc})
		case "name":
			keys = append(keys, sortKey{"package.name", after.Name, f.Desc})
		case "created":
			keys = append(keys, sortKey{"package.created_at", after.CreatedAt, f.Desc})
		}
	}
	return append(keys, sortKey{"package.id", after.ID, f.Desc}), nil
}
