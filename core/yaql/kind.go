package yaql

import (
	"math/big"
	"time"
)

// Kind is what a value is to overload resolution. Every value has exactly one.
type Kind uint8

// The kinds, each with the Go types that have it.
const (
	KindNull     Kind = iota // nil
	KindBool                 // bool
	KindInt                  // int64, *big.Int
	KindFloat                // float64
	KindString               // string
	KindTuple                // Tuple
	KindList                 // List
	KindDict                 // *Dict
	KindSet                  // *Set
	KindKeys                 // *View of keys or items
	KindValues               // *View of values
	KindIterator             // Iterator
	KindOrdering             // a sorted sequence, of package std
	KindDateTime             // time.Time
	KindTimespan             // Timespan
	KindRegex                // a compiled pattern, of package std
	KindContext              // *Context
	KindLambda               // *Lambda
	KindRule                 // Rule
	KindHost                 // everything else: objects of the host
	kindCount
)

// Kinded is a value that knows its kind: those of package std and of hosts that want one
// of the standard kinds.
type Kinded interface{ YaqlKind() Kind }

// KindOf gives the kind of a value.
func KindOf(v any) Kind {
	switch v := v.(type) {
	case nil:
		return KindNull
	case string:
		return KindString
	case int64:
		return KindInt
	case *Dict:
		return KindDict
	case Tuple:
		return KindTuple
	case bool:
		return KindBool
	case float64:
		return KindFloat
	case List:
		return KindList
	case *Set:
		return KindSet
	case *View:
		if v.kind == viewValues {
			return KindValues
		}
		return KindKeys
	case *big.Int:
		return KindInt
	case time.Time:
		return KindDateTime
	case Timespan:
		return KindTimespan
	case *Context:
		return KindContext
	case *Lambda:
		return KindLambda
	case Rule:
		return KindRule
	case Kinded:
		return v.YaqlKind()
	case Iterator:
		return KindIterator
	}
	return KindHost
}

// Kinds is a set of kinds.
type Kinds uint32

// KindsOf makes a set.
func KindsOf(kinds ...Kind) Kinds {
	var s Kinds
	for _, k := range kinds {
		s |= 1 << k
	}
	return s
}

func (s Kinds) has(k Kind) bool { return s>>k&1 != 0 }

var (
	sequenceKinds = KindsOf(KindTuple, KindList)
	setKinds      = KindsOf(KindSet, KindKeys)
	iterableKinds = sequenceKinds | setKinds | KindsOf(KindValues, KindIterator, KindOrdering)
	allKinds      = Kinds(1<<kindCount - 1)
)

// IsIterable reports whether v is a collection to iterate; texts and dictionaries are not.
func IsIterable(v any) bool { return iterableKinds.has(KindOf(v)) }

// IsSequence reports whether v is a list of either sort.
func IsSequence(v any) bool { return sequenceKinds.has(KindOf(v)) }
