package yaql

import (
	"context"
	"errors"
	"unicode/utf8"

	"hearth/core/yaql/syntax"
)

// Options configures an Engine. Package std has them for each host; change what differs.
type Options struct {
	Syntax syntax.Options
	// Root is the context that evaluations start from, with the functions in it.
	Root *Context

	LimitIterators int // items of one collection or iterator as an argument; negative: no limit
	MemoryQuota    int // bytes of one value, see SizeOf; 0 or less: no limit

	// Budgets of one evaluation. They bound what no expression may reach, whatever the
	// limits above say.
	Steps  int // calls, items and visits of nested values, weighed: 50 to 100 ns each
	Bytes  int // memory, what is thrown away included
	Frames int // nesting, in frames of CPython's stack

	KeepInput     bool // input lists and dictionaries are Python's mutable ones
	KeepOutput    bool // results are not converted
	KeepTuples    bool // Tuples are not turned into Lists in results
	SetsToLists   bool // sets are turned into lists in results
	IterableDicts bool // a dictionary is an iterable of its keys
}

// The budgets that a zero in Options stands for: an evaluation that uses up any of them
// has run for less than a tenth of a second.
const (
	DefaultSteps  = 600_000
	DefaultBytes  = 8 << 20
	DefaultFrames = 986
)

// Engine parses expressions for one host. It is safe for concurrent use.
type Engine struct {
	options Options
	syntax  *syntax.Syntax
}

// New makes an Engine. The root context is sealed: register its functions before.
func New(o Options) *Engine {
	if o.Steps == 0 {
		o.Steps = DefaultSteps
	}
	if o.Bytes == 0 {
		o.Bytes = DefaultBytes
	}
	if o.Frames == 0 {
		o.Frames = DefaultFrames
	}
	if o.Root == nil {
		o.Root = NewContext(nil)
	}
	o.Root.Seal()
	return &Engine{o, syntax.New(o.Syntax)}
}

// Options gives what the engine was made with.
func (e *Engine) Options() Options { return e.options }

// Expression is a parsed expression. It is immutable and safe for concurrent use.
type Expression struct {
	engine *Engine
	source string
	body   *Expr
	whole  *Expr // the body under #finalize
}

// Parse reads an expression. The error is an *Error with its position.
func (e *Engine) Parse(text string) (*Expression, error) {
	node, err := e.Syntax(text)
	if err != nil {
		return nil, err
	}
	return e.Compile(node, text), nil
}

// Syntax reads an expression as a tree, for a host that looks at how it is written. The
// error is an *Error with its position.
func (e *Engine) Syntax(text string) (syntax.Node, error) {
	node, err := e.syntax.Parse(text)
	if err != nil {
		return nil, parseError(text, err)
	}
	return node, nil
}

// Compile makes an expression of a tree, or of a part of one, that was read from text.
func (e *Engine) Compile(node syntax.Node, text string) *Expression {
	body := compile(node)
	return &Expression{e, text, body, &Expr{op: opCall, name: "#finalize", args: []any{body}}}
}

// String gives the source.
func (x *Expression) String() string { return x.source }

// Vars are variables for one evaluation, by name without the dollar.
type Vars map[string]any

// Evaluate evaluates with root as $ and further variables, in a layer over the engine's
// root context. Values are converted with Input. The error is an *Error, or that of ctx.
func (x *Expression) Evaluate(ctx context.Context, root any, vars Vars) (any, error) {
	c := x.engine.options.Root.Child()
	for name, v := range vars {
		c.Set(name, x.engine.input(v))
	}
	c.Set("$", x.engine.input(root))
	return x.EvaluateIn(ctx, c)
}

// EvaluateIn evaluates in a context that has everything: the host's own layers.
func (x *Expression) EvaluateIn(ctx context.Context, c *Context) (any, error) {
	return x.Run(x.engine.NewRun(ctx), c)
}

// Value evaluates in a context on the budgets of a running evaluation, without finalizing
// what comes out.
func (x *Expression) Value(r *Run, c *Context) (any, error) {
	v, err := x.body.eval(r, c, NoValue)
	return v, x.explain(err)
}

// Engine is the engine that read the expression.
func (x *Expression) Engine() *Engine { return x.engine }

// Run evaluates in a context on the budgets of a running evaluation: for bodies that
// evaluate further expressions.
func (x *Expression) Run(r *Run, c *Context) (any, error) {
	whole := x.whole
	if len(c.scope.overloads(whole.name, false)) == 0 {
		whole = x.body
	}
	v, err := whole.eval(r, c, NoValue)
	return v, x.explain(err)
}

// NewRun starts the budgets of one evaluation.
func (e *Engine) NewRun(ctx context.Context) *Run {
	return &Run{Engine: e, ctx: ctx, steps: e.options.Steps, bytes: e.options.Bytes, levels: e.options.Frames,
		quota: e.options.MemoryQuota, limit: e.options.LimitIterators, clock: clockEvery}
}

func (e *Engine) input(v any) any {
	if e.options.KeepInput {
		return convertInput(v, false)
	}
	return convertInput(v, true)
}

// explain puts source and position into an error that the evaluation raised.
func (x *Expression) explain(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Expression != located {
		return err
	}
	e.Expression = x.source
	e.Position = utf8.RuneCountInString(x.source[:min(e.Position, len(x.source))])
	return err
}
