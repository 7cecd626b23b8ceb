package yaml

import (
	"math/big"
	"slices"
)

// Keyed is a value of Options.Plain or Options.Tagged that can be the key of a mapping, under
// a text that no other key has.
type Keyed interface{ YAMLKey() string }

// Get gives the value of key in a Mapping; nil when there is none, or n is none.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Pairs {
		if n.Pairs[i].Key == key {
			return n.Pairs[i].Value
		}
	}
	return nil
}

// IsNull reports whether the node is absent or null.
func (n *Node) IsNull() bool { return n == nil || n.Kind == Scalar && n.Value == nil }

// Text gives the value of a text Scalar.
func (n *Node) Text() (string, bool) {
	if n == nil || n.Kind != Scalar {
		return "", false
	}
	s, ok := n.Value.(string)
	return s, ok
}

// Plain gives the tree as values: nil, bool, int64, *big.Int, float64, string, []any
// and *Map. A nil Node is nil.
func (n *Node) Plain() any {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case Sequence:
		out := make([]any, len(n.Items))
		for i, item := range n.Items {
			out[i] = item.Plain()
		}
		return out
	case Mapping:
		out := NewMap(len(n.Pairs))
		for _, p := range n.Pairs {
			out.Set(p.Key, p.Value.Plain())
		}
		return out
	}
	return n.Value
}

// FromValue makes a tree without places of values, those of Plain and the usual Go ones.
func FromValue(v any) *Node {
	switch v := v.(type) {
	case *Node:
		return v
	case *Map:
		if v == nil {
			return &Node{}
		}
		n := &Node{Kind: Mapping, Pairs: make([]Pair, 0, v.Len())}
		for k, x := range v.All() {
			n.Pairs = append(n.Pairs, Pair{Key: k, At: &Node{Value: k}, Value: FromValue(x)})
		}
		return n
	case map[string]any:
		n := &Node{Kind: Mapping, Pairs: make([]Pair, 0, len(v))}
		for _, k := range sortedKeys(v) {
			n.Pairs = append(n.Pairs, Pair{Key: k, At: &Node{Value: k}, Value: FromValue(v[k])})
		}
		return n
	case []any:
		n := &Node{Kind: Sequence, Items: make([]*Node, len(v))}
		for i, x := range v {
			n.Items[i] = FromValue(x)
		}
		return n
	case []string:
		n := &Node{Kind: Sequence, Items: make([]*Node, len(v))}
		for i, x := range v {
			n.Items[i] = &Node{Value: x}
		}
		return n
	case int:
		return &Node{Value: int64(v)}
	case *big.Int:
		return &Node{Value: Int(v)}
	}
	return &Node{Value: v}
}

// At gives an empty Node at the place of n, for what is said about it.
func (n *Node) At() (line, column int) {
	if n == nil {
		return 0, 0
	}
	return n.Line, n.Column
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// keyText is the text of a key that may have been of another type: its JSON text.
func keyText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case Keyed:
		return v.YAMLKey()
	}
	return string(appendJSON(nil, v))
}
