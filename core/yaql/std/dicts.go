package std

import "hearth/core/yaql"

// dicts is the part of yaql/standard_library/collections.py that is about dictionaries.
var dicts = []*yaql.Function{
	dictOfRules,
	alias("#map", "{a => 1}.a = 1", dictOfRules),
	noKwargs(define("dict", "A dictionary of pairs.", "dict([[a, 1]]) = {a => 1}", dictOfPairs, yaql.P("items", yaql.Iterable))),
	method("toDict", "A dictionary of the items by their keys.", "[1, 2].toDict($, $ * 2) = {1 => 2, 2 => 4}", toDict,
		collection, yaql.P("keySelector", yaql.LambdaType), optionalLambda("valueSelector")),
	operator("#operator_.", "The value of a key.", "{a => 1}.a = 1", dictItem, dictionary, yaql.P("key", yaql.KeywordType)),
	operator("#indexer", "The value of a key.", "{a => 1}[a] = 1", dictItem, dictionary, key),
	define("#indexer", "The value of a key, or a default.", "{a => 1}[b, 2] = 2", dictGet, dictionary, key, yaql.P("default", yaql.Any)),
	method("get", "The value of a key, or a default.", "{a => 1}.get(b, 2) = 2", dictGet, dictionary, key, yaql.Opt("default", yaql.Any, nil)),
	noKwargs(method("set", "The dictionary with one more key.", "{a => 1}.set(b, 2) = {a => 1, b => 2}", dictSet, dictionary, key, value)),
	noKwargs(method("set", "The dictionary with the keys of another one.", "{a => 1}.set({b => 2}) = {a => 1, b => 2}", dictSetDict,
		dictionary, yaql.P("replacements", yaql.Mapping))),
	noKwargs(method("set", "The dictionary with further keys.", "{a => 1}.set(b => 2) = {a => 1, b => 2}", dictSetRules,
		dictionary, yaql.Rest("args", yaql.RuleValue))),
	method("keys", "The keys, a set.", "{a => 1}.keys().toList() = [a]", dictKeys, dictionary),
	method("values", "The values.", "{a => 1}.values().toList() = [1]", dictValues, dictionary),
	method("items", "The pairs of key and value, a set.", "{a => 1}.items().toList() = [[a, 1]]", dictItems, dictionary),
	method("containsKey", "True if the dictionary has the key.", "{a => 1}.containsKey(a)", containsKey, dictionary, key),
	method("containsValue", "True if some key has the value.", "{a => 1}.containsValue(1)", containsValue, dictionary, value),
	define("#operator_+", "The keys of both; the right side wins.", "{a => 1} + {a => 2} = {a => 2}", addDicts,
		yaql.P("left", yaql.Mapping), yaql.P("right", yaql.Mapping)),
	define("isDict", "True for dictionaries.", "isDict({})", isKind(yaql.KindDict), yaql.P("arg", yaql.Any)),
	extension("len", "The number of keys.", "{a => 1}.len() = 1 and len({}) = 0", dictLen, dictionary),
	method("delete", "The dictionary without some keys.", "{a => 1}.delete(a) = {}", func(c *yaql.Call) (any, error) { return removed(c.Run.Remove(c.Dict(0), c.Rest)) },
		dictionary, yaql.Rest("keys", yaql.Any)),
	method("deleteAll", "The dictionary without some keys.", "{a => 1}.deleteAll([a]) = {}", deleteAll, dictionary, yaql.P("keys", yaql.Iterable)),
}

var (
	key         = yaql.P("key", yaql.Any)
	dictOfRules = noKwargs(define("dict", "A dictionary of mappings.", "dict(a => 1) = {a => 1}", buildDict, yaql.Rest("args", yaql.RuleValue)))
)

func keyError(r *yaql.Run, key any) error {
	s, err := r.Repr(key)
	if err != nil {
		return err
	}
	return yaql.Errorf(yaql.KeyError, "%s", cut(s, 200))
}

func removed(d *yaql.Dict, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return d, nil
}

func putRules(r *yaql.Run, d *yaql.Dict, rules []any) error {
	for _, v := range rules {
		rule := v.(yaql.Rule)
		if err := r.Put(d, rule.Source, rule.Destination); err != nil {
			return err
		}
	}
	return nil
}

func buildDict(c *yaql.Call) (any, error) {
	if err := c.Run.Quota(c.Rest...); err != nil {
		return nil, err
	}
	d := yaql.NewDict(len(c.Rest))
	return removed(d, putRules(c.Run, d, c.Rest))
}

func dictOfPairs(c *yaql.Call) (any, error) {
	it, d := c.Iter(0), yaql.NewDict(0)
	for {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return removed(d, err)
		}
		pair := c.Run.Iterate(v)
		k, err := next(pair)
		if err != nil {
			return nil, err
		}
		item, err := next(pair)
		if err != nil {
			return nil, err
		}
		if err := c.Run.Put(d, k, item); err != nil {
			return nil, err
		}
		if err := c.Run.QuotaBytes(d.Size()); err != nil {
			return nil, err
		}
	}
}

// next gives the next item; StopIteration when there is none.
func next(it yaql.Iterator) (any, error) {
	v, ok, err := it.Next()
	if err == nil && !ok {
		err = yaql.Errorf(yaql.StopIteration, "")
	}
	return v, err
}

func toDict(c *yaql.Call) (any, error) {
	it, d := c.Iter(0), yaql.NewPlainDict(0)
	for {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return removed(d, err)
		}
		k, err := apply(c.Lambda(1), v)
		if err != nil {
			return nil, err
		}
		if v, err = applyOr(c.Lambda(2), v); err != nil {
			return nil, err
		}
		if err := c.Run.Put(d, k, v); err != nil {
			return nil, err
		}
		if err := c.Run.QuotaBytes(d.Size()); err != nil {
			return nil, err
		}
	}
}

// apply calls a lambda that must be there.
func apply(l *yaql.Lambda, v any) (any, error) {
	if l == nil {
		return nil, yaql.Errorf(yaql.TypeError, "'NoneType' object is not callable")
	}
	return l.Call1(v)
}

// applyOr calls a lambda; v itself when there is none.
func applyOr(l *yaql.Lambda, v any) (any, error) {
	if l == nil {
		return v, nil
	}
	return l.Call1(v)
}

func dictItem(r *yaql.Run, d, key any) (any, error) {
	v, ok, err := r.Lookup(d.(*yaql.Dict), key)
	if err == nil && !ok {
		err = keyError(r, key)
	}
	return v, err
}

func dictGet(c *yaql.Call) (any, error) {
	v, ok, err := c.Run.Lookup(c.Dict(0), c.Args[1])
	if err == nil && !ok {
		return c.Args[2], nil
	}
	return v, err
}

func dictSet(c *yaql.Call) (any, error) {
	if err := c.Run.Quota(c.Args...); err != nil {
		return nil, err
	}
	d, err := c.Run.CopyDict(c.Dict(0), true, 1)
	if err == nil {
		err = c.Run.Put(d, c.Args[1], c.Args[2])
	}
	return removed(d, err)
}

func dictSetDict(c *yaql.Call) (any, error) {
	if err := c.Run.Quota(c.Args...); err != nil {
		return nil, err
	}
	return merged(c.Run, c.Dict(0), c.Dict(1))
}

func merged(r *yaql.Run, a, b *yaql.Dict) (any, error) {
	d, err := r.CopyDict(a, true, b.Len())
	if err != nil {
		return nil, err
	}
	for k, v := range b.All() {
		if err := r.Put(d, k, v); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func dictSetRules(c *yaql.Call) (any, error) {
	if err := c.Run.Quota(append([]any{c.Args[0]}, c.Rest...)...); err != nil {
		return nil, err
	}
	d, err := c.Run.CopyDict(c.Dict(0), true, len(c.Rest))
	if err == nil {
		err = putRules(c.Run, d, c.Rest)
	}
	return removed(d, err)
}

func dictKeys(c *yaql.Call) (any, error)   { return yaql.KeysOf(c.Dict(0)), nil }
func dictValues(c *yaql.Call) (any, error) { return yaql.ValuesOf(c.Dict(0)), nil }
func dictItems(c *yaql.Call) (any, error)  { return yaql.ItemsOf(c.Dict(0)), nil }

func containsKey(c *yaql.Call) (any, error) {
	_, ok, err := c.Run.Lookup(c.Dict(0), c.Args[1])
	return ok, err
}

func containsValue(c *yaql.Call) (any, error) {
	i, err := position1(c.Run, c.Run.Iterate(yaql.ValuesOf(c.Dict(0))), c.Args[1])
	return i >= 0, err
}

func addDicts(c *yaql.Call) (any, error) {
	if err := c.Run.Quota(c.Args...); err != nil {
		return nil, err
	}
	return merged(c.Run, c.Dict(0), c.Dict(1))
}

func dictLen(c *yaql.Call) (any, error) { return int64(c.Dict(0).Len()), nil }

func deleteAll(c *yaql.Call) (any, error) {
	keys, err := c.Run.Collect(c.Args[1])
	if err != nil {
		return nil, err
	}
	return removed(c.Run.Remove(c.Dict(0), keys))
}
