package store

import (
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"

	"hearth/core"
)

// DB is a handle on the database with the installation's sealer: a Tx, or a Store's Reader.
type DB interface {
	bun.IDB
	Sealer() *Sealer
}

type reader struct {
	*bun.DB
	sealer *Sealer
}

// Sealer gives the sealer of this installation.
func (r reader) Sealer() *Sealer { return r.sealer }

// Sealer gives the sealer of this installation.
func (tx *Tx) Sealer() *Sealer { return tx.store.sealer }

// Content names the columns of a table in which users' secrets may stand. They are sealed
// in the database alone: the rows that callers give and get are plain. A column that was
// not read is nil and stays so.
type Content[T any] struct {
	Table   string
	ID      func(*T) string
	Columns []Column[T]
}

// Column is one text column of a row type: JSON or, with Text, a string that never begins
// with a dollar sign.
type Column[T any] struct {
	Name string
	JSON func(*T) *json.RawMessage
	Text func(*T) *string
}

// Everything of the engine's tables that is content.
var (
	stackContent = Content[core.Stack]{"stacks", func(s *core.Stack) string { return s.ID }, []Column[core.Stack]{
		{Name: "parameters", JSON: func(s *core.Stack) *json.RawMessage { return &s.Parameters }},
		{Name: "outputs", JSON: func(s *core.Stack) *json.RawMessage { return &s.Outputs }},
	}}
	// digest and definition are hashes without salt: whoever reads them can try passwords.
	resourceContent = Content[core.Resource]{"resources", func(r *core.Resource) string { return r.ID }, []Column[core.Resource]{
		{Name: "digest", Text: func(r *core.Resource) *string { return &r.Digest }},
		{Name: "definition", Text: func(r *core.Resource) *string { return &r.Definition }},
		{Name: "properties", JSON: func(r *core.Resource) *json.RawMessage { return &r.Properties }},
		{Name: "attributes", JSON: func(r *core.Resource) *json.RawMessage { return &r.Attributes }},
		{Name: "metadata", JSON: func(r *core.Resource) *json.RawMessage { return &r.Metadata }},
	}}
	eventContent = Content[core.Event]{"events", func(e *core.Event) string { return e.ID }, []Column[core.Event]{
		{Name: "properties", JSON: func(e *core.Event) *json.RawMessage { return &e.Properties }},
	}}
	templateContent = Content[core.RawTemplate]{"raw_templates", func(t *core.RawTemplate) string { return t.ID }, []Column[core.RawTemplate]{
		{Name: "template", JSON: func(t *core.RawTemplate) *json.RawMessage { return &t.Template }},
		{Name: "environment", JSON: func(t *core.RawTemplate) *json.RawMessage { return &t.Environment }},
	}}
	filesContent = Content[templateFiles]{"template_files", func(f *templateFiles) string { return f.ID }, []Column[templateFiles]{
		{Name: "files", JSON: func(f *templateFiles) *json.RawMessage { return &f.Files }},
	}}
	configContent = Content[core.SoftwareConfig]{"software_configs", func(c *core.SoftwareConfig) string { return c.ID }, []Column[core.SoftwareConfig]{
		{Name: "config", JSON: func(c *core.SoftwareConfig) *json.RawMessage { return &c.Config }},
	}}
	deploymentContent = Content[core.SoftwareDeployment]{"software_deployments", func(d *core.SoftwareDeployment) string { return d.ID }, []Column[core.SoftwareDeployment]{
		{Name: "input_values", JSON: func(d *core.SoftwareDeployment) *json.RawMessage { return &d.InputValues }},
		{Name: "output_values", JSON: func(d *core.SoftwareDeployment) *json.RawMessage { return &d.OutputValues }},
	}}
)

// SealedTables are the engine's tables with sealed columns, for Rotate.
func SealedTables() []SealedTable {
	return []SealedTable{
		stackContent.Sealing(SealedBytes{"credentials", "root_id"}),
		resourceContent.Sealing(SealedBytes{"data", "id"}),
		eventContent.Sealing(), templateContent.Sealing(), filesContent.Sealing(), configContent.Sealing(), deploymentContent.Sealing(),
		{Name: "revocations", Bytes: []SealedBytes{{"credentials", "stack_id"}}},
		{Name: "snapshots", Bytes: []SealedBytes{{"data", "id"}, {"credentials", "(SELECT root_id FROM stacks WHERE stacks.id = snapshots.stack_id)"}}},
	}
}

// aboutColumn appends what a value of a text column is bound to.
func aboutColumn(b []byte, table, column, id string) []byte {
	return append(append(append(append(append(b, table...), '.'), column...), '/'), id...)
}

// Sealed gives a copy of a row with its content sealed, to be written; the row itself does
// not change.
func (c *Content[T]) Sealed(db DB, row *T) *T {
	out := *row
	c.seal(db.Sealer(), &out)
	return &out
}

// SealedAll does what Sealed does for several rows.
func (c *Content[T]) SealedAll(db DB, rows []T) []T {
	out := make([]T, len(rows))
	copy(out, rows)
	for i := range out {
		c.seal(db.Sealer(), &out[i])
	}
	return out
}

func (c *Content[T]) seal(s *Sealer, row *T) {
	id, about := c.ID(row), make([]byte, 0, 80)
	for i := range c.Columns {
		col := &c.Columns[i]
		about = aboutColumn(about[:0], c.Table, col.Name, id)
		if col.Text != nil {
			v := col.Text(row)
			*v = string(s.sealText([]byte(*v), about))
		} else {
			v := col.JSON(row)
			*v = s.sealText(*v, about)
		}
	}
}

func (c *Content[T]) open(s *Sealer, row *T) error {
	id, about := c.ID(row), make([]byte, 0, 80)
	for i := range c.Columns {
		col := &c.Columns[i]
		var sealed []byte
		if col.Text != nil {
			sealed = []byte(*col.Text(row))
		} else {
			sealed = *col.JSON(row)
		}
		if len(sealed) == 0 {
			continue
		}
		about = aboutColumn(about[:0], c.Table, col.Name, id)
		plain, err := s.openText(sealed, about)
		if err != nil {
			return fmt.Errorf("%s.%s of %s: %w", c.Table, col.Name, id, err)
		}
		if col.Text != nil {
			*col.Text(row) = string(plain)
		} else {
			*col.JSON(row) = plain
		}
	}
	return nil
}

// One opens the row that a read has found; nil when the read found none.
func (c *Content[T]) One(db DB, row *T, err error) (*T, error) {
	row, err = one(row, err)
	if err != nil || row == nil {
		return nil, err
	}
	if err := c.open(db.Sealer(), row); err != nil {
		return nil, err
	}
	return row, nil
}

// All opens the rows that a read has found.
func (c *Content[T]) All(db DB, rows []T, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := c.open(db.Sealer(), &rows[i]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// Sealing describes the table for Rotate, with those of its columns that are sealed as bytes.
func (c *Content[T]) Sealing(bytes ...SealedBytes) SealedTable {
	t := SealedTable{Name: c.Table, Bytes: bytes}
	for _, col := range c.Columns {
		t.Text = append(t.Text, col.Name)
	}
	return t
}
