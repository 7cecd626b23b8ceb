package std

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"hearth/core/yaql"
	"hearth/core/yaql/syntax"
)

func toInt(c *yaql.Call) (any, error) {
	switch v := c.Args[0].(type) {
	case nil:
		return int64(0), nil
	case string:
		return parseInt(v)
	case float64:
		return truncate(v)
	}
	if n := yaql.Big(c.Args[0]); n != nil {
		return yaql.Int(n), nil
	}
	return nil, yaql.Errorf(yaql.TypeError,
		"int() argument must be a string, a bytes-like object or a real number, not '%s'", yaql.TypeName(c.Args[0]))
}

func truncate(f float64) (any, error) {
	switch {
	case math.IsNaN(f):
		return nil, yaql.Errorf(yaql.ValueError, "cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return nil, yaql.Errorf(yaql.OverflowError, "cannot convert float infinity to integer")
	}
	n, _ := big.NewFloat(f).Int(nil)
	return yaql.Int(n), nil
}

// parseInt reads what Python's int() reads: digits of any script, single underscores
// between them, a sign, white space around.
func parseInt(s string) (any, error) {
	invalid := func() error {
		q, _ := (*yaql.Run)(nil).Repr(cut(s, 200))
		return yaql.Errorf(yaql.ValueError, "invalid literal for int() with base 10: %s", q)
	}
	digits, ok := plainNumber(s)
	if !ok {
		return nil, invalid()
	}
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return n, nil
	}
	body := strings.TrimLeft(digits, "+-")
	if body == "" || len(digits)-len(body) > 1 || strings.Trim(body, "0123456789") != "" {
		return nil, invalid()
	}
	if len(body) > 4300 {
		return nil, yaql.Errorf(yaql.ValueError, "Exceeds the limit (4300 digits) for integer string conversion: "+
			"value has %d digits; use sys.set_int_max_str_digits() to increase the limit", len(body))
	}
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return nil, invalid()
	}
	return yaql.Int(n), nil
}

// plainNumber strips white space and legal underscores and makes all digits ASCII.
func plainNumber(s string) (string, bool) {
	runes := []rune(strings.TrimFunc(s, isSpace))
	var b strings.Builder
	for i, r := range runes {
		if r == '_' {
			if i == 0 || i+1 == len(runes) || !isDigit(runes[i-1]) || !isDigit(runes[i+1]) {
				return "", false
			}
			continue
		}
		if d, ok := syntax.Digit(r); ok {
			r = '0' + rune(d)
		}
		b.WriteRune(r)
	}
	return b.String(), b.Len() > 0
}

func isDigit(r rune) bool {
	_, ok := syntax.Digit(r)
	return ok
}

func toFloat(c *yaql.Call) (any, error) {
	switch v := c.Args[0].(type) {
	case nil:
		return 0.0, nil
	case string:
		return parseFloat(v)
	case float64:
		return v, nil
	}
	if n := yaql.Big(c.Args[0]); n != nil {
		return yaql.Float(n)
	}
	return nil, yaql.Errorf(yaql.TypeError,
		"float() argument must be a string or a real number, not '%s'", yaql.TypeName(c.Args[0]))
}

func parseFloat(s string) (any, error) {
	if plain, ok := plainNumber(s); ok && !strings.ContainsAny(plain, "xXpP_") {
		if f, err := strconv.ParseFloat(plain, 64); err == nil || math.IsInf(f, 0) {
			return f, nil
		}
	}
	q, _ := (*yaql.Run)(nil).Repr(cut(s, 200))
	return nil, yaql.Errorf(yaql.ValueError, "could not convert string to float: %s", q)
}

// cut shortens a text for a message.
func cut(s string, n int) string { //nolint:unparam // how long a text may be is up to the message
	if runes := []rune(s[:min(len(s), 4*n)]); len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return s
}
