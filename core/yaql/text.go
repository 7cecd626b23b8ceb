package yaql

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Str is YAQL's str(v): null, true and false by their YAQL names, everything else as
// Python's str. ValueError for integers beyond 4,300 digits.
func (r *Run) Str(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "null", nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	return r.PyStr(v)
}

// PyStr is Python's str(v).
func (r *Run) PyStr(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case time.Time:
		return isoTime(v, ' '), nil
	case Timespan:
		return spanText(v), nil
	}
	return r.Repr(v)
}

// Repr is Python's repr(v).
func (r *Run) Repr(v any) (string, error) {
	var b strings.Builder
	err := r.repr(&b, v, 0)
	return b.String(), err
}

// shown is a receiver as an error message names it; long ones are cut.
func (r *Run) shown(v any) string {
	const limit = 200
	sub := &Run{Engine: r.Engine, steps: 2000, bytes: 8192, levels: r.levels}
	s, err := sub.PyStr(v)
	if err != nil {
		return "<" + TypeName(v) + ">"
	}
	if runes := []rune(s); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return s
}

func (r *Run) repr(b *strings.Builder, v any, depth int) error {
	if err := r.visit(depth); err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
		b.WriteString("None")
	case bool:
		b.WriteString(map[bool]string{true: "True", false: "False"}[v])
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case *big.Int:
		return writeBig(b, v)
	case float64:
		b.WriteString(FloatRepr(v))
	case string:
		b.WriteString(quotePython(v))
		return r.Alloc(len(v))
	case Tuple:
		if len(v) == 1 {
			return r.reprItems(b, "(", ",)", v, depth)
		}
		return r.reprItems(b, "(", ")", v, depth)
	case List:
		return r.reprItems(b, "[", "]", v, depth)
	case *Dict:
		return r.reprDict(b, v, depth)
	case *Set:
		if v.Len() == 0 {
			b.WriteString("frozenset()")
			return nil
		}
		return r.reprItems(b, "frozenset({", "})", keysOf(v.dict), depth)
	case *View:
		return r.reprView(b, v, depth)
	case time.Time:
		b.WriteString(dateTimeRepr(v))
	case Timespan:
		b.WriteString(spanRepr(v))
	case Representer:
		b.WriteString(v.YaqlRepr())
	default:
		fmt.Fprintf(b, "<%s object>", TypeName(v))
	}
	return nil
}

// FloatRepr is Python's repr of a float: the shortest digits, an exponent from 1e16 on.
func FloatRepr(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	if a := math.Abs(f); a != 0 && (a >= 1e16 || a < 1e-4) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func writeBig(b *strings.Builder, n *big.Int) error {
	if n.BitLen() > 14400 {
		return Errorf(ValueError, "Exceeds the limit (4300 digits) for integer string conversion; "+
			"use sys.set_int_max_str_digits() to increase the limit")
	}
	s := n.String()
	if len(strings.TrimPrefix(s, "-")) > 4300 {
		return Errorf(ValueError, "Exceeds the limit (4300 digits) for integer string conversion; "+
			"use sys.set_int_max_str_digits() to increase the limit")
	}
	b.WriteString(s)
	return nil
}

func (r *Run) reprItems(b *strings.Builder, open, end string, items []any, depth int) error {
	b.WriteString(open)
	for i, v := range items {
		if i > 0 {
			b.WriteString(", ")
		}
		if err := r.repr(b, v, depth+1); err != nil {
			return err
		}
	}
	b.WriteString(end)
	return r.Alloc(8 * len(items))
}

func (r *Run) reprDict(b *strings.Builder, d *Dict, depth int) error {
	b.WriteByte('{')
	for i, e := range d.entries {
		if i > 0 {
			b.WriteString(", ")
		}
		if err := r.repr(b, e.key, depth+1); err != nil {
			return err
		}
		b.WriteString(": ")
		if err := r.repr(b, e.value, depth+1); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return r.Alloc(8 * d.Len())
}

func (r *Run) reprView(b *strings.Builder, v *View, depth int) error {
	b.WriteString(v.TypeName() + "(")
	if v.dict.frozen {
		if err := r.repr(b, v.dict, depth+1); err != nil {
			return err
		}
	} else {
		items := make([]any, v.Len())
		for i := range items {
			items[i] = v.at(i)
		}
		if err := r.reprItems(b, "[", "]", items, depth); err != nil {
			return err
		}
	}
	b.WriteByte(')')
	return nil
}

func keysOf(d *Dict) []any {
	keys := make([]any, len(d.entries))
	for i := range d.entries {
		keys[i] = d.entries[i].key
	}
	return keys
}

// quotePython writes a text as Python's repr does: single quotes unless it holds only
// those, and escapes for what does not print.
func quotePython(s string) string {
	quote := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	b := make([]byte, 0, len(s)+2)
	b = append(b, quote)
	for _, c := range s {
		switch {
		case c == '\\' || c == rune(quote):
			b = append(b, '\\', byte(c))
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c == ' ' || unicode.IsGraphic(c) && !unicode.Is(unicode.Zs, c):
			b = append(b, string(c)...)
		case c < 0x100:
			b = fmt.Appendf(b, `\x%02x`, c)
		case c < 0x10000:
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = fmt.Appendf(b, `\U%08x`, c)
		}
	}
	return string(append(b, quote))
}
