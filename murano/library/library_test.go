package library_test

import (
	"io/fs"
	"log/slog"
	"path"
	"slices"
	"strings"
	"testing"

	"hearth/core/store/storetest"
	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/native"
	"hearth/murano/version"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestEveryClassLoads(t *testing.T) {
	l := &loader{lang: muranopl.NewLanguage(native.Classes(), nil, native.Restricted())}
	ex := muranopl.NewExecutor(l.lang, l, muranopl.Limits{}, slog.New(slog.DiscardHandler))
	for _, name := range library.Packages {
		p, err := ex.Package(name, version.Spec{})
		if err != nil {
			t.Fatal(err)
		}
		for _, class := range p.Classes {
			if _, err := p.Class(class, false); err != nil {
				t.Errorf("%s: %v", class, err)
			}
		}
	}
}

func TestEveryNativeClassHasAFile(t *testing.T) {
	lang := muranopl.NewLanguage(nil, nil, nil)
	src, err := library.Source(lang, "io.murano")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range native.Classes() {
		if !slices.Contains(src.Classes, n.Name) {
			t.Error(n.Name)
		}
	}
}

func TestManifestsNameEveryFile(t *testing.T) {
	lang := muranopl.NewLanguage(nil, nil, nil)
	for _, name := range library.Packages {
		src, err := library.Source(lang, name)
		if err != nil {
			t.Fatal(err)
		}
		err = fs.WalkDir(library.Files, path.Join(name, "Classes"), func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			class := strings.TrimSuffix(strings.TrimPrefix(file, name+"/Classes/"), ".yaml")
			if class = name + "." + strings.ReplaceAll(class, "/", "."); !slices.Contains(src.Classes, class) {
				t.Error(class)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestResourcesAreFilesOfTheirFolderAlone(t *testing.T) {
	src, err := library.Source(muranopl.NewLanguage(nil, nil, nil), "io.murano")
	if err != nil {
		t.Fatal(err)
	}
	if body, err := src.Resource("scripts/putFile.sh"); err != nil || !strings.HasPrefix(string(body), "#!/bin/sh\n") {
		t.Error(string(body), err)
	}
	for _, name := range []string{"../manifest.yaml", "../../library.go", "nothing"} {
		if body, err := src.Resource(name); err == nil {
			t.Error(name, string(body))
		}
	}
}
