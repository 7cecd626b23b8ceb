package yaml

import (
	"encoding/base64"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	y4 "go.yaml.in/yaml/v4"
)

// The patterns of PyYAML's resolver (yaml/resolver.py), by which a plain scalar gets
// its type.
var (
	intPattern   = regexp.MustCompile(`^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
	floatPattern = regexp.MustCompile(`^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
)

// plain reports whether a scalar stands without quotes.
func plain(n *y4.Node) bool {
	return n.Style&(y4.DoubleQuotedStyle|y4.SingleQuotedStyle|y4.LiteralStyle|y4.FoldedStyle) == 0
}

func (b *builder) scalar(n *y4.Node) (any, error) {
	tag := explicitTag(n)
	if tag == "" || tag == "!" {
		if !plain(n) || tag == "!" {
			return n.Value, nil
		}
		return b.plainScalar(n)
	}
	v := n.Value
	switch tag {
	case "!!str", "!!timestamp":
		return v, nil
	case "!!int":
		return b.number(n, intValue)
	case "!!float":
		return b.number(n, floatValue)
	case "!!bool":
		if t, ok := boolValue(strings.ToLower(v)); ok {
			return t, nil
		}
		return nil, b.fail(n, fmt.Sprintf("%s is no boolean", Repr(v)))
	case "!!null":
		return nil, nil
	case "!!binary":
		data, err := base64.StdEncoding.DecodeString(strings.Map(base64Character, v))
		if err != nil {
			return nil, b.fail(n, "failed to decode base64 data: "+err.Error())
		}
		return strings.ToValidUTF8(string(data), "\uFFFD"), nil
	case "!!seq":
		return nil, b.fail(n, "expected a sequence node, but found scalar")
	case "!!map", "!!set":
		return nil, b.fail(n, "expected a mapping node, but found scalar")
	}
	if b.o.Tagged != nil {
		if value, ok, err := b.o.Tagged(tag, v); err != nil {
			return nil, err
		} else if ok {
			return value, nil
		}
	}
	return nil, b.unknownTag(n, tag)
}

// base64Character drops what is none, as Python's decoder does.
func base64Character(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("+/=", r) {
		return r
	}
	return -1
}

// plainScalar types an unquoted scalar. As PyYAML it looks at the first character first.
func (b *builder) plainScalar(n *y4.Node) (any, error) {
	v := n.Value
	if v == "" {
		return nil, nil
	}
	switch c := v[0]; c {
	case '~', 'n', 'N':
		if v == "~" || v == "null" || v == "Null" || v == "NULL" {
			return nil, nil
		}
		fallthrough
	case 'y', 'Y', 't', 'T', 'f', 'F', 'o', 'O':
		if t, ok := boolValue(v); ok {
			return t, nil
		}
	case '-', '+', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if floatPattern.MatchString(v) {
			return b.number(n, floatValue)
		}
		if c != '.' && intPattern.MatchString(v) {
			return b.number(n, intValue)
		}
	case '=':
		if v == "=" {
			return nil, b.unknownTag(n, "!!value")
		}
	case '<':
		if v == "<<" {
			return nil, b.unknownTag(n, "!!merge")
		}
	}
	if b.o.Plain != nil {
		if value, ok := b.o.Plain(v); ok {
			return value, nil
		}
	}
	return v, nil
}

func (b *builder) number(n *y4.Node, parse func(string) (any, error)) (any, error) {
	v, err := parse(n.Value)
	if err != nil {
		return nil, b.fail(n, err.Error())
	}
	return v, nil
}

// boolValue knows the spellings of YAML 1.1.
func boolValue(v string) (value, ok bool) {
	switch v {
	case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
		return true, true
	case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
		return false, true
	}
	return false, false
}

func intValue(s string) (any, error) {
	v := strings.ReplaceAll(s, "_", "")
	negative := strings.HasPrefix(v, "-")
	v = strings.TrimLeft(v, "+-")
	base := 10
	switch {
	case v == "0":
		return int64(0), nil
	case strings.HasPrefix(v, "0b"):
		base, v = 2, v[2:]
	case strings.HasPrefix(v, "0x"):
		base, v = 16, v[2:]
	case strings.HasPrefix(v, "0"):
		base, v = 8, v[1:]
	case strings.Contains(v, ":"):
		return sexagesimal(v, negative)
	}
	b, ok := new(big.Int).SetString(v, base)
	if !ok {
		return nil, fmt.Errorf("invalid literal for int() with base %d: %s", base, Repr(v))
	}
	if negative {
		b.Neg(b)
	}
	return Int(b), nil
}

func sexagesimal(v string, negative bool) (any, error) {
	total := new(big.Int)
	for part := range strings.SplitSeq(v, ":") {
		digit, ok := new(big.Int).SetString(part, 10)
		if !ok {
			return nil, fmt.Errorf("invalid literal for int() with base 10: %s", Repr(part))
		}
		total.Add(total.Mul(total, big.NewInt(60)), digit)
	}
	if negative {
		total.Neg(total)
	}
	return Int(total), nil
}

func floatValue(s string) (any, error) {
	v := strings.ToLower(strings.ReplaceAll(s, "_", ""))
	sign := 1.0
	if strings.HasPrefix(v, "-") {
		sign = -1
	}
	v = strings.TrimLeft(v, "+-")
	switch v {
	case ".inf":
		return math.Inf(int(sign)), nil
	case ".nan":
		return math.NaN(), nil
	}
	total := 0.0
	for part := range strings.SplitSeq(v, ":") {
		f, err := strconv.ParseFloat(part, 64)
		if err != nil && !math.IsInf(f, 0) {
			return nil, fmt.Errorf("could not convert string to float: %s", Repr(s))
		}
		total = total*60 + f
	}
	return sign * total, nil
}

// Int gives the integer as int64 when it fits, else as it is.
func Int(b *big.Int) any {
	if b.IsInt64() {
		return b.Int64()
	}
	return b
}
