package yaml

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"unicode/utf8"
)

// EncodeJSON writes values as compact JSON: keys in their order, no HTML escapes,
// floats as Python's json has them (1.0 stays 1.0, NaN, Infinity). Beside the values of
// Map it takes the usual Go ones; anything else is left to encoding/json.
func EncodeJSON(v any) ([]byte, error) {
	e := encoder{}
	e.value(v)
	return e.b, e.err
}

// Dumps is Python's json.dumps: ", " and ": " between, everything but ASCII escaped.
func Dumps(v any, sortKeys bool) string {
	e := encoder{python: true, sortKeys: sortKeys}
	e.value(v)
	return string(e.b)
}

// MarshalJSON writes the Map in its order.
func (m *Map) MarshalJSON() ([]byte, error) { return EncodeJSON(m) }

func appendJSON(b []byte, v any) []byte {
	e := encoder{b: b}
	e.value(v)
	return e.b
}

type encoder struct {
	b        []byte
	python   bool // Python's separators and ASCII alone
	sortKeys bool
	err      error
}

func (e *encoder) value(v any) {
	switch v := v.(type) {
	case nil:
		e.b = append(e.b, "null"...)
	case bool:
		e.b = strconv.AppendBool(e.b, v)
	case int:
		e.b = strconv.AppendInt(e.b, int64(v), 10)
	case int64:
		e.b = strconv.AppendInt(e.b, v, 10)
	case *big.Int:
		e.b = v.Append(e.b, 10)
	case float64:
		e.b = append(e.b, floatText(v, "Infinity", "NaN")...)
	case string:
		e.text(v)
	case []any:
		list(e, v)
	case []string:
		list(e, v)
	case []*Map:
		list(e, v)
	case *Map:
		e.orderedMap(v)
	case map[string]any:
		goMap(e, v)
	case map[string]string:
		goMap(e, v)
	case json.RawMessage:
		if len(v) == 0 {
			v = json.RawMessage("null")
		}
		e.b = append(e.b, v...)
	case *Node:
		e.value(v.Plain())
	default:
		raw, err := json.Marshal(v)
		if err != nil && e.err == nil {
			e.err = fmt.Errorf("encode %T as JSON: %w", v, err)
		}
		e.b = append(e.b, raw...)
	}
}

func list[T any](e *encoder, items []T) {
	e.b = append(e.b, '[')
	for i, x := range items {
		if i > 0 {
			e.comma()
		}
		e.value(x)
	}
	e.b = append(e.b, ']')
}

func goMap[T any](e *encoder, m map[string]T) {
	e.b = append(e.b, '{')
	for i, k := range sortedKeys(m) {
		e.key(i == 0, k)
		e.value(m[k])
	}
	e.b = append(e.b, '}')
}

func (e *encoder) orderedMap(m *Map) {
	if m == nil {
		e.b = append(e.b, "null"...)
		return
	}
	e.b = append(e.b, '{')
	if e.sortKeys {
		for i, k := range sortedKeys(m.items) {
			e.key(i == 0, k)
			e.value(m.items[k])
		}
	} else {
		for i, k := range m.keys {
			e.key(i == 0, k)
			e.value(m.items[k])
		}
	}
	e.b = append(e.b, '}')
}

func (e *encoder) comma() {
	e.b = append(e.b, ',')
	if e.python {
		e.b = append(e.b, ' ')
	}
}

func (e *encoder) key(first bool, k string) {
	if !first {
		e.comma()
	}
	e.text(k)
	e.b = append(e.b, ':')
	if e.python {
		e.b = append(e.b, ' ')
	}
}

const hexDigits = "0123456789abcdef"

func (e *encoder) text(s string) {
	b := e.b
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if !e.python && (r != utf8.RuneError || size > 1) {
				i += size
				continue
			}
			b = append(b, s[start:i]...)
			b = escapeRune(b, r)
			i += size
			start = i
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		case '\b':
			b = append(b, `\b`...)
		case '\f':
			b = append(b, `\f`...)
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	b = append(b, s[start:]...)
	b = append(b, '"')
	e.b = b
}

// escapeRune writes \uXXXX, as a surrogate pair where needed.
func escapeRune(b []byte, r rune) []byte {
	if r >= 0x10000 {
		r -= 0x10000
		b = fmt.Appendf(b, `\u%04x`, 0xd800+(r>>10))
		r = 0xdc00 + (r & 0x3ff)
	}
	return fmt.Appendf(b, `\u%04x`, r)
}
