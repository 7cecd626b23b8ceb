package muranopl

import (
	"context"
	"slices"

	"hearth/core/yaql"
)

// Finalize ends the session: what is not part of the model any more is destroyed, and the
// model is written (murano/dsl/executor.py finalize). Without a root everything is.
func (ex *Executor) Finalize(ctx context.Context, root *Object) (model *yaql.Dict, err error) {
	err = ex.outside(ctx, func(th *Thread) error {
		var used []*Object
		if root != nil {
			if used, err = th.collectObjects(root); err != nil {
				return err
			}
		}
		th.destroyUnused(used)
		if model, err = th.model(root); err != nil {
			return err
		}
		for _, o := range ex.main.all() {
			o.markDestroyed(true)
		}
		ex.main = newStore(ex, nil)
		ex.roots = nil
		clear(ex.statics)
		return nil
	})
	return model, err
}

// Cleanup destroys the objects that nothing refers to: those that only ObjectsCopy had.
func (ex *Executor) Cleanup(ctx context.Context) error {
	return ex.outside(ctx, func(th *Thread) error { return th.Cleanup() })
}

// Model writes the model as it is.
func (ex *Executor) Model(ctx context.Context, root *Object) (model *yaql.Dict, err error) {
	err = ex.outside(ctx, func(th *Thread) error {
		model, err = th.model(root)
		return err
	})
	return model, err
}

func (th *Thread) destroyUnused(used []*Object) {
	var lost []*Object
	for _, o := range th.ex.main.all() {
		if !slices.Contains(used, o) {
			lost = append(lost, o)
		}
	}
	if len(lost) == 0 {
		return
	}
	th.ex.main.pending = append(th.ex.main.pending, lost...)
	th.destroyAll(lost)
}

// collectObjects are the objects that a model is made of: those that its root refers to.
func (th *Thread) collectObjects(root *Object) ([]*Object, error) {
	var out []*Object
	seen := map[*Object]bool{}
	queue := []any{root}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		switch v := v.(type) {
		case *Object:
			if seen[v] {
				continue
			}
			seen[v] = true
			out = append(out, v)
			d, _, err := th.dictionary(v, dumpSerializable, false, false)
			if err != nil {
				return nil, err
			}
			queue = append(queue, d)
		case *yaql.Dict:
			for _, item := range v.All() {
				queue = append(queue, item)
			}
		case yaql.Tuple:
			queue = append(queue, v...)
		case yaql.List:
			queue = append(queue, v...)
		case *yaql.Set:
			items, err := th.run.Collect(v)
			if err != nil {
				return nil, err
			}
			queue = append(queue, items...)
		}
	}
	return out, nil
}

// current is a thread to look at values with, where no call says which one runs.
func (ex *Executor) current() *Thread {
	for t := range ex.running {
		return t
	}
	return ex.thread(context.Background())
}
