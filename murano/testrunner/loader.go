package testrunner

import (
	"fmt"
	"slices"

	"hearth/murano/catalog"
	"hearth/murano/environment"
	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/version"
)

// loader finds the packages that are given, of several versions the highest, and those of
// the library.
type loader struct{ sources []*muranopl.Source }

func newLoader(lang *muranopl.Language, packages []*catalog.Package) (*loader, error) {
	l := &loader{}
	for _, pkg := range packages {
		src, err := environment.Source(lang, pkg)
		if err != nil {
			return nil, fmt.Errorf("package %s: %w", pkg.FullName, err)
		}
		l.sources = append(l.sources, src)
	}
	for _, name := range library.Packages {
		src, err := library.Source(lang, name)
		if err != nil {
			return nil, err
		}
		l.sources = append(l.sources, src)
	}
	return l, nil
}

var _ muranopl.Loader = (*loader)(nil)

// best is the highest of the sources for which fits holds; of one name those that are given
// come before the library's.
func (l *loader) best(fits func(*muranopl.Source) bool) *muranopl.Source {
	var found *muranopl.Source
	for _, src := range l.sources {
		if fits(src) && (found == nil || src.Version.Compare(found.Version) > 0) {
			found = src
		}
	}
	return found
}

// Package implements muranopl.Loader.
func (l *loader) Package(name string, spec version.Spec) (*muranopl.Source, error) {
	src := l.best(func(s *muranopl.Source) bool { return s.Name == name && spec.Has(s.Version) })
	if src == nil {
		return nil, muranopl.NoPackageFound(name)
	}
	return src, nil
}

// ClassPackage implements muranopl.Loader.
func (l *loader) ClassPackage(class string, spec version.Spec) (*muranopl.Source, error) {
	src := l.best(func(s *muranopl.Source) bool { return slices.Contains(s.Classes, class) && spec.Has(s.Version) })
	if src == nil {
		return nil, muranopl.NoPackageForClassFound(class)
	}
	return src, nil
}
