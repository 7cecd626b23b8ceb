package std

import (
	"strconv"
	"strings"

	"hearth/core/regex"
	"hearth/core/yaql"
)

// patterns is yaql/standard_library/regex.py: Python's regular expressions. Positions
// count characters.
var patterns = []*yaql.Function{
	define("regex", "A compiled regular expression.", "regex('A+', ignoreCase => true).matches(caab)", compileRegex,
		yaql.P("pattern", yaql.String), yaql.Opt("ignoreCase", maybeBool, false), yaql.Opt("multiLine", maybeBool, false), yaql.Opt("dotAll", maybeBool, false)),
	method("matches", "True if the expression matches somewhere in the text.", "regex('b').matches(abc)", matches(0, 1, true), regexParam, text),
	method("matches", "True if the pattern matches somewhere in the text.", "'abc'.matches('^a')", matches(1, 0, true), text, yaql.P("regexp", yaql.String)),
	define("#operator_=~", "True if the pattern matches somewhere in the text.", "abc =~ '^a'", matches(1, 0, true), text, yaql.P("pattern", yaql.String)),
	define("#operator_=~", "True if the expression matches somewhere in the text.", "abc =~ regex('^a')", matches(1, 0, true), text, regexParam),
	define("#operator_!~", "True if the pattern matches nowhere in the text.", "abc !~ '^b'", matches(1, 0, false), text, yaql.P("pattern", yaql.String)),
	define("#operator_!~", "True if the expression matches nowhere in the text.", "abc !~ regex('^b')", matches(1, 0, false), text, regexParam),
	method("search", "The first match, or what the selector makes of it ($ is the match, $2 … its groups); null when there is none.",
		"regex('b.').search(abc) = bc and regex('(.)c').search(abc, $2.value) = b", searchFirst, regexParam, text, optionalLambda("selector")),
	method("searchAll", "All matches, or what the selector makes of them.", "regex('[a-c]').searchAll(abd).toList() = [a, b]", searchAll, regexParam, text, optionalLambda("selector")),
	method("split", "The parts of the text between matches, and their groups.", "regex(',').split('a,b') = 'a,b'.split(',')", splitBy(0, 1), regexParam, text, maxSplit),
	method("split", "The parts of the text between matches, and their groups.", "'a,b'.split(regex(',')).len() = 2", splitBy(1, 0), text, regexParam, maxSplit),
	method("replace", "The text with matches replaced; \\1 and \\g<name> are groups.", "regex('(b)').replace(abc, `<\\1>`) = 'a<b>c'", replaceBy(0, 1, false), regexParam, text, yaql.P("repl", yaql.String), replacements),
	method("replaceBy", "The text with matches replaced by what repl makes of them.", "regex('b').replaceBy(abc, $.value.toUpper()) = aBc", replaceBy(0, 1, true), regexParam, text, yaql.P("repl", yaql.LambdaType), replacements),
	method("replace", "The text with matches replaced; \\1 and \\g<name> are groups.", "'abc'.replace(regex('b'), x) = axc", replaceBy(1, 0, false), text, regexParam, yaql.P("repl", yaql.String), replacements),
	method("replaceBy", "The text with matches replaced by what repl makes of them.", "'abc'.replaceBy(regex('b'), x) = axc", replaceBy(1, 0, true), text, regexParam, yaql.P("repl", yaql.LambdaType), replacements),
	define("escapeRegex", "The text as a pattern that matches just it.", "escapeRegex('a.b') = `a\\.b`", escapeRegex, text),
	define("isRegex", "True for compiled regular expressions.", "isRegex(regex(a))", isKind(yaql.KindRegex), value),
}

var (
	regexParam   = yaql.P("regexp", yaql.Pattern)
	maxSplit     = yaql.Opt("maxSplit", yaql.IntOrBool, int64(0))
	replacements = yaql.Opt("count", yaql.IntOrBool, int64(0))
)

func compileRegex(c *yaql.Call) (any, error) {
	var flags regex.Flags
	for i, flag := range []regex.Flags{regex.IgnoreCase, regex.Multiline, regex.DotAll} {
		if c.Bool(i + 1) {
			flags |= flag
		}
	}
	re, err := newRegex(c.Run, c.String(0), flags)
	if err != nil {
		return nil, err
	}
	return re, nil
}

// pattern gives an argument that is a compiled expression or a pattern.
func pattern(c *yaql.Call, i int) (*Regex, error) {
	if re, ok := c.Args[i].(*Regex); ok {
		return re, nil
	}
	return newRegex(c.Run, c.String(i), 0)
}

func matches(regexAt, textAt int, wanted bool) body {
	return func(c *yaql.Call) (any, error) {
		re, err := pattern(c, regexAt)
		if err != nil {
			return nil, err
		}
		m, err := re.matcher(c.Run, c.String(textAt)).next()
		return (m != nil) == wanted, err
	}
}

func searchFirst(c *yaql.Call) (any, error) {
	re := c.Args[0].(*Regex)
	m, err := re.matcher(c.Run, c.String(1)).next()
	if err != nil || m == nil {
		return nil, err
	}
	return selected(c, re, m)
}

func searchAll(c *yaql.Call) (any, error) {
	re := c.Args[0].(*Regex)
	it := re.matcher(c.Run, c.String(1))
	return generate(func() (any, bool, error) {
		m, err := it.next()
		if err != nil || m == nil {
			return nil, false, err
		}
		v, err := selected(c, re, m)
		return v, true, err
	})
}

func selected(c *yaql.Call, re *Regex, m *match) (any, error) {
	if c.Lambda(2) == nil {
		value, _, _ := m.group(0)
		return value, nil
	}
	scope := c.Context.Child()
	if err := publish(c.Run, scope, re, m); err != nil {
		return nil, err
	}
	return c.Lambda(2).In(scope)
}

func splitBy(regexAt, textAt int) body {
	return func(c *yaql.Call) (any, error) {
		re := c.Args[regexAt].(*Regex)
		it, limit := re.matcher(c.Run, c.String(textAt)), c.Int(2)
		parts, from := yaql.List{}, 0
		for n := int64(0); limit == 0 || n < limit; n++ {
			m, err := it.next()
			if err != nil {
				return nil, err
			}
			if m == nil {
				break
			}
			if err := c.Run.Alloc(32 * (re.Groups() + 1)); err != nil {
				return nil, err
			}
			begin, end, _ := m.Span(0)
			parts = append(parts, string(it.text[from:begin]))
			for i := range re.Groups() {
				value, _, _ := m.group(i + 1)
				parts = append(parts, value)
			}
			from = end
		}
		return append(parts, string(it.text[from:])), nil
	}
}

func replaceBy(regexAt, textAt int, lambda bool) body {
	return func(c *yaql.Call) (any, error) {
		re := c.Args[regexAt].(*Regex)
		expand := func(m *match) (string, error) { return replacedByLambda(c, re, m) }
		if !lambda {
			t, err := re.Template(c.String(2))
			if err != nil {
				return nil, regexError(err)
			}
			expand = func(m *match) (string, error) { return t.Expand(m.text, m.Match), nil }
		}
		return substitute(c.Run, re.matcher(c.Run, c.String(textAt)), c.Int(3), expand)
	}
}

func substitute(r *yaql.Run, it *matcher, limit int64, expand func(m *match) (string, error)) (any, error) {
	var b strings.Builder
	write := func(s string) error {
		b.WriteString(s)
		return r.Alloc(2 * len(s))
	}
	from := 0
	for n := int64(0); limit == 0 || n < limit; n++ {
		m, err := it.next()
		if err != nil {
			return nil, err
		}
		if m == nil {
			break
		}
		s, err := expand(m)
		if err != nil {
			return nil, err
		}
		begin, end, _ := m.Span(0)
		if err := write(string(it.text[from:begin]) + s); err != nil {
			return nil, err
		}
		from = end
	}
	err := write(string(it.text[from:]))
	return b.String(), err
}

func replacedByLambda(c *yaql.Call, re *Regex, m *match) (string, error) {
	if c.Lambda(2) == nil {
		return "", yaql.Errorf(yaql.TypeError, "'NoneType' object is not callable")
	}
	scope := c.Context.Child()
	if err := publish(c.Run, scope, re, m); err != nil {
		return "", err
	}
	v, err := c.Lambda(2).In(scope)
	if err != nil || v == nil {
		return "", err
	}
	s, ok := v.(string)
	if !ok {
		return "", yaql.Errorf(yaql.TypeError, "sequence item 1: expected str instance, %s found", yaql.TypeName(v))
	}
	return s, nil
}

// publish puts a match into $1 and its groups into $2, $3 … What it does for named groups
// is upstream's: it takes the two characters of their text for a name and a value, and
// mostly fails.
func publish(r *yaql.Run, c *yaql.Context, re *Regex, m *match) error {
	for i := range re.Groups() + 1 {
		c.Set(strconv.Itoa(i+1), m.record(i))
	}
	for _, i := range re.named {
		text, _, _ := m.group(i)
		s, ok := text.(string)
		if !ok {
			return yaql.Errorf(yaql.TypeError, "cannot unpack non-iterable NoneType object")
		}
		runes := []rune(s)
		if len(runes) < 2 {
			return yaql.Errorf(yaql.ValueError, "not enough values to unpack (expected 2, got %d)", len(runes))
		}
		if len(runes) > 2 {
			return yaql.Errorf(yaql.ValueError, "too many values to unpack (expected 2)")
		}
		group, ok := re.Names()[string(runes[1])]
		if !ok {
			return yaql.Errorf(yaql.IndexError, "no such group")
		}
		record := m.record(group)
		_ = record.Set("value", string(runes[1]))
		c.Set(string(runes[0]), record)
	}
	return r.Step(re.Groups() + 1)
}

func escapeRegex(c *yaql.Call) (any, error) {
	if err := c.Run.Alloc(2 * len(c.String(0))); err != nil {
		return nil, err
	}
	return regex.Escape(c.String(0)), nil
}
