package converge

import (
	"context"
	"encoding/json"

	"hearth/core"
	"hearth/core/resource"
)

// Outputs are the stored outputs of a stack.
func Outputs(s *core.Stack) ([]core.Output, error) {
	if len(s.Outputs) == 0 {
		return nil, nil
	}
	var out []core.Output
	return out, json.Unmarshal(s.Outputs, &out)
}

// LiveAttribute reads an attribute of a stored row from its type, now; an empty path
// reads all.
func (w *Walker) LiveAttribute(ctx context.Context, s *core.Stack, row *core.Resource, path []any) (any, error) {
	typ, err := w.TypeOf(ctx, s, row)
	if err != nil {
		return nil, err
	}
	c, err := w.Context(ctx, s, row, typ)
	if err != nil {
		return nil, err
	}
	return ReadAttribute(ctx, typ.New(), typ, c, path)
}

// TypeOf gives the type of a stored row.
func (w *Walker) TypeOf(ctx context.Context, s *core.Stack, row *core.Resource) (*resource.Type, error) {
	if row.Class != "" {
		if t := w.Types.Registry.Lookup(row.Class); t != nil {
			return t, nil
		}
		return nil, core.EntityNotFound("Resource Type", row.Type)
	}
	t, err := w.Target(ctx, s)
	if err != nil {
		return nil, err
	}
	if typ := t.Type(row.Name); typ != nil {
		return typ, nil
	}
	return w.classType(row), nil
}
