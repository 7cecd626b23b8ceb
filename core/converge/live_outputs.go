package converge

import (
	"bytes"
	"context"
	"time"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/yaml"
)

// noting notices whether a live attribute is asked for.
type noting struct {
	runtime
	live bool
}

func (r *noting) Attr(name string, path []any) (any, error) {
	r.live = r.live || isLive(r.target, name, path)
	return r.runtime.Attr(name, path)
}

// isLive reports whether an attribute changes without an action of the stack.
func isLive(target *plan.Target, name string, path []any) bool {
	typ := target.Type(name)
	if typ == nil || len(path) == 0 {
		return false
	}
	key, _ := path[0].(string)
	a, ok := typ.Attributes[key]
	return ok && a.Live
}

// liveTime is how long a show waits for the cloud before it gives what is stored.
const liveTime = 10 * time.Second

// reading answers get_attr of live attributes from the cloud.
type reading struct {
	runtime
	ctx   context.Context
	w     *Walker
	stack *core.Stack
	known map[string]any
}

func (r *reading) Attr(name string, path []any) (any, error) {
	row := r.rows.current[name]
	if row == nil || row.PhysicalID == "" || !isLive(r.target, name, path) {
		return r.runtime.Attr(name, path)
	}
	key := name + " " + plan.AttributeKey(path)
	if v, ok := r.known[key]; ok {
		return v, nil
	}
	v, err := r.w.LiveAttribute(r.ctx, r.stack, row, path)
	if err == nil {
		r.known[key] = v
	}
	return v, err
}

// LiveOutputs are the outputs of a stack, those with live attributes read anew. What the
// cloud does not tell now is as it was when the stack's last action ended.
func (w *Walker) LiveOutputs(ctx context.Context, s *core.Stack) ([]core.Output, error) {
	out, err := Outputs(s)
	if err != nil {
		return nil, err
	}
	live := map[string]*core.Output{}
	for i := range out {
		if out[i].Live {
			live[out[i].Key], out[i].Live = &out[i], false
		}
	}
	if len(live) == 0 || s.DeletedAt != nil {
		return out, nil
	}
	target, err := w.Target(ctx, s)
	if err != nil {
		return out, nil //nolint:nilerr // what is stored can be shown
	}
	list, err := w.Store.Resources(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, liveTime)
	defer cancel()
	rt := &reading{runtime{newRows(list), target}, limited, w, s, map[string]any{}}
	for _, d := range target.Bound.Outputs() {
		o := live[d.Name]
		if o == nil {
			continue
		}
		v, err := target.Bound.Resolve(d.Value, rt)
		if err != nil {
			continue
		}
		if o.Value, err = yaml.EncodeJSON(finite(v)); err != nil {
			return nil, err
		}
		o.Error = ""
	}
	return out, nil
}

// ReadOutputs puts LiveOutputs in the place of the stored ones.
func (w *Walker) ReadOutputs(ctx context.Context, s *core.Stack) error {
	if !bytes.Contains(s.Outputs, []byte(`"live":true`)) {
		return nil
	}
	out, err := w.LiveOutputs(ctx, s)
	if err == nil {
		s.Outputs, err = encodeOutputs(out)
	}
	return err
}
