package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"hearth/core/diag"
	"hearth/murano/catalog"
)

type packageValidateCmd struct {
	Packages []string `arg:"" name:"package" help:"Package: its directory or its archive."`
	With     []string `help:"Package that the packages require." placeholder:"DIR|ZIP"`
	JSON     bool     `name:"json" help:"Print the problems as JSON."`

	out, err io.Writer // of tests
}

// Help says what the command does and how it ends.
func (*packageValidateCmd) Help() string {
	return `Reads the manifest, the classes, the form definition, or the template of a HOT package, and reports every
problem that can be found without a server. What a package requires is looked for among the packages given,
those of --with, and io.murano and io.murano.applications.

Ends with 0 when all packages are sound (perhaps with warnings), 1 when there are errors, 2 when a file
cannot be read or the command line is wrong.`
}

// packageReport is what was found in one package.
type packageReport struct {
	Package     string    `json:"package"`
	Diagnostics diag.List `json:"diagnostics"`

	file *packageFile
}

// Run checks the packages and prints what was found.
func (c *packageValidateCmd) Run(ctx context.Context) error {
	if c.out == nil {
		c.out, c.err = os.Stdout, os.Stderr
	}
	reports, err := c.check(ctx)
	if err != nil {
		_, _ = fmt.Fprintln(c.err, "hearth:", err)
		return exitUnreadable
	}
	if err := c.print(reports); err != nil {
		return err
	}
	for _, r := range reports {
		if r.Diagnostics.HasErrors() {
			return exitProblems
		}
	}
	return nil
}

func (c *packageValidateCmd) check(ctx context.Context) ([]packageReport, error) {
	required, err := requiredArchives(c.With)
	if err != nil {
		return nil, err
	}
	var reports []packageReport
	for _, path := range c.Packages {
		p, err := readPackage(path, catalog.Generated{})
		if err != nil {
			return nil, err
		}
		reports = append(reports, packageReport{Package: path, file: p})
	}
	for i := range reports {
		known := required
		for j := range reports {
			if a := reports[j].file.archive; j != i && a != nil {
				known = append(known[:len(known):len(known)], a)
			}
		}
		list, err := reports[i].file.check(ctx, known)
		if err != nil {
			return nil, err
		}
		reports[i].Diagnostics = append(diag.List{}, list...)
	}
	return reports, nil
}

func (c *packageValidateCmd) print(reports []packageReport) error {
	if !c.JSON {
		for _, r := range reports {
			if err := r.file.tell(c.out, r.Diagnostics); err != nil {
				return err
			}
		}
		return nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(map[string]any{"packages": reports}); err != nil {
		return err
	}
	_, err := c.out.Write(b.Bytes())
	return err
}
