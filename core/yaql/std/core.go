package std

import "hearth/core/yaql"

// iteration is what results pass through before they are walked.
var iteration = define("#iter", "The collection, its length limited.",
	"call('#iter', [[1, 2]], {}) = [1, 2]", func(c *yaql.Call) (any, error) { return c.Args[0], nil },
	yaql.P("iterator", yaql.Iterable))

// finalize is what every result of an expression passes through.
var finalize = define("#finalize", "The result of an expression as its host gets it.",
	"1 = 1", func(c *yaql.Call) (any, error) {
		if c.Run.Engine.Options().KeepOutput {
			return c.Args[0], nil
		}
		iter := c.Delegate("#iter")
		return c.Run.Output(c.Args[0], func(v any) (any, error) { return iter.Call(v) })
	},
	yaql.P("obj", yaql.Any))

// FinalizeMurano is MuranoPL's own way to finalize: results are frozen whatever the
// options say (murano/dsl/helpers.py evaluate).
var FinalizeMurano = define("#finalize", "The result of an expression, frozen.",
	"1 = 1", func(c *yaql.Call) (any, error) { return freeze(c.Run, c.Args[0]) },
	yaql.P("obj", yaql.Any))

const muranoIteratorsLimit = 2000

func freeze(r *yaql.Run, v any) (any, error) {
	if err := r.Nest(); err != nil {
		return nil, err
	}
	defer r.Unnest()
	if d, ok := v.(*yaql.Dict); ok {
		out := yaql.NewDict(d.Len())
		for k, item := range d.All() {
			key, err := freeze(r, k)
			if err != nil {
				return nil, err
			}
			value, err := freeze(r, item)
			if err != nil {
				return nil, err
			}
			if err := r.Put(out, key, value); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	if !yaql.IsIterable(v) {
		return v, nil
	}
	kind := yaql.KindOf(v)
	items := []any{}
	it := r.Iterate(v)
	for {
		item, ok, err := it.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if len(items) >= muranoIteratorsLimit && kind != yaql.KindTuple && kind != yaql.KindList && kind != yaql.KindSet && kind != yaql.KindKeys {
			return nil, yaql.Errorf(yaql.CollectionTooLarge, "Collection length exceeds %d elements", muranoIteratorsLimit)
		}
		if item, err = freeze(r, item); err != nil {
			return nil, err
		}
		if err := r.Alloc(64); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	if kind == yaql.KindSet || kind == yaql.KindKeys {
		return r.NewSet(items)
	}
	return yaql.Tuple(items), nil
}
