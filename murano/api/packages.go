package api

import (
	"context"
	"encoding/json"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/murano"
	"hearth/murano/catalog"
	"hearth/murano/patch"
)

type packageBody struct {
	ID                 string          `json:"id"`
	Name               string          `json:"name"`
	FullyQualifiedName string          `json:"fully_qualified_name"`
	Type               string          `json:"type" enum:"Application,Library"`
	Author             *string         `json:"author" nullable:"true"`
	Supplier           json.RawMessage `json:"supplier"`
	Description        string          `json:"description"`
	IsPublic           bool            `json:"is_public"`
	Enabled            bool            `json:"enabled"`
	OwnerID            string          `json:"owner_id" doc:"A project."`
	Tags               []string        `json:"tags"`
	Categories         []string        `json:"categories"`
	ClassDefinitions   []string        `json:"class_definitions"`
	Created            string          `json:"created"`
	Updated            string          `json:"updated"`
}

type packageList struct {
	Packages   []packageBody `json:"packages"`
	NextMarker string        `json:"next_marker,omitempty" doc:"The id to go on after; there whenever the page is full."`
}

// packageUpload documents the parts of an upload, whose names are free.
type packageUpload struct {
	Metadata string `json:"__metadata__,omitempty" doc:"A JSON object: categories, tags, is_public, enabled."`
	File     []byte `json:"file" doc:"The package: a zip archive."`
}

type packageChange struct {
	Op    string `json:"op" enum:"add,replace,remove"`
	Path  string `json:"path" example:"/tags"`
	Value any    `json:"value"`
}

type packageRef struct {
	ID string `path:"package_id" doc:"The package's id."`
}

func describePackage(p *murano.Package) packageBody {
	return packageBody{p.ID, p.Name, p.FullyQualifiedName, p.Type, p.Author, p.Supplier, p.Description, p.IsPublic, p.Enabled, p.OwnerID,
		p.Tags, p.Categories, p.Classes, stamp(p.CreatedAt), stamp(p.UpdatedAt)}
}

func (a *API) searchPackages(ctx context.Context, r *request, _ *none) (any, error) {
	managePublic := httpapi.Enforce(ctx, "manage_public_package") == nil
	page, err := a.catalog.Search(ctx, r.caller, r.query(), managePublic)
	if err != nil {
		return nil, err
	}
	out := packageList{Packages: make([]packageBody, len(page.Packages)), NextMarker: page.NextMarker}
	for i := range page.Packages {
		out.Packages[i] = describePackage(&page.Packages[i])
	}
	return out, nil
}

// maxPackageMiB is how large an archive may be ([murano] package_size_limit).
const maxPackageMiB = 5

func (a *API) uploadPackage(ctx context.Context, r *request, _ *none) (any, error) {
	f, ok := r.body.(*form)
	switch {
	case r.hasBody && !ok:
		return nil, murano.Explain(core.Invalid, "Content-Type must be '%s'", typeForm)
	case !ok:
		return nil, malformed()
	}
	if err := checkForm(f); err != nil {
		return nil, err
	}
	u, err := catalog.Metadata(f.metadata)
	if err != nil {
		return nil, err
	}
	if u.IsPublic {
		if err := httpapi.Enforce(ctx, "publicize_package"); err != nil {
			return nil, err
		}
	}
	if len(f.file) == 0 {
		return nil, murano.Explain(core.Invalid, "Uploading file can't be empty")
	}
	u.Archive = f.file
	p, err := a.catalog.Add(ctx, r.caller, u)
	if err != nil {
		return nil, err
	}
	return describePackage(p), nil
}

func checkForm(f *form) error {
	switch {
	case len(f.parts) > 2:
		return murano.Explain(core.Invalid, "'multipart/form-data' request body should contain 1 or 2 parts: json string and zip archive. "+
			"Current body consists of %d part(s)", len(f.parts))
	case len(f.file) > maxPackageMiB<<20:
		return murano.Explain(core.Invalid, "Uploading file is too large. The limit is %d Mb", maxPackageMiB)
	case !f.hasFile:
		return murano.Explain(core.Invalid, "There is no file package with application description")
	}
	return nil
}

func (a *API) showPackage(ctx context.Context, r *request, in *packageRef) (any, error) {
	p, err := a.catalog.Find(ctx, r.caller, in.ID)
	if err != nil {
		return nil, err
	}
	return describePackage(p), nil
}

func (a *API) updatePackage(ctx context.Context, r *request, in *packageRef) (any, error) {
	if !r.hasBody {
		return nil, malformed()
	}
	p, err := a.catalog.Find(ctx, r.caller, in.ID)
	if err != nil {
		return nil, err
	}
	if p.IsPublic {
		if err := httpapi.Enforce(ctx, "manage_public_package"); err != nil {
			return nil, err
		}
	}
	ops, ok := r.body.([]patch.Operation)
	if !ok || r.mediaType != typePackagePatch {
		return nil, murano.Explain(core.Invalid, "Content-Type must be '%s'", typePackagePatch)
	}
	if catalog.Publishes(p, ops) {
		if err := httpapi.Enforce(ctx, "publicize_package"); err != nil {
			return nil, err
		}
	}
	if p, err = a.catalog.Update(ctx, r.caller, in.ID, ops); err != nil {
		return nil, err
	}
	return describePackage(p), nil
}

func (a *API) deletePackage(ctx context.Context, r *request, in *packageRef) (any, error) {
	p, err := a.catalog.Find(ctx, r.caller, in.ID)
	if err != nil {
		return nil, err
	}
	if p.IsPublic {
		if err := httpapi.Enforce(ctx, "manage_public_package"); err != nil {
			return nil, err
		}
	}
	return nil, a.catalog.Remove(ctx, r.caller, in.ID)
}

const typeOctets = "application/octet-stream"

// packageUI is sent as HTML, which upstream calls it; where there is none, as text.
func (a *API) packageUI(ctx context.Context, r *request, in *packageRef) ([]byte, string, error) {
	ui, err := a.catalog.File(ctx, r.caller, in.ID, "ui")
	if len(ui) == 0 {
		return nil, "text/plain", err
	}
	return ui, "text/html; charset=UTF-8", err
}

// packageFile gives a handler for one of the files of a package.
func (a *API) packageFile(column string) func(context.Context, *request, *packageRef) ([]byte, string, error) {
	return func(ctx context.Context, r *request, in *packageRef) ([]byte, string, error) {
		data, err := a.catalog.File(ctx, r.caller, in.ID, column)
		return data, typeOctets, err
	}
}
