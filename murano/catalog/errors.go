package catalog

import "hearth/core"

// loadError says why an archive is no package: PackageLoadError upstream.
func loadError(format string, args ...any) *core.Error {
	return core.Errorf(core.Invalid, "PackageLoadError", format, args...)
}

// formatError says what in a package is not as it must be: PackageFormatError upstream.
func formatError(format string, args ...any) *core.Error {
	return core.Errorf(core.Invalid, "PackageFormatError", "Incorrect package format: "+format, args...)
}
