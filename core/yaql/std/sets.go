package std

import "hearth/core/yaql"

// sets is the part of yaql/standard_library/collections.py that is about sets.
var sets = []*yaql.Function{
	define("isSet", "True for sets.", "isSet(set())", isKind(yaql.KindSet, yaql.KindKeys), yaql.P("arg", yaql.Any)),
	define("set", "The arguments as a set; iterators among them are spread.", "set(1, 2, 1).len() = 2", gather("toSet"), yaql.Rest("args", yaql.Any)),
	method("toSet", "The collection as a set.", "[1, 1].toSet() = set(1)", toSet, collection),
	extension("len", "The number of items.", "set(1, 2).len() = 2 and len(set()) = 0", setLen, yaql.P("set", yaql.SetType)),
	define("#operator_<", "True if the left set is a part of the right one and not all of it.", "set(1) < set(1, 2)", compareSets(true, true), leftSet, rightSet),
	define("#operator_<=", "True if the left set is a part of the right one.", "set(1) <= set(1)", compareSets(true, false), leftSet, rightSet),
	define("#operator_>", "True if the right set is a part of the left one and not all of it.", "set(1, 2) > set(1)", compareSets(false, true), leftSet, rightSet),
	define("#operator_>=", "True if the right set is a part of the left one.", "set(1) >= set(1)", compareSets(false, false), leftSet, rightSet),
	method("add", "The set with further items.", "set(1).add(2) = set(1, 2)", setAdd, yaql.P("set", yaql.SetType), yaql.Rest("values", yaql.Any)),
	method("remove", "The set without some items.", "set(1, 2).remove(2) = set(1)", setRemove, yaql.P("set", yaql.SetType), yaql.Rest("values", yaql.Any)),
	method("union", "The items of either set.", "set(1).union(set(2)) = set(1, 2)", setUnion, leftSet, rightSet),
	method("intersect", "The items of both sets.", "set(1, 2).intersect(set(2)) = set(2)", combine("intersection", func(a, b bool) bool { return a && b }), leftSet, rightSet),
	difference,
	define("#operator_-", difference.Doc, "set(1, 2) - set(2) = set(1)", difference.Body, leftSet, rightSet),
	method("symmetricDifference", "The items of one of the sets only.", "set(1, 2).symmetricDifference(set(2, 3)) = set(1, 3)",
		combine("symmetric_difference", func(a, b bool) bool { return a != b }), leftSet, rightSet),
}

var (
	leftSet    = yaql.P("left", yaql.SetType)
	rightSet   = yaql.P("right", yaql.SetType)
	difference = method("difference", "The items of the left set that the right one has not.", "set(1, 2).difference(set(2)) = set(1)",
		combine("difference", func(a, b bool) bool { return a && !b }), leftSet, rightSet)
)

func toSet(c *yaql.Call) (any, error) {
	if s, ok := c.Args[0].(*yaql.Set); ok {
		return s, nil
	}
	items, err := c.Run.Collect(c.Args[0])
	if err != nil {
		return nil, err
	}
	return asSet(c.Run.NewSet(items))
}

func asSet(s *yaql.Set, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

func setLen(c *yaql.Call) (any, error) { return int64(yaql.SetLen(c.Args[0])), nil }

func compareSets(less, proper bool) body {
	return func(c *yaql.Call) (any, error) {
		a, b := c.Args[0], c.Args[1]
		if !less {
			a, b = b, a
		}
		if n, m := yaql.SetLen(a), yaql.SetLen(b); n > m || proper && n == m {
			return false, nil
		}
		return c.Run.Subset(a, b)
	}
}

// frozen refuses the views of a dictionary, which have no such methods in Python.
func frozen(v any, attribute string) (*yaql.Set, error) {
	if s, ok := v.(*yaql.Set); ok {
		return s, nil
	}
	return nil, yaql.Errorf(yaql.AttributeError, "'%s' object has no attribute '%s'", yaql.TypeName(v), attribute)
}

func union(r *yaql.Run, a *yaql.Set, b any) (any, error) {
	items, err := r.Collect(a)
	if err != nil {
		return nil, err
	}
	more, err := r.Collect(b)
	if err != nil {
		return nil, err
	}
	return asSet(r.NewSet(append(items, more...)))
}

func setUnion(c *yaql.Call) (any, error) {
	a, err := frozen(c.Args[0], "union")
	if err != nil {
		return nil, err
	}
	return union(c.Run, a, c.Args[1])
}

func setAdd(c *yaql.Call) (any, error) {
	a, err := frozen(c.Args[0], "union")
	if err != nil {
		return nil, err
	}
	return union(c.Run, a, yaql.Tuple(c.Rest))
}

func setRemove(c *yaql.Call) (any, error) {
	a, err := frozen(c.Args[0], "difference")
	if err != nil {
		return nil, err
	}
	b, err := c.Run.NewSet(c.Rest)
	if err != nil {
		return nil, err
	}
	return keep(c.Run, a, b, func(a, b bool) bool { return a && !b })
}

// combine makes a body that keeps the items of which wanted says so by the sets they are in.
func combine(attribute string, wanted func(inLeft, inRight bool) bool) body {
	return func(c *yaql.Call) (any, error) {
		a, err := frozen(c.Args[0], attribute)
		if err != nil {
			return nil, err
		}
		items, err := c.Run.Collect(c.Args[1])
		if err != nil {
			return nil, err
		}
		b, err := c.Run.NewSet(items)
		if err != nil {
			return nil, err
		}
		return keep(c.Run, a, b, wanted)
	}
}

func keep(r *yaql.Run, a, b *yaql.Set, wanted func(inLeft, inRight bool) bool) (any, error) {
	var items []any
	for v := range a.All() {
		in, err := r.SetHas(b, v)
		if err != nil {
			return nil, err
		}
		if wanted(true, in) {
			items = append(items, v)
		}
	}
	for v := range b.All() {
		in, err := r.SetHas(a, v)
		if err != nil {
			return nil, err
		}
		if !in && wanted(false, true) {
			items = append(items, v)
		}
	}
	return asSet(r.NewSet(items))
}
