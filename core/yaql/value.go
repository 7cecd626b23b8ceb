package yaql

import (
	"math/big"
	"time"
)

// Values are plain Go values:
//
//	null      nil                    list      Tuple, what literals and input are; List,
//	boolean   bool                             what some functions return: Python tells
//	integer   int64; *big.Int beyond           them apart in = and as keys
//	float     float64                dict      *Dict
//	string    string                 set       *Set, *View
//	datetime  time.Time              iterator  Iterator, one-shot
//	timespan  Timespan
//
// and whatever the host puts in.

// Tuple is an immutable list: a literal, an input list, the result of toList.
type Tuple []any

// List is a Python list: the result of split, insert, enumerate … It is no dictionary key.
type List []any

// Rule is an evaluated mapping, source => destination.
type Rule struct{ Source, Destination any }

// NoValue stands for an argument that was left out.
var NoValue any = noValue{}

type noValue struct{}

func (noValue) YaqlRepr() string { return "<NoValue>" }

// Representer is a value that has its own text, for str, join and messages.
type Representer interface{ YaqlRepr() string }

// Timespan is a difference of times with a resolution of a microsecond, as Python's
// timedelta: 0 <= Micros < 86,400,000,000 and |Days| < 1e9.
type Timespan struct{ Days, Micros int64 }

const microsPerDay = 86_400_000_000

var bigMicrosPerDay = big.NewInt(microsPerDay)

// NewTimespan makes a Timespan of microseconds; OverflowError beyond a billion days.
func NewTimespan(micros *big.Int) (Timespan, error) {
	days, rest := new(big.Int).DivMod(micros, bigMicrosPerDay, new(big.Int))
	if !days.IsInt64() || days.Int64() > 999_999_999 || days.Int64() < -999_999_999 {
		return Timespan{}, Errorf(OverflowError, "days=%s; must have magnitude <= 999999999", days)
	}
	return Timespan{days.Int64(), rest.Int64()}, nil
}

// Total gives the whole span in microseconds.
func (t Timespan) Total() *big.Int {
	n := new(big.Int).Mul(big.NewInt(t.Days), bigMicrosPerDay)
	return n.Add(n, big.NewInt(t.Micros))
}

// Compare orders two spans.
func (t Timespan) Compare(o Timespan) int {
	switch {
	case t == o:
		return 0
	case t.Days < o.Days || t.Days == o.Days && t.Micros < o.Micros:
		return -1
	}
	return 1
}

// SpanOf turns a Go duration into a Timespan, cut to microseconds.
func SpanOf(d time.Duration) Timespan {
	t, _ := NewTimespan(big.NewInt(d.Microseconds()))
	return t
}

// Truth is Python's bool(v).
func Truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case int64:
		return v != 0
	case float64:
		return v != 0
	case string:
		return v != ""
	case Tuple:
		return len(v) > 0
	case List:
		return len(v) > 0
	case *Dict:
		return v.Len() > 0
	case *Set:
		return v.Len() > 0
	case *View:
		return v.kind == viewValues && v.dict.frozen || v.dict.Len() > 0
	case Timespan:
		return v != Timespan{}
	}
	return true
}
