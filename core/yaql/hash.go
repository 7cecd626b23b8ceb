package yaql

import (
	"encoding/binary"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A hash key is a comparable Go value, equal for two YAQL values exactly when Python
// holds them equal: the value itself for texts, one number for 1, 1.0 and true, and an
// encoded text for composite values.
type (
	nullKey      struct{}
	instantKey   struct{ micros int64 }
	bigKey       struct{ digits string }
	compositeKey struct{ encoded string }
)

// hashKey gives the hash key of v; TypeError when it cannot be hashed.
func hashKey(v any) (any, error) { return (*Run)(nil).Key(v) }

// Key gives the hash key of v, at a cost that grows with it; TypeError when v cannot be
// hashed.
func (r *Run) Key(value any) (any, error) {
	switch v := value.(type) {
	case string, int64:
		return value, nil
	case nil:
		return nullKey{}, nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case float64:
		return floatKey(v), nil
	case *big.Int:
		return bigKey{v.Text(62)}, nil
	case time.Time:
		return instantKey{v.UnixMicro()}, nil
	case Tuple, *Dict, *Set:
		var b strings.Builder
		if err := r.encode(&b, v, 0); err != nil {
			return nil, err
		}
		return compositeKey{b.String()}, nil
	case List:
		return nil, unhashable(v)
	case *View:
		if v.kind == viewValues && v.dict.frozen {
			return v, nil
		}
		return nil, unhashable(v)
	case Equaler:
		return v.YaqlKey(), nil
	}
	if !reflect.TypeOf(value).Comparable() {
		return nil, unhashable(value)
	}
	return value, nil
}

func unhashable(v any) error { return Errorf(TypeError, "unhashable type: '%s'", TypeName(v)) }

func floatKey(f float64) any {
	if f == math.Trunc(f) && !math.IsInf(f, 0) {
		if math.Abs(f) < 1<<62 {
			return int64(f)
		}
		n, _ := big.NewFloat(f).Int(nil)
		if n.IsInt64() {
			return n.Int64()
		}
		return bigKey{n.Text(62)}
	}
	return f
}

// encode writes v so that equal values give equal texts and others do not.
func (r *Run) encode(b *strings.Builder, v any, depth int) error {
	if err := r.visit(depth); err != nil {
		return err
	}
	if err := r.Alloc(encodedBytes); err != nil {
		return err
	}
	switch v := v.(type) {
	case Tuple:
		encodeHead(b, 't', len(v))
		for _, item := range v {
			if err := r.encode(b, item, depth+1); err != nil {
				return err
			}
		}
		return nil
	case *Set:
		if v.plain {
			return unhashable(v)
		}
		return r.encodeSorted(b, 's', v.dict, false, depth)
	case *Dict:
		if !v.frozen {
			return unhashable(v)
		}
		return r.encodeSorted(b, 'd', v, true, depth)
	}
	key, err := r.Key(v)
	if err != nil {
		return err
	}
	return r.encodeScalar(b, key)
}

func (r *Run) encodeSorted(b *strings.Builder, tag byte, d *Dict, values bool, depth int) error {
	parts := make([]string, 0, d.Len())
	for k, v := range d.All() {
		var part strings.Builder
		if err := r.encode(&part, k, depth+1); err != nil {
			return err
		}
		if values {
			if err := r.encode(&part, v, depth+1); err != nil {
				return err
			}
		}
		parts = append(parts, part.String())
	}
	slices.Sort(parts)
	encodeHead(b, tag, len(parts))
	for _, p := range parts {
		b.WriteString(p)
	}
	return nil
}

func (r *Run) encodeScalar(b *strings.Builder, key any) error {
	switch k := key.(type) {
	case string:
		encodeHead(b, 'x', len(k))
		b.WriteString(k)
		return r.Alloc(len(k))
	case int64:
		encodeHead(b, 'i', int(k))
	case float64:
		encodeHead(b, 'f', int(math.Float64bits(k)))
	case nullKey:
		b.WriteByte('n')
	case instantKey:
		encodeHead(b, 'T', int(k.micros))
	case Timespan:
		encodeHead(b, 'S', int(k.Days))
		encodeHead(b, ' ', int(k.Micros))
	case bigKey:
		encodeHead(b, 'b', len(k.digits))
		b.WriteString(k.digits)
	default:
		b.WriteByte('h')
		b.WriteString(strconv.Quote(identity(key)))
	}
	return nil
}

func encodeHead(b *strings.Builder, tag byte, n int) {
	var buf [9]byte
	buf[0] = tag
	binary.BigEndian.PutUint64(buf[1:], uint64(n))
	b.Write(buf[:])
}
