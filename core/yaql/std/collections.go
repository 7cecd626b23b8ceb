package std

import "hearth/core/yaql"

// lists is the part of yaql/standard_library/collections.py that is about sequences.
var lists = []*yaql.Function{
	define("list", "The arguments as a list; iterators among them are spread.", "list(1, range(2)) = [1, 0, 1]",
		gather("toList"), yaql.Rest("args", yaql.Any)),
	define("#list", "A list literal.", "[1, 2].len() = 2", buildList, yaql.Rest("args", yaql.Any)),
	method("toList", "The collection as a list.", "range(2).toList() = [0, 1]", toList, collection),
	method("flatten", "All items, those of nested collections in their place.", "[1, [2, [3]]].flatten().toList() = [1, 2, 3]", flatten, collection),
	operator("#indexer", "The item at a position, counted from the end when negative.", "[1, 2, 3][-1] = 3", listIndexer,
		yaql.P("list", yaql.Sequence), yaql.P("index", yaql.IntOrBool)),
	define("#operator_in", "True if the value is an item.", "1 in [1, 2]", contains(0, 1), yaql.P("value", yaql.Any), collection),
	define("#operator_+", "The items of both; of two sets, their union.", "[1] + [2] = [1, 2]", addLists,
		yaql.P("left", yaql.Iterable), yaql.P("right", yaql.Iterable)),
	define("#operator_*", "The list repeated.", "[1] * 2 = [1, 1]", timesList(0, 1), yaql.P("left", yaql.Sequence), yaql.P("right", yaql.IntOrBool)),
	define("#operator_*", "The list repeated.", "2 * [1] = [1, 1]", timesList(1, 0), yaql.P("left", yaql.IntOrBool), yaql.P("right", yaql.Sequence)),
	define("isList", "True for lists.", "isList([])", isKind(yaql.KindTuple, yaql.KindList), yaql.P("arg", yaql.Any)),
	extension("len", "The number of items.", "[1, 2].len() = 2 and len([]) = 0", length, yaql.P("sequence", yaql.Sequence)),
	method("delete", "The items without count of them from a position on; all of them when count is negative.", "[1, 2, 3].delete(1).toList() = [1, 3]",
		deleteItems, collection, position, count),
	method("insert", "The items with one more before a position.", "[1, 3].select($).insert(1, 2).toList() = [1, 2, 3]", insertIter,
		yaql.P("collection", yaql.NonSet), position, value),
	method("insert", "The list with one more item before a position, counted from the end when negative.", "[1, 3].insert(1, 2).toList() = [1, 2, 3]", insertList,
		yaql.P("collection", yaql.Sequence), position, value),
	method("replace", "The items with count of them from a position on replaced by one.", "[1, 2, 3].replace(1, a).toList() = [1, a, 3]", replaceItems,
		collection, position, value, count),
	method("replaceMany", "The items with count of them from a position on replaced by others.", "[1, 2].replaceMany(1, [a, b]).toList() = [1, a, b]", replaceMany,
		collection, position, values, count),
	method("insertMany", "The items with others before a position.", "[1, 4].insertMany(1, [2, 3]).toList() = [1, 2, 3, 4]", insertMany,
		collection, position, values),
	method("contains", "True if the value is an item.", "[1, 2].contains(1)", contains(1, 0), collection, value),
}

var (
	position = yaql.P("position", yaql.IntOrBool)
	count    = yaql.Opt("count", yaql.IntOrBool, int64(1))
	value    = yaql.P("value", yaql.Any)
	values   = yaql.P("values", yaql.Iterable)
)

// gather makes a body that spreads iterators among the arguments and hands all to a method.
func gather(method string) body {
	return func(c *yaql.Call) (any, error) {
		return c.Delegate(method).On(spread(c.Run, c.Rest))
	}
}

func spread(r *yaql.Run, args []any) yaql.Iterator {
	stack := []yaql.Iterator{yaql.Items(args)}
	return yaql.Generate(func() (any, bool, error) {
		for len(stack) > 0 {
			v, ok, err := stack[len(stack)-1].Next()
			switch {
			case err != nil:
				return nil, false, err
			case !ok:
				stack = stack[:len(stack)-1]
			case yaql.KindOf(v) == yaql.KindIterator:
				if err := r.Alloc(64); err != nil {
					return nil, false, err
				}
				stack = append(stack, r.Iterate(v))
			default:
				return v, true, r.Step(1)
			}
		}
		return nil, false, nil
	})
}

func buildList(c *yaql.Call) (any, error) {
	if err := c.Run.Quota(c.Rest...); err != nil {
		return nil, err
	}
	return yaql.Tuple(c.Rest), c.Run.Alloc(16 * len(c.Rest))
}

func toList(c *yaql.Call) (any, error) {
	if t, ok := c.Args[0].(yaql.Tuple); ok {
		return t, nil
	}
	items, err := c.Run.Collect(c.Args[0])
	if items == nil {
		items = []any{}
	}
	return yaql.Tuple(items), err
}

func flatten(c *yaql.Call) (any, error) {
	stack := []yaql.Iterator{c.Iter(0)}
	return generate(func() (any, bool, error) {
		for len(stack) > 0 {
			v, ok, err := stack[len(stack)-1].Next()
			switch {
			case err != nil:
				return nil, false, err
			case !ok:
				stack = stack[:len(stack)-1]
			case yaql.IsIterable(v):
				if err := c.Run.Alloc(64); err != nil {
					return nil, false, err
				}
				stack = append(stack, c.Run.Iterate(v))
			default:
				return v, true, c.Run.Step(1)
			}
		}
		return nil, false, nil
	})
}

func listIndexer(_ *yaql.Run, list, index any) (any, error) { return itemAt(list, index) }

// sequence gives the items of a list of either sort.
func sequence(v any) []any {
	if t, ok := v.(yaql.Tuple); ok {
		return t
	}
	l, _ := v.(yaql.List)
	return l
}

func itemAt(list, index any) (any, error) {
	items, i := sequence(list), yaql.ClampInt(index)
	if i < 0 {
		i = addClamped(i, int64(len(items)))
	}
	if i < 0 || i >= int64(len(items)) {
		return nil, yaql.Errorf(yaql.IndexError, "%s index out of range", yaql.TypeName(list))
	}
	return items[i], nil
}

func contains(valueAt, collectionAt int) body {
	return func(c *yaql.Call) (any, error) {
		v, in := c.Args[valueAt], c.Args[collectionAt]
		switch in := in.(type) {
		case *yaql.Dict:
			_, ok, err := c.Run.Lookup(in, v)
			return ok, err
		case *yaql.Set, *yaql.View:
			return c.Run.SetHas(in, v)
		}
		i, err := position1(c.Run, c.Run.Iterate(in), v)
		return i >= 0, err
	}
}

// position1 gives the index of the first item that equals v; -1 when there is none.
func position1(r *yaql.Run, it yaql.Iterator, v any) (int64, error) {
	for i := int64(0); ; i++ {
		item, ok, err := it.Next()
		if err != nil || !ok {
			return -1, err
		}
		if err := r.Step(1); err != nil {
			return -1, err
		}
		if eq, err := r.Equal(item, v); err != nil || eq {
			return i, err
		}
	}
}

func addLists(c *yaql.Call) (any, error) {
	a, aTuple := c.Args[0].(yaql.Tuple)
	b, bTuple := c.Args[1].(yaql.Tuple)
	if aTuple && bTuple {
		if err := c.Run.Quota(a, b); err != nil {
			return nil, err
		}
		if err := c.Run.Alloc(16 * (len(a) + len(b))); err != nil {
			return nil, err
		}
		return append(append(make(yaql.Tuple, 0, len(a)+len(b)), a...), b...), nil
	}
	x, xSet := c.Args[0].(*yaql.Set)
	y, ySet := c.Args[1].(*yaql.Set)
	if xSet && ySet {
		if err := c.Run.Quota(x, y); err != nil {
			return nil, err
		}
		return union(c.Run, x, y)
	}
	return chain(c.Run, []any{c.Args[0], c.Args[1]}), nil
}

func timesList(listAt, countAt int) body {
	return func(c *yaql.Call) (any, error) {
		list, n := c.Args[listAt], c.Int(countAt)
		items := sequence(list)
		if err := quotaOfCopies(c.Run, 56, yaql.SizeOf(list), n); err != nil {
			return nil, err
		}
		n = max(n, 0)
		if len(items) > 0 && n > 1<<40/int64(len(items)) {
			return nil, c.Run.Alloc(1 << 40)
		}
		if len(items) == 0 {
			n = 0
		}
		if err := c.Run.Alloc(16 * int(n) * len(items)); err != nil {
			return nil, err
		}
		out := make([]any, 0, int(n)*len(items))
		for range n {
			out = append(out, items...)
		}
		if yaql.KindOf(list) == yaql.KindTuple {
			return yaql.Tuple(out), nil
		}
		return yaql.List(out), nil
	}
}

func length(c *yaql.Call) (any, error) { return int64(len(sequence(c.Args[0]))), nil }
