// Package library is io.murano and io.murano.applications: the classes that every MuranoPL
// package may build upon, written in MuranoPL.
package library

import (
	"embed"
	"fmt"
	"path"
	"slices"

	"hearth/core/yaml"
	"hearth/murano/muranopl"
	"hearth/murano/version"
)

// Files are the packages, each in a directory of its name.
//
//go:embed io.murano io.murano.applications
var Files embed.FS

// Packages are the names of the library's packages.
var Packages = []string{"io.murano", "io.murano.applications"}

// Source reads a package of the library.
func Source(lang *muranopl.Language, name string) (*muranopl.Source, error) {
	raw, err := Files.ReadFile(path.Join(name, "manifest.yaml"))
	if err != nil {
		return nil, fmt.Errorf("the library has no package %s: %w", name, err)
	}
	manifest, err := yaml.ParseYAML(raw, yaml.Options{})
	if err != nil {
		return nil, err
	}
	text := func(key string) string { s, _ := manifest.Get(key).Text(); return s }
	v, err := version.Parse(text("Version"))
	if err != nil {
		return nil, err
	}
	format, err := muranopl.ParseFormat(text("Format"))
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	src := &muranopl.Source{Name: text("FullName"), Version: v, Format: format}
	for _, p := range manifest.Get("Classes").Pairs {
		src.Classes = append(src.Classes, p.Key)
		files[p.Key], _ = p.Value.Text()
	}
	slices.Sort(src.Classes)
	src.Documents = func(class string) ([]any, error) {
		file := path.Join(name, "Classes", files[class])
		body, err := Files.ReadFile(file)
		if err != nil {
			return nil, err
		}
		return lang.Parse(format, body, "/"+file)
	}
	src.Resource = func(resource string) ([]byte, error) {
		return Files.ReadFile(path.Join(name, "Resources", path.Clean("/"+resource)))
	}
	return src, nil
}
