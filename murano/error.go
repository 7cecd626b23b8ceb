package murano

import "hearth/core"

// Murano shows errors in two shapes. What its code refuses on purpose has a message, which
// either explains the status by itself or is a detail below the status's own words; what
// its code does not catch shows the class of the exception. A core.Error tells which by
// its Type: one of the two below, or the name of that class.
const (
	Explained = "explained"
	Detailed  = "detailed"
)

// Explain makes an error whose message is all that is said; with "" it is the status's own
// words.
func Explain(code core.Code, format string, args ...any) *core.Error {
	return core.Errorf(code, Explained, format, args...)
}

// Detail makes an error whose message stands below the status's own words.
func Detail(code core.Code, format string, args ...any) *core.Error {
	return core.Errorf(code, Detailed, format, args...)
}

// Raise makes an error that upstream does not catch: an exception of the class, which
// clients see by name.
func Raise(code core.Code, class, format string, args ...any) *core.Error {
	return core.Errorf(code, class, format, args...)
}
