package schema

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"hearth/core/yaml"
)

var (
	intText   = regexp.MustCompile(`^[+-]?[0-9]+(?:_[0-9]+)*$`)
	floatText = regexp.MustCompile(`(?i)^[+-]?(?:(?:[0-9]+(?:_[0-9]+)*)?\.?(?:[0-9]+(?:_[0-9]+)*)?(?:e[+-]?[0-9]+(?:_[0-9]+)*)?|inf|infinity|nan)$`)
)

// ToNumber converts a value as Heat does (heat/engine/constraints.py str_to_num): numbers
// stay (true too), texts become an integer where they are one, else a float. The error
// is Python's.
func ToNumber(v any) (any, error) {
	if yaml.IsNumber(v) {
		if n, ok := v.(int); ok {
			return int64(n), nil
		}
		return v, nil
	}
	s, ok := v.(string)
	if !ok {
		return nil, notReal(v)
	}
	if n, ok := parseInt(s); ok {
		return n, nil
	}
	if f, ok := parseFloat(s); ok {
		return f, nil
	}
	return nil, fmt.Errorf("could not convert string to float: %s", yaml.Repr(s))
}

func notReal(v any) error {
	return fmt.Errorf("int() argument must be a string, a bytes-like object or a real number, not '%s'", yaml.TypeName(v))
}

// parseInt is Python's int(text).
func parseInt(s string) (any, bool) {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	if !intText.MatchString(s) {
		return nil, false
	}
	b, ok := new(big.Int).SetString(strings.TrimPrefix(strings.ReplaceAll(s, "_", ""), "+"), 10)
	if !ok {
		return nil, false
	}
	return yaml.Int(b), true
}

// parseFloat is Python's float(text).
func parseFloat(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if !floatText.MatchString(s) || !strings.ContainsAny(s, "0123456789iInN") {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	return f, err == nil || math.IsInf(f, 0)
}

// ToInteger is Python's int(v) with the message of Heat's integer properties.
func ToInteger(v any) (any, error) {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case int:
		return int64(v), nil
	case int64, *big.Int:
		return v, nil
	case float64:
		switch {
		case math.IsNaN(v):
			return nil, fmt.Errorf("Value 'nan' is not an integer")
		case math.IsInf(v, 0):
			return nil, fmt.Errorf("cannot convert float infinity to integer")
		}
		b, _ := big.NewFloat(v).Int(nil)
		return yaml.Int(b), nil
	case string:
		if n, ok := parseInt(v); ok {
			return n, nil
		}
		return nil, fmt.Errorf("Value '%s' is not an integer", v)
	}
	return nil, notReal(v)
}

// ToBool reads a boolean as parameters do (oslo.utils bool_from_string, strict): true, t,
// on, y, yes, 1 and their opposites in any case.
func ToBool(v any) (bool, error) {
	if b, ok := v.(bool); ok {
		return b, nil
	}
	s := yaml.Str(v)
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "1", "t", "true", "on", "y", "yes":
		return true, nil
	case "0", "f", "false", "off", "n", "no":
		return false, nil
	}
	return false, fmt.Errorf("Unrecognized value '%s', acceptable values are: '0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'", s)
}
