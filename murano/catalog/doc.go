// Package catalog reads application packages: the zip archive within limits that keep a
// hostile one harmless, its manifest, the pictures and the form; and, of a HOT package,
// the template with its files, from which the form is generated.
//
//	archive.go   the zip, entry by entry, nothing ever written to disk
//	manifest.go  manifest.yaml
//	package.go   Load: what the catalogue keeps of an archive
//	hot.go       HOT packages; hot_ui.go their generated form
//	build.go     Build: a directory as an archive, the same bytes each time; generate.go a manifest for a mere template
//
// Follows murano/packages/ of the upstream project, whose error texts it keeps.
package catalog
