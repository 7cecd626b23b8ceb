package catalog

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/store"
)

// Service is the use cases of the catalogue. It is safe for concurrent use.
type Service struct {
	Store *corestore.Store
	// Limits bound uploaded archives; DefaultLimits when zero.
	Limits Limits
}

// Upload says what is known of an archive beside its manifest.
type Upload struct {
	Archive    []byte
	Tags       []string // beside those of the manifest
	Categories []string // by name
	IsPublic   bool
	Enabled    bool
}

// Add reads an archive and puts the package into the catalogue, owned by the caller's
// project. What the manifest says wins (murano/api/v1/catalog.py upload). Returns Invalid
// for what is no package or in a category that there is not, Conflict for a class or a name
// that is taken where the package would be seen.
func (s *Service) Add(ctx context.Context, caller *core.Caller, u Upload) (*murano.Package, error) {
	limits := s.Limits
	if limits == (Limits{}) {
		limits = DefaultLimits
	}
	pkg, err := Load(u.Archive, limits)
	if err != nil {
		return nil, murano.Explain(core.Invalid, "Couldn't load package from file: %s", err)
	}
	if len([]rune(pkg.Name)) > maxName {
		return nil, nameTooLong()
	}
	now := store.Now()
	row := &murano.Package{
		ID: murano.NewID(), FullyQualifiedName: pkg.FullName, OwnerID: caller.ProjectID, Name: pkg.Name, Type: pkg.Type,
		Author: &pkg.Author, Supplier: pkg.Supplier, Description: pkg.Description, IsPublic: u.IsPublic, Enabled: u.Enabled,
		CreatedAt: now, UpdatedAt: now, Tags: union(u.Tags, pkg.Tags), Classes: pkg.Classes,
	}
	files := &murano.PackageFiles{Archive: u.Archive, UI: pkg.UI, Logo: pkg.Logo, SupplierLogo: pkg.SupplierLogo}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		if err := lockClasses(ctx, tx, caller.ProjectID, u.IsPublic); err != nil {
			return err
		}
		if err := checkFree(ctx, tx, row, caller.ProjectID, ""); err != nil {
			return err
		}
		categories, err := categoryIDs(ctx, tx, u.Categories)
		if err != nil {
			return err
		}
		return store.CreatePackage(ctx, tx, row, files, categories)
	})
	if corestore.IsUnique(err) {
		return nil, murano.Detail(core.Conflict, "Package with specified full name is already registered")
	}
	if err != nil {
		return nil, err
	}
	return store.FindPackage(ctx, s.Store.Reader(), row.ID)
}

const maxName = 80

func nameTooLong() error {
	return murano.Explain(core.Invalid, "Package name should be 80 characters maximum")
}

// lockClasses keeps two uploads at once from both taking a class.
func lockClasses(ctx context.Context, tx *corestore.Tx, tenantID string, public bool) error {
	if public {
		if err := store.Lock(ctx, tx, "murano public packages"); err != nil {
			return err
		}
	}
	return store.Lock(ctx, tx, "murano classes of "+tenantID)
}

// checkFree returns Conflict when a class of the package is seen already where it would be
// seen, or, for a public one, its name.
func checkFree(ctx context.Context, db bun.IDB, p *murano.Package, tenantID, ignoreID string) error {
	taken, err := store.ClassTaken(ctx, db, p.Classes, tenantID, p.IsPublic, ignoreID)
	if err != nil {
		return err
	}
	if taken {
		return murano.Detail(core.Conflict, "Class with the same full name is already registered in the visibility scope")
	}
	if !p.IsPublic {
		return nil
	}
	if taken, err = store.PublicNameTaken(ctx, db, p.FullyQualifiedName, ignoreID); err != nil {
		return err
	}
	if taken {
		return murano.Detail(core.Conflict, "Package with the same Name is already made public")
	}
	return nil
}

func categoryIDs(ctx context.Context, db bun.IDB, names []string) ([]string, error) {
	ids := make([]string, len(names))
	for i, name := range names {
		c, err := store.FindCategoryByName(ctx, db, name)
		if err != nil {
			return nil, err
		}
		if c == nil {
			return nil, murano.Explain(core.Invalid, "Category '%s' doesn't exist", name)
		}
		ids[i] = c.ID
	}
	return ids, nil
}

func union(a, b []string) []string {
	seen := map[string]bool{}
	out := []string{}
	for _, list := range [][]string{a, b} {
		for _, s := range list {
			if !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out
}

// Find gives a package that the caller may see: its project's, a public one, or any for an
// administrator. Returns NotFound and Forbidden.
func (s *Service) Find(ctx context.Context, caller *core.Caller, id string) (*murano.Package, error) {
	return find(ctx, s.Store.Reader(), caller, id)
}

func find(ctx context.Context, db bun.IDB, caller *core.Caller, id string) (*murano.Package, error) {
	p, err := findAny(ctx, db, id)
	if err != nil {
		return nil, err
	}
	if !caller.IsAdmin() && p.OwnerID != caller.ProjectID && !p.IsPublic {
		// The blank at the end is upstream's.
		return nil, murano.Explain(core.Forbidden, "Package '%s' is not public and not owned by tenant '%s' ", id, caller.ProjectID)
	}
	return p, nil
}

func findAny(ctx context.Context, db bun.IDB, id string) (*murano.Package, error) {
	p, err := store.FindPackage(ctx, db, id)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, murano.Explain(core.NotFound, "Package id '%s' not found", id)
	}
	return p, nil
}

// File gives the column ui, logo, supplier_logo or archive of a package that the caller
// may see; nil when the package has none. Returns what Find does.
func (s *Service) File(ctx context.Context, caller *core.Caller, id, column string) ([]byte, error) {
	if _, err := s.Find(ctx, caller, id); err != nil {
		return nil, err
	}
	return store.FindPackageFile(ctx, s.Store.Reader(), id, column)
}

// Remove takes a package of the caller's project, or any for an administrator, out of the
// catalogue. Returns NotFound and Forbidden.
func (s *Service) Remove(ctx context.Context, caller *core.Caller, id string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		p, err := find(ctx, tx, caller, id)
		if err != nil {
			return err
		}
		if !caller.IsAdmin() && p.OwnerID != caller.ProjectID {
			return murano.Explain(core.Forbidden, "Package is not owned by the tenant '%s'", caller.ProjectID)
		}
		return store.DeletePackage(ctx, tx, id)
	})
}
