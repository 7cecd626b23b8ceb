package muranopl

import (
	"context"
	"errors"
	"log/slog"
	"strconv"

	"hearth/core/yaql"
	"hearth/murano/version"
)

// Limits bound one Executor. Zero values stand for the defaults.
type Limits struct {
	Steps  int // statements and expressions; default 50,000,000
	Memory int // bytes of the values that a program holds, about; default 256 MiB
}

const (
	defaultSteps  = 50_000_000
	defaultMemory = 256 << 20
)

// Executor runs programs on one object model (murano/dsl/executor.py). Its methods are for
// one goroutine at a time.
type Executor struct {
	lang   *Language
	loader Loader
	limits Limits
	steps  int
	made   int // bytes charged since the memory was looked at
	log    *slog.Logger
	seed   []byte

	packages   map[*Source]*Package
	main       *store
	roots      []*Object // that whoever runs the executor holds
	attributes *attributes
	statics    map[*Property]any
	baton      baton
	threads    int
	calls      int // from outside
	loss       func(th *Thread, o *Object, err error)
	sleepers   sleepers
	running    map[*Thread]bool
	locks      []*methodLock     // of static methods, and of arguments alone
	mocks      map[string]*mocks // by class; nil outside of tests
	inheriting []string          // the classes whose ancestors are being found, innermost last

	// Session is what native classes keep for the length of a session, by keys of their own.
	Session map[any]any
}

// NewExecutor makes an executor without objects.
func NewExecutor(lang *Language, loader Loader, limits Limits, log *slog.Logger) *Executor {
	if limits.Steps == 0 {
		limits.Steps = defaultSteps
	}
	if limits.Memory == 0 {
		limits.Memory = defaultMemory
	}
	ex := &Executor{lang: lang, loader: loader, limits: limits, steps: limits.Steps, log: log, packages: map[*Source]*Package{},
		attributes: newAttributes(), statics: map[*Property]any{}, running: map[*Thread]bool{}, Session: map[any]any{}}
	ex.main = newStore(ex, nil)
	return ex
}

// Seed has ids and random names be the same in every run of the same program.
func (ex *Executor) Seed(seed []byte) { ex.seed = seed }

// thread makes the thread of a call from outside.
func (ex *Executor) thread(ctx context.Context) *Thread {
	ex.threads++
	ex.calls++
	th := &Thread{ex: ex, id: "T0", path: strconv.Itoa(ex.calls), ctx: ctx, store: ex.main}
	th.run = ex.lang.modern.engine.NewRun(ctx)
	th.run.SetHost(th)
	return th
}

// outside runs do as the one thread that was asked for.
func (ex *Executor) outside(ctx context.Context, do func(th *Thread) error) error {
	th := ex.thread(ctx)
	<-ex.baton.ticket()
	defer ex.baton.release()
	ex.running[th] = true
	defer delete(ex.running, th)
	return th.guard(func() error { return do(th) })
}

// Package gives a package in a version of spec.
func (ex *Executor) Package(name string, spec version.Spec) (*Package, error) {
	var best *Package // what is at work already is preferred
	for _, p := range ex.packages {
		if p.Name == name && spec.Has(p.Version) && (best == nil || best.Version.Compare(p.Version) < 0) {
			best = p
		}
	}
	if best != nil {
		return best, nil
	}
	src, err := ex.loader.Package(name, spec)
	if err != nil {
		return nil, err
	}
	return ex.packageOf(src), nil
}

// ClassPackage gives the package that has a class, in a version of spec.
func (ex *Executor) ClassPackage(class string, spec version.Spec) (*Package, error) {
	src, err := ex.loader.ClassPackage(class, spec)
	if err != nil {
		return nil, err
	}
	return ex.packageOf(src), nil
}

func (ex *Executor) packageOf(src *Source) *Package {
	p := ex.packages[src]
	if p == nil {
		p = ex.newPackage(src)
		ex.packages[src] = p
	}
	return p
}

// Load reads an object model: Attributes, Objects, and the objects that are in ObjectsCopy
// alone. It gives the root object; nil when there is none.
func (ex *Executor) Load(ctx context.Context, model *yaql.Dict) (root *Object, err error) {
	err = ex.outside(ctx, func(th *Thread) error {
		root, err = th.Load(model)
		return err
	})
	return root, err
}

// Load is Executor.Load for a program that runs: its objects join those that are there.
func (th *Thread) Load(model *yaql.Dict) (root *Object, err error) {
	ex := th.ex
	list, _ := model.Get("Attributes")
	if err := ex.attributes.load(th.run, list); err != nil {
		return nil, err
	}
	if objects, _ := model.Get("Objects"); objects != nil {
		if root, err = ex.main.load(th, objects, nil, loadOptions{keepIDs: true}); err != nil {
			return nil, err
		}
		ex.roots = append(ex.roots, root)
	}
	if old, _ := model.Get("ObjectsCopy"); yaql.Truth(old) {
		if _, err := ex.main.load(th, old, nil, loadOptions{keepIDs: true}); err != nil {
			return nil, err
		}
	}
	return root, nil
}

// Call calls a public method of an object from outside.
func (ex *Executor) Call(ctx context.Context, o *Object, method string, args []any, named []yaql.Kwarg) (v any, err error) {
	err = ex.outside(ctx, func(th *Thread) error {
		m, err := o.class.method(method)
		if err == nil {
			v, err = th.call(m, o, args, named, nil, true)
		}
		return err
	})
	return v, err
}

// CallStatic calls a public static method of a class from outside.
func (ex *Executor) CallStatic(ctx context.Context, class *Class, method string, args []any, named []yaql.Kwarg) (v any, err error) {
	err = ex.outside(ctx, func(th *Thread) error {
		m, err := class.method(method)
		if err == nil {
			v, err = th.call(m, nil, args, named, nil, true)
		}
		return err
	})
	return v, err
}

// Object gives an object by its id; nil when there is none.
func (ex *Executor) Object(id string) *Object { return ex.main.get(id, true) }

// staticValue reads a static property.
func (ex *Executor) staticValue(th *Thread, class *Class, name string, calling *Class) (any, error) {
	p, err := class.staticProperty(name)
	if err != nil {
		return nil, err
	}
	v, ok := ex.statics[p]
	if !ok {
		v = p.fallback
		if th != nil {
			f := ex.classFrame(p.declaring, nil)
			if v, err = th.evaluate(v, f.open()); err != nil {
				return nil, err
			}
		}
	}
	return p.set(th, v, request{this: p.declaring, calling: calling, finalize: true})
}

func (ex *Executor) setStatic(th *Thread, class *Class, name string, value any, w write) error {
	p, err := class.staticProperty(name)
	if err != nil {
		return err
	}
	value, err = p.set(th, value, request{this: p.declaring, calling: w.calling, finalize: true})
	if err != nil || w.dry {
		return err
	}
	if value, err = p.finalize(th, value, p.declaring, w.calling); err == nil {
		ex.statics[p] = value
	}
	return err
}

// asException gives any error that a program caused as an exception; nil for others.
func asException(err error) *Exception {
	e, _ := errors.AsType[*Exception](err)
	return e
}
