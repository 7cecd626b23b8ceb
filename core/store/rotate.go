package store

import (
	"bytes"
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// SealedTable names the sealed columns of a table whose primary key is id.
type SealedTable struct {
	Name  string
	Text  []string // as Content seals them
	Bytes []SealedBytes
}

// SealedBytes is a column that a Sealer's Seal has made; About is the SQL of what its
// values are bound to.
type SealedBytes struct{ Column, About string }

// Rotated is what Rotate has done.
type Rotated struct {
	Values   int      // that were sealed anew
	Unopened []string // table.column of row: values that none of the keys opens
}

// rotateBatch is how many rows are sealed anew in one transaction: a template with its
// files may have megabytes.
const rotateBatch = 50

// rotatePasses is how often Rotate looks again for what others have written meanwhile.
const rotatePasses = 20

// Rotate seals under the current key whatever the tables have under another, or plain, and
// then forgets the checks of the other keys: nothing needs them any more. A row that
// changes meanwhile is not overwritten but looked at again. told hears how many values of a
// table it has sealed, after each table that had some.
//
// It may be broken off at any time and begun again. When values are left that no key opens,
// the checks stay.
func (s *Store) Rotate(ctx context.Context, tables []SealedTable, told func(table string, values int)) (Rotated, error) {
	var out Rotated
	for pass := 0; ; pass++ {
		if pass == rotatePasses {
			return out, fmt.Errorf("others go on writing with another key than %s: start every process anew with it as encryption_key, then rotate again", s.sealer.KeyID())
		}
		seen := 0
		out.Unopened = nil
		for _, t := range tables {
			sealed, stale, unopened, err := s.rotateTable(ctx, t)
			out.Values += sealed
			if err != nil {
				return out, fmt.Errorf("re-seal %s: %w", t.Name, err)
			}
			seen += stale
			out.Unopened = append(out.Unopened, unopened...)
			if sealed > 0 {
				told(t.Name, sealed)
			}
		}
		if seen == len(out.Unopened) {
			break
		}
	}
	if len(out.Unopened) > 0 {
		return out, nil
	}
	if err := s.endRotation(ctx); err != nil {
		return out, err
	}
	return out, s.scrub(ctx, out.Values)
}

// endRotation seals the signing key anew and forgets the checks of all keys but the current.
func (s *Store) endRotation(ctx context.Context) error {
	return s.Write(ctx, func(ctx context.Context, tx *Tx) error {
		sealed := s.sealer.sealText(s.signing, aboutSetting(signingKey))
		if _, err := tx.ExecContext(ctx, "UPDATE settings SET value = ? WHERE name = ?", string(sealed), signingKey); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM settings WHERE name LIKE ? AND name <> ?", keyCheck+"%", keyCheck+s.sealer.KeyID())
		return err
	})
}

// scrub has SQLite write its file anew: what stood there before is left in pages that are free.
func (s *Store) scrub(ctx context.Context, values int) error {
	if s.pg || values == 0 {
		return nil
	}
	for _, statement := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := s.w.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("everything is re-sealed, but the database's free pages still hold what was there before: %w", err)
		}
	}
	return nil
}

// staleRow is a row with values that are not under the current key.
type staleRow struct {
	id     string
	values []staleValue
}

type staleValue struct {
	column   string
	old, now any // texts or bytes
}

// rotateTable goes through a table by its primary key. stale counts the values that were
// found not to be under the current key, sealed those that now are.
func (s *Store) rotateTable(ctx context.Context, t SealedTable) (sealed, stale int, unopened []string, err error) {
	for after := ""; ; {
		rows, last, bad, err := s.staleRows(ctx, t, after)
		if err != nil || last == "" {
			return sealed, stale, unopened, err
		}
		after = last
		unopened = append(unopened, bad...)
		stale += len(bad)
		for _, row := range rows {
			stale += len(row.values)
		}
		n, err := s.reseal(ctx, t, rows)
		if err != nil {
			return sealed, stale, unopened, err
		}
		sealed += n
	}
}

// staleRows gives the next rows with values that are not under the current key, and the
// last one's id, "" when there is none; unopened are the values among them that no key opens.
func (s *Store) staleRows(ctx context.Context, t SealedTable, after string) (rows []staleRow, last string, unopened []string, err error) {
	found, err := s.selectStale(t, after).Rows(ctx)
	if err != nil {
		return nil, "", nil, err
	}
	defer found.Close()
	for found.Next() {
		// id, the texts, and the bytes each with what it is bound to
		values, dest := make([][]byte, len(t.Text)+2*len(t.Bytes)), []any{&last}
		for i := range values {
			dest = append(dest, &values[i])
		}
		if err := found.Scan(dest...); err != nil {
			return nil, "", nil, err
		}
		row := staleRow{id: last}
		for i, column := range t.Text {
			old, about := values[i], aboutColumn(nil, t.Name, column, last)
			if len(old) == 0 || bytes.HasPrefix(old, s.sealer.keys[0].text) {
				continue
			}
			plain, err := s.sealer.openText(old, about)
			if err != nil {
				unopened = append(unopened, t.Name+"."+column+" of "+last)
				continue
			}
			row.values = append(row.values, staleValue{column, string(old), string(s.sealer.sealText(plain, about))})
		}
		for i, c := range t.Bytes {
			old, about := values[len(t.Text)+2*i], values[len(t.Text)+2*i+1]
			if len(old) == 0 || bytes.HasPrefix(old, s.sealer.keys[0].bytes) {
				continue
			}
			plain, err := s.sealer.open(old, about)
			if err != nil {
				unopened = append(unopened, t.Name+"."+c.Column+" of "+last)
				continue
			}
			row.values = append(row.values, staleValue{c.Column, old, s.sealer.seal(plain, about)})
		}
		if len(row.values) > 0 {
			rows = append(rows, row)
		}
	}
	return rows, last, unopened, found.Err()
}

// selectStale finds the next rows with values that do not begin as the current key's do.
func (s *Store) selectStale(t SealedTable, after string) *bun.SelectQuery {
	q := s.r.NewSelect().TableExpr("?", bun.Ident(t.Name)).Column("id").Column(t.Text...).Where("id > ?", after).Order("id").Limit(rotateBatch)
	for _, c := range t.Bytes {
		q.Column(c.Column).ColumnExpr(c.About)
	}
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		mark := s.sealer.keys[0]
		for _, column := range t.Text {
			q.WhereOr("(?0 <> '' AND substr(?0, 1, ?1) <> ?2)", bun.Ident(column), len(mark.text), string(mark.text))
		}
		for _, c := range t.Bytes {
			q.WhereOr("(length(?0) > 0 AND substr(?0, 1, ?1) <> ?2)", bun.Ident(c.Column), len(mark.bytes), mark.bytes)
		}
		return q
	})
}

// reseal stores the new values of rows where the old ones still stand, and counts them.
func (s *Store) reseal(ctx context.Context, t SealedTable, rows []staleRow) (n int, err error) {
	if len(rows) == 0 {
		return 0, nil
	}
	err = s.Write(ctx, func(ctx context.Context, tx *Tx) error {
		n = 0
		for _, row := range rows {
			q := tx.NewUpdate().TableExpr("?", bun.Ident(t.Name)).Where("id = ?", row.id)
			for _, v := range row.values {
				q.Set("? = ?", bun.Ident(v.column), v.now).Where("? = ?", bun.Ident(v.column), v.old)
			}
			res, err := q.Exec(ctx)
			if err != nil {
				return err
			}
			if c, err := res.RowsAffected(); err != nil {
				return err
			} else if c == 1 {
				n += len(row.values)
			}
		}
		return nil
	})
	return n, err
}
