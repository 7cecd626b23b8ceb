package muranopl

import (
	"slices"
	"strings"

	"hearth/core/yaql"
	"hearth/core/yaql/std"
	"hearth/murano/muranopl/syntax"
)

// Format is the version of MuranoPL that a package is written for: 10 for 1.0 … 14 for 1.4.
type Format int

// The formats after which something changed.
const (
	Format10 Format = 10
	Format11 Format = 11
	Format13 Format = 13
	Format14 Format = 14
)

// Language is MuranoPL with the native classes and functions of one host. It is safe for
// concurrent use.
type Language struct {
	oldest, modern, latest *dialect // up to 1.1, up to 1.3, after
	natives                []*Native
}

// dialect is what formats share: the grammar and the functions that every class has.
type dialect struct {
	engine     *yaql.Engine
	root       *yaql.Context
	restricted *yaql.Context // in io.murano alone
	contract   *yaql.Context // in contracts
}

// NewLanguage makes the language with native classes and functions of the host; restricted
// functions are for io.murano alone.
func NewLanguage(natives []*Native, functions, restricted []*yaql.Function) *Language {
	return &Language{
		oldest:  newDialect(std.MuranoLegacy(), Format11, functions, restricted),
		modern:  newDialect(std.Murano(), Format13, functions, restricted),
		latest:  newDialect(std.Murano(), Format14, functions, restricted),
		natives: slices.Concat(principals, natives),
	}
}

func newDialect(o yaql.Options, f Format, functions, restricted []*yaql.Function) *dialect {
	o.Steps, o.Bytes = expressionSteps, expressionBytes
	registerLanguage(o.Root, f)
	root := o.Root.Child()
	registerEngine(root, f)
	if len(functions) > 0 {
		root.Register(functions...)
	}
	o.Root = root
	d := &dialect{engine: yaql.New(o), root: root}
	d.restricted = yaql.NewContext(nil)
	d.restricted.Register(restricted...)
	d.restricted.Seal()
	d.contract = root.Child()
	d.contract.Register(contractFunctions()...)
	d.contract.Seal()
	return d
}

// The budgets of one expression.
const (
	expressionSteps = 20_000_000
	expressionBytes = 256 << 20
)

func (l *Language) dialect(f Format) *dialect {
	switch {
	case f <= Format11:
		return l.oldest
	case f <= Format13:
		return l.modern
	}
	return l.latest
}

// Parse reads a class file for a package of a format.
func (l *Language) Parse(f Format, text []byte, file string) ([]any, error) {
	return syntax.Parse(l.dialect(f).engine, text, file)
}

// base is the context that code of a class starts from: the language, what its package may
// use, and the methods of the class.
func (ex *Executor) base(c *Class) *yaql.Context {
	if c.base == nil {
		d := ex.lang.dialect(c.pkg.Format)
		c.base = d.root
		if c.pkg.Name == coreLibrary {
			c.base = c.base.Seen(d.restricted)
		}
		c.base = c.base.Seen(c.own())
	}
	return c.base
}

// ParseFormat reads the Format of a manifest: MuranoPL/1.4, or 1.4 alone; nothing is 1.0.
func ParseFormat(s string) (Format, error) {
	switch strings.TrimPrefix(s, "MuranoPL/") {
	case "", "1.0":
		return Format10, nil
	case "1.1":
		return Format11, nil
	case "1.2":
		return 12, nil
	case "1.3":
		return Format13, nil
	case "1.4":
		return Format14, nil
	}
	return 0, &Error{Name: "murano.packages.exceptions.PackageFormatError", Message: "Unsupported format " + s}
}
