package yaml

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// JSONError says what is wrong in a JSON text in the words of Python's json:
// "Expecting value: line 1 column 1 (char 0)".
type JSONError struct {
	Message      string
	Line, Column int // from 1
	Char         int // from 0
}

func (e *JSONError) Error() string {
	return fmt.Sprintf("%s: line %d column %d (char %d)", e.Message, e.Line, e.Column, e.Char)
}

// DecodeJSON reads one JSON value as Python's json does: NaN and Infinity are numbers,
// the last of two equal keys wins. Objects are *Map in their order, integers int64 or
// *big.Int, other numbers float64. Errors are *JSONError.
func DecodeJSON(b []byte) (any, error) {
	s := &jsonScanner{src: b, maxDepth: jsonDepth}
	s.space()
	v, err := s.value(1)
	if err != nil {
		return nil, err
	}
	return v, s.end()
}

const jsonDepth = 900 // about where Python gives up

// UnmarshalJSON reads an object in its order; null leaves the Map empty.
func (m *Map) UnmarshalJSON(b []byte) error {
	v, err := DecodeJSON(b)
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
		*m = Map{}
	case *Map:
		*m = *v
	default:
		return fmt.Errorf("expected a JSON object, got %s", TypeName(v))
	}
	return nil
}

// jsonScanner reads the pieces of JSON; value and node (json_node.go) put them together.
type jsonScanner struct {
	src      []byte
	i        int
	maxDepth int
}

func (s *jsonScanner) fail(message string, at int) error {
	e := &JSONError{Message: message, Line: 1, Column: 1}
	for _, r := range string(s.src[:min(at, len(s.src))]) {
		e.Char++
		e.Column++
		if r == '\n' {
			e.Line++
			e.Column = 1
		}
	}
	return e
}

func (s *jsonScanner) space() {
	for s.i < len(s.src) {
		switch s.src[s.i] {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return
		}
	}
}

func (s *jsonScanner) end() error {
	s.space()
	if s.i < len(s.src) {
		return s.fail("Extra data", s.i)
	}
	return nil
}

func (s *jsonScanner) peek() byte {
	if s.i < len(s.src) {
		return s.src[s.i]
	}
	return 0
}

func (s *jsonScanner) value(depth int) (any, error) {
	switch s.peek() {
	case '{':
		m := NewMap(0)
		return m, s.object(depth, func(key string, _ int) error {
			v, err := s.value(depth + 1)
			if err == nil {
				m.Set(key, v)
			}
			return err
		})
	case '[':
		out := []any{}
		err := s.array(depth, func() error {
			v, err := s.value(depth + 1)
			out = append(out, v)
			return err
		})
		return out, err
	}
	return s.scalar()
}

// object reads {…}; item reads the value of a key that stands at offset at.
func (s *jsonScanner) object(depth int, item func(key string, at int) error) error {
	if depth > s.maxDepth {
		return s.fail("nested too deep", s.i)
	}
	s.i++
	s.space()
	if s.peek() == '}' {
		s.i++
		return nil
	}
	for {
		if s.peek() != '"' {
			return s.fail("Expecting property name enclosed in double quotes", s.i)
		}
		at := s.i
		key, err := s.text()
		if err != nil {
			return err
		}
		s.space()
		if s.peek() != ':' {
			return s.fail("Expecting ':' delimiter", s.i)
		}
		s.i++
		s.space()
		if err := item(key, at); err != nil {
			return err
		}
		s.space()
		switch s.peek() {
		case '}':
			s.i++
			return nil
		case ',':
			s.i++
			s.space()
		default:
			return s.fail("Expecting ',' delimiter", s.i)
		}
	}
}

func (s *jsonScanner) array(depth int, item func() error) error {
	if depth > s.maxDepth {
		return s.fail("nested too deep", s.i)
	}
	s.i++
	s.space()
	if s.peek() == ']' {
		s.i++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		s.space()
		switch s.peek() {
		case ']':
			s.i++
			return nil
		case ',':
			s.i++
			s.space()
		default:
			return s.fail("Expecting ',' delimiter", s.i)
		}
	}
}

var jsonWords = []struct {
	word  string
	value any
}{
	{"true", true}, {"false", false}, {"null", nil},
	{"NaN", math.NaN()}, {"Infinity", math.Inf(1)}, {"-Infinity", math.Inf(-1)},
}

func (s *jsonScanner) scalar() (any, error) {
	c := s.peek()
	if c == '"' {
		return s.text()
	}
	if c == '-' || c >= '0' && c <= '9' {
		if v, ok := s.number(); ok {
			return v, nil
		}
	}
	for _, w := range jsonWords {
		if strings.HasPrefix(string(s.src[s.i:min(len(s.src), s.i+len(w.word))]), w.word) {
			s.i += len(w.word)
			return w.value, nil
		}
	}
	return nil, s.fail("Expecting value", s.i)
}

func (s *jsonScanner) digits(i int) int {
	for i < len(s.src) && s.src[i] >= '0' && s.src[i] <= '9' {
		i++
	}
	return i
}

func (s *jsonScanner) number() (any, bool) {
	i := s.i
	if s.src[i] == '-' {
		i++
	}
	switch j := s.digits(i); {
	case j == i:
		return nil, false
	case s.src[i] == '0':
		i++
	default:
		i = j
	}
	isInt := true
	if i < len(s.src) && s.src[i] == '.' {
		if j := s.digits(i + 1); j > i+1 {
			i, isInt = j, false
		}
	}
	if i < len(s.src) && (s.src[i] == 'e' || s.src[i] == 'E') {
		k := i + 1
		if k < len(s.src) && (s.src[k] == '+' || s.src[k] == '-') {
			k++
		}
		if j := s.digits(k); j > k {
			i, isInt = j, false
		}
	}
	text := string(s.src[s.i:i])
	s.i = i
	if !isInt {
		f, _ := strconv.ParseFloat(text, 64) // out of range gives ±Inf, as in Python
		return f, true
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	b, ok := new(big.Int).SetString(text, 10)
	return b, ok
}

// text reads a string that starts at the cursor.
func (s *jsonScanner) text() (string, error) {
	begin := s.i
	s.i++
	start := s.i
	for s.i < len(s.src) {
		c := s.src[s.i]
		if c == '"' {
			out := s.src[start:s.i]
			s.i++
			return validText(out), nil
		}
		if c == '\\' || c < 0x20 {
			break
		}
		s.i++
	}
	b := append([]byte(nil), s.src[start:s.i]...)
	for s.i < len(s.src) {
		switch c := s.src[s.i]; {
		case c == '"':
			s.i++
			return validText(b), nil
		case c < 0x20:
			return "", s.fail("Invalid control character at", s.i)
		case c != '\\':
			b = append(b, c)
			s.i++
		default:
			var err error
			if b, err = s.escape(b, begin); err != nil {
				return "", err
			}
		}
	}
	return "", s.fail("Unterminated string starting at", begin)
}

func validText(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

func (s *jsonScanner) escape(b []byte, begin int) ([]byte, error) {
	at := s.i
	if at+1 >= len(s.src) {
		return nil, s.fail("Unterminated string starting at", begin)
	}
	s.i += 2
	switch c := s.src[at+1]; c {
	case '"', '\\', '/':
		return append(b, c), nil
	case 'b':
		return append(b, '\b'), nil
	case 'f':
		return append(b, '\f'), nil
	case 'n':
		return append(b, '\n'), nil
	case 'r':
		return append(b, '\r'), nil
	case 't':
		return append(b, '\t'), nil
	case 'u':
	default:
		return nil, s.fail("Invalid \\escape", at)
	}
	r, ok := s.hex4(s.i)
	if !ok {
		return nil, s.fail("Invalid \\uXXXX escape", at+1)
	}
	s.i += 4
	if utf16.IsSurrogate(r) && s.i+1 < len(s.src) && s.src[s.i] == '\\' && s.src[s.i+1] == 'u' {
		if low, ok := s.hex4(s.i + 2); ok {
			if joined := utf16.DecodeRune(r, low); joined != utf8.RuneError {
				s.i += 6
				r = joined
			}
		}
	}
	return utf8.AppendRune(b, r), nil
}

func (s *jsonScanner) hex4(i int) (rune, bool) {
	if i+4 > len(s.src) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.src[i:i+4]), 16, 32)
	return rune(n), err == nil
}
