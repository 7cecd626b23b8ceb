package environment

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano/catalog"
	"hearth/murano/muranopl"
	"hearth/murano/version"
)

// source is Source with the class configurations of the programs.
func (p *Programs) source(pkg *catalog.Package) (*muranopl.Source, error) {
	src, err := Source(p.lang, pkg)
	if err == nil {
		src.Config = p.classConfig
	}
	return src, err
}

// Source makes a package of the catalogue one that programs are made of. It returns Invalid
// for a manifest that the language cannot follow.
func Source(lang *muranopl.Language, pkg *catalog.Package) (*muranopl.Source, error) {
	v, err := version.Parse(pkg.Version)
	if err != nil {
		return nil, err
	}
	src := &muranopl.Source{Name: pkg.FullName, Version: v, Classes: pkg.Classes}
	if pkg.Format.Name == catalog.HeatHOT {
		return src, hotSource(lang, src, pkg)
	}
	return src, muranoSource(lang, src, pkg)
}

func (p *Programs) classConfig(class string) map[string]any { return p.configs[class] }

func muranoSource(lang *muranopl.Language, src *muranopl.Source, pkg *catalog.Package) error {
	manifest, err := pkg.Manifest()
	if err != nil {
		return err
	}
	if src.Format, err = muranopl.ParseFormat(strings.TrimSuffix(pkg.Format.Version, ".0")); err != nil {
		return err
	}
	if src.Requires, err = requirements(manifest); err != nil {
		return err
	}
	if meta, _ := manifest.Get("Meta"); meta != nil {
		src.Meta = muranopl.ClassFileValue(plain(meta))
	}
	v, _ := manifest.Get("Classes")
	files, _ := v.(*yaml.Map)
	src.Documents = once(func(class string) ([]any, error) {
		name, _ := files.Get(class)
		text, err := pkg.File("Classes", yaml.Str(name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &muranopl.Error{Name: "murano.packages.exceptions.PackageClassLoadError",
				Message: fmt.Sprintf("Unable to load class \"%s\" from package: File with class definition not found", class)}
		}
		if err != nil {
			return nil, err
		}
		return lang.Parse(src.Format, text, "/"+src.Name+"/Classes/"+yaml.Str(name))
	})
	src.Resource = func(name string) ([]byte, error) { return pkg.File("Resources", name) }
	return nil
}

// once reads the file of each class one time, whoever of many programs asks first.
func once(read func(class string) ([]any, error)) func(class string) ([]any, error) {
	type file struct {
		once sync.Once
		docs []any
		err  error
	}
	var files sync.Map
	return func(class string) ([]any, error) {
		v, _ := files.LoadOrStore(class, new(file))
		f := v.(*file)
		f.once.Do(func() { f.docs, f.err = read(class) })
		return f.docs, f.err
	}
}

// requirements reads Require: full names with what versions are asked for, nothing is 0.x.
func requirements(manifest *yaml.Map) ([]muranopl.Requirement, error) {
	v, _ := manifest.Get("Require")
	if v == nil {
		return nil, nil
	}
	m, ok := v.(*yaml.Map)
	if !ok {
		return nil, core.Errorf(core.Invalid, "PackageFormatError", "Require is not a mapping")
	}
	var out []muranopl.Requirement
	for name, v := range m.All() {
		text := ""
		if v != nil {
			text = yaml.Str(v)
		}
		spec, err := version.ParseSpec(text)
		if err != nil {
			return nil, core.Errorf(core.Invalid, "PackageFormatError", "Require of %s: %s", name, err)
		}
		out = append(out, muranopl.Requirement{Package: name, Spec: spec})
	}
	return out, nil
}

// plain turns mappings into Go maps all the way down.
func plain(v any) any {
	switch v := v.(type) {
	case *yaml.Map:
		out := make(map[string]any, v.Len())
		for k, item := range v.All() {
			out[k] = plain(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	}
	return v
}
