package converge

import (
	"bytes"
	"context"
	"encoding/json"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/store"
	"hearth/core/yaml"
)

// encodeOutputs writes outputs as they are stored: < and > stay as they are.
func encodeOutputs(outputs []core.Output) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(outputs)
	return bytes.TrimSpace(b.Bytes()), err
}

// outputs computes the outputs from what the rows hold.
func (w *Walker) outputs(ctx context.Context, tx *store.Tx, s *core.Stack, target *plan.Target) ([]core.Output, error) {
	defs := target.Bound.Outputs()
	out := make([]core.Output, 0, len(defs))
	if len(defs) == 0 {
		return out, nil
	}
	list, err := tx.Resources(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	rt := runtime{newRows(list), target}
	for _, d := range defs {
		o := core.Output{Key: d.Name, Description: d.Description, Value: json.RawMessage("null")}
		if d.Description == "" {
			o.Description = "No description given"
		}
		if d.Enabled {
			v, err := target.Bound.Resolve(d.Value, rt)
			if err == nil {
				o.Value, err = yaml.EncodeJSON(v)
			}
			if err != nil {
				o.Value, o.Error = json.RawMessage("null"), err.Error()
			}
		}
		out = append(out, o)
	}
	return out, nil
}
