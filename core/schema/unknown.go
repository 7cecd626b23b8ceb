package schema

import "hearth/core/yaml"

// Unknown is a value that is not known yet: one that a reference will yield once its
// resource is there (function.Unknown). It passes every check.
type Unknown interface{ UnknownValue() }

// IsUnknown reports whether v is one.
func IsUnknown(v any) bool {
	_, ok := v.(Unknown)
	return ok
}

// HasUnknown reports whether v is one or holds one.
func HasUnknown(v any) bool {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if HasUnknown(x) {
				return true
			}
		}
	case *yaml.Map:
		for _, x := range v.All() {
			if HasUnknown(x) {
				return true
			}
		}
	case Unknown:
		return true
	}
	return false
}

// Failed stands in for a value whose computation failed: Check reports Err at its place.
type Failed struct{ Err error }

// Dropped stands in for a value that an `if` without else left out: absent, but given.
type Dropped struct{}
