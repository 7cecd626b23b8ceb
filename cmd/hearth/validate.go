package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"hearth/core/cloud"
	"hearth/core/diag"
	"hearth/core/engine"
	"hearth/core/plan"
	"hearth/core/template"
	"hearth/core/yaml"
)

type validateCmd struct {
	Templates    []string `arg:"" name:"template" help:"Template file (HOT or CFN, YAML or JSON)."`
	Environments []string `short:"e" name:"environment" sep:"none" placeholder:"FILE" help:"Environment file; of several the later ones win. The values in it are checked against the template."`
	Strict       bool     `help:"Also report parameters that have neither a default nor a value, as creating the stack would."`
	JSON         bool     `name:"json" help:"Print the problems as JSON."`

	out, err io.Writer // of tests
}

// Help says what the command does and how it ends.
func (c *validateCmd) Help() string {
	return `Reads each template with the files that it and the environments name (get_file, nested templates,
resource_registry), relative to the file that names them, and reports every problem that can be found
without a server and without a cloud. Names of flavors, images and the like are not looked up, http(s)
addresses are not fetched. A template is judged by itself: parameters need no values, what hangs on
them is taken as given; values of -e are checked.

Ends with 0 when all templates are sound (perhaps with warnings), 1 when there are errors, 2 when a
file cannot be read or the command line is wrong.`
}

// The exit codes of validate.
const (
	exitProblems   exitCode = 1
	exitUnreadable exitCode = 2
)

// report is what was found in one template.
type report struct {
	File        string    `json:"file"`
	Diagnostics diag.List `json:"diagnostics"`

	sources *sources
}

// Run checks the templates and prints what was found.
func (c *validateCmd) Run(ctx context.Context) error {
	if c.out == nil {
		c.out, c.err = os.Stdout, os.Stderr
	}
	registry, err := resourceTypes()
	if err != nil {
		return err
	}
	types := &plan.Types{Registry: registry, Yaql: plan.Yaql}
	reports := make([]report, 0, len(c.Templates))
	for _, file := range c.Templates {
		r, err := c.validate(ctx, file, types)
		if err != nil {
			_, _ = fmt.Fprintln(c.err, "hearth:", err)
			return exitUnreadable
		}
		reports = append(reports, *r)
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

// validate gives what is wrong with one template and all that belongs to it. The error is
// that of a file of the command line that cannot be read.
func (c *validateCmd) validate(ctx context.Context, file string, types *plan.Types) (*report, error) {
	s, err := newSources(file)
	if err != nil {
		return nil, err
	}
	limits := engine.DefaultLimits
	root, problems := template.Read([]byte(s.texts[file]), "", yaml.Options{MaxBytes: limits.TemplateSize})
	s.collect(file, root)
	environments, more, err := s.readEnvironments(c.Environments)
	if err != nil {
		return nil, err
	}
	problems = append(problems, more...)
	if root != nil {
		env, more := s.merge(root, environments, types)
		problems = append(problems, more...)
		v := &plan.Validation{Types: types, MaxDepth: limits.NestedDepth, MaxResources: limits.Resources,
			Checker: func(constraint string, value any) string {
				return (*cloud.Client)(nil).CheckConstraint(ctx, constraint, value)
			}}
		src := plan.Source{Template: root, Environment: env, Files: s.files, Pseudo: template.Pseudo{StackName: "validate"}, Locate: s.locate}
		problems = append(problems, plan.Diagnose(ctx, src, v)...)
		if c.Strict {
			problems = append(problems, missing(root, env, types)...)
		}
	}
	return &report{File: file, Diagnostics: s.settle(problems), sources: s}, nil
}

// missing reports the parameters that have no value.
func missing(root *yaml.Node, env *template.Environment, types *plan.Types) diag.List {
	t, _ := template.Parse(root, template.Options{Yaql: types.Yaql})
	_, problems := t.Values(env, template.Pseudo{StackName: "validate"})
	var out diag.List
	for _, p := range problems {
		if p.Code == "parameter_missing" {
			out = append(out, p)
		}
	}
	return out
}

func (c *validateCmd) print(reports []report) error {
	if c.JSON {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(map[string]any{"templates": reports}); err != nil {
			return err
		}
		_, err := c.out.Write(b.Bytes())
		return err
	}
	for _, r := range reports {
		errors, warnings := 0, 0
		for i := range r.Diagnostics {
			d := &r.Diagnostics[i]
			if err := d.Write(c.out, r.sources.texts[d.File]); err != nil {
				return err
			}
			if errors++; d.Severity == diag.Warning {
				errors, warnings = errors-1, warnings+1
			}
		}
		if _, err := fmt.Fprintf(c.out, "%s: %s\n", r.File, summary(errors, warnings)); err != nil {
			return err
		}
	}
	return nil
}

func summary(errors, warnings int) string {
	count := func(n int, what string) string {
		if n == 1 {
			return "1 " + what
		}
		return fmt.Sprintf("%d %ss", n, what)
	}
	switch {
	case errors > 0 && warnings > 0:
		return count(errors, "error") + ", " + count(warnings, "warning")
	case errors > 0:
		return count(errors, "error")
	case warnings > 0:
		return "sound, " + count(warnings, "warning")
	}
	return "sound"
}
