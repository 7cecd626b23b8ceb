package neutron

import (
	"strings"

	"hearth/core"
	"hearth/core/resource"
)

// The errors of Validate, in Heat's words (heat/common/exception.py).

func propertyConflict(names ...string) error {
	return core.Errorf(core.Invalid, "ResourcePropertyConflict",
		"Cannot define the following properties at the same time: %s.", strings.Join(names, ", "))
}

func propertyUnspecified(names ...string) error {
	return core.Errorf(core.Invalid, "PropertyUnspecifiedError",
		"At least one of the following properties must be specified: %s.", strings.Join(names, ", "))
}

func propertyDependency(name, needs string) error {
	return core.Errorf(core.Invalid, "ResourcePropertyDependency", "%s cannot be specified without %s.", name, needs)
}

// given reports whether a property has a value, be it one not known yet; "" is none.
func given(v resource.Values, name string) bool { return v.Has(name) && v.Get(name) != "" }

// exactlyOne checks two properties of which one must be given.
func exactlyOne(v resource.Values, a, b string) error {
	switch {
	case given(v, a) && given(v, b):
		return propertyConflict(a, b)
	case !given(v, a) && !given(v, b):
		return propertyUnspecified(a, b)
	}
	return nil
}
