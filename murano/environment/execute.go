package environment

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/catalog"
)

// atOnce is how many objects of a task are deployed at the same time.
const atOnce = 64

// object is one application of a model with what is to run it.
type object struct {
	model  *yaml.Map
	pkg    *catalog.Package // nil for one that is only to be destroyed
	runner Runner
}

// execute makes the model true: nothing at all when it has an object that cannot be
// loaded; else what has been removed goes, then what is there is deployed, all at once
// (murano/common/engine.py TaskExecutor, class io.murano.Environment). The error, if any,
// is the result of the task; that it has been reported is up to the caller unless it is
// about one object.
func (w *Worker) execute(ctx context.Context, run *Run) error {
	load := &packages{store: w.store, tenantID: run.Environment.TenantID, byID: map[string]*catalog.Package{}}
	root := objects(run.progress.Model)
	apps, err := w.load(ctx, load, root)
	if err != nil {
		return err
	}
	failed := w.destroy(ctx, run, apps)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if root == nil {
		run.settle(nil, failed.left)
		return failed.err
	}
	err = w.deploy(ctx, run, apps)
	if failed.err != nil {
		err = failed.err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for _, app := range apps {
		finishHeader(app.model, app.pkg)
	}
	finishEnvironment(root)
	run.settle(root, failed.left)
	return err
}

// load finds the class of every application and lets it check the object.
func (w *Worker) load(ctx context.Context, load *packages, root *yaml.Map) ([]object, error) {
	var apps []object
	var seen []string
	for _, item := range applications(root) {
		m, ok := item.(*yaml.Map)
		header := headerOf(m)
		if !ok || header == nil {
			return nil, core.Errorf(core.Invalid, "ValueError", "Invalid object representation format")
		}
		typ, _ := header.Get("type")
		class := murano.ParseClassName(yaml.Str(typ))
		if typ == nil || class.Name == "" {
			return nil, core.Errorf(core.Invalid, "ValueError", "Invalid object representation: no type information was provided")
		}
		if objectID(m) == "" {
			header.Set("id", murano.NewID())
		}
		if slices.Contains(seen, objectID(m)) {
			return nil, core.Errorf(core.Invalid, "ValueError", "Two objects have the id %s", objectID(m))
		}
		seen = append(seen, objectID(m))
		pkg, err := load.classPackage(ctx, class)
		if err != nil {
			return nil, err
		}
		runner, err := w.runnerOf(pkg, class)
		if err != nil {
			return nil, err
		}
		if err := runner.Check(pkg, m); err != nil {
			return nil, err
		}
		apps = append(apps, object{m, pkg, runner})
	}
	return apps, nil
}

// runnerOf gives the runner of a package's format.
func (w *Worker) runnerOf(pkg *catalog.Package, class murano.ClassName) (Runner, error) {
	if r := w.runners[pkg.Format.Name]; r != nil {
		return r, nil
	}
	return nil, core.Errorf(core.Unavailable, "NoRunner", "Class %s of package %s cannot be deployed: this server does not run packages of format %s",
		class.Name, pkg.FullName, pkg.Format.Name)
}

// leftover is what could not be destroyed: it stays in the copy of the objects, so that
// the next task tries again.
type leftover struct {
	left []any
	err  error
}

// destroy takes away what the last task left and the model does not have any more.
func (w *Worker) destroy(ctx context.Context, run *Run, apps []object) leftover {
	var gone []object
	v, _ := run.progress.Model.Get(keyObjectsCopy)
	before, _ := v.(*yaml.Map)
	for _, item := range applications(before) {
		m, ok := item.(*yaml.Map)
		if !ok || slices.ContainsFunc(apps, func(a object) bool { return objectID(a.model) == objectID(m) }) {
			continue
		}
		if r := w.ownerOf(run, m); r != nil {
			gone = append(gone, object{model: m, runner: r})
		}
	}
	errs := w.each(gone, func(o object) error { return o.runner.Destroy(ctx, run, o.model) })
	var out leftover
	for i, err := range errs {
		if err == nil {
			continue
		}
		out.left = append(out.left, gone[i].model)
		if out.err == nil {
			out.err = err
		}
	}
	return out
}

// ownerOf gives the runner that has made something of an object; nil for none.
func (w *Worker) ownerOf(run *Run, m *yaml.Map) Runner {
	for _, r := range w.runners {
		if r.Owns(run, m) {
			return r
		}
	}
	return nil
}

func (w *Worker) deploy(ctx context.Context, run *Run, apps []object) error {
	for _, err := range w.each(apps, func(o object) error { return o.runner.Deploy(ctx, run, o.pkg, o.model) }) {
		if err != nil {
			return err
		}
	}
	return nil
}

// each runs fn for all objects, many at a time, whatever becomes of the others.
func (w *Worker) each(list []object, fn func(object) error) []error {
	errs := make([]error, len(list))
	var g errgroup.Group
	g.SetLimit(atOnce)
	for i, o := range list {
		g.Go(func() error { errs[i] = fn(o); return nil })
	}
	_ = g.Wait()
	return errs
}

// applications gives the list of an environment object as the engine has it.
func applications(root *yaml.Map) []any {
	v, _ := root.Get(keyApplications)
	list, _ := v.([]any)
	return list
}

func headerOf(m *yaml.Map) *yaml.Map {
	v, _ := m.Get(keyHeader)
	h, _ := v.(*yaml.Map)
	return h
}
