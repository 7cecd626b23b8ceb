package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"hearth/core"
)

// templateFiles are the files sent with a template, kept once whoever uses them.
type templateFiles struct {
	bun.BaseModel `bun:"table:template_files"`

	ID    string          `bun:"id,pk"`
	Files json.RawMessage `bun:"files,type:text"` // map[string]string
}

// CreateTemplate stores a template with its files; equal sets of files are kept once, and
// not dropped before the transaction ends. It sets t.FilesID.
func (tx *Tx) CreateTemplate(ctx context.Context, t *core.RawTemplate, files map[string]string) error {
	if len(files) > 0 {
		text, err := json.Marshal(files)
		if err != nil {
			return err
		}
		row := &templateFiles{ID: tx.store.filesID(files), Files: text}
		if tx.conn != nil {
			if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock_shared(hashtextextended(?, 0))", row.ID); err != nil {
				return err
			}
		}
		if _, err := tx.NewInsert().Model(filesContent.Sealed(tx, row)).On("CONFLICT (id) DO NOTHING").Exec(ctx); err != nil {
			return fmt.Errorf("store template files: %w", err)
		}
		t.FilesID = row.ID
	}
	if _, err := tx.NewInsert().Model(templateContent.Sealed(tx, t)).ModelTableExpr("raw_templates").Exec(ctx); err != nil {
		return fmt.Errorf("store template: %w", err)
	}
	return nil
}

// FindTemplate gives a template and its files; nil when there is none of that id.
func (s *Store) FindTemplate(ctx context.Context, id string) (*core.RawTemplate, map[string]string, error) {
	return findTemplate(ctx, s.Reader(), id)
}

// FindTemplate is Store.FindTemplate inside the transaction.
func (tx *Tx) FindTemplate(ctx context.Context, id string) (*core.RawTemplate, map[string]string, error) {
	return findTemplate(ctx, tx, id)
}

func findTemplate(ctx context.Context, db DB, id string) (*core.RawTemplate, map[string]string, error) {
	t := new(core.RawTemplate)
	t, err := templateContent.One(db, t, db.NewSelect().Model(t).ModelTableExpr("raw_templates AS raw_template").Where("id = ?", id).Scan(ctx))
	if err != nil || t == nil {
		return nil, nil, err
	}
	if t.FilesID == "" {
		return t, nil, nil
	}
	f := new(templateFiles)
	f, err = filesContent.One(db, f, db.NewSelect().Model(f).Where("id = ?", t.FilesID).Scan(ctx))
	if err != nil {
		return nil, nil, fmt.Errorf("read template files: %w", err)
	}
	if f == nil { // the template has gone, too, since it was read
		return nil, nil, nil
	}
	var files map[string]string
	if err := json.Unmarshal(f.Files, &files); err != nil {
		return nil, nil, fmt.Errorf("read template files: %w", err)
	}
	return t, files, nil
}

// DeleteTemplate forgets a template that its stack no longer uses, and its files with the
// last template that has them. A template is one stack's.
func (tx *Tx) DeleteTemplate(ctx context.Context, id string) error {
	var files []string
	err := tx.NewRaw("DELETE FROM raw_templates WHERE id = ? RETURNING COALESCE(files_id, '')", id).Scan(ctx, &files)
	if err != nil || len(files) == 0 || files[0] == "" {
		return err
	}
	if tx.conn != nil { // whoever stores a template with these files just now comes first
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", files[0]); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM template_files WHERE id = ?0 AND NOT EXISTS (SELECT 1 FROM raw_templates WHERE files_id = ?0)", files[0])
	return err
}

// filesID is keyed: without the key nobody can try what a file of secrets may hold.
func (s *Store) filesID(files map[string]string) string {
	h := hmac.New(sha256.New, s.signing)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		_, _ = fmt.Fprintf(h, "%d %s %d %s\n", len(name), name, len(files[name]), files[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}
