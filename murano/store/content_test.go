package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	corestore "hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/murano/store"
)

// A column of bytes is one that a rotation knows, or one of a package.
func TestSealedBytesAreListed(t *testing.T) {
	st := storetest.Open(t, storetest.SQLite(t))
	var columns []string
	err := st.Reader().NewRaw(`SELECT t.name || '.' || c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c
		WHERE t.type = 'table' AND c.type = 'BLOB'`).Scan(t.Context(), &columns)
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"package_files.archive", "package_files.ui", "package_files.logo", "package_files.supplier_logo"}
	for _, table := range slices.Concat(corestore.SealedTables(), store.SealedTables()) {
		for _, b := range table.Bytes {
			known = append(known, table.Name+"."+b.Column)
		}
	}
	slices.Sort(columns)
	slices.Sort(known)
	if d := cmp.Diff(known, columns); d != "" {
		t.Error(d)
	}
}
