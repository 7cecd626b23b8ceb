package catalog

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// CategoryPage is a page of categories. NextMarker is set when a limit was asked for and
// reached.
type CategoryPage struct {
	Categories []murano.Category
	NextMarker string
}

var (
	categoryParams   = []string{"sort_keys", "sort_dir", "limit", "marker"}
	categorySortKeys = []string{"name", "created", "updated", "package_count", "id"}
)

// Categories gives the categories that the parameters of a request ask for; all, by name,
// without any. Returns Invalid for parameters that are unknown or wrong, NotFound for an
// unknown marker.
func (s *Service) Categories(ctx context.Context, query url.Values) (*CategoryPage, error) {
	var p store.CategoryPage
	for name := range query {
		if !slices.Contains(categoryParams, name) {
			return nil, murano.Detail(core.Invalid, "Bad value passed to filter. Got %s, expected:%s", name, strings.Join(categoryParams, ", "))
		}
	}
	if query.Has("sort_keys") {
		for k := range strings.SplitSeq(last(query, "sort_keys"), ",") {
			if k = strings.TrimSpace(k); !slices.Contains(categorySortKeys, k) {
				return nil, murano.Explain(core.Invalid, "Invalid sort key: %s. Must be one of the following: %s", k, strings.Join(categorySortKeys, ", "))
			}
			p.SortKeys = append(p.SortKeys, k)
		}
	}
	if query.Has("sort_dir") {
		dir := last(query, "sort_dir")
		if dir != "asc" && dir != "desc" {
			return nil, murano.Explain(core.Invalid, "Invalid sort direction: %s", dir)
		}
		p.Desc = dir == "desc"
	}
	var err error
	if p.Limit, err = ParseLimit(query); err != nil {
		return nil, err
	}
	db := s.Store.Reader()
	if query.Has("marker") {
		if p.After, _, err = s.Category(ctx, last(query, "marker")); err != nil {
			return nil, err
		}
	}
	list, err := store.ListCategories(ctx, db, p)
	if err != nil {
		return nil, err
	}
	page := &CategoryPage{Categories: list}
	if p.Limit > 0 && len(list) == p.Limit {
		page.NextMarker = list[len(list)-1].ID
	}
	return page, nil
}

// Category gives a category and the packages in it: id, name and full name of each.
// Returns NotFound.
func (s *Service) Category(ctx context.Context, id string) (*murano.Category, []murano.Package, error) {
	c, err := store.FindCategory(ctx, s.Store.Reader(), id)
	if err != nil {
		return nil, nil, err
	}
	if c == nil {
		return nil, nil, categoryNotFound(id)
	}
	packages, err := store.PackagesIn(ctx, s.Store.Reader(), id)
	return c, packages, err
}

// AddCategory makes a category of the body of a request. Returns Invalid for a name that
// is missing or too long, Conflict for one that is taken.
func (s *Service) AddCategory(ctx context.Context, body any) (*murano.Category, error) {
	m, ok := body.(*yaml.Map)
	if !ok {
		return nil, murano.Raise(core.Internal, "AttributeError", "'%s' object has no attribute 'get'", yaml.TypeName(body))
	}
	v, _ := m.Get("name")
	name, ok := v.(string)
	if v != nil && !ok {
		return nil, murano.Explain(core.Invalid, "")
	}
	if name == "" {
		return nil, murano.Explain(core.Invalid, "Please, specify a name of the category to create")
	}
	if len([]rune(name)) > maxName {
		return nil, murano.Explain(core.Invalid, "Category name should be 80 characters maximum")
	}
	now := store.Now()
	c := &murano.Category{ID: murano.NewID(), Name: name, CreatedAt: now, UpdatedAt: now}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateCategory(ctx, tx, c) })
	if corestore.IsUnique(err) {
		return nil, murano.Explain(core.Conflict, "Category with specified name is already exist")
	}
	return c, err
}

// RemoveCategory removes a category that no package is in. Returns NotFound, and Forbidden
// for one that is in use.
func (s *Service) RemoveCategory(ctx context.Context, id string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		c, err := store.FindCategory(ctx, tx, id)
		if err != nil {
			return err
		}
		if c == nil {
			return categoryNotFound(id)
		}
		if c.PackageCount > 0 {
			return murano.Explain(core.Forbidden, "It's impossible to delete categories assigned to the package, uploaded to the catalog")
		}
		return store.DeleteCategory(ctx, tx, id)
	})
}

func categoryNotFound(id string) error {
	return murano.Detail(core.NotFound, "Category id '%s' not found", id)
}
