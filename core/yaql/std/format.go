package std

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"hearth/core/yaql"
)

// formatText is str.format of Python without what made it unsafe: fields reach items of
// lists and dictionaries, never attributes (CVE-2024-29156).
var formatText = extension("format", "The text with its {fields} replaced by arguments, as Python's str.format.",
	"'{0}-{n:03d}'.format(a, n => 7) = 'a-007'", format, yaql.P("string", yaql.String),
	yaql.Rest("args", yaql.Any), yaql.Named("kwargs", yaql.Any))

func format(c *yaql.Call) (any, error) {
	f := &formatter{run: c.Run, args: c.Rest, named: c.Named}
	return f.expand(c.String(0), 2)
}

type formatter struct {
	run    *yaql.Run
	args   []any
	named  []yaql.Kwarg
	auto   int // the number of the next {}; -1 once a field had a number
	manual bool
}

// expand replaces the fields of s; specs may themselves have fields, levels deep.
func (f *formatter) expand(s string, levels int) (string, error) {
	if levels == 0 {
		return "", yaql.Errorf(yaql.ValueError, "Max string recursion exceeded")
	}
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			i = len(s)
		}
		if err := f.run.Alloc(2 * i); err != nil {
			return "", err
		}
		b.WriteString(s[:i])
		s = s[i:]
		switch {
		case s == "":
		case len(s) > 1 && s[0] == s[1]:
			b.WriteByte(s[0])
			s = s[2:]
		case s[0] == '}':
			return "", yaql.Errorf(yaql.ValueError, "Single '}' encountered in format string")
		case len(s) == 1:
			return "", yaql.Errorf(yaql.ValueError, "Single '{' encountered in format string")
		default:
			field, rest, err := cutField(s[1:])
			if err != nil {
				return "", err
			}
			out, err := f.field(field, levels)
			if err != nil {
				return "", err
			}
			if err := f.run.Alloc(2 * len(out)); err != nil {
				return "", err
			}
			b.WriteString(out)
			s = rest
		}
	}
	return b.String(), nil
}

// cutField gives the text up to the brace that closes a field.
func cutField(s string) (field, rest string, err error) {
	depth, index := 1, false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			index = true
		case ']':
			index = false
		case '{':
			if index {
				continue
			}
			depth++
		case '}':
			if index {
				continue
			}
			if depth--; depth == 0 {
				return s[:i], s[i+1:], nil
			}
		}
	}
	return "", "", yaql.Errorf(yaql.ValueError, "expected '}' before end of string")
}

func (f *formatter) field(field string, levels int) (string, error) {
	if err := f.run.Step(1); err != nil {
		return "", err
	}
	name, spec, conversion := field, "", ""
	if i := endOfName(field); i < len(field) {
		name = field[:i]
		if field[i] == '!' {
			rest := field[i+1:]
			if rest == "" {
				return "", yaql.Errorf(yaql.ValueError, "unmatched '{' in format spec")
			}
			_, w := utf8.DecodeRuneInString(rest)
			conversion, rest = rest[:w], rest[w:]
			if rest != "" && rest[0] != ':' {
				return "", yaql.Errorf(yaql.ValueError, "expected ':' after conversion specifier")
			}
			spec = strings.TrimPrefix(rest, ":")
		} else {
			spec = field[i+1:]
		}
	}
	v, err := f.value(name)
	if err != nil {
		return "", err
	}
	if v, err = f.convert(v, conversion); err != nil {
		return "", err
	}
	if spec, err = f.expand(spec, levels-1+boolInt(!strings.ContainsAny(spec, "{}"))); err != nil {
		return "", err
	}
	return formatValue(f.run, v, spec)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func endOfName(field string) int {
	index := false
	for i := range len(field) {
		switch c := field[i]; {
		case c == '[':
			index = true
		case c == ']':
			index = false
		case (c == ':' || c == '!') && !index:
			return i
		}
	}
	return len(field)
}

func (f *formatter) convert(v any, conversion string) (any, error) {
	switch conversion {
	case "":
		return v, nil
	case "s":
		return f.run.PyStr(v)
	case "r":
		return f.run.Repr(v)
	case "a":
		s, err := f.run.Repr(v)
		return asciiRepr(s), err
	}
	return nil, yaql.Errorf(yaql.ValueError, "Unknown conversion specifier %s", conversion)
}

func asciiRepr(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		digits, head := 2, `\x`
		if r > 0xff {
			digits, head = 4, `\u`
		}
		if r > 0xffff {
			digits, head = 8, `\U`
		}
		hex := strconv.FormatInt(int64(r), 16)
		b.WriteString(head + strings.Repeat("0", digits-len(hex)) + hex)
	}
	return b.String()
}

// value finds what a field names: an argument and then items of it.
func (f *formatter) value(name string) (any, error) {
	end := strings.IndexAny(name, ".[")
	if end < 0 {
		end = len(name)
	}
	v, err := f.argument(name[:end])
	for rest := name[end:]; rest != "" && err == nil; {
		if rest[0] == '.' {
			attribute := rest[1:]
			if i := strings.IndexAny(attribute, ".["); i >= 0 {
				attribute = attribute[:i]
			}
			if attribute == "" {
				return nil, yaql.Errorf(yaql.ValueError, "Empty attribute in format string")
			}
			return nil, yaql.Errorf(yaql.AttributeError, "'%s' object has no attribute '%s'", yaql.TypeName(v), attribute)
		}
		if rest[0] != '[' {
			return nil, yaql.Errorf(yaql.ValueError, "Only '.' or '[' may follow ']' in format field specifier")
		}
		end := strings.IndexByte(rest, ']')
		switch {
		case end < 0:
			return nil, yaql.Errorf(yaql.ValueError, "Missing ']' in format string")
		case end == 1:
			return nil, yaql.Errorf(yaql.ValueError, "Empty attribute in format string")
		}
		v, err = itemOf(f.run, v, rest[1:end])
		rest = rest[end+1:]
	}
	return v, err
}

func (f *formatter) argument(name string) (any, error) {
	if name == "" {
		if f.manual {
			return nil, yaql.Errorf(yaql.ValueError, "cannot switch from manual field specification to automatic field numbering")
		}
		f.auto++
		return f.positional(f.auto - 1)
	}
	if n, err := strconv.Atoi(name); err == nil && name[0] >= '0' && name[0] <= '9' {
		if f.auto > 0 {
			return nil, yaql.Errorf(yaql.ValueError, "cannot switch from automatic field numbering to manual field specification")
		}
		f.manual = true
		return f.positional(n)
	}
	for _, k := range f.named {
		if k.Name == name {
			return k.Value, nil
		}
	}
	return nil, keyError(f.run, name)
}

func (f *formatter) positional(n int) (any, error) {
	if n >= len(f.args) {
		return nil, yaql.Errorf(yaql.IndexError, "Replacement index %d out of range for positional args tuple", n)
	}
	return f.args[n], nil
}

// itemOf is v[key] of a format field: a number when it looks like one.
func itemOf(r *yaql.Run, v any, key string) (any, error) {
	var k any = key
	if n, err := strconv.ParseInt(key, 10, 64); err == nil && key[0] != '-' && key[0] != '+' {
		k = n
	}
	switch v := v.(type) {
	case *yaql.Dict:
		item, ok, err := r.Lookup(v, k)
		if err == nil && !ok {
			err = keyError(r, k)
		}
		return item, err
	case string:
		if n, ok := k.(int64); ok {
			runes := []rune(v)
			if n >= int64(len(runes)) {
				return nil, yaql.Errorf(yaql.IndexError, "string index out of range")
			}
			return string(runes[n]), r.Alloc(4 * len(runes))
		}
		return nil, yaql.Errorf(yaql.TypeError, "string indices must be integers, not 'str'")
	}
	if yaql.IsSequence(v) {
		if _, ok := k.(int64); !ok {
			return nil, yaql.Errorf(yaql.TypeError, "%s indices must be integers or slices, not str", yaql.TypeName(v))
		}
		return itemAt(v, k)
	}
	return nil, yaql.Errorf(yaql.TypeError, "'%s' object is not subscriptable", yaql.TypeName(v))
}
