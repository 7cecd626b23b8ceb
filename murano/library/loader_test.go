package library_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/version"
)

// loader finds the packages of the library and demo, which is testdata/demo.
type loader struct {
	lang    *muranopl.Language
	sources map[string]*muranopl.Source
}

func (l *loader) Package(name string, _ version.Spec) (*muranopl.Source, error) {
	if src := l.sources[name]; src != nil {
		return src, nil
	}
	src, err := l.read(name)
	if err != nil {
		return nil, err
	}
	if l.sources == nil {
		l.sources = map[string]*muranopl.Source{}
	}
	l.sources[name] = src
	return src, nil
}

func (l *loader) read(name string) (*muranopl.Source, error) {
	switch {
	case slices.Contains(library.Packages, name):
		return library.Source(l.lang, name)
	case name != "demo":
		return nil, muranopl.NoPackageFound(name)
	}
	files, err := filepath.Glob("testdata/demo/*.yaml")
	if err != nil {
		return nil, err
	}
	src := &muranopl.Source{Name: name, Format: muranopl.Format14,
		Requires: []muranopl.Requirement{{Package: "io.murano.applications"}},
		Documents: func(class string) ([]any, error) {
			file := "testdata/demo/" + strings.TrimPrefix(class, "demo.") + ".yaml"
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			return l.lang.Parse(muranopl.Format14, text, file)
		}}
	for _, file := range files {
		src.Classes = append(src.Classes, "demo."+strings.TrimSuffix(filepath.Base(file), ".yaml"))
	}
	return src, nil
}

func (l *loader) ClassPackage(class string, spec version.Spec) (*muranopl.Source, error) {
	for _, name := range []string{"demo", "io.murano.applications", "io.murano"} {
		src, err := l.Package(name, spec)
		if err != nil {
			return nil, err
		}
		if slices.Contains(src.Classes, class) {
			return src, nil
		}
	}
	return nil, muranopl.NoPackageForClassFound(class)
}
