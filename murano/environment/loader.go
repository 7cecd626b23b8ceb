package environment

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/catalog"
	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/store"
	"hearth/murano/version"
)

// loader finds packages as a project sees them, for one executor
// (murano/engine/package_loader.py): in the catalogue, its own before public ones; then in
// the library. Which versions were used stays with the environment, and is preferred.
type loader struct {
	programs *Programs
	ctx      context.Context // the language asks without one
	tenantID string
	broken   func(error) // told of a catalogue that does not answer

	byClass, byName map[string]*muranopl.Source
	hot             map[string]bool // packages of that format
	fixed, used     map[string][]version.Version
}

func (p *Programs) loader(ctx context.Context, tenantID string, broken func(error)) *loader {
	return &loader{programs: p, ctx: ctx, tenantID: tenantID, broken: broken, byClass: map[string]*muranopl.Source{}, byName: map[string]*muranopl.Source{}, hot: map[string]bool{},
		fixed: map[string][]version.Version{}, used: map[string][]version.Version{}}
}

var _ muranopl.Loader = (*loader)(nil)

// Package implements muranopl.Loader.
func (l *loader) Package(name string, spec version.Spec) (*muranopl.Source, error) {
	for _, v := range l.fixed[name] {
		if spec.Has(v) {
			spec = version.Exactly(v)
			break
		}
	}
	src, err := l.find(l.byName, name, spec, store.PackageFilter{FullName: name})
	if err != nil {
		return nil, err
	}
	if src == nil {
		return nil, muranopl.NoPackageFound(name)
	}
	for _, table := range []map[string][]version.Version{l.fixed, l.used} {
		if !slices.ContainsFunc(table[name], src.Version.Equal) {
			table[name] = append(table[name], src.Version)
		}
	}
	return src, nil
}

// ClassPackage implements muranopl.Loader.
func (l *loader) ClassPackage(class string, spec version.Spec) (*muranopl.Source, error) {
	src, err := l.find(l.byClass, class, spec, store.PackageFilter{Class: class})
	if err == nil && src == nil {
		err = muranopl.NoPackageForClassFound(class)
	}
	return src, err
}

// find gives the package that a filter finds, and remembers it under what it was asked for.
func (l *loader) find(known map[string]*muranopl.Source, name string, spec version.Spec, f store.PackageFilter) (*muranopl.Source, error) {
	key := name + " " + spec.String()
	if src := known[key]; src != nil {
		return src, nil
	}
	src, err := l.catalogued(f, spec)
	if err == nil && src == nil {
		src, err = l.programs.inLibrary(f.FullName, f.Class)
	}
	if src != nil && err == nil {
		known[key] = src
	}
	return src, err
}

// catalogued looks in the catalogue: nil for none. One whose version is asked for is
// preferred; the catalogue itself, which upstream knows no versions, takes any other.
func (l *loader) catalogued(f store.PackageFilter, spec version.Spec) (*muranopl.Source, error) {
	f.TenantID, f.Scope, f.SortKeys = l.tenantID, store.OwnOrPublic, []string{"created"}
	found, err := store.SearchPackages(l.ctx, l.programs.cfg.Store.Reader(), f)
	if err != nil {
		l.broken(err)
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b murano.Package) int { return cmp.Compare(l.rank(a), l.rank(b)) })
	var first *muranopl.Source
	for _, pkg := range found {
		src, err := l.read(pkg.ID)
		if err != nil {
			return nil, err
		}
		if spec.Has(src.Version) {
			return src, nil
		}
		if first == nil {
			first = src
		}
	}
	return first, nil
}

func (l *loader) rank(p murano.Package) int {
	if p.OwnerID == l.tenantID {
		return 0
	}
	return 1
}

// read gives a package of the catalogue, read once in this process.
func (l *loader) read(id string) (*muranopl.Source, error) {
	if known, ok := l.programs.sources.GetIfPresent(id); ok {
		l.hot[known.Name] = known.hot
		return known.Source, nil
	}
	archive, err := store.FindPackageFile(l.ctx, l.programs.cfg.Store.Reader(), id, "archive")
	if err != nil {
		l.broken(err)
		return nil, err
	}
	pkg, err := catalog.Load(archive, catalog.DefaultLimits)
	if err != nil {
		return nil, unreadable(err)
	}
	src, err := l.programs.source(pkg)
	if err != nil {
		return nil, unreadable(err)
	}
	known, _ := l.programs.sources.SetIfAbsent(id, &readSource{src, pkg.Format.Name == catalog.HeatHOT, len(archive)})
	l.hot[known.Name] = known.hot
	return known.Source, nil
}

// unreadable gives what is wrong with a package the name that programs know it by.
func unreadable(err error) error {
	if core.ErrorCode(err) != core.Invalid {
		return err
	}
	return &muranopl.Error{Name: "murano.packages.exceptions.PackageLoadError", Message: problemText(err)}
}

// inLibrary gives the package of the library of that name or with that class; nil for none.
func (p *Programs) inLibrary(name, class string) (*muranopl.Source, error) {
	for _, own := range []string{"io.murano", "io.murano.applications"} {
		if name != "" && name != own {
			continue
		}
		src, err := p.librarySource(own)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if name != "" || slices.Contains(src.Classes, class) {
			return src, nil
		}
	}
	return nil, nil
}

func (p *Programs) librarySource(name string) (*muranopl.Source, error) {
	if known, ok := p.sources.GetIfPresent(name); ok {
		return known.Source, nil
	}
	src, err := library.Source(p.lang, name)
	if err != nil {
		return nil, err
	}
	src.Documents, src.Config = once(src.Documents), p.classConfig
	known, _ := p.sources.SetIfAbsent(name, &readSource{Source: src})
	return known.Source, nil
}

// fix takes the versions that the environment has used: SystemData.Packages of its model.
func (l *loader) fix(model *yaml.Map) {
	data, _ := model.Get(keySystemData)
	m, _ := data.(*yaml.Map)
	v, _ := m.Get("Packages")
	table, _ := v.(*yaml.Map)
	if table == nil {
		return
	}
	for name, list := range table.All() {
		items, _ := list.([]any)
		for _, item := range items {
			if v, err := version.Parse(yaml.Str(item)); err == nil {
				l.fixed[name] = append(l.fixed[name], v)
			}
		}
	}
}

// fixations writes a table of versions as models have it.
func fixations(table map[string][]version.Version) *yaml.Map {
	out := yaml.NewMap(len(table))
	for _, name := range slices.Sorted(maps.Keys(table)) {
		list := make([]any, len(table[name]))
		for i, v := range table[name] {
			list[i] = v.String()
		}
		out.Set(name, list)
	}
	return out
}
