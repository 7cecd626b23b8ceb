package std

import "hearth/core/yaql"

type body = func(c *yaql.Call) (any, error)

// define makes a function that is called as name(args).
func define(name, doc, example string, b body, params ...yaql.Param) *yaql.Function {
	return (&yaql.Function{Name: name, Doc: doc, Example: example, Body: b, Params: params}).Prepare()
}

// method makes a function that is called as receiver.name(args).
func method(name, doc, example string, b body, params ...yaql.Param) *yaql.Function {
	f := define(name, doc, example, b, params...)
	f.Way = yaql.AsMethod
	return f
}

// extension makes a function that is called both ways.
func extension(name, doc, example string, b body, params ...yaql.Param) *yaql.Function {
	f := define(name, doc, example, b, params...)
	f.Way = yaql.AsExtension
	return f
}

// operator makes a function of two values.
func operator(name, doc, example string, f func(r *yaql.Run, a, b any) (any, error), a, b yaql.Param) *yaql.Function {
	op := define(name, doc, example, func(c *yaql.Call) (any, error) { return f(c.Run, c.Args[0], c.Args[1]) }, a, b)
	op.Binary = f
	return op
}

// noKwargs lets a function take rules as arguments.
func noKwargs(f *yaql.Function) *yaql.Function {
	f.NoKwargs = true
	return f
}

// ownContext gives the calls of a function a context of their own.
func ownContext(f *yaql.Function) *yaql.Function {
	f.OwnContext = true
	return f
}

// alias is the same function under another name.
func alias(name, example string, f *yaql.Function) *yaql.Function {
	g := *f
	g.Name, g.Example = name, example
	return &g
}

// Parameters that many functions have.
var (
	collection  = yaql.P("collection", yaql.Iterable)
	dictionary  = yaql.P("dict", yaql.Mapping)
	text        = yaql.P("string", yaql.String)
	selector    = yaql.P("selector", yaql.LambdaType)
	predicate   = yaql.P("predicate", yaql.LambdaType)
	maybeString = yaql.String.Nullable()
	maybeBool   = yaql.Boolean.Nullable()
)

func optionalLambda(name string) yaql.Param { return yaql.Opt(name, yaql.LambdaType, nil) }

// generate makes an iterator of the remaining work of a generator function.
func generate(next func() (any, bool, error)) (any, error) { return yaql.Generate(next), nil }
