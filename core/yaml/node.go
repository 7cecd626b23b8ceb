// Package yaml reads YAML 1.1 as PyYAML's safe loader does, and JSON, into trees that
// know where each value stood; and it writes values back as JSON in the author's order.
package yaml

// Kind is the shape of a Node.
type Kind uint8

// The kinds.
const (
	Scalar Kind = iota
	Sequence
	Mapping
)

// Node is one value of a document with its place. A tree is not changed once it is read.
type Node struct {
	Kind  Kind
	Value any     // of a Scalar: nil, bool, int64, *big.Int, float64, string
	Items []*Node // of a Sequence
	Pairs []Pair  // of a Mapping, in order; a key stands once
	// Line and Column count from 1; 0 when the value was made, not read.
	Line, Column int
}

// Pair is one entry of a Mapping. Key is the text of the key, whatever its type was.
type Pair struct {
	Key   string
	At    *Node // the key itself, for its place and its own type
	Value *Node
}
