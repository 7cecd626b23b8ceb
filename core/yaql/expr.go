package yaql

import (
	"errors"

	"hearth/core/yaql/syntax"
)

// Expr is a part of a compiled expression. It is immutable but for what it remembers of
// past overload resolutions, and so is safe for concurrent use. Bodies of functions see
// one only to pass it on.
type Expr struct {
	op           exprOp
	usesReceiver bool
	value        any    // of a literal
	name         string // of a variable or a call
	operator     string // of an operator, its sign
	args         []any  // *Expr, or NoValue where one was left out; of a rule, its two sides
	at           int    // byte offset
	site         site
}

type exprOp uint8

const (
	opConstant exprOp = iota
	opKeyword
	opVariable
	opWrap
	opRule
	opCall
)

// literal reports whether the expression is its own value.
func (x *Expr) literal() bool { return x.op <= opKeyword }

// Operator gives the sign of an operator expression, "" for others.
func (x *Expr) Operator() string { return x.operator }

// Name gives the name of a called function or of a keyword, "" for others.
func (x *Expr) Name() string {
	switch x.op {
	case opKeyword:
		return x.value.(string)
	case opCall:
		return x.name
	}
	return ""
}

// Eval evaluates the expression in a context.
func (x *Expr) Eval(r *Run, c *Context) (any, error) { return x.eval(r, c, NoValue) }

func compile(n syntax.Node) *Expr {
	switch n := n.(type) {
	case *syntax.Constant:
		return &Expr{op: opConstant, value: n.Value, at: n.At}
	case *syntax.Keyword:
		return &Expr{op: opKeyword, value: n.Name, at: n.At}
	case *syntax.Variable:
		return &Expr{op: opVariable, name: variableName(n.Name), at: n.At}
	case *syntax.Wrap:
		return &Expr{op: opWrap, args: []any{compile(n.X)}, at: n.At}
	case *syntax.Rule:
		return &Expr{op: opRule, args: []any{compile(n.Source), compile(n.Destination)}, at: n.At}
	case *syntax.Call:
		x := &Expr{op: opCall, usesReceiver: n.Form == syntax.Function, name: functionKey(n.Name),
			operator: n.Operator, at: n.At, args: make([]any, len(n.Args))}
		for i, a := range n.Args {
			x.args[i] = NoValue
			if a != nil {
				x.args[i] = compile(a)
			}
		}
		return x
	}
	return nil
}

func (x *Expr) eval(r *Run, c *Context, receiver any) (any, error) {
	switch x.op {
	case opConstant, opKeyword:
		return x.value, nil
	case opVariable:
		v, _ := c.lookup(x.name)
		if r.quota > 0 {
			if err := r.Quota(v); err != nil {
				return nil, r.locate(err, x)
			}
		}
		return v, nil
	case opWrap:
		if err := r.enter(wrapFrames); err != nil {
			return nil, err
		}
		v, err := x.args[0].(*Expr).eval(r, c, receiver)
		r.leave(wrapFrames)
		return v, err
	case opRule:
		source, err := x.args[0].(*Expr).eval(r, c, receiver)
		if err != nil {
			return nil, err
		}
		destination, err := x.args[1].(*Expr).eval(r, c, receiver)
		return Rule{source, destination}, err
	}
	if err := r.enter(callFrames); err != nil {
		return nil, r.locate(err, x)
	}
	v, err := r.evalCall(x, c, receiver)
	r.leave(callFrames)
	if err != nil {
		return nil, r.locate(err, x)
	}
	return v, nil
}

// locate gives an error the position of the innermost expression that raised it.
func (r *Run) locate(err error, x *Expr) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Position < 0 && e.Expression == "" {
		e.Position = x.at // in bytes until Evaluate makes it characters
		e.Expression = located
	}
	return err
}

// located marks an Error whose position is set and whose expression is not.
const located = "\x00"

// IsCall reports whether the expression is a call of a function or method as written
// name(args).
func (x *Expr) IsCall() bool { return x.op == opCall && x.usesReceiver }

// Arguments evaluates the arguments of a call, named ones apart; MappingTranslation for
// a rule that names nothing.
func (x *Expr) Arguments(r *Run, c *Context) (args []any, kwargs []Kwarg, err error) {
	positional, named, err := translate(false, x.args, nil)
	if err != nil {
		return nil, nil, err
	}
	args = append(args, positional...)
	for i, a := range args {
		if e, ok := a.(*Expr); ok {
			if args[i], err = e.eval(r, c, NoValue); err != nil {
				return nil, nil, err
			}
		}
	}
	kwargs = append(kwargs, named...)
	for i := range kwargs {
		if kwargs[i].Value, err = kwargs[i].Value.(*Expr).eval(r, c, NoValue); err != nil {
			return nil, nil, err
		}
	}
	return args, kwargs, nil
}
