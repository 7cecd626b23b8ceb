package std

import "hearth/core/yaql"

// queries is yaql/standard_library/queries.py. Most results are iterators: lazy, and
// used up when walked once.
var queries = []*yaql.Function{
	whereItems,
	alias("filter", "[1, 2].filter($ > 1).toList() = [2]", whereItems),
	selectItems,
	alias("map", "[1, 2].map($ * 2).toList() = [2, 4]", selectItems),
	define("#operator_.", "The attribute of every item.", "[{a => 1}].a.toList() = [1]", attributes, collection, yaql.P("attribute", yaql.KeywordArg)),
	takeItems,
	alias("take", "[1, 2, 3].take(2).toList() = [1, 2]", takeItems),
	method("skip", "The items after the first count.", "[1, 2, 3].skip(1).toList() = [2, 3]", skip, collection, yaql.P("count", yaql.IntOrBool)),
	extension("append", "The items and then the arguments.", "[1].append(2, 3).toList() = [1, 2, 3]", appendItems, collection, yaql.Rest("args", yaql.Any)),
	extension("distinct", "The items without those seen before, by a key if there is one.", "[1, 2, 1].distinct().toList() = [1, 2]", distinct, collection, optionalLambda("keySelector")),
	extension("enumerate", "Pairs of number and item.", "[a].enumerate(1).select($[0]).toList() = [1]", enumerate, collection, yaql.Opt("start", yaql.IntOrBool.Nullable(), int64(0))),
	extension("any", "True if there is an item, for which the predicate holds.", "[1, 2].any($ > 1) and not any([])", anyItem, collection, optionalLambda("predicate")),
	extension("all", "True if all items are true, or the predicate holds for all.", "[1, 2].all($ > 0) and all([])", allItems, collection, optionalLambda("predicate")),
	extension("concat", "The items of all collections.", "[1].concat([2], [3]).toList() = [1, 2, 3]", concatItems, yaql.Rest("collections", yaql.Iterable)),
	extension("len", "The number of items that an iterator has left.", "range(3).len() = 3", countIterator, yaql.P("collection", yaql.Iterated)),
	method("count", "The number of items.", "[1, 2].count() = 2", countItems, collection),
	method("memorize", "The iterator, able to be walked again.", "let(range(2).memorize()) -> $.sum() + $.sum() = 2", func(c *yaql.Call) (any, error) { return memorized(c.Run, c.Args[0]), nil }, collection),
	method("sum", "The items added up.", "[1, 2].sum() = 3", reduceBy("#operator_+"), collection, initial),
	method("min", "The least item.", "[2, 1].min() = 1", reduceBy("min"), collection, initial),
	method("max", "The greatest item.", "[1, 2].max() = 2", reduceBy("max"), collection, initial),
	method("first", "The first item, or a default; StopIteration without either.", "[1, 2].first() = 1 and [].first(0) = 0", first, collection, yaql.Opt("default", yaql.Any, yaql.NoValue)),
	method("single", "The only item; StopIteration when there are none or several.", "[1].single() = 1", single, collection),
	method("last", "The last item, or a default; StopIteration without either.", "[1, 2].last() = 2 and [].last(0) = 0", last, collection, yaql.Opt("default", yaql.Any, yaql.NoValue)),
	method("selectMany", "The results of the selector for every item, one after the other.", "[1, 2].selectMany([$, $]).toList() = [1, 1, 2, 2]", selectMany, collection, selector),
	define("range", "The integers from 0 up to a stop.", "range(2).toList() = [0, 1]", rangeTo, yaql.P("stop", yaql.IntOrBool)),
	define("range", "The integers from a start up to a stop.", "range(1, 6, 2).toList() = [1, 3, 5]", rangeFrom, yaql.P("start", yaql.IntOrBool), yaql.P("stop", yaql.IntOrBool), yaql.Opt("step", yaql.IntOrBool, int64(1))),
	method("orderBy", "The items in the order of a key.", "[2, 1].orderBy($).toList() = [1, 2]", orderBy(true), collection, selector),
	method("orderByDescending", "The items in the reverse order of a key.", "[1, 2].orderByDescending($).toList() = [2, 1]", orderBy(false), collection, selector),
	method("thenBy", "Ordered items with a further key for those that are equal.", "[[1, 2], [1, 1]].orderBy($[0]).thenBy($[1]).toList() = [[1, 1], [1, 2]]", thenBy(true), yaql.P("collection", yaql.Ordering), selector),
	method("thenByDescending", "Ordered items with a further key, reversed, for those that are equal.", "[[1, 1], [1, 2]].orderBy($[0]).thenByDescending($[1]).toList() = [[1, 2], [1, 1]]", thenBy(false), yaql.P("collection", yaql.Ordering), selector),
	method("groupBy", "Pairs of a key and the items, or what the aggregator makes of them.", "[1, 2, 3].groupBy($ mod 2, aggregator => $.sum()).toList() = [[1, 4], [0, 2]]", groupBy(true), groupParams...),
	method("join", "The results of the selector for pairs of items for which the predicate holds.", "[1, 2].join([2, 3], $1 = $2, $1).toList() = [2]", joinCollections,
		yaql.P("collection1", yaql.Iterable), yaql.P("collection2", yaql.Iterable), predicate, selector),
	method("zip", "Tuples of the first items, the second items …, as long as all have some.", "[1, 2].zip([3]).toList() = [[1, 3]]", zip, yaql.Rest("collections", yaql.Iterable)),
	method("zipLongest", "Like zip, as long as any has items; default stands for those missing.", "[1, 2].zipLongest([3], default => 0).toList() = [[1, 3], [2, 0]]", zipLongest, yaql.Rest("collections", yaql.Iterable), yaql.Named("kwargs", yaql.Any)),
	method("repeat", "The value again and again, or so many times.", "1.repeat(2).toList() = [1, 1]", repeat, value, yaql.Opt("times", yaql.IntOrBool, int64(-1))),
	method("cycle", "The items again and again.", "[1, 2].cycle().take(3).toList() = [1, 2, 1]", cycle, collection),
	method("takeWhile", "The items up to the first for which the predicate does not hold.", "[1, 2, 1].takeWhile($ < 2).toList() = [1]", takeWhile, collection, predicate),
	method("skipWhile", "The items from the first on for which the predicate does not hold.", "[1, 2, 1].skipWhile($ < 2).toList() = [2, 1]", skipWhile, collection, predicate),
	method("indexOf", "The position of the first item that equals a value; -1 when there is none.", "[1, 2].indexOf(2) = 1", func(c *yaql.Call) (any, error) { return position1(c.Run, c.Iter(0), c.Args[1]) }, collection, yaql.P("item", yaql.Any)),
	method("lastIndexOf", "The position of the last item that equals a value; -1 when there is none.", "[1, 1].lastIndexOf(1) = 1", lastIndexOf, collection, yaql.P("item", yaql.Any)),
	method("indexWhere", "The position of the first item for which the predicate holds; -1 when there is none.", "[1, 2].indexWhere($ > 1) = 1", indexWhere(true), collection, predicate),
	method("lastIndexWhere", "The position of the last item for which the predicate holds; -1 when there is none.", "[1, 2].lastIndexWhere($ > 0) = 1", indexWhere(false), collection, predicate),
	method("slice", "The items in lists of a length.", "range(3).slice(2).toList() = [[0, 1], [2]]", sliceItems, collection, yaql.P("length", yaql.IntOrBool)),
	method("splitWhere", "Lists of the items between those for which the predicate holds.", "[1, 0, 2].splitWhere($ = 0).toList() = [[1], [2]]", splitWhere, collection, predicate),
	method("sliceWhere", "Lists of items, a new one wherever the predicate changes.", "[1, 2, 0].sliceWhere($ > 0).toList() = [[1, 2], [0]]", sliceWhere, collection, predicate),
	method("splitAt", "Two lists: the items before a position and the others.", "[1, 2, 3].splitAt(1)[1] = [2, 3]", splitAt, collection, yaql.P("index", yaql.IntOrBool)),
	aggregateItems,
	alias("reduce", "[1, 2].reduce($1 + $2) = 3", aggregateItems),
	method("accumulate", "All the intermediate results of aggregate.", "[1, 2, 3].accumulate($1 + $2).toList() = [1, 3, 6]", accumulate, collection, selector, yaql.Opt("seed", yaql.Any, yaql.NoValue)),
	method("reverse", "The items from the last to the first.", "[1, 2].reverse().toList() = [2, 1]", reverse, collection),
	method("mergeWith", "The dictionary merged with another, nested dictionaries too.", "{a => {b => 1}}.mergeWith({a => {c => 2}}) = {a => {b => 1, c => 2}}", mergeWith,
		dictionary, yaql.P("another", yaql.Mapping), optionalLambda("listMerger"), optionalLambda("itemMerger"), yaql.Opt("maxLevels", yaql.IntOrBool, int64(0))),
	define("isIterable", "True for collections; texts and dictionaries are none.", "isIterable([]) and not isIterable(abc)",
		func(c *yaql.Call) (any, error) { return yaql.IsIterable(c.Args[0]), nil }, value),
	define("sequence", "The integers from a start on.", "sequence(1, 2).take(2).toList() = [1, 3]", sequenceFrom, yaql.Opt("start", yaql.IntOrBool, int64(0)), yaql.Opt("step", yaql.IntOrBool, int64(1))),
	define("generate", "Values, each produced from the one before, as long as the predicate holds.", "generate(1, $ < 5, $ * 2).toList() = [1, 2, 4]", generateItems,
		yaql.P("initial", yaql.Any), predicate, yaql.P("producer", yaql.LambdaType), optionalLambda("selector"), yaql.Opt("decycle", yaql.Boolean, false)),
	define("generateMany", "Values, each with those produced from it, theirs, and so on.", "generateMany(1, switch($ < 3 => [$ + 1], true => [])).toList() = [1, 2, 3]", generateMany,
		yaql.P("initial", yaql.Any), yaql.P("producer", yaql.LambdaType), optionalLambda("selector"), yaql.Opt("decycle", yaql.Boolean, false), yaql.Opt("depthFirst", yaql.Boolean, false)),
	method("defaultIfEmpty", "The collection, or another one when it is empty.", "[].defaultIfEmpty([1]) = [1]", defaultIfEmpty, collection, yaql.P("default", yaql.Iterable)),
}

var (
	initial        = yaql.Opt("initial", yaql.Any, yaql.NoValue)
	whereItems     = method("where", "The items for which the predicate holds.", "[1, 2].where($ > 1).toList() = [2]", where, collection, predicate)
	selectItems    = method("select", "The results of the selector for every item.", "[1, 2].select($ + 1).toList() = [2, 3]", mapItems, collection, selector)
	takeItems      = method("limit", "The first count items.", "[1, 2, 3].limit(2).toList() = [1, 2]", take, collection, yaql.P("count", yaql.IntOrBool))
	aggregateItems = method("aggregate", "The items reduced to one by a selector of two.", "[1, 2, 3].aggregate($1 * $2, 10) = 60", aggregate, collection, selector, yaql.Opt("seed", yaql.Any, yaql.NoValue))
	groupParams    = []yaql.Param{collection, yaql.P("keySelector", yaql.LambdaType), optionalLambda("valueSelector"), optionalLambda("aggregator")}
)

func where(c *yaql.Call) (any, error) {
	it, holds := c.Iter(0), c.Lambda(1)
	return generate(func() (any, bool, error) {
		for {
			v, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			yes, err := applyOr(holds, v)
			if err != nil || yaql.Truth(yes) {
				return v, true, err
			}
		}
	})
}

func mapItems(c *yaql.Call) (any, error) {
	it, f := c.Iter(0), c.Lambda(1)
	return generate(func() (any, bool, error) {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		v, err = apply(f, v)
		return v, true, err
	})
}

func attributes(c *yaql.Call) (any, error) {
	it, dot := c.Iter(0), c.Delegate("#operator_.")
	return generate(func() (any, bool, error) {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		v, err = dot.Call(v, c.Args[1])
		return v, true, err
	})
}

func take(c *yaql.Call) (any, error) {
	return firstItems(c.Iter(0), c.Int(1))
}

func firstItems(it yaql.Iterator, n int64) (any, error) {
	if n < 0 {
		return nil, yaql.Errorf(yaql.ValueError, "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
	}
	return generate(func() (any, bool, error) {
		if n == 0 {
			return nil, false, nil
		}
		n--
		return it.Next()
	})
}

func skip(c *yaql.Call) (any, error) {
	it, n := c.Iter(0), c.Int(1)
	if n < 0 {
		return nil, yaql.Errorf(yaql.ValueError, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
	}
	return generate(func() (any, bool, error) {
		for ; n > 0; n-- {
			if _, ok, err := it.Next(); err != nil || !ok {
				return nil, false, err
			}
		}
		return it.Next()
	})
}

func appendItems(c *yaql.Call) (any, error) {
	return chain(c.Run, []any{c.Args[0], yaql.Tuple(c.Rest)}), nil
}

func concatItems(c *yaql.Call) (any, error) { return chain(c.Run, c.Rest), nil }

// chain walks one iterable after the other.
func chain(r *yaql.Run, iterables []any) yaql.Iterator {
	var it yaql.Iterator
	return yaql.Generate(func() (any, bool, error) {
		for {
			if it == nil {
				if len(iterables) == 0 {
					return nil, false, nil
				}
				it, iterables = r.Iterate(iterables[0]), iterables[1:]
			}
			v, ok, err := it.Next()
			if ok || err != nil {
				return v, ok, err
			}
			it = nil
		}
	})
}

func distinct(c *yaql.Call) (any, error) { return distinctItems(c.Run, c.Iter(0), c.Lambda(1)), nil }

func distinctItems(r *yaql.Run, it yaql.Iterator, keySelector *yaql.Lambda) yaql.Iterator {
	seen := yaql.NewDict(0)
	return yaql.Generate(func() (any, bool, error) {
		for {
			v, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			key, err := applyOr(keySelector, v)
			if err != nil {
				return nil, false, err
			}
			n := seen.Len()
			if err := r.Put(seen, key, nil); err != nil {
				return nil, false, err
			}
			if seen.Len() > n {
				return v, true, r.QuotaBytes(yaql.SetSize(seen.Len()))
			}
		}
	})
}

func enumerate(c *yaql.Call) (any, error) {
	it, i := c.Iter(0), c.Args[1]
	return generate(func() (any, bool, error) {
		if i == nil {
			return nil, false, yaql.Errorf(yaql.TypeError, "'NoneType' object cannot be interpreted as an integer")
		}
		v, ok, err := it.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		pair := yaql.List{i, v}
		if b, ok := i.(bool); ok {
			pair[0] = yaql.ClampInt(b)
		}
		i, err = c.Run.Add(pair[0], int64(1))
		return pair, true, err
	})
}
