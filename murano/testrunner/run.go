package testrunner

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/murano/catalog"
	"hearth/murano/muranopl"
	"hearth/murano/native"
	"hearth/murano/version"
)

// fixture is what test classes extend.
const fixture = "io.murano.test.TestFixture"

// Options say what is run and how.
type Options struct {
	Required []*catalog.Package // that the tests find beside the library
	// Tests are classes, class.method or methods of any class; none: all.
	Tests   []string
	Timeout time.Duration // of each test; 0: none
	// Cloud is the cloud that the tests see; nil: there is none.
	Cloud func(ctx context.Context) (*cloud.Client, error)
}

// Result is what became of one test.
type Result struct {
	Class  string
	Method string // "" for a class that cannot be read
	// Failure says what went wrong, with the MuranoPL stack trace; "" for a test that passed.
	Failure string
	Took    time.Duration
}

// Name is the test as Options.Tests names it.
func (r Result) Name() string { return strings.TrimSuffix(r.Class+"."+r.Method, ".") }

// runner is one run over a package.
type runner struct {
	Options
	lang   *muranopl.Language
	loader *loader
	exact  version.Spec
	pkg    *catalog.Package
}

// Run runs the tests of a package, class by class, and gives each result to report as it
// comes. It returns an error when there is no test, when the package cannot be read, and that
// of ctx.
func Run(ctx context.Context, pkg *catalog.Package, o Options, report func(Result)) error {
	v, err := version.Parse(pkg.Version)
	if err != nil {
		return err
	}
	r := &runner{Options: o, pkg: pkg, exact: version.Exactly(v),
		lang: muranopl.NewLanguage(native.Classes(), muranopl.TestFunctions(), native.Restricted())}
	if r.loader, err = newLoader(r.lang, append([]*catalog.Package{pkg}, o.Required...)); err != nil {
		return err
	}
	found := 0
	for _, name := range pkg.Classes {
		methods, err := r.tests(name)
		if err != nil {
			if len(o.Tests) == 0 || r.wanted(name, "") {
				found++
				report(Result{Class: name, Failure: describe(err)})
			}
			continue
		}
		for _, method := range methods {
			if err := ctx.Err(); err != nil {
				return err
			}
			found++
			report(r.run(ctx, name, method))
		}
	}
	if found == 0 {
		return core.Errorf(core.NotFound, "", "no tests found in package %s", pkg.FullName)
	}
	return ctx.Err()
}

// executor makes an executor for one test.
func (r *runner) executor() (*muranopl.Executor, *native.Session) {
	quiet := slog.New(slog.DiscardHandler)
	ex := muranopl.NewExecutor(r.lang, r.loader, muranopl.Limits{}, quiet)
	who := &core.Caller{UserID: "test-user", UserName: "test", ProjectID: "test-project", ProjectName: "test"}
	s := &native.Session{EnvironmentID: "test", Caller: who, Owner: who, Cloud: r.Cloud, Log: quiet}
	native.Attach(ex, s)
	return ex, s
}

func (r *runner) class(ex *muranopl.Executor, name string) (*muranopl.Class, error) {
	p, err := ex.Package(r.pkg.FullName, r.exact)
	if err != nil {
		return nil, err
	}
	return p.Class(name, false)
}

// tests are the methods of a class that are to be run: none of a class that is no test.
func (r *runner) tests(name string) ([]string, error) {
	ex, _ := r.executor()
	class, err := r.class(ex, name)
	if err != nil || !class.Extends(fixture) {
		return nil, err
	}
	var out []string
	for _, method := range class.MethodNames() {
		if isTest(method) && (len(r.Tests) == 0 || r.wanted(name, method)) {
			out = append(out, method)
		}
	}
	return out, nil
}

// isTest reports whether a method is a test by its name: test, testIt, test_it, not testing.
func isTest(method string) bool {
	rest, ok := strings.CutPrefix(method, "test")
	return ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z')
}

func (r *runner) wanted(class, method string) bool {
	return slices.ContainsFunc(r.Tests, func(t string) bool {
		return t == class || method != "" && (t == method || t == class+"."+method)
	})
}

func (r *runner) run(ctx context.Context, class, method string) Result {
	start := time.Now()
	if r.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.Timeout)
		defer cancel()
	}
	out := Result{Class: class, Method: method}
	if err := r.play(ctx, class, method); err != nil {
		out.Failure = describe(err)
		if errors.Is(err, context.DeadlineExceeded) {
			out.Failure = fmt.Sprintf("the test did not end within %s", r.Timeout)
		}
	}
	out.Took = time.Since(start)
	return out
}

// play is one test from its beginning to its end. What was begun is torn down whatever became
// of it; the first error counts.
func (r *runner) play(ctx context.Context, name, method string) error {
	ex, session := r.executor()
	class, err := r.class(ex, name)
	if err != nil {
		return err
	}
	test, err := ex.Make(ctx, class)
	if err != nil {
		return err
	}
	if class.Method("setUp") {
		err = ex.Invoke(ctx, test, "setUp")
	}
	if err == nil {
		err = ex.Invoke(ctx, test, method)
	}
	if class.Method("tearDown") {
		err = first(err, ex.Invoke(ctx, test, "tearDown"))
	}
	return first(err, ex.Do(ctx, session.End))
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// describe writes an error as a traceback, where it has one.
func describe(err error) string {
	if e, ok := errors.AsType[*muranopl.Exception](err); ok {
		return e.Format("")
	}
	name, message := muranopl.Describe(err)
	if name == "" {
		return err.Error()
	}
	return name + ": " + message
}
