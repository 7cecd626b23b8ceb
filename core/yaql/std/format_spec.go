package std

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/core/yaql"
)

// spec is Python's format specification:
// [[fill]align][sign][z][#][0][width][grouping][.precision][type].
type spec struct {
	fill      string
	align     byte // < > ^ = or 0
	sign      byte // + - space or 0
	alternate bool
	width     int
	grouping  byte // , _ or 0
	precision int  // -1: none
	verb      byte // 0: none
}

func formatValue(r *yaql.Run, v any, text string) (string, error) {
	if t, ok := v.(time.Time); ok && text != "" {
		return strftime(t, text), nil
	}
	if text == "" {
		return r.PyStr(v)
	}
	switch v.(type) {
	case string, int64, *big.Int, bool, float64:
	default:
		return "", yaql.Errorf(yaql.TypeError, "unsupported format string passed to %s.__format__", yaql.TypeName(v))
	}
	s, err := parseSpec(text)
	if err != nil {
		return "", err
	}
	if err := r.Alloc(s.width + max(0, s.precision)); err != nil {
		return "", err
	}
	switch v := v.(type) {
	case string:
		return s.text(v)
	case float64:
		return s.float(v, "float")
	}
	if s.verb != 0 && strings.IndexByte("eEfFgG%", s.verb) >= 0 {
		f, err := yaql.Float(v)
		if err != nil {
			return "", err
		}
		return s.float(f, "int")
	}
	if b, ok := v.(bool); ok && s.verb == 0 {
		return s.text(map[bool]string{true: "True", false: "False"}[b])
	}
	return s.integer(r, v)
}

func parseSpec(text string) (*spec, error) {
	s := &spec{fill: " ", precision: -1}
	rest := text
	_, w := utf8.DecodeRuneInString(rest)
	if len(rest) > w && strings.IndexByte("<>^=", rest[w]) >= 0 {
		s.fill, s.align, rest = rest[:w], rest[w], rest[w+1:]
	} else if strings.IndexByte("<>^=", rest[0]) >= 0 {
		s.align, rest = rest[0], rest[1:]
	}
	if rest != "" && strings.IndexByte("+- ", rest[0]) >= 0 {
		s.sign, rest = rest[0], rest[1:]
	}
	if strings.HasPrefix(rest, "#") {
		s.alternate, rest = true, rest[1:]
	}
	if strings.HasPrefix(rest, "0") {
		if s.align == 0 {
			s.fill, s.align = "0", '='
		}
		rest = rest[1:]
	}
	var err error
	if s.width, rest, err = number(rest, 0); err != nil {
		return nil, err
	}
	if rest != "" && (rest[0] == ',' || rest[0] == '_') {
		s.grouping, rest = rest[0], rest[1:]
	}
	if strings.HasPrefix(rest, ".") {
		if s.precision, rest, err = number(rest[1:], -1); err != nil {
			return nil, err
		}
		if s.precision < 0 {
			return nil, yaql.Errorf(yaql.ValueError, "Format specifier missing precision")
		}
	}
	if len(rest) > 1 {
		return nil, yaql.Errorf(yaql.ValueError, "Invalid format specifier")
	}
	if rest != "" {
		s.verb = rest[0]
	}
	return s, nil
}

func number(s string, none int) (int, string, error) {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	if end == 0 {
		return none, s, nil
	}
	n, err := strconv.Atoi(s[:end])
	if err != nil || n > 1<<40 {
		return 0, "", yaql.Errorf(yaql.ValueError, "Too many decimal digits in format string")
	}
	return n, s[end:], nil
}

func (s *spec) unknown(typ string) error {
	return yaql.Errorf(yaql.ValueError, "Unknown format code '%c' for object of type '%s'", s.verb, typ)
}

func (s *spec) text(v string) (string, error) {
	switch {
	case s.verb != 0 && s.verb != 's':
		return "", s.unknown("str")
	case s.sign != 0:
		return "", yaql.Errorf(yaql.ValueError, "Sign not allowed in string format specifier")
	case s.alternate:
		return "", yaql.Errorf(yaql.ValueError, "Alternate form (#) not allowed in string format specifier")
	case s.align == '=' && s.fill != "0":
		return "", yaql.Errorf(yaql.ValueError, "'=' alignment not allowed in string format specifier")
	case s.grouping != 0:
		return "", yaql.Errorf(yaql.ValueError, "Cannot specify '%c' with 's'.", s.grouping)
	}
	if s.precision >= 0 {
		runes := []rune(v)
		v = string(runes[:min(len(runes), s.precision)])
	}
	return s.pad("", v, '<'), nil
}

// pad aligns sign and body within the width.
func (s *spec) pad(sign, body string, align byte) string {
	if s.align != 0 {
		align = s.align
	}
	missing := s.width - utf8.RuneCountInString(sign) - utf8.RuneCountInString(body)
	if missing <= 0 {
		return sign + body
	}
	switch align {
	case '<':
		return sign + body + strings.Repeat(s.fill, missing)
	case '^':
		return strings.Repeat(s.fill, missing/2) + sign + body + strings.Repeat(s.fill, missing-missing/2)
	case '=':
		return sign + strings.Repeat(s.fill, missing) + body
	}
	return strings.Repeat(s.fill, missing) + sign + body
}

func (s *spec) signOf(negative bool) string {
	switch {
	case negative:
		return "-"
	case s.sign == '+' || s.sign == ' ':
		return string(s.sign)
	}
	return ""
}

var integerBases = map[byte]struct {
	base   int
	prefix string
}{0: {10, ""}, 'd': {10, ""}, 'n': {10, ""}, 'b': {2, "0b"}, 'o': {8, "0o"}, 'x': {16, "0x"}, 'X': {16, "0X"}}

func (s *spec) integer(r *yaql.Run, v any) (string, error) {
	if s.precision >= 0 {
		return "", yaql.Errorf(yaql.ValueError, "Precision not allowed in integer format specifier")
	}
	n := yaql.Big(v)
	if s.verb == 'c' {
		if !n.IsInt64() || n.Int64() < 0 || n.Int64() > utf8.MaxRune {
			return "", yaql.Errorf(yaql.OverflowError, "%%c arg not in range(0x110000)")
		}
		return s.pad("", string(rune(n.Int64())), '<'), nil
	}
	form, ok := integerBases[s.verb]
	if !ok {
		return "", s.unknown(yaql.TypeName(v))
	}
	if form.base == 10 {
		if _, err := r.PyStr(n); err != nil {
			return "", err
		}
	}
	if err := r.Alloc(n.BitLen()); err != nil {
		return "", err
	}
	digits := new(big.Int).Abs(n).Text(form.base)
	if s.verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	sign := s.signOf(n.Sign() < 0)
	if s.alternate {
		sign += form.prefix
	}
	group := 3
	if form.base != 10 {
		group = 4
		if s.grouping == ',' {
			return "", yaql.Errorf(yaql.ValueError, "Cannot specify ',' with '%c'.", s.verb)
		}
	}
	return s.pad(sign, s.group(digits, "", len(sign), group), '>'), nil
}

// group puts separators between digits, with zeros up to the width when they fill it.
func (s *spec) group(digits, tail string, sign, size int) string {
	if s.grouping == 0 {
		return digits + tail
	}
	for s.fill == "0" && s.align == '=' && len(digits)+(len(digits)-1)/size+len(tail)+sign < s.width {
		digits = "0" + digits
	}
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%size == 0 {
			b.WriteByte(s.grouping)
		}
		b.WriteByte(digits[i])
	}
	return b.String() + tail
}

func (s *spec) float(f float64, typ string) (string, error) {
	body, err := s.floatBody(math.Abs(f), typ)
	if err != nil {
		return "", err
	}
	whole, tail := body, ""
	if i := strings.IndexAny(body, ".e%"); i >= 0 {
		whole, tail = body[:i], body[i:]
	}
	sign := s.signOf(math.Signbit(f) && !math.IsNaN(f))
	return s.pad(sign, s.group(whole, tail, len(sign), 3), '>'), nil
}

func (s *spec) floatBody(f float64, typ string) (string, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		body := yaql.FloatRepr(f)
		if s.verb == 'E' || s.verb == 'F' || s.verb == 'G' {
			body = strings.ToUpper(body)
		}
		if s.verb == '%' {
			body += "%"
		}
		return body, nil
	}
	precision := s.precision
	if precision < 0 {
		precision = 6
	}
	switch s.verb {
	case 0:
		if s.precision < 0 {
			return yaql.FloatRepr(f), nil
		}
		body := general(f, max(s.precision, 1), 'e', s.alternate, 1)
		if !strings.ContainsAny(body, ".e") {
			body += ".0"
		}
		return body, nil
	case 'e', 'E':
		return s.point(strconv.FormatFloat(f, s.verb, precision, 64)), nil
	case 'f', 'F':
		return s.point(strconv.FormatFloat(f, 'f', precision, 64)), nil
	case 'g', 'G', 'n':
		return general(f, max(precision, 1), byte('e'-32*boolInt(s.verb == 'G')), s.alternate, 0), nil
	case '%':
		return s.point(strconv.FormatFloat(f*100, 'f', precision, 64)) + "%", nil
	}
	return "", s.unknown(typ)
}

func (s *spec) point(body string) string {
	if s.alternate && !strings.Contains(body, ".") {
		return body + "."
	}
	return body
}

// general writes f with so many significant digits, with an exponent when it is below -4
// or at least the precision less bias.
func general(f float64, precision int, e byte, keepZeros bool, bias int) string {
	scientific := strconv.FormatFloat(f, 'e', precision-1, 64)
	exponent, _ := strconv.Atoi(scientific[strings.IndexByte(scientific, 'e')+1:])
	if exponent >= -4 && exponent < precision-bias+boolInt(bias > 0 && exponent == 0 && precision == 1) {
		body := strconv.FormatFloat(f, 'f', max(0, precision-1-exponent), 64)
		if !keepZeros && strings.Contains(body, ".") {
			body = strings.TrimRight(strings.TrimRight(body, "0"), ".")
		}
		return body
	}
	mantissa, exp, _ := strings.Cut(scientific, "e")
	if !keepZeros && strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	return mantissa + string(e) + exp
}
