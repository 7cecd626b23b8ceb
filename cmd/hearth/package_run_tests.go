package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"hearth/murano/catalog"
	"hearth/murano/testrunner"
)

type packageTestCmd struct {
	Packages []string      `arg:"" name:"package" help:"Package: its directory or its archive."`
	Class    []string      `help:"Run only this class, class.method, or method of any class." placeholder:"NAME"`
	Load     []string      `short:"l" name:"load-packages-from" help:"Directory in which required packages are looked for." type:"existingdir"`
	Timeout  time.Duration `help:"How long one test may take." default:"1m"`
	JSON     bool          `name:"json" help:"Print the results as JSON."`

	out io.Writer // of tests
}

// Help says what the command does and how it ends.
func (*packageTestCmd) Help() string {
	return `Runs every method called test… of the classes that extend io.murano.test.TestFixture, each with objects of
its own between setUp and tearDown. They see a simulated cloud, but there are no stacks and no agents:
inject(object or class, method, expression) and inject(object or class, method, object, its method) put something
in the place of what would reach for them.

Ends with 0 when all tests have passed, 1 when one has failed.`
}

// testResult is a result as JSON has it.
type testResult struct {
	Package string  `json:"package"`
	Class   string  `json:"class"`
	Method  string  `json:"method"`
	Passed  bool    `json:"passed"`
	Failure string  `json:"failure"`
	Seconds float64 `json:"seconds"`
}

// Run runs the tests and prints what became of them.
func (c *packageTestCmd) Run(ctx context.Context) error {
	if c.out == nil {
		c.out = os.Stdout
	}
	packages, err := loadPackages(c.Packages)
	if err != nil {
		return err
	}
	found, err := searchPackages(c.Load)
	if err != nil {
		return err
	}
	beside, err := loadPackages(found)
	if err != nil {
		return err
	}
	var sky testCloud
	defer sky.close()
	results := []testResult{}
	for i, pkg := range packages {
		o := testrunner.Options{Tests: c.Class, Timeout: c.Timeout, Cloud: sky.open}
		for _, other := range slices.Concat(packages[:i], packages[i+1:], beside) {
			if other.FullName != pkg.FullName {
				o.Required = append(o.Required, other)
			}
		}
		err := testrunner.Run(ctx, pkg, o, func(r testrunner.Result) {
			results = append(results, c.tell(pkg, r))
		})
		if err != nil {
			return err
		}
	}
	return c.sum(results)
}

// tell prints a result as it comes.
func (c *packageTestCmd) tell(pkg *catalog.Package, r testrunner.Result) testResult {
	if !c.JSON {
		state := "ok"
		if r.Failure != "" {
			state = "FAILED\n    " + strings.ReplaceAll(r.Failure, "\n", "\n    ")
		}
		_, _ = fmt.Fprintf(c.out, "%s … %s\n", r.Name(), state)
	}
	return testResult{pkg.FullName, r.Class, r.Method, r.Failure == "", r.Failure, r.Took.Seconds()}
}

// sum prints what became of all.
func (c *packageTestCmd) sum(results []testResult) error {
	failed := 0
	for _, r := range results {
		if !r.Passed {
			failed++
		}
	}
	if c.JSON {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(map[string]any{"tests": results, "failed": failed}); err != nil {
			return err
		}
		if _, err := c.out.Write(b.Bytes()); err != nil {
			return err
		}
	} else if _, err := fmt.Fprintf(c.out, "%d tests: %d passed, %d failed\n", len(results), len(results)-failed, failed); err != nil {
		return err
	}
	if failed > 0 {
		return exitProblems
	}
	return nil
}
