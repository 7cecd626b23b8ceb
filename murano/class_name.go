package murano

import "strings"

// ClassName is the type of an object as models write it: name, name/version,
// name/version@package or name@package. Version and Package are empty when not given.
type ClassName struct{ Name, Version, Package string }

// ParseClassName reads the type of an object.
func ParseClassName(s string) ClassName {
	rest, pkg, _ := strings.Cut(s, "@")
	name, version, _ := strings.Cut(rest, "/")
	return ClassName{Name: strings.TrimSpace(name), Version: strings.TrimSpace(version), Package: strings.TrimSpace(pkg)}
}

// String is name/version@package, as the engine writes it into a deployed model.
func (c ClassName) String() string {
	s := c.Name
	if c.Version != "" {
		s += "/" + c.Version
	}
	if c.Package != "" {
		s += "@" + c.Package
	}
	return s
}
