package yaml

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// The measures of libyaml's emitter.
const (
	dumpIndent    = 2
	dumpWidth     = 80  // a longer line is folded at its next space
	dumpKeyLength = 128 // a longer key stands behind a question mark
)

// Dump writes a value as the YAML that PyYAML's yaml.dump(value, Dumper=CSafeDumper)
// writes: block style, keys sorted, everything outside ASCII escaped.
func Dump(v any) string {
	d := dumper{whitespace: true, indention: true, indent: -1}
	d.node(v, false)
	if d.column > 0 {
		d.out.WriteByte('\n')
	}
	return d.out.String()
}

// dumper follows libyaml/src/emitter.c: whitespace says that the last character was a
// space or nothing, indention that only indentation stands on the line so far.
type dumper struct {
	out                   strings.Builder
	indent, column        int
	whitespace, indention bool
}

func (d *dumper) put(s string) {
	d.out.WriteString(s)
	d.column += len(s)
}

func (d *dumper) breakLine() {
	d.out.WriteByte('\n')
	d.column = 0
}

// line starts a new line at the current indentation, unless it stands there already.
func (d *dumper) line() {
	indent := max(d.indent, 0)
	if !d.indention || d.column > indent || d.column == indent && !d.whitespace {
		d.breakLine()
	}
	d.put(strings.Repeat(" ", indent-d.column))
	d.whitespace, d.indention = true, true
}

func (d *dumper) indicator(s string, space, whitespace, indention bool) {
	if space && !d.whitespace {
		d.put(" ")
	}
	d.put(s)
	d.whitespace = whitespace
	d.indention = d.indention && indention
}

// deeper runs f one level further in. A sequence inside a mapping stays where it is.
func (d *dumper) deeper(indentless bool, f func()) {
	outer := d.indent
	switch {
	case d.indent < 0:
		d.indent = 0
	case !indentless:
		d.indent += dumpIndent
	}
	f()
	d.indent = outer
}

// node writes a value; inMapping: as the value of a key that stands on this line.
func (d *dumper) node(v any, inMapping bool) {
	switch v := v.(type) {
	case *Map:
		if v.Len() == 0 {
			d.indicator("{", true, true, false)
			d.indicator("}", false, false, false)
			return
		}
		d.deeper(false, func() { d.mapping(v) })
	case []any:
		if len(v) == 0 {
			d.indicator("[", true, true, false)
			d.indicator("]", false, false, false)
			return
		}
		d.deeper(inMapping && !d.indention, func() { d.sequence(v) })
	case string:
		d.text(v, false)
	default:
		d.scalar(v)
	}
}

func (d *dumper) sequence(items []any) {
	for _, x := range items {
		d.line()
		d.indicator("-", true, false, true)
		d.node(x, false)
	}
}

func (d *dumper) mapping(m *Map) {
	keys := slices.Clone(m.Keys())
	slices.Sort(keys)
	for _, k := range keys {
		v, _ := m.Get(k)
		d.line()
		if len(k) <= dumpKeyLength && !strings.ContainsAny(k, "\r\n\u0085\u2028\u2029") {
			d.text(k, true)
			d.indicator(":", false, false, false)
			d.node(v, true)
			continue
		}
		d.indicator("?", true, false, true)
		d.node(k, true)
		d.line()
		d.indicator(":", true, false, true)
		d.node(v, true)
	}
}

func (d *dumper) scalar(v any) {
	text := "null"
	switch v := v.(type) {
	case nil:
	case bool:
		text = strconv.FormatBool(v)
	case int:
		text = strconv.Itoa(v)
	case int64:
		text = strconv.FormatInt(v, 10)
	case *big.Int:
		text = v.String()
	case float64:
		text = dumpFloat(v)
	default:
		d.text(Str(v), false)
		return
	}
	d.indicator(text, true, false, false)
}

// dumpFloat keeps what is written a number for YAML 1.1: 1e+20 gets a point.
func dumpFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return ".nan"
	case math.IsInf(f, 1):
		return ".inf"
	case math.IsInf(f, -1):
		return "-.inf"
	}
	text := Repr(f)
	if !strings.Contains(text, ".") {
		text = strings.Replace(text, "e", ".0e", 1)
	}
	return text
}
