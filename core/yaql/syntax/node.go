package syntax

// Node is a part of an expression: *Constant, *Keyword, *Variable, *Wrap, *Rule or *Call.
type Node interface {
	// Pos is the byte offset of the token that made the node.
	Pos() int
	node()
}

// Constant is a literal: nil, bool, int64, *big.Int, float64 or string.
//
//	1  2.5  'text'  true  null
type Constant struct {
	Value any
	At    int
}

// Keyword is a bare word, which is its own name as a string except after a dot.
//
//	name
type Keyword struct {
	Name string
	At   int
}

// Variable is a context variable; Name keeps its dollar.
//
//	$  $1  $name
type Variable struct {
	Name string
	At   int
}

// Wrap is an expression in parentheses: no longer a keyword or a constant to those who ask.
//
//	(x)
type Wrap struct {
	X  Node
	At int
}

// Rule is a mapping: a named argument, a map entry or a switch case.
//
//	source => destination
type Rule struct {
	Source, Destination Node
	At                  int
}

// Form is how a Call was written.
type Form int

// The forms of a Call.
const (
	Function Form = iota // name(args), or value(args) as #call
	Binary               // left op right
	Unary                // op x
	Index                // value[args]
	List                 // [args]
	Map                  // {args}
)

// Call is everything else, for YAQL's operators and literals are functions.
// Name is the function's name (len, #operator_+, *equal, #list); Operator the sign as
// written, for Binary and Unary. A nil argument is one left out: f(,1).
type Call struct {
	Form     Form
	Name     string
	Operator string
	Args     []Node
	At       int
}

// Pos implements Node.
func (n *Constant) Pos() int { return n.At }

// Pos implements Node.
func (n *Keyword) Pos() int { return n.At }

// Pos implements Node.
func (n *Variable) Pos() int { return n.At }

// Pos implements Node.
func (n *Wrap) Pos() int { return n.At }

// Pos implements Node.
func (n *Rule) Pos() int { return n.At }

// Pos implements Node.
func (n *Call) Pos() int { return n.At }

func (*Constant) node() {}
func (*Keyword) node()  {}
func (*Variable) node() {}
func (*Wrap) node()     {}
func (*Rule) node()     {}
func (*Call) node()     {}
