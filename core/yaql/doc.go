// Package yaql evaluates YAQL, the expression language of HOT's yaql function, of
// MuranoPL and of Murano's UI definitions, as yaql 2.0 for Python does.
//
//	text ─ syntax.Parse ─► tree ─ compile ─► Expression ─ Evaluate ─► value
//	                                              │
//	            Context: layers of variables and functions; package std has the
//	            standard library and a Profile for each host
//
// Every operator, literal and property is a call of a function, found by overload
// resolution (resolve.go): a host extends the language by registering more functions.
//
//	eng := yaql.New(std.Heat())
//	expr, err := eng.Parse("$.data.servers.where($.cpu > 2).name")
//	v, err := expr.Evaluate(ctx, data, nil)
//
// An evaluation cannot exceed its budgets (Options): steps, memory, nesting, items of an
// iterator. All errors but those of the context are an *Error.
package yaql
