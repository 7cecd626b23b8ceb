package converge

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/store"
	"hearth/core/yaml"
)

// finite puts a text in the place of infinity and of what is no number: JSON has neither.
func finite(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return yaml.Str(v)
		}
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = finite(x)
		}
		return out
	case *yaml.Map:
		out := yaml.NewMap(v.Len())
		for k, x := range v.All() {
			out.Set(k, finite(x))
		}
		return out
	}
	return v
}

// encodeOutputs writes outputs as they are stored: < and > stay as they are.
func encodeOutputs(outputs []core.Output) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(outputs)
	return bytes.TrimSpace(b.Bytes()), err
}

// outputError is why an output has no value: never an empty text.
func outputError(err error) string {
	if e, ok := errors.AsType[*core.Error](err); ok {
		return cmp.Or(e.Message, e.Type)
	}
	return err.Error()
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
	rt := &noting{runtime: runtime{newRows(list), target}}
	for _, d := range defs {
		rt.live = false
		o := core.Output{Key: d.Name, Description: d.Description, Value: json.RawMessage("null")}
		if d.Description == "" {
			o.Description = "No description given"
		}
		if d.Enabled {
			v, err := target.Bound.Resolve(d.Value, rt)
			if err == nil {
				o.Value, err = yaml.EncodeJSON(finite(v))
			}
			if err != nil {
				o.Value, o.Error = json.RawMessage("null"), outputError(err)
			}
			o.Live = rt.live
		}
		out = append(out, o)
	}
	return out, nil
}
