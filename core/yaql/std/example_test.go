package std_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"hearth/core/yaql"
	"hearth/core/yaql/std"
	"hearth/core/yaql/syntax"
)

// probe is an object of the host.
type probe struct{}

func (probe) YaqlAttribute(name string) (any, bool, error) { return int64(1), name == "attribute", nil }

func (probe) YaqlCall(name string, args []any, _ []yaql.Kwarg) (any, bool, error) {
	return true, name == "method" && len(args) == 1, nil
}

func (probe) YaqlItem(key any) (any, bool, error) { return "item", key == "key", nil }

// evaluatedNatively are definitions that expressions never call: the evaluator does what
// they do, and they stand for hosts that list or call them by name.
var evaluatedNatively = []string{"#get_context_data"}

// TestExamples asserts that every definition has a text and an example, that the example
// is true, and that it is this definition that made it so.
func TestExamples(t *testing.T) {
	plain, delegating, legacy, old := std.Default(), std.Default(), std.Legacy(), std.MuranoLegacy()
	delegating.Syntax.Delegates = true
	delegating.Root = std.Library{Delegates: true}.Context()
	old.Root = std.Library{Legacy: true}.Context()
	tried := map[*yaql.Function]bool{}
	for _, o := range []yaql.Options{plain, delegating, legacy, old, std.Murano()} {
		eng := yaql.New(o)
		for _, f := range o.Root.Functions() {
			if f.Doc == "" || f.Example == "" {
				t.Errorf("%s has no text or no example", f.Signature())
				continue
			}
			expr, err := eng.Parse(f.Example)
			if err != nil {
				continue // of another dialect; some engine must take it
			}
			called := false
			run := eng.NewRun(context.Background())
			run.Trace(func(g *yaql.Function) { called = called || g == f })
			c := o.Root.Child()
			c.Set("probe", probe{})
			v, err := expr.Run(run, c)
			if err == nil && v == true && (called || slices.Contains(evaluatedNatively, f.Name)) {
				tried[f] = true
			}
		}
		for _, f := range o.Root.Functions() {
			if _, known := tried[f]; !known {
				tried[f] = false
			}
		}
	}
	for _, f := range slices.SortedFunc(maps.Keys(tried), func(a, b *yaql.Function) int { return strings.Compare(a.Name, b.Name) }) {
		if !tried[f] && !hasSibling(tried, f) {
			t.Errorf("%s: its example %s is not true, or not by it", f.Signature(), f.Example)
		}
	}
}

// hasSibling reports whether the same definition, copied for another context, was tried.
func hasSibling(tried map[*yaql.Function]bool, f *yaql.Function) bool {
	for g, ok := range tried {
		if ok && g.Name == f.Name && g.Example == f.Example {
			return true
		}
	}
	return false
}

// TestDefinitions counts the definitions of the standard library: 282 and format.
func TestDefinitions(t *testing.T) {
	if n := len(std.Default().Root.Functions()); n != 283 {
		t.Errorf("%d definitions", n)
	}
}

// TestSignature writes a definition as documentation shows it.
func TestSignature(t *testing.T) {
	for name, want := range map[string]string{
		"select":   "select(collection: iterable, selector: lambda)",
		"let":      "let(*args, **kwargs)",
		"isEmpty":  "isEmpty(string: string, trim=true: boolean, chars=null: string)",
		"sequence": "sequence(start=0: integer, step=1: integer)",
	} {
		if got := std.Default().Root.Overloads(name)[0].Signature(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestPosition asserts that errors say where.
func TestPosition(t *testing.T) {
	eng := yaql.New(std.Heat())
	for src, want := range map[string]int{
		"1 + (2 / 0)":           7,
		"'é' + noSuch()":        6,
		"[1].select($ + a)":     13,
		"$.a.b":                 1,
		"{a => 1}.where($.len(": -1,
		"1 ~ 2":                 2,
	} {
		expr, err := eng.Parse(src)
		if err == nil {
			_, err = expr.Evaluate(context.Background(), nil, nil)
		}
		e, ok := errors.AsType[*yaql.Error](err)
		if !ok || e.Position != want || e.Expression != src {
			t.Errorf("%s: got %+v, want position %d", src, err, want)
		}
	}
}

// TestExtend registers a function, an operator and a receiver of the host's own.
func TestExtend(t *testing.T) {
	o := std.Murano()
	o.Syntax = syntax.Options{Levels: syntax.Murano(), NameValue: "=>"}
	root := o.Root.Child()
	isProbe := yaql.Host("probe", func(v any) bool { _, ok := v.(probe); return ok })
	root.Register(
		&yaql.Function{Name: "double", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("n", yaql.Integer)}, Doc: "Twice n.",
			Body: func(c *yaql.Call) (any, error) { return c.Int(0) * 2, nil }},
		&yaql.Function{Name: "#operator_is", Params: []yaql.Param{yaql.P("obj", isProbe), yaql.P("type", yaql.String)}, Doc: "Tests a type.",
			Body: func(c *yaql.Call) (any, error) { return c.String(1) == "probe", nil }},
		&yaql.Function{Name: "#operator_.", Params: []yaql.Param{yaql.P("obj", isProbe), yaql.P("name", yaql.KeywordType)}, Doc: "Reads a property.",
			Body: func(c *yaql.Call) (any, error) { return "property " + c.String(1), nil }},
	)
	o.Root = root
	eng := yaql.New(o)
	expr, err := eng.Parse("[4.double(), double($n), $ is probe, $.color, 'x'.toUpper()]")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time from what the first one remembered
		v, err := expr.Evaluate(context.Background(), probe{}, yaql.Vars{"n": 3})
		if err != nil {
			t.Fatal(err)
		}
		run := eng.NewRun(context.Background())
		if got, _ := run.Repr(v); got != "(8, 6, True, 'property color', 'X')" {
			t.Errorf("got %s", got)
		}
	}
}
