package muranopl

import (
	"hearth/core/yaql"
	yaqlsyntax "hearth/core/yaql/syntax"
	"hearth/murano/muranopl/syntax"
)

// chain is an expression of a contract that does no more than call contract methods on $:
// nearly all do. It spares the search for what their names mean.
type chain struct{ links []link }

type link struct {
	method *contractMethod
	args   []*syntax.Expression
	words  []string // of an argument that is a bare word
}

// compileChain gives the chain that an expression is; nil when it is more than that.
func compileChain(x *syntax.Expression) *chain {
	out := &chain{}
	node := x.Tree
	for {
		if v, ok := node.(*yaqlsyntax.Variable); ok && (v.Name == "$" || v.Name == "$1") {
			for i, j := 0, len(out.links)-1; i < j; i, j = i+1, j-1 {
				out.links[i], out.links[j] = out.links[j], out.links[i]
			}
			return out
		}
		dot, ok := node.(*yaqlsyntax.Call)
		if !ok || dot.Name != "#operator_." || len(dot.Args) != 2 {
			return nil
		}
		call, ok := dot.Args[1].(*yaqlsyntax.Call)
		if !ok || call.Form != yaqlsyntax.Function {
			return nil
		}
		l, ok := compileLink(x, call)
		if !ok {
			return nil
		}
		out.links = append(out.links, l)
		node = dot.Args[0]
	}
}

func compileLink(x *syntax.Expression, call *yaqlsyntax.Call) (link, bool) {
	m := contractMethodOf(call.Name)
	if m == nil || len(call.Args) < m.least || len(call.Args) > m.most {
		return link{}, false
	}
	l := link{method: m, args: make([]*syntax.Expression, len(call.Args)), words: make([]string, len(call.Args))}
	for i, a := range call.Args {
		switch a := a.(type) {
		case nil, *yaqlsyntax.Rule:
			return link{}, false
		case *yaqlsyntax.Keyword:
			l.words[i] = a.Name
		default:
			l.args[i] = &syntax.Expression{Text: x.Text, At: x.At, Tree: a, Parsed: x.Parsed.Engine().Compile(a, x.Text)}
		}
	}
	return l, true
}

func (c *chain) apply(run *contractRun, value any) (any, error) {
	if err := run.th.step(); err != nil {
		return nil, err
	}
	var err error
	for i := range c.links {
		l := &c.links[i]
		args := contractArgs{run: run, link: l, value: value}
		if value, err = l.method.body(run, value, args); err != nil {
			return nil, err
		}
	}
	return value, nil
}

// contractArgs gives the arguments of a contract method: those of a link, evaluated when they
// are asked for, or the values of a call.
type contractArgs struct {
	run   *contractRun
	link  *link
	value any // $
	call  *yaql.Call
}

func (a contractArgs) given(i int) bool {
	if a.call != nil {
		return a.call.Args[i+1] != yaql.NoValue && a.call.Args[i+1] != nil
	}
	return i < len(a.link.args)
}

// get gives the i-th argument; nil when it is left out.
func (a contractArgs) get(i int) (any, error) {
	if a.call != nil {
		v := a.call.Args[i+1]
		if x, ok := v.(*yaql.Expr); ok {
			return x.Eval(a.call.Run, a.call.Context)
		}
		return v, nil
	}
	if !a.given(i) {
		return nil, nil
	}
	if a.link.words[i] != "" {
		return a.link.words[i], nil
	}
	layer := a.run.inner.Child()
	layer.Set("", a.value)
	return a.run.th.evalArgument(a.link.args[i], layer)
}

// predicate evaluates the i-th argument for a value, in the frame of the contract.
func (a contractArgs) predicate(i int, value any) (any, error) {
	layer := a.run.frame.open()
	layer.Set("", value)
	if a.call != nil {
		x, ok := a.call.Args[i+1].(*yaql.Expr)
		if !ok {
			return a.call.Args[i+1], nil
		}
		return x.Eval(a.call.Run, layer)
	}
	if a.link.words[i] != "" {
		return a.link.words[i], nil
	}
	return a.run.th.evalArgument(a.link.args[i], layer)
}

// evalArgument evaluates a part of an expression: the whole stays what a stack trace shows.
func (th *Thread) evalArgument(x *syntax.Expression, c *yaql.Context) (any, error) {
	outer := th.run
	run := outer.Nested(x.Parsed.Engine())
	th.run = run
	v, err := x.Parsed.Value(run, c)
	th.run = outer
	return v, err
}
