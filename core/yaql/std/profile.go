package std

import (
	"slices"

	"hearth/core/yaql"
	"hearth/core/yaql/syntax"
)

// Default gives the options of plain YAQL: the whole library, and no limits but the
// budgets.
func Default() yaql.Options {
	return yaql.Options{
		Syntax:         syntax.Options{Levels: syntax.Standard(), NameValue: "=>"},
		Root:           Library{}.Context(),
		LimitIterators: -1,
		MemoryQuota:    -1,
	}
}

// Heat gives the options of HOT's yaql function: as Default, with the limits of Heat's
// [yaql] section.
func Heat() yaql.Options {
	o := Default()
	o.LimitIterators, o.MemoryQuota = 200, 10_000
	return o
}

// Legacy gives the options of YAQL 0.2, for old UI definitions: => makes tuples.
func Legacy() yaql.Options {
	o := Default()
	o.Syntax = syntax.Options{Levels: syntax.Legacy()}
	o.Root = Library{Legacy: true}.Context()
	o.KeepTuples, o.IterableDicts = true, true
	return o
}

// Murano gives the options of MuranoPL for packages of runtime 1.2 and later. MuranoPL's
// own functions are for it to register: in a layer over Root before yaql.New.
func Murano() yaql.Options {
	o := Default()
	o.Syntax.Levels = syntax.Murano()
	o.Root = Library{Finalizer: FinalizeMurano}.Context()
	o.LimitIterators, o.MemoryQuota = 2000, 512<<10
	o.SetsToLists = true
	return o
}

// MuranoLegacy gives the options of MuranoPL for packages of runtime 1.0 and 1.1: the
// functions of Legacy under the syntax of Murano.
func MuranoLegacy() yaql.Options {
	o := Murano()
	o.Root = Library{Finalizer: FinalizeMurano, Legacy: true}.Context()
	o.IterableDicts = true
	return o
}

// Library says what of the standard library a context has. The zero Library is all of it
// but delegates and legacy functions.
type Library struct {
	Without           []string // modules: system common boolean strings math collections queries regex branching datetime yaqlized
	WithoutFunctions  []string // names, such as "format", which yaql 3 has not
	NoSets            bool
	NoGroupByFallback bool
	Delegates         bool           // functions as values: lambda, and calls of values (see syntax.Options)
	Legacy            bool           // the functions of YAQL 0.2
	Finalizer         *yaql.Function // instead of the standard #finalize
}

// Module is a named part of the library.
type Module struct {
	Name      string
	Functions []*yaql.Function
}

// Modules gives the standard library, in the order of registration.
func Modules() []Module {
	return []Module{
		{"system", system},
		{"common", common},
		{"boolean", boolean},
		{"strings", texts},
		{"math", mathematics},
		{"collections", slices.Concat(lists, dicts, sets)},
		{"queries", queries},
		{"regex", patterns},
		{"branching", branching},
		{"datetime", dates},
	}
}

// Context makes the root context: the fallbacks, the library over them, access to host
// objects over that, and the legacy functions innermost.
func (l Library) Context() *yaql.Context {
	base := yaql.NewContext(nil)
	if l.Finalizer != nil {
		base.Register(l.Finalizer)
	} else {
		base.Register(iteration, finalize)
	}
	c := base
	if l.has("system") {
		base.Register(systemFallbacks...)
		c = base.Child()
	}
	for _, m := range Modules() {
		if l.has(m.Name) {
			c.Register(l.choose(m)...)
		}
	}
	if l.has("yaqlized") {
		c = c.Child()
		c.Register(yaqlized...)
	}
	if l.Legacy {
		c = c.Child()
		l.registerLegacy(c)
	}
	return c
}

func (l Library) has(module string) bool { return !slices.Contains(l.Without, module) }

func (l Library) choose(m Module) []*yaql.Function {
	functions := m.Functions
	switch {
	case m.Name == "collections" && l.NoSets:
		functions = slices.Concat(lists, dicts)
	case m.Name == "system" && l.Delegates:
		functions = slices.Concat(system, delegates)
	}
	var chosen []*yaql.Function
	for _, f := range functions {
		switch {
		case slices.Contains(l.WithoutFunctions, f.Name):
			continue
		case f.Name == "groupBy" && l.NoGroupByFallback:
			strict := *f
			strict.Body = groupBy(false)
			f = &strict
		}
		chosen = append(chosen, f)
	}
	return chosen
}

func (l Library) registerLegacy(c *yaql.Context) {
	c.Register(legacyTuples...)
	c.Register(legacy...)
	c.RegisterExclusive(legacyExclusive...)
	for _, name := range legacyExtensions {
		for _, f := range c.Parent().Overloads(name) {
			if f.Way == yaql.AsExtension {
				continue
			}
			both := *f
			both.Way = yaql.AsExtension
			c.Register(&both)
		}
	}
}
