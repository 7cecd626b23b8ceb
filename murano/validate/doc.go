// Package validate says everything that can be found wrong in an application package without a
// server: each problem with its file, line and column, all at once.
//
//	validate.go    Archive: the order of it all
//	manifest.go    manifest.yaml
//	world.go       the classes that names can mean: the package's, the library's, required ones
//	class.go       class documents; property.go, method.go their parts
//	contract.go    contracts
//	body.go        statements; target.go what they assign to
//	expression.go  functions and classes that expressions name
//	inherit.go     inheritance: cycles, Meta classes
//	meta.go        what hangs on classes and their parts
//	ui.go          form definitions
//	hot.go         HOT packages
//
// It is stricter than the catalogue, which takes a package with broken classes as upstream does,
// and knows no more than the package says: what a program does with values is its own affair.
package validate
