package std

import (
	"strconv"
	"strings"
	"unicode"

	"hearth/core/yaql"
)

// system is yaql/standard_library/system.py: contexts, calls and the dot.
var system = []*yaql.Function{
	define("#get_context_data", "The value of a context variable; null when there is none.",
		"let(a => 1) -> $a = 1", contextVariable, yaql.P("name", yaql.Constant)),
	define("#operator_.", "Calls a method: receiver.method(args).",
		"'a'.toUpper() = 'A'", callMethod, yaql.P("receiver", yaql.Any), yaql.P("expr", yaql.ReceiverCall)),
	define("#operator_?.", "Like the dot, but null when the receiver is null.",
		"null?.toUpper() = null and 'a'?.toUpper() = 'A'", callMethodUnlessNull,
		yaql.P("receiver", yaql.Any), yaql.P("expr", yaql.ExpressionType)),
	ownContext(method("unpack", "Puts the items of a sequence into variables: $1, $2 … or those named.",
		"[1, 2].unpack(a, b) -> $a + $b = 3", unpack, yaql.P("sequence", yaql.Iterable), yaql.Rest("args", yaql.String))),
	ownContext(define("with", "Puts the arguments into $1, $2 …",
		"with(1, 2) -> $1 + $2 = 3", let, yaql.Rest("args", yaql.Any))),
	ownContext(define("let", "Puts positional arguments into $1, $2 … and named ones into variables of their names.",
		"let(1, b => 2) -> $1 + $b = 3", let, yaql.Rest("args", yaql.Any), yaql.Named("kwargs", yaql.Any))),
	ownContext(define("def", "Defines a function of the current context.",
		"def(sq, $ * $) -> sq(3) = 9", def, yaql.P("name", yaql.String), yaql.P("func", yaql.LambdaType))),
	define("#operator_->", "Evaluates the right side in the context that the left side gives.",
		"let(a => 1) -> $a = 1", sendContext, yaql.P("left", yaql.Scope), yaql.P("right", yaql.LambdaType)),
	method("assert", "The receiver, if the condition holds for it; AssertionError otherwise.",
		"5.assert($ > 3) = 5", assert, yaql.P("obj", yaql.Any), yaql.P("condition", yaql.LambdaType),
		yaql.Opt("message", yaql.String, "Assertion failed")),
	define("call", "Calls a function by name, as a method when there is a receiver.",
		"call(max, [1], {b => 2}) = 2", callByName, yaql.P("name", yaql.String), yaql.P("args", yaql.Sequence),
		yaql.P("kwargs", yaql.Mapping), yaql.Opt("receiver", yaql.Any, yaql.NoValue)),
}

// systemFallbacks stand in the outermost layer: what the dot means when nothing else fits.
var systemFallbacks = []*yaql.Function{
	define("#operator_.", "The property of an object.",
		"timespan(hours => 24).days = 1", property, yaql.P("obj", yaql.Any), yaql.P("name", yaql.KeywordType)),
}

// delegates are the functions that treat functions as values; off unless asked for.
var delegates = []*yaql.Function{
	define("#call", "Calls a function that is a value.",
		"lambda($ + 1)(5) = 6", callValue, yaql.P("callable", yaql.Callable),
		yaql.Rest("args", yaql.Any), yaql.Named("kwargs", yaql.Any)),
	define("lambda", "A function as a value.",
		"let(f => lambda(2 * $)) -> $f(3) = 6", makeLambda, yaql.P("func", yaql.LambdaType)),
}

func contextVariable(c *yaql.Call) (any, error) {
	v, _ := c.Context.Get(c.String(0))
	return v, nil
}

func callMethod(c *yaql.Call) (any, error) { return c.Lambda(1).On(c.Args[0]) }

func callMethodUnlessNull(c *yaql.Call) (any, error) {
	if c.Args[0] == nil {
		return nil, nil
	}
	return c.Delegate("#operator_.").Call(c.Args[0], c.Args[1])
}

func property(c *yaql.Call) (any, error) {
	return c.Run.Invoke("#property#"+c.String(1), c.Context, yaql.NoValue, []any{c.Args[0]}, nil)
}

// unpack looks one item beyond the names, which an iterator then has lost.
func unpack(c *yaql.Call) (any, error) {
	it := c.Iter(0)
	var items []any
	for len(items) <= len(c.Rest) {
		v, ok, err := it.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		items = append(items, v)
	}
	if len(c.Rest) > 0 {
		if len(items) != len(c.Rest) {
			return nil, yaql.Errorf(yaql.ValueError, "Cannot unpack %d elements into %d", len(items), len(c.Rest))
		}
		for i, v := range items {
			c.Context.Set(c.Rest[i].(string), v)
		}
		return c.Context, nil
	}
	it = c.Iter(0)
	for i := 1; ; i++ {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return c.Context, err
		}
		if err := c.Run.Step(1 + i/8); err != nil { // every one is looked for among those before it
			return nil, err
		}
		c.Context.Set(strconv.Itoa(i), v)
	}
}

func let(c *yaql.Call) (any, error) {
	for i, v := range c.Rest {
		c.Context.Set(strconv.Itoa(i+1), v)
	}
	for _, k := range c.Named {
		c.Context.Set(k.Name, k.Value)
	}
	return c.Context, nil
}

func def(c *yaql.Call) (any, error) {
	f := c.Lambda(1)
	c.Context.Register(&yaql.Function{
		Name:   FunctionName(c.String(0)),
		Params: []yaql.Param{yaql.Rest("args", yaql.Any), yaql.Named("kwargs", yaql.Any)},
		Body:   func(c *yaql.Call) (any, error) { return f.CallNamed(c.Rest, c.Named) },
		Doc:    "Defined by def.",
	})
	return c.Context, nil
}

func sendContext(c *yaql.Call) (any, error) { return c.Lambda(1).In(c.Args[0].(*yaql.Context)) }

func assert(c *yaql.Call) (any, error) {
	obj := memorized(c.Run, c.Args[0])
	ok, err := c.Lambda(1).Call1(obj)
	if err != nil {
		return nil, err
	}
	if !yaql.Truth(ok) {
		return nil, yaql.Errorf(yaql.AssertionError, "%s", c.String(2))
	}
	return obj, nil
}

func callByName(c *yaql.Call) (any, error) {
	args, err := c.Run.Collect(c.Args[1])
	if err != nil {
		return nil, err
	}
	var named []yaql.Kwarg
	for k, v := range c.Dict(2).All() {
		name, ok := k.(string)
		if !ok {
			return nil, yaql.Errorf(yaql.TypeError, "expected string or bytes-like object, got '%s'", yaql.TypeName(k))
		}
		if isKeyword(name) {
			named = append(named, yaql.Kwarg{Name: name, Value: v})
		}
	}
	return c.Run.Invoke(c.String(0), c.Context, c.Args[3], args, named)
}

func callValue(c *yaql.Call) (any, error) {
	return c.Args[0].(*yaql.Lambda).CallNamed(c.Rest, c.Named)
}

func makeLambda(c *yaql.Call) (any, error) {
	if f := c.Lambda(0); f != nil {
		return f, nil
	}
	return nil, nil
}

// isKeyword reports whether a name could stand in an expression as a bare word.
func isKeyword(name string) bool {
	for i, r := range name {
		if i == 0 && (unicode.IsDigit(r) || strings.HasPrefix(name, "__")) {
			return false
		}
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			return i > 0
		}
	}
	return name != ""
}

// FunctionName writes a name as functions are registered: my_func is myFunc, for_ is for.
func FunctionName(name string) string {
	name = strings.TrimRight(name, "_")
	runes := []rune(name)
	if len(runes) == 0 {
		return name
	}
	if unicode.IsLetter(runes[0]) {
		return camelCase(name)
	}
	end := strings.Index(name[1:], name[:1])
	if end < 1 {
		return name
	}
	return name[:end+2] + camelCase(name[end+2:])
}

func camelCase(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i := 0; i < len(runes); i++ {
		if r := runes[i]; i > 0 && r == '_' && i+1 < len(runes) && isWord(runes[i+1]) {
			i++
			b.WriteString(upper(string(runes[i])))
			continue
		}
		b.WriteRune(runes[i])
	}
	return b.String()
}
