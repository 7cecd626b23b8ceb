package main

import (
	"fmt"
	"os"
	"path/filepath"

	"hearth/murano/catalog"
)

type packageCmd struct {
	Build packageBuildCmd `cmd:"" help:"Make the archive of a package from its directory."`
}

type packageBuildCmd struct {
	Dir    string `arg:"" type:"existingdir" help:"Directory with manifest.yaml."`
	Output string `short:"o" help:"File to write (default: the directory's name with .zip)." placeholder:"FILE"`
}

// Run writes the archive; a directory that is no package is refused.
func (p *packageBuildCmd) Run() error {
	b, err := catalog.Build(p.Dir)
	if err != nil {
		return err
	}
	out := p.Output
	if out == "" {
		abs, err := filepath.Abs(p.Dir)
		if err != nil {
			return err
		}
		out = filepath.Base(abs) + ".zip"
	}
	if err := os.WriteFile(out, b, 0o644); err != nil {
		return err
	}
	_, err = fmt.Println(out)
	return err
}
