package std

import (
	"strings"
	"unicode/utf8"

	"hearth/core/yaql"
)

// texts is yaql/standard_library/strings.py. Positions and lengths count characters.
var texts = []*yaql.Function{
	operator("#operator_>", "Compares texts character by character.", "b > a", compareTexts(func(c int) bool { return c > 0 }), leftText, rightText),
	operator("#operator_<", "Compares texts character by character.", "a < b", compareTexts(func(c int) bool { return c < 0 }), leftText, rightText),
	operator("#operator_>=", "Compares texts character by character.", "b >= a", compareTexts(func(c int) bool { return c >= 0 }), leftText, rightText),
	operator("#operator_<=", "Compares texts character by character.", "a <= b", compareTexts(func(c int) bool { return c <= 0 }), leftText, rightText),
	extension("len", "The number of characters.", "'abc'.len() = 3 and len('abc') = 3", textLen, text),
	method("toLower", "The text in lower case.", "'AB'.toLower() = ab", mapText(lower), text),
	method("toUpper", "The text in upper case.", "'ab'.toUpper() = AB", mapText(upper), text),
	method("split", "The parts between separators, by default white space.", "'a b'.split()[1] = b and 'a,b,c'.split(',', 1)[1] = 'b,c'",
		split, text, separatorOrNull, maxSplits),
	method("rightSplit", "Like split, counted from the right.", "'a,b,c'.rightSplit(',', 1)[0] = 'a,b'", rightSplit, text, separatorOrNull, maxSplits),
	method("join", "The items as texts with the separator between them.", "[1, null].join('-') = '1-null'", joinItems(0, 1), yaql.P("sequence", yaql.Iterable), yaql.P("separator", yaql.String)),
	method("join", "The items as texts with the receiver between them.", "'-'.join([1, 2]) = '1-2'", joinItems(1, 0), yaql.P("separator", yaql.String), yaql.P("sequence", yaql.Iterable)),
	define("str", "The value as a text.", "str(1.0) = '1.0' and str([1, a]) = \"(1, 'a')\"",
		func(c *yaql.Call) (any, error) { return c.Run.Str(c.Args[0]) }, yaql.P("value", yaql.Any)),
	concatTexts,
	alias("#operator_+", "a + b = ab", concatTexts),
	method("trim", "The text without white space, or the given characters, at its ends.", "' a '.trim() = a and 'xax'.trim(x) = a", trim(strings.TrimFunc), text, chars),
	method("trimLeft", "The text without white space, or the given characters, at its start.", "' a '.trimLeft() = 'a '", trim(strings.TrimLeftFunc), text, chars),
	method("trimRight", "The text without white space, or the given characters, at its end.", "' a '.trimRight() = ' a'", trim(strings.TrimRightFunc), text, chars),
	method("replace", "The text with one part replaced, count times at most.", "'aaa'.replace(a, b, 2) = bba", replaceText, text, yaql.P("old", yaql.String), yaql.P("new", yaql.String), yaql.Opt("count", yaql.IntOrBool, int64(-1))),
	method("replace", "The text with every key of a dictionary replaced by its value, in order.", "'ab'.replace({a => 1, b => null}) = '1null'", replaceByDict, text, yaql.P("replacements", yaql.Mapping), yaql.Opt("count", yaql.IntOrBool, int64(-1))),
	formatText,
	extension("isEmpty", "True for null and for texts with nothing but white space or the given characters.", "isEmpty(' ') and not isEmpty(' ', false)", isEmpty,
		yaql.P("string", maybeString), yaql.Opt("trim", yaql.Boolean, true), chars),
	define("#operator_*", "The text repeated.", "a * 3 = aaa", timesText(0, 1), leftText, yaql.P("right", yaql.IntOrBool)),
	define("#operator_*", "The text repeated.", "3 * a = aaa", timesText(1, 0), yaql.P("left", yaql.IntOrBool), rightText),
	method("substring", "The part from a position on, of a length; both count from the end when negative.", "'abcd'.substring(1, 2) = bc and 'abcd'.substring(-2) = cd", substring,
		text, yaql.P("start", yaql.IntOrBool), yaql.Opt("length", yaql.IntOrBool, int64(-1))),
	method("indexOf", "The first position of a part from a start on; -1 when there is none.", "'abab'.indexOf(b) = 1 and 'abab'.indexOf(b, 2) = 3", indexOf(find),
		text, yaql.P("sub", yaql.String), yaql.Opt("start", yaql.IntOrBool, int64(0))),
	method("indexOf", "The first position of a part within a stretch; -1 when there is none.", "'abab'.indexOf(b, 0, 1) = -1", indexOfWithin(find),
		text, yaql.P("sub", yaql.String), yaql.P("start", yaql.IntOrBool), yaql.P("length", yaql.IntOrBool)),
	method("lastIndexOf", "The last position of a part from a start on; -1 when there is none.", "'abab'.lastIndexOf(b) = 3", indexOf(findLast),
		text, yaql.P("sub", yaql.String), yaql.Opt("start", yaql.IntOrBool, int64(0))),
	method("lastIndexOf", "The last position of a part within a stretch; -1 when there is none.", "'abab'.lastIndexOf(b, 0, 3) = 1", indexOfWithin(findLast),
		text, yaql.P("sub", yaql.String), yaql.P("start", yaql.IntOrBool), yaql.P("length", yaql.IntOrBool)),
	method("toCharArray", "The characters as a list.", "'ab'.toCharArray() = [a, b]", toCharArray, text),
	define("characters", "The characters of the named classes.", "characters(digits => true).len() = 10", characters,
		characterClasses()...),
	define("isString", "True for texts.", "isString(a)", isKind(yaql.KindString), yaql.P("arg", yaql.Any)),
	extension("norm", "The trimmed text; null when nothing is left.", "norm(' ') = null and ' a '.norm() = a", norm, yaql.P("string", maybeString), chars),
	define("#operator_in", "True if the left text is a part of the right one.", "b in abc", inText, leftText, rightText),
	method("startsWith", "True if the text starts with one of the prefixes.", "'abc'.startsWith(x, ab)", startsWith(strings.HasPrefix), text, yaql.Rest("prefixes", yaql.String)),
	method("endsWith", "True if the text ends with one of the suffixes.", "'abc'.endsWith(x, bc)", startsWith(strings.HasSuffix), text, yaql.Rest("suffixes", yaql.String)),
	define("hex", "The integer in base 16.", "hex(255) = '0xff'", hex, yaql.P("num", yaql.Number.Nullable())),
}

var (
	leftText        = yaql.P("left", yaql.String)
	rightText       = yaql.P("right", yaql.String)
	chars           = yaql.Opt("chars", yaql.String, nil)
	separatorOrNull = yaql.Opt("separator", yaql.String, nil)
	maxSplits       = yaql.Opt("maxSplits", yaql.IntOrBool, int64(-1))
	concatTexts     = define("concat", "The texts one after the other.", "concat(a, b, c) = abc", concatAll, yaql.Rest("args", yaql.String))
)

func compareTexts(ok func(c int) bool) func(r *yaql.Run, a, b any) (any, error) {
	return func(_ *yaql.Run, a, b any) (any, error) { return ok(strings.Compare(a.(string), b.(string))), nil }
}

func textLen(c *yaql.Call) (any, error) {
	return int64(utf8.RuneCountInString(c.String(0))), c.Run.Step(len(c.String(0)) / 256)
}

// mapText makes a body of a function on a text of at most three times its length.
func mapText(f func(string) string) body {
	return func(c *yaql.Call) (any, error) {
		if err := c.Run.Alloc(2 * len(c.String(0))); err != nil {
			return nil, err
		}
		return f(c.String(0)), nil
	}
}

func concatAll(c *yaql.Call) (any, error) {
	parts, size := make([]string, len(c.Rest)), 0
	for i, v := range c.Rest {
		parts[i] = v.(string)
		size += len(parts[i])
	}
	if err := c.Run.Alloc(size); err != nil {
		return nil, err
	}
	return strings.Join(parts, ""), nil
}

func joinItems(sequence, separator int) body {
	return func(c *yaql.Call) (any, error) {
		str := c.Delegate("str")
		it := c.Iter(sequence)
		var b strings.Builder
		for first := true; ; first = false {
			v, ok, err := it.Next()
			if err != nil || !ok {
				return b.String(), err
			}
			s, err := str.Call(v)
			if err != nil {
				return nil, err
			}
			part, ok := s.(string)
			if !ok {
				return nil, yaql.Errorf(yaql.TypeError, "sequence item: expected str instance, %s found", yaql.TypeName(s))
			}
			if !first {
				part = c.String(separator) + part
			}
			if err := c.Run.Alloc(2 * len(part)); err != nil {
				return nil, err
			}
			b.WriteString(part)
		}
	}
}

func replaceText(c *yaql.Call) (any, error) {
	return replaceCounted(c.Run, c.String(0), c.String(1), c.String(2), c.Int(3))
}

func replaceCounted(r *yaql.Run, s, old, new string, count int64) (string, error) {
	n := strings.Count(s, old)
	if count >= 0 {
		n = int(min(int64(n), count))
	}
	if err := r.Alloc(len(s) + n*max(0, len(new)-len(old))); err != nil {
		return "", err
	}
	return strings.Replace(s, old, new, n), nil
}

func replaceByDict(c *yaql.Call) (any, error) {
	s, str := c.String(0), c.Delegate("str")
	for k, v := range c.Dict(1).All() {
		old, err := str.Call(k)
		if err != nil {
			return nil, err
		}
		new, err := str.Call(v)
		if err != nil {
			return nil, err
		}
		if s, err = replaceCounted(c.Run, s, old.(string), new.(string), c.Int(2)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func timesText(textAt, countAt int) body {
	return func(c *yaql.Call) (any, error) {
		s, n := c.String(textAt), c.Int(countAt)
		if err := quotaOfCopies(c.Run, 49, yaql.TextSize(s), n); err != nil {
			return nil, err
		}
		n = max(n, 0)
		if s == "" {
			return "", nil
		}
		if n > 1<<40/int64(len(s)) {
			return nil, c.Run.Alloc(1 << 40)
		}
		if err := c.Run.Alloc(int(n) * len(s)); err != nil {
			return nil, err
		}
		return strings.Repeat(s, int(n)), nil
	}
}

// quotaOfCopies checks the size of n copies of a value of the given size, of which all
// but the first save the size of an empty one.
func quotaOfCopies(r *yaql.Run, empty, size int, n int64) error {
	const most = 1 << 50
	total := float64(1-n)*float64(empty) + float64(n)*float64(size)
	return r.QuotaBytes(int(max(-most, min(most, total))))
}

func inText(c *yaql.Call) (any, error) {
	return strings.Contains(c.String(1), c.String(0)), c.Run.Step(len(c.String(1)) / 256)
}

func startsWith(has func(s, part string) bool) body {
	return func(c *yaql.Call) (any, error) {
		for _, part := range c.Rest {
			if has(c.String(0), part.(string)) {
				return true, nil
			}
		}
		return false, nil
	}
}

func hex(c *yaql.Call) (any, error) {
	n := yaql.Big(c.Args[0])
	if n == nil {
		return nil, yaql.Errorf(yaql.TypeError, "'%s' object cannot be interpreted as an integer", yaql.TypeName(c.Args[0]))
	}
	if err := c.Run.Alloc(n.BitLen() / 4); err != nil {
		return nil, err
	}
	if n.Sign() < 0 {
		return "-0x" + n.Text(16)[1:], nil
	}
	return "0x" + n.Text(16), nil
}
