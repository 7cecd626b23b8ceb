package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"hearth/core/diag"
	"hearth/murano/catalog"
	"hearth/murano/validate"
)

type packageBuildCmd struct {
	Dir    string   `arg:"" type:"existingdir" help:"Directory with manifest.yaml, or with template.yaml alone."`
	Output string   `short:"o" help:"File to write (default: the directory's name with .zip)." placeholder:"FILE"`
	With   []string `help:"Package that the package requires." placeholder:"DIR|ZIP"`

	Name        string   `help:"Of a template without a manifest: name of the application (default: the directory's)."`
	FullName    string   `help:"Of a template without a manifest: full name (default: io.murano.apps.generated. and the name)."`
	Description string   `help:"Of a template without a manifest: what it is (default: the template's description)."`
	Author      string   `help:"Of a template without a manifest: its author." env:"OS_USERNAME"`
	Tags        []string `name:"tag" help:"Of a template without a manifest: a tag."`

	out, err io.Writer // of tests
}

// Help says what the command does.
func (*packageBuildCmd) Help() string {
	return `The same files give the same archive, byte by byte. What "hearth package validate" calls an error keeps
it from being written. A directory that has a template.yaml and no manifest.yaml becomes a package of that
Heat template.`
}

// Run writes the archive of a sound package.
func (c *packageBuildCmd) Run(ctx context.Context) error {
	if c.out == nil {
		c.out, c.err = os.Stdout, os.Stderr
	}
	p, err := readPackage(c.Dir, catalog.Generated{Name: c.Name, FullName: c.FullName, Description: c.Description, Author: c.Author, Tags: c.Tags})
	if err != nil {
		return err
	}
	required, err := requiredArchives(c.With)
	if err != nil {
		return err
	}
	list, err := p.check(ctx, required)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		if err := p.tell(c.err, list); err != nil {
			return err
		}
	}
	if list.HasErrors() {
		return exitProblems
	}
	out := c.Output
	if out == "" {
		abs, err := filepath.Abs(c.Dir)
		if err != nil {
			return err
		}
		out = filepath.Base(abs) + ".zip"
	}
	if err := os.WriteFile(out, p.data, 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.out, out)
	return err
}

// check gives everything that is wrong with a package.
func (p *packageFile) check(ctx context.Context, required []*catalog.Archive) (diag.List, error) {
	if p.archive == nil {
		return p.problems, nil
	}
	types, err := packageTypes()
	if err != nil {
		return nil, err
	}
	return slices.Concat(p.problems, validate.Archive(ctx, p.archive, validate.Options{Types: types, Required: required})), nil
}

// requiredArchives reads the packages that others require.
func requiredArchives(paths []string) ([]*catalog.Archive, error) {
	var out []*catalog.Archive
	for _, path := range paths {
		p, err := readPackage(path, catalog.Generated{})
		if err != nil {
			return nil, err
		}
		if _, err := p.load(); err != nil {
			return nil, err
		}
		out = append(out, p.archive)
	}
	return out, nil
}
