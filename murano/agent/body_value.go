package agent

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"hearth/core/yaml"
)

// function is what a Body can call beside scripts.
type function func(args []any, named map[string]any) (any, error)

func (b *body) apply(f any, args []any, named map[string]any) (any, error) {
	switch f := f.(type) {
	case scriptRef:
		return b.call(f.script, args, named)
	case function:
		return bounded(f(args, named))
	}
	return nil, raise("'%s' object is not callable", yaml.TypeName(f))
}

func truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case *yaml.Map:
		return v.Len() > 0
	case int64:
		return v != 0
	case float64:
		return v != 0
	}
	return true
}

// maxValue is how much a value may hold: characters of texts, and items.
const maxValue = 1 << 20

// bounded refuses a value that holds too much.
func bounded(v any, err error) (any, error) {
	if err == nil && weigh(v, maxValue) < 0 {
		return nil, errTooLarge
	}
	return v, err
}

var errTooLarge = raise("a value has become too large")

// weigh gives what is left of a weight once v is taken off it; negative when v is heavier.
func weigh(v any, left int) int {
	left--
	switch v := v.(type) {
	case string:
		return left - len(v)
	case []any:
		for _, x := range v {
			if left = weigh(x, left); left < 0 {
				break
			}
		}
	case *yaml.Map:
		for k, x := range v.All() {
			if left = weigh(x, left-len(k)); left < 0 {
				break
			}
		}
	}
	return left
}

// isData tells whether a value can be sent as an answer.
func isData(v any) bool {
	switch v := v.(type) {
	case scriptRef, function:
		return false
	case []any:
		return !slices.ContainsFunc(v, func(x any) bool { return !isData(x) })
	case *yaml.Map:
		for _, x := range v.All() {
			if !isData(x) {
				return false
			}
		}
	}
	return true
}

// trim is str.strip.
func trim(s string) string { return strings.TrimSpace(s) }

// attribute is v.name: an item of a dictionary, as Bunch has it, a function of a script, or a
// method of a text.
func attribute(v any, name string) (any, error) {
	switch v := v.(type) {
	case scriptRef:
		return v, nil
	case *yaml.Map:
		return item(v, name)
	case string:
		m, ok := textMethods[name]
		if name == "format" {
			m, ok = format, true
		}
		if ok {
			return function(func(args []any, named map[string]any) (any, error) { return m(v, args, named) }), nil
		}
	}
	return nil, raise("'%s' object has no attribute '%s'", yaml.TypeName(v), name)
}

func item(v, key any) (any, error) {
	switch v := v.(type) {
	case *yaml.Map:
		if x, ok := v.Get(yaml.Str(key)); ok {
			return x, nil
		}
		return nil, raise("%s", yaml.Repr(key))
	case []any:
		i, ok := key.(int64)
		if i < 0 {
			i += int64(len(v))
		}
		if !ok || i < 0 || i >= int64(len(v)) {
			return nil, raise("list index out of range")
		}
		return v[i], nil
	}
	return nil, raise("'%s' object is not subscriptable", yaml.TypeName(v))
}

func compare(op string, x, y any) (any, error) {
	switch op {
	case "==":
		return yaml.Equal(x, y), nil
	case "!=":
		return !yaml.Equal(x, y), nil
	case "in", "not in":
		found, err := contains(y, x)
		return found == (op == "in"), err
	}
	a, isText := x.(string)
	b, ok := y.(string)
	order := strings.Compare(a, b)
	if !isText && yaml.IsNumber(x) && yaml.IsNumber(y) {
		order, ok = yaml.Compare(x, y), true
	} else {
		ok = ok && isText
	}
	if !ok {
		return nil, raise("'%s' not supported between instances of '%s' and '%s'", op, yaml.TypeName(x), yaml.TypeName(y))
	}
	switch op {
	case "<":
		return order < 0, nil
	case "<=":
		return order <= 0, nil
	case ">":
		return order > 0, nil
	}
	return order >= 0, nil
}

func contains(in, v any) (bool, error) {
	switch in := in.(type) {
	case string:
		if s, ok := v.(string); ok {
			return strings.Contains(in, s), nil
		}
	case []any:
		return slices.ContainsFunc(in, func(x any) bool { return yaml.Equal(x, v) }), nil
	case *yaml.Map:
		return in.Has(yaml.Str(v)), nil
	}
	return false, raise("argument of type '%s' is not iterable", yaml.TypeName(in))
}

func calculate(op string, x, y any) (any, error) {
	switch a := x.(type) {
	case string:
		if b, ok := y.(string); ok && op == "+" {
			return a + b, nil
		}
		if op == "%" {
			return percent(a, y)
		}
	case []any:
		if b, ok := y.([]any); ok && op == "+" {
			return slices.Concat(a, b), nil
		}
	case int64:
		if b, ok := y.(int64); ok && op != "/" {
			return whole(op, a, b)
		}
	}
	a, isNumber := float(x)
	b, ok := float(y)
	switch {
	case !isNumber || !ok:
		return nil, raise("unsupported operand type(s) for %s: '%s' and '%s'", op, yaml.TypeName(x), yaml.TypeName(y))
	case b == 0 && strings.Contains("// %", op):
		return nil, raise("division by zero")
	}
	switch op {
	case "+":
		return a + b, nil
	case "-":
		return a - b, nil
	case "*":
		return a * b, nil
	case "/":
		return a / b, nil
	case "//":
		return math.Floor(a / b), nil
	}
	return a - b*math.Floor(a/b), nil
}

func float(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func whole(op string, a, b int64) (any, error) {
	if b == 0 && op != "+" && op != "-" && op != "*" {
		return nil, raise("integer division or modulo by zero")
	}
	switch op {
	case "+":
		return a + b, nil
	case "-":
		return a - b, nil
	case "*":
		return a * b, nil
	}
	quotient, rest := a/b, a%b
	if rest != 0 && (rest < 0) != (b < 0) {
		quotient, rest = quotient-1, rest+b
	}
	if op == "//" {
		return quotient, nil
	}
	return rest, nil
}

// percent is text % values, with %s, %d and %%.
func percent(text string, values any) (any, error) {
	list, ok := values.([]any)
	if !ok {
		list = []any{values}
	}
	var b strings.Builder
	for text != "" {
		before, after, found := strings.Cut(text, "%")
		b.WriteString(before)
		if !found {
			break
		}
		switch {
		case strings.HasPrefix(after, "%"):
			b.WriteByte('%')
		case !strings.HasPrefix(after, "s") && !strings.HasPrefix(after, "d"):
			return nil, raise("unsupported format character in %s", yaml.Repr(text))
		case len(list) == 0:
			return nil, raise("not enough arguments for format string")
		default:
			b.WriteString(yaml.Str(list[0]))
			list = list[1:]
		}
		if b.Len() > maxValue {
			return nil, errTooLarge
		}
		text = after[1:]
	}
	if len(list) > 0 {
		return nil, raise("not all arguments converted during string formatting")
	}
	return b.String(), nil
}

// builtins are the functions of Python that Bodies have.
var builtins = map[string]function{
	"str":  one(func(v any) (any, error) { return yaml.Str(v), nil }),
	"bool": one(func(v any) (any, error) { return truth(v), nil }),
	"int": one(func(v any) (any, error) {
		switch v := v.(type) {
		case int64:
			return v, nil
		case float64:
			return int64(v), nil
		case string:
			if n, err := strconv.ParseInt(trim(v), 10, 64); err == nil {
				return n, nil
			}
		}
		return nil, raise("invalid literal for int() with base 10: %s", yaml.Repr(v))
	}),
	"len": one(func(v any) (any, error) {
		switch v := v.(type) {
		case string:
			return int64(len([]rune(v))), nil
		case []any:
			return int64(len(v)), nil
		case *yaml.Map:
			return int64(v.Len()), nil
		}
		return nil, raise("object of type '%s' has no len()", yaml.TypeName(v))
	}),
}

// one makes a function of one argument.
func one(f func(v any) (any, error)) function {
	return func(args []any, named map[string]any) (any, error) {
		if len(args) != 1 || len(named) > 0 {
			return nil, raise("the function takes exactly one argument")
		}
		return f(args[0])
	}
}
