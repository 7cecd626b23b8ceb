// Package function is the intrinsic functions of HOT and CFN templates: which exist in
// which version (table.go), how their arguments are checked, and what they yield.
//
//	node tree ── Parser.Parse ──▶ Expr ── Problems, Validate, Walk, Resolve(Scope) ──▶ value
//
// An Expr knows its place. Parsing never fails: a call with wrong arguments keeps its
// error, because a branch of `if` that is not taken may hold anything. What the functions
// need of the stack they ask a Scope for; an attribute that is not there yet is an Unknown,
// and every function over an Unknown is Unknown itself.
//
// Behaviour and texts follow heat/engine/hot/functions.py, cfn/functions.py, function.py.
package function
