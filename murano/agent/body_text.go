package agent

import (
	"strconv"
	"strings"

	"hearth/core/yaml"
)

type textMethod func(s string, args []any, named map[string]any) (any, error)

// textMethods are the methods of texts that Bodies may call, beside format.
var textMethods = map[string]textMethod{
	"strip":      plainText(0, func(s string, _ []string) any { return trim(s) }),
	"lower":      plainText(0, func(s string, _ []string) any { return strings.ToLower(s) }),
	"upper":      plainText(0, func(s string, _ []string) any { return strings.ToUpper(s) }),
	"startswith": plainText(1, func(s string, args []string) any { return strings.HasPrefix(s, args[0]) }),
	"endswith":   plainText(1, func(s string, args []string) any { return strings.HasSuffix(s, args[0]) }),
	"replace": func(s string, args []any, named map[string]any) (any, error) {
		v, err := plainText(2, func(s string, args []string) any {
			if strings.Count(s, args[0])*len(args[1]) > maxValue {
				return nil
			}
			return strings.ReplaceAll(s, args[0], args[1])
		})(s, args, named)
		if err == nil && v == nil {
			err = errTooLarge
		}
		return v, err
	},
	"splitlines": plainText(0, func(s string, _ []string) any { return texts(strings.Split(strings.TrimSuffix(s, "\n"), "\n")) }),
	"split": func(s string, args []any, named map[string]any) (any, error) {
		if len(args) == 0 && len(named) == 0 {
			return texts(strings.Fields(s)), nil
		}
		return plainText(1, func(s string, args []string) any { return texts(strings.Split(s, args[0])) })(s, args, named)
	},
	"join": func(s string, args []any, _ map[string]any) (any, error) {
		if len(args) != 1 {
			return nil, raise("join() takes exactly one argument")
		}
		list, _ := args[0].([]any)
		parts, size := make([]string, len(list)), 0
		for i, v := range list {
			parts[i] = yaml.Str(v)
			if size += len(parts[i]) + len(s); size > maxValue {
				return nil, errTooLarge
			}
		}
		return strings.Join(parts, s), nil
	},
}

func texts(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// plainText makes a method of n arguments that are texts.
func plainText(n int, do func(s string, args []string) any) textMethod {
	return func(s string, args []any, named map[string]any) (any, error) {
		given := make([]string, 0, n)
		for _, v := range args {
			if text, ok := v.(string); ok {
				given = append(given, text)
			}
		}
		if len(given) != n || len(args) != n || len(named) > 0 {
			return nil, raise("the method takes exactly %d texts", n)
		}
		return do(s, given), nil
	}
}

// format is str.format with fields that name an argument and items of it, without formats
// and conversions.
func format(s string, args []any, named map[string]any) (any, error) {
	var b strings.Builder
	next := 0
	for {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			b.WriteString(s)
			return b.String(), nil
		}
		b.WriteString(s[:i])
		brace := s[i]
		s = s[i+1:]
		if s != "" && s[0] == brace {
			b.WriteByte(brace)
			s = s[1:]
			continue
		}
		field, rest, closed := strings.Cut(s, "}")
		if brace == '}' || !closed {
			return nil, raise("Single '%c' encountered in format string", brace)
		}
		if strings.ContainsAny(field, "!:{[") {
			return nil, raise("the field {%s} cannot be used in the Body of a plan here", field)
		}
		if name, _, _ := strings.Cut(field, "."); name == "" {
			field = strconv.Itoa(next) + field
			next++
		}
		v, err := fieldValue(field, args, named)
		if err != nil {
			return nil, err
		}
		if b.WriteString(yaml.Str(v)); b.Len() > maxValue {
			return nil, errTooLarge
		}
		s = rest
	}
}

func fieldValue(field string, args []any, named map[string]any) (any, error) {
	path := strings.Split(field, ".")
	var v any
	if n, err := strconv.Atoi(path[0]); err == nil {
		if n < 0 || n >= len(args) {
			return nil, raise("Replacement index %d out of range for positional args tuple", n)
		}
		v = args[n]
	} else {
		x, ok := named[path[0]]
		if !ok {
			return nil, raise("%s", yaml.Repr(path[0]))
		}
		v = x
	}
	for _, name := range path[1:] {
		var err error
		if v, err = attribute(v, name); err != nil {
			return nil, err
		}
	}
	return v, nil
}
