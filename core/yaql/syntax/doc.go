// Package syntax reads YAQL text into a tree: scan, then a Pratt parser whose operators
// are data (Grammar), because MuranoPL and the legacy dialect add some.
//
// It knows no function and no value but literals; package yaql evaluates the tree.
package syntax
