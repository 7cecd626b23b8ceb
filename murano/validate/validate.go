package validate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/diag"
	"hearth/core/plan"
	"hearth/core/yaml"
	"hearth/murano/catalog"
	"hearth/murano/muranopl"
	"hearth/murano/muranopl/syntax"
	"hearth/murano/native"
)

// Options say what a package is checked with.
type Options struct {
	Types    *plan.Types        // of resources, for HOT packages; nil: their templates are only read
	Required []*catalog.Archive // packages that it may require beside the library
}

// Archive gives the problems of a package, in the order of its files and of their lines.
func Archive(ctx context.Context, a *catalog.Archive, o Options) diag.List {
	c := &checker{ctx: ctx, archive: a, options: o, texts: map[string]string{},
		lang: muranopl.NewLanguage(native.Classes(), muranopl.TestFunctions(), native.Restricted())}
	c.manifest()
	switch {
	case c.pkg == nil:
	case c.isHOT:
		c.hot()
	default:
		c.classes()
		c.ui()
	}
	if !c.out.HasErrors() { // what only the catalogue finds
		if err := catalog.Check(a); err != nil {
			c.at("manifest.yaml").fail("package", nil, problemText(err), "")
		}
	}
	return c.sorted()
}

// Problems are those of an archive's entries, as diagnostics.
func Problems(list []catalog.Problem) diag.List {
	var out diag.List
	for _, p := range list {
		out = append(out, diag.Diagnostic{Code: "archive", Severity: diag.Error, Type: p.Err.Type, File: p.Entry, Message: problemText(p.Err)})
	}
	return out
}

// problemText is an error as it is told here, where it is plain that a package is bad.
func problemText(err error) string {
	text := err.Error()
	if e, ok := errors.AsType[*core.Error](err); ok {
		text = e.Message
	}
	return strings.TrimPrefix(text, "Incorrect package format: ")
}

// checker is one package being checked.
type checker struct {
	ctx     context.Context //nolint:containedctx // of one call of Archive
	archive *catalog.Archive
	options Options
	lang    *muranopl.Language
	texts   map[string]string // what was read, by file
	out     diag.List

	pkg   *pkg // nil: the manifest cannot be read
	isHOT bool
	world *world
}

// sorted gives the problems by file and place, each once.
func (c *checker) sorted() diag.List {
	rank := func(file string) int { return slices.Index([]string{"", "manifest.yaml"}, file) }
	slices.SortStableFunc(c.out, func(a, b diag.Diagnostic) int {
		return cmp.Or(-cmp.Compare(rank(a.File), rank(b.File)), strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(c.out, func(a, b diag.Diagnostic) bool {
		return a.File == b.File && a.Line == b.Line && a.Column == b.Column && a.Code == b.Code && a.Message == b.Message
	})
}

// spot is where problems are found: a file, and a path in it that people understand.
type spot struct {
	c    *checker
	file string
	path string // Class, Class.property, Class::method
}

func (c *checker) at(file string) spot { return spot{c: c, file: file} }

func (s spot) in(path string) spot { s.path = path; return s }

func (s spot) add(severity diag.Severity, code string, n *yaml.Node, message, hint string) {
	d := diag.Diagnostic{Code: code, Severity: severity, Type: "PackageFormatError", File: s.file, Path: s.path, Message: message, Hint: hint}
	if n != nil {
		d.Line, d.Column = n.Line, n.Column
	}
	s.c.out = append(s.c.out, d)
}

// fail reports an error at a node; nil: of the whole file.
func (s spot) fail(code string, n *yaml.Node, message, hint string) {
	s.add(diag.Error, code, n, message, hint)
}

func (s spot) warn(code string, n *yaml.Node, message, hint string) {
	s.add(diag.Warning, code, n, message, hint)
}

// reported tells whether there is an error at the place of a node already.
func (s spot) reported(n *yaml.Node) bool {
	return slices.ContainsFunc(s.c.out, func(d diag.Diagnostic) bool {
		return d.File == s.file && d.Line == n.Line && d.Column == n.Column && d.Severity == diag.Error
	})
}

// read gives a file of the package; ok is false for one that was reported.
func (s spot) read() (text []byte, ok bool) {
	text, err := s.c.archive.Read(s.file)
	if err != nil {
		s.fail("file", nil, problemText(err), "")
		return nil, false
	}
	s.c.texts[s.file] = string(text)
	return text, true
}

// broken reports a file that is no YAML.
func (s spot) broken(err error) {
	at := &yaml.Node{}
	message := err.Error()
	if e, ok := errors.AsType[*yaml.SyntaxError](err); ok {
		at.Line, at.Column = e.Line, e.Column
		message = withoutSnippet(e.Message)
	}
	s.fail("yaml", at, message, "")
}

// withoutSnippet takes the excerpts of the source out of an error of YAML: the place and the
// line are shown anyway.
func withoutSnippet(message string) string {
	var out []string
	for line := range strings.SplitSeq(message, "\n") {
		if !strings.HasPrefix(line, " ") {
			out = append(out, line)
		}
	}
	return strings.Join(out, ": ")
}

// mapping gives the pairs of a mapping; null has none, and what is neither is reported.
func (s spot) mapping(n *yaml.Node, what string) []yaml.Pair {
	if n == nil || n.Kind == yaml.Scalar && n.Value == nil {
		return nil
	}
	if n.Kind != yaml.Mapping {
		s.fail("not_a_mapping", n, what+" is "+kindOf(n)+", not a mapping", "")
		return nil
	}
	return n.Pairs
}

// keys reports the keys of a mapping that are not known.
func (s spot) keys(pairs []yaml.Pair, what string, known ...string) {
	for _, p := range pairs {
		if !slices.Contains(known, p.Key) {
			s.warn("unknown_key", p.At, fmt.Sprintf("%s has no key %q: it is ignored", what, p.Key), diag.DidYouMean(p.Key, known))
		}
	}
}

// oneOf reports a value that is not one of those allowed.
func (s spot) oneOf(n *yaml.Node, what string, allowed []string) {
	if n == nil || n.IsNull() {
		return
	}
	if v := textOf(n); !slices.Contains(allowed, v) {
		hint := diag.DidYouMean(v, allowed)
		if hint == "" {
			hint = "one of " + strings.Join(allowed, ", ")
		}
		s.fail("bad_value", n, fmt.Sprintf("%q is no %s", v, what), hint)
	}
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.Mapping:
		return "a mapping"
	case yaml.Sequence:
		return "a list"
	}
	switch n.Value.(type) {
	case *syntax.Expression:
		return "an expression"
	case nil:
		return "null"
	}
	return "a scalar"
}

// textOf is a scalar as a text, an expression by its source; "" for what is no scalar.
func textOf(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.Scalar || n.Value == nil {
		return ""
	}
	switch v := n.Value.(type) {
	case *syntax.Expression:
		return v.Text
	case *syntax.Unread:
		return v.Text
	}
	return yaml.Str(n.Value)
}

// expressionOf is the expression that a node is; nil for none.
func expressionOf(n *yaml.Node) *syntax.Expression {
	if n == nil || n.Kind != yaml.Scalar {
		return nil
	}
	x, _ := n.Value.(*syntax.Expression)
	return x
}

// itemsOf is a node as a list: none for null, one for what is no list.
func itemsOf(n *yaml.Node) []*yaml.Node {
	switch {
	case n == nil || n.IsNull():
		return nil
	case n.Kind == yaml.Sequence:
		return n.Items
	}
	return []*yaml.Node{n}
}
