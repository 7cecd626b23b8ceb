package syntax

import (
	"slices"
	"strings"
)

// Fixity is where an operator stands.
type Fixity int

// The fixities. NameValue is the sign that makes a Rule.
const (
	Prefix Fixity = iota
	BinaryLeft
	BinaryRight
	NameValue
)

// Operator is one entry of a Level. Name is what the tree shows instead of the sign when
// it is not empty: '=' is *equal.
type Operator struct {
	Sign   string
	Fixity Fixity
	Name   string
}

// Level is the operators of one precedence.
type Level []Operator

// Options says which dialect a Syntax reads.
type Options struct {
	Levels    []Level // tightest first; the index "[]" and the map "{}" are entries like others
	NameValue string  // the sign of a Rule, "=>"; empty in the legacy dialect
	Delegates bool    // value(args) is a call
}

// Standard gives the levels of YAQL 2 (yaql/language/factory.py).
func Standard() []Level {
	return []Level{
		{{Sign: ".", Fixity: BinaryLeft}, {Sign: "?.", Fixity: BinaryLeft}},
		{{Sign: "[]", Fixity: BinaryLeft}, {Sign: "{}", Fixity: BinaryLeft}},
		{{Sign: "+", Fixity: Prefix}, {Sign: "-", Fixity: Prefix}},
		{{Sign: "=~", Fixity: BinaryLeft}, {Sign: "!~", Fixity: BinaryLeft}},
		{{Sign: "*", Fixity: BinaryLeft}, {Sign: "/", Fixity: BinaryLeft}, {Sign: "mod", Fixity: BinaryLeft}},
		{{Sign: "+", Fixity: BinaryLeft}, {Sign: "-", Fixity: BinaryLeft}},
		{{Sign: ">", Fixity: BinaryLeft}, {Sign: "<", Fixity: BinaryLeft}, {Sign: ">=", Fixity: BinaryLeft},
			{Sign: "<=", Fixity: BinaryLeft}, {Sign: "!=", Fixity: BinaryLeft, Name: "not_equal"},
			{Sign: "=", Fixity: BinaryLeft, Name: "equal"}, {Sign: "in", Fixity: BinaryLeft}},
		{{Sign: "not", Fixity: Prefix}},
		{{Sign: "and", Fixity: BinaryLeft}},
		{{Sign: "or", Fixity: BinaryLeft}},
		{{Sign: "->", Fixity: BinaryRight}},
	}
}

// Legacy gives the levels of YAQL 0.2, where => binds between or and -> (yaql/legacy.py).
func Legacy() []Level {
	levels := Standard()
	return slices.Insert(levels, len(levels)-1, Level{{Sign: "=>", Fixity: BinaryLeft}})
}

// Murano gives the levels of MuranoPL: ':' above all and 'is' among the comparisons
// (murano/dsl/yaql_integration.py).
func Murano() []Level {
	levels := Standard()
	levels[6] = append(levels[6], Operator{Sign: "is", Fixity: BinaryLeft})
	return slices.Insert(levels, 0, Level{{Sign: ":", Fixity: BinaryLeft}, {Sign: ":", Fixity: Prefix}})
}

// operator is what the parser looks up for one sign: binding powers, higher is tighter,
// 0 is none.
type operator struct {
	prefix, binary         int
	right                  bool
	prefixName, binaryName string
	word                   bool
}

// Syntax is a dialect, ready to parse; it is immutable and safe for concurrent use.
type Syntax struct {
	operators map[string]*operator
	signs     []string // the signs that are no words, longest first
	nameValue string
	delegates bool
}

// New makes a Syntax of the given dialect.
func New(o Options) *Syntax {
	s := &Syntax{operators: map[string]*operator{}, nameValue: o.NameValue, delegates: o.Delegates}
	for i, level := range o.Levels {
		for _, entry := range level {
			s.add(entry, 2*(len(o.Levels)-i))
		}
	}
	if s.nameValue != "" {
		s.signs = append(s.signs, s.nameValue)
	}
	slices.SortStableFunc(s.signs, func(a, b string) int { return len(b) - len(a) })
	return s
}

func (s *Syntax) add(entry Operator, power int) {
	sign := entry.Sign
	switch sign {
	case "[]":
		sign = "["
	case "{}":
		return // no production reads it: a map never follows a value
	}
	op := s.operators[sign]
	if op == nil {
		op = &operator{word: isWordStart(sign)}
		s.operators[sign] = op
		if !op.word && sign != "[" {
			s.signs = append(s.signs, sign)
		}
	}
	if entry.Fixity == Prefix {
		op.prefix, op.prefixName = power, functionName("#unary_operator_", entry)
		return
	}
	op.binary, op.binaryName = power, functionName("#operator_", entry)
	op.right = entry.Fixity == BinaryRight
}

func functionName(prefix string, entry Operator) string {
	if entry.Name != "" {
		return "*" + entry.Name
	}
	return prefix + entry.Sign
}

func isWordStart(sign string) bool {
	return strings.ToLower(sign) != strings.ToUpper(sign)
}
