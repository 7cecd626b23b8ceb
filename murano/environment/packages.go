package environment

import (
	"context"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/catalog"
	"hearth/murano/store"
)

// packages gives the packages of classes as the environment's project sees them, each read
// once (murano/engine/package_loader.py).
type packages struct {
	store    *corestore.Store
	tenantID string
	byID     map[string]*catalog.Package
}

// classPackage gives the package of a class: the project's own before a public one.
// Returns NotFound, in upstream's words.
func (p *packages) classPackage(ctx context.Context, class murano.ClassName) (*catalog.Package, error) {
	found, err := store.SearchPackages(ctx, p.store.Reader(), store.PackageFilter{
		TenantID: p.tenantID, Scope: store.OwnOrPublic, Class: class.Name, FullName: class.Package, SortKeys: []string{"created"},
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, core.Errorf(core.NotFound, "NoPackageForClassFound", `Package for class "%s" is not found`, class.Name)
	}
	best := found[0]
	for _, f := range found {
		if f.OwnerID == p.tenantID {
			best = f
			break
		}
	}
	return p.load(ctx, best.ID)
}

func (p *packages) load(ctx context.Context, id string) (*catalog.Package, error) {
	if pkg := p.byID[id]; pkg != nil {
		return pkg, nil
	}
	archive, err := store.FindPackageFile(ctx, p.store.Reader(), id, "archive")
	if err != nil {
		return nil, err
	}
	pkg, err := catalog.Load(archive, catalog.DefaultLimits)
	if err != nil {
		return nil, err
	}
	p.byID[id] = pkg
	return pkg, nil
}
