package environment

import (
	"context"

	"hearth/core/yaml"
	"hearth/murano/catalog"
)

// Runner makes the objects of packages of one format true. There is one for each format
// that can be deployed; this is where an interpreter of MuranoPL has its place.
//
// Both methods are called again for the same object when a process has died over it, and
// then find what the first call did.
type Runner interface {
	// Check refuses an object that its class would refuse, before anything is done.
	Check(pkg *catalog.Package, object *yaml.Map) error
	// Deploy makes an object true and sets its properties. The errors it returns have
	// been reported.
	Deploy(ctx context.Context, run *Run, pkg *catalog.Package, object *yaml.Map) error
	// Owns reports whether Deploy has made something of the object, gone though its
	// package may be.
	Owns(run *Run, object *yaml.Map) bool
	// Destroy takes away what Deploy has made. The errors it returns have been reported.
	Destroy(ctx context.Context, run *Run, object *yaml.Map) error
}
