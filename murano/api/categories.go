package api

import (
	"context"

	"hearth/murano"
)

// CategoryBody is a category as every answer has it.
type CategoryBody struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	PackageCount int    `json:"package_count"`
	Created      string `json:"created"`
	Updated      string `json:"updated"`
}

type categoryList struct {
	Categories []CategoryBody `json:"categories"`
	NextMarker string         `json:"next_marker,omitempty" doc:"The id to go on after; there when the limit was reached."`
}

type categoryWithPackages struct {
	CategoryBody
	Packages []packageName `json:"packages"`
}

type packageName struct {
	ID                 string `json:"id"`
	Name               string `json:"name"`
	FullyQualifiedName string `json:"fully_qualified_name"`
}

type newCategory struct {
	Name string `json:"name" maxLength:"80"`
}

type categoryRef struct {
	ID string `path:"category_id" doc:"The category's id."`
}

func describeCategory(c *murano.Category) CategoryBody {
	return CategoryBody{c.ID, c.Name, c.PackageCount, stamp(c.CreatedAt), stamp(c.UpdatedAt)}
}

func (a *API) listCategories(ctx context.Context, r *request, _ *none) (any, error) {
	page, err := a.catalog.Categories(ctx, r.query())
	if err != nil {
		return nil, err
	}
	out := categoryList{Categories: make([]CategoryBody, len(page.Categories)), NextMarker: page.NextMarker}
	for i := range page.Categories {
		out.Categories[i] = describeCategory(&page.Categories[i])
	}
	return out, nil
}

func (a *API) showCategory(ctx context.Context, _ *request, in *categoryRef) (any, error) {
	c, packages, err := a.catalog.Category(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := categoryWithPackages{describeCategory(c), make([]packageName, len(packages))}
	for i, p := range packages {
		out.Packages[i] = packageName{p.ID, p.Name, p.FullyQualifiedName}
	}
	return out, nil
}

func (a *API) addCategory(ctx context.Context, r *request, _ *none) (any, error) {
	c, err := a.catalog.AddCategory(ctx, r.body)
	if err != nil {
		return nil, err
	}
	return describeCategory(c), nil
}

func (a *API) deleteCategory(ctx context.Context, _ *request, in *categoryRef) (any, error) {
	return nil, a.catalog.RemoveCategory(ctx, in.ID)
}
