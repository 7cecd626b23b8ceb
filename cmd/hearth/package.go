package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hearth/core/diag"
	"hearth/core/plan"
	"hearth/murano/catalog"
	"hearth/murano/validate"
)

type packageCmd struct {
	Build    packageBuildCmd    `cmd:"" help:"Make the archive of a package from its directory."`
	Validate packageValidateCmd `cmd:"" help:"Check packages without a server: every problem at once, with its place."`
	Import   packageImportCmd   `cmd:"" help:"Put packages into the catalogue of a server."`
	Test     packageTestCmd     `cmd:"" help:"Run the tests of packages: classes that extend io.murano.test.TestFixture."`
}

// packageFile is a package of the command line.
type packageFile struct {
	path     string
	data     []byte
	archive  *catalog.Archive // nil when it cannot be read at all
	problems diag.List        // of its entries
}

// readPackage reads a zip, or packs a directory.
func readPackage(path string, g catalog.Generated) (*packageFile, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	p := &packageFile{path: path}
	var problems []catalog.Problem
	switch {
	case info.IsDir():
		p.data, problems, err = catalog.Pack(path, g)
	case info.Mode().IsRegular():
		p.data, err = os.ReadFile(path)
	default:
		err = fmt.Errorf("%s is neither a file nor a directory", path)
	}
	if err != nil {
		return nil, err
	}
	archive, more := catalog.Inspect(p.data, catalog.DefaultLimits)
	p.archive, p.problems = archive, validate.Problems(append(problems, more...))
	return p, nil
}

// load is the package as the catalogue reads it.
func (p *packageFile) load() (*catalog.Package, error) {
	if err := p.problems.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", p.path, err)
	}
	pkg, err := catalog.Load(p.data, catalog.DefaultLimits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.path, err)
	}
	return pkg, nil
}

// loadPackages reads packages that have to be sound.
func loadPackages(paths []string) ([]*catalog.Package, error) {
	var out []*catalog.Package
	for _, path := range paths {
		p, err := readPackage(path, catalog.Generated{})
		if err != nil {
			return nil, err
		}
		pkg, err := p.load()
		if err != nil {
			return nil, err
		}
		out = append(out, pkg)
	}
	return out, nil
}

// searchPackages gives the packages below directories, as murano's load_packages_from finds
// them: directories with a manifest, at any depth, and archives.
func searchPackages(dirs []string) ([]string, error) {
	var out []string
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir():
				if _, err := os.Stat(filepath.Join(path, "manifest.yaml")); err == nil {
					out = append(out, path)
					return filepath.SkipDir
				}
			case filepath.Ext(path) == ".zip":
				out = append(out, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// packageTypes are the types of resources that templates of packages may have.
func packageTypes() (*plan.Types, error) {
	registry, err := resourceTypes()
	if err != nil {
		return nil, err
	}
	return &plan.Types{Registry: registry, Yaql: plan.Yaql}, nil
}

// tell prints the problems of a package and their number.
func (p *packageFile) tell(out io.Writer, list diag.List) error {
	errorCount, warnings := 0, 0
	for _, d := range list {
		source := ""
		if p.archive != nil {
			text, err := p.archive.Read(d.File)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				text = nil
			}
			source = string(text)
		}
		d.File = filepath.Join(p.path, filepath.FromSlash(d.File))
		if err := d.Write(out, source); err != nil {
			return err
		}
		if d.Severity == diag.Warning {
			warnings++
		} else {
			errorCount++
		}
	}
	_, err := fmt.Fprintf(out, "%s: %s\n", p.path, summary(errorCount, warnings))
	return err
}
