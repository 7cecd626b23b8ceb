package yaql

import (
	"fmt"
	"math/big"
	"reflect"
	"time"
)

// Equaler is a value that decides itself what it equals: compiled patterns.
type Equaler interface {
	YaqlEqual(other any) bool
	YaqlKey() any // comparable, the same for equal values
}

// Equal is Python's a == b: numbers by value whatever their type, lists and tuples never
// equal, dictionaries regardless of order, times by instant, the rest by identity.
// It fails only when a budget is used up.
func (r *Run) Equal(a, b any) (bool, error) { return r.equal(a, b, 0) }

func (r *Run) equal(a, b any, depth int) (bool, error) {
	switch a := a.(type) {
	case string:
		s, ok := b.(string)
		return ok && a == s, nil
	case nil:
		return b == nil, nil
	case int64:
		if n, ok := b.(int64); ok {
			return a == n, nil
		}
	case Tuple:
		o, ok := b.(Tuple)
		return r.equalItems(ok, a, o, depth)
	case List:
		o, ok := b.(List)
		return r.equalItems(ok, a, o, depth)
	case *Dict:
		o, ok := b.(*Dict)
		if !ok || a.Len() != o.Len() {
			return false, nil
		}
		return r.equalDicts(a, o, depth)
	case *Set, *View:
		return r.equalSets(a, b, depth)
	case time.Time:
		t, ok := b.(time.Time)
		return ok && a.UnixMicro() == t.UnixMicro(), nil
	case Timespan:
		t, ok := b.(Timespan)
		return ok && a == t, nil
	case Equaler:
		return a.YaqlEqual(b), nil
	}
	if isNumber(a) && isNumber(b) {
		return CompareNumbers(a, b) == 0 && !isNaN(a) && !isNaN(b), nil
	}
	return identical(a, b), nil
}

func (r *Run) equalItems(ok bool, a, b []any, depth int) (bool, error) {
	if !ok || len(a) != len(b) {
		return false, nil
	}
	if err := r.visit(depth); err != nil {
		return false, err
	}
	for i := range a {
		if err := r.Step(1); err != nil {
			return false, err
		}
		if eq, err := r.equal(a[i], b[i], depth+1); !eq || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (r *Run) equalDicts(a, b *Dict, depth int) (bool, error) {
	if err := r.visit(depth); err != nil {
		return false, err
	}
	for i := range a.entries {
		j := b.find(a.entries[i].hash)
		if j < 0 {
			return false, nil
		}
		if eq, err := r.equal(a.entries[i].value, b.entries[j].value, depth+1); !eq || err != nil {
			return false, err
		}
	}
	return true, r.Step(len(a.entries))
}

func (r *Run) equalSets(a, b any, depth int) (bool, error) {
	if identical(a, b) {
		return true, nil
	}
	if !setKinds.has(KindOf(a)) || !setKinds.has(KindOf(b)) || SetLen(a) != SetLen(b) {
		return false, nil
	}
	if err := r.visit(depth); err != nil {
		return false, err
	}
	return r.Subset(a, b)
}

// SetLen is the size of a set, or of a view of keys or items.
func SetLen(set any) int {
	if s, ok := set.(*Set); ok {
		return s.Len()
	}
	return set.(*View).Len()
}

// SetHas reports whether v is in a set, or in a view of keys or items.
func (r *Run) SetHas(set, v any) (bool, error) {
	if s, ok := set.(*Set); ok {
		key, err := r.Key(v)
		return err == nil && s.dict.find(key) >= 0, err
	}
	view := set.(*View)
	if view.kind == viewKeys {
		key, err := r.Key(v)
		return err == nil && view.dict.find(key) >= 0, err
	}
	pair, ok := v.(Tuple)
	if !ok || len(pair) != 2 {
		return false, nil
	}
	key, err := r.Key(pair[0])
	if err != nil {
		return false, err
	}
	i := view.dict.find(key)
	if i < 0 {
		return false, nil
	}
	return r.Equal(view.dict.entries[i].value, pair[1])
}

// Subset reports whether all of a is in b; both are sets or views of keys or items.
func (r *Run) Subset(a, b any) (bool, error) {
	it := r.Iterate(a)
	for {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return err == nil, err
		}
		if err := r.Step(1); err != nil {
			return false, err
		}
		if has, err := r.SetHas(b, v); err != nil || !has {
			return false, err
		}
	}
}

func identical(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	t := reflect.TypeOf(a)
	return t == reflect.TypeOf(b) && t.Comparable() && a == b
}

// identity names a host value in an encoded key; two values share it only when identical.
func identity(v any) string { return fmt.Sprintf("%T %p %v", v, v, v) }

func isNumber(v any) bool {
	switch v.(type) {
	case int64, float64, bool, *big.Int:
		return true
	}
	return false
}

func isNaN(v any) bool {
	f, ok := v.(float64)
	return ok && f != f
}

// TypeName is the name of a value's Python type, for messages.
func TypeName(v any) string {
	if v, ok := v.(interface{ TypeName() string }); ok {
		return v.TypeName()
	}
	switch KindOf(v) {
	case KindNull:
		return "NoneType"
	case KindBool:
		return "bool"
	case KindInt:
		return "int"
	case KindFloat:
		return "float"
	case KindString:
		return "str"
	case KindTuple:
		return "tuple"
	case KindList:
		return "list"
	case KindDict:
		if v.(*Dict).frozen {
			return "FrozenDict"
		}
		return "dict"
	case KindSet:
		if v.(*Set).plain {
			return "set"
		}
		return "frozenset"
	case KindIterator:
		return "generator"
	case KindOrdering:
		return "OrderingIterable"
	case KindDateTime:
		return "datetime.datetime"
	case KindTimespan:
		return "datetime.timedelta"
	case KindRegex:
		return "re.Pattern"
	case KindContext:
		return "Context"
	case KindLambda:
		return "function"
	case KindRule:
		return "MappingRule"
	}
	return fmt.Sprintf("%T", v)
}
