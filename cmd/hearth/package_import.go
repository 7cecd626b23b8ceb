package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"hearth/core/yaml"
	"hearth/murano/catalog"
)

type packageImportCmd struct {
	Packages     []string `arg:"" name:"package" help:"Package: its directory or its archive."`
	Public       bool     `help:"Show the packages to other projects."`
	Category     []string `help:"Category of the packages, by name." placeholder:"NAME"`
	ExistsAction string   `enum:"s,a,u" default:"a" help:"What to do about a package that the project has already: (s)kip it, (u)pdate it, (a)bort."`
	MuranoURL    string   `name:"murano-url" help:"Address of the server's Murano API (default: the one in the identity service's catalogue)." env:"MURANO_URL" placeholder:"URL"`

	out io.Writer // of tests
}

// Help says what the command does.
func (*packageImportCmd) Help() string {
	return `Logs in with the OS_ variables of the environment, as after "source openrc". Of several packages those
that others require come first.`
}

// Run uploads the packages.
func (c *packageImportCmd) Run(ctx context.Context) error {
	if c.out == nil {
		c.out = os.Stdout
	}
	var files []*importFile
	for _, path := range c.Packages {
		p, err := readPackage(path, catalog.Generated{})
		if err != nil {
			return err
		}
		pkg, err := p.load()
		if err != nil {
			return err
		}
		requires, err := required(pkg)
		if err != nil {
			return err
		}
		files = append(files, &importFile{pkg.FullName, requires, p.data})
	}
	murano, err := loginMurano(ctx, c.MuranoURL)
	if err != nil {
		return err
	}
	for _, f := range inOrder(files) {
		if err := c.put(ctx, murano, f); err != nil {
			return fmt.Errorf("package %s: %w", f.name, err)
		}
	}
	return nil
}

// importFile is a package to be uploaded.
type importFile struct {
	name     string
	requires []string
	data     []byte
}

func required(pkg *catalog.Package) ([]string, error) {
	manifest, err := pkg.Manifest()
	if err != nil {
		return nil, err
	}
	v, _ := manifest.Get("Require")
	m, _ := v.(*yaml.Map)
	return m.Keys(), nil
}

// inOrder has packages stand behind those that they require.
func inOrder(files []*importFile) []*importFile {
	var out []*importFile
	seen := map[*importFile]bool{}
	var add func(f *importFile)
	add = func(f *importFile) {
		if seen[f] {
			return
		}
		seen[f] = true
		for _, name := range f.requires {
			if i := slices.IndexFunc(files, func(g *importFile) bool { return g.name == name }); i >= 0 {
				add(files[i])
			}
		}
		out = append(out, f)
	}
	for _, f := range files {
		add(f)
	}
	return out
}

// put uploads one package.
func (c *packageImportCmd) put(ctx context.Context, murano *muranoClient, f *importFile) error {
	old, err := murano.owned(ctx, f.name)
	if err != nil {
		return err
	}
	metadata := map[string]any{"is_public": c.Public, "categories": append([]string{}, c.Category...)}
	switch {
	case old == nil:
		return c.upload(ctx, murano, f, metadata, "imported")
	case c.ExistsAction == "s":
		_, err := fmt.Fprintf(c.out, "skipped %s: the project has it\n", f.name)
		return err
	case c.ExistsAction == "a":
		return errors.New("the project has a package of that name: give --exists-action s to keep that, u to replace it")
	}
	// There can be one of a name, so the old one has to go first; it comes back if the new one
	// is refused.
	archive, err := murano.download(ctx, old.ID)
	if err != nil {
		return err
	}
	if err := murano.remove(ctx, old.ID); err != nil {
		return err
	}
	err = c.upload(ctx, murano, f, metadata, "updated")
	if err != nil {
		_, lost := murano.upload(ctx, archive, map[string]any{"is_public": old.IsPublic, "categories": old.Categories, "enabled": old.Enabled})
		err = errors.Join(err, lost)
	}
	return err
}

func (c *packageImportCmd) upload(ctx context.Context, murano *muranoClient, f *importFile, metadata map[string]any, done string) error {
	id, err := murano.upload(ctx, f.data, metadata)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s %s (%s)\n", done, f.name, id)
	return err
}
