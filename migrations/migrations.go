// Package migrations holds the numbered SQL that makes the database, for SQLite and
// PostgreSQL alike: {{.TIME}} and {{.BYTES}} name the column types that differ. A
// migration that has been released is never edited; the next number mends it.
package migrations

import "embed"

// FS holds the files.
//
//go:embed *.sql
var FS embed.FS
