package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"hearth/core/store"
)

// Find gives the columns (table.column) of the whole database in which text stands as it
// is, and the files of SQLite that have it, be it in pages that are free.
func Find(t testing.TB, st *store.Store, text string) []string {
	t.Helper()
	tables := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if st.Postgres() {
		tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	var names []string
	if err := st.Reader().NewRaw(tables).Scan(t.Context(), &names); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, table := range names {
		found = append(found, findIn(t, st, table, text)...)
	}
	if st.Postgres() {
		return found
	}
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(st.Path() + suffix)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			found = append(found, filepath.Base(st.Path()+suffix))
		}
	}
	return found
}

func findIn(t testing.TB, st *store.Store, table, text string) (found []string) {
	t.Helper()
	rows, err := st.Reader().QueryContext(t.Context(), "SELECT * FROM ?", bun.Ident(table))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, dest := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			s := fmt.Sprint(v)
			if b, ok := v.([]byte); ok {
				s = string(b)
			}
			if at := table + "." + columns[i]; strings.Contains(s, text) && !slices.Contains(found, at) {
				found = append(found, at)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}
