package yaml

import (
	"strconv"
	"strings"
)

// Pointer gives the place of n in root as a JSON pointer (RFC 6901), of a key that of its
// value; "" when n is root or not in it. Of places that share a tree by an alias it is the
// first.
func Pointer(root, n *Node) string {
	if root == nil || n == nil {
		return ""
	}
	pointer, _ := pointerTo(root, func(x *Node) bool { return x == n })
	return pointer
}

// PointerAt is Pointer for the innermost key or value that begins at a line and column.
func PointerAt(root *Node, line, column int) string {
	if root == nil || line == 0 {
		return ""
	}
	pointer, _ := pointerTo(root, func(x *Node) bool { return x.Line == line && x.Column == column })
	return pointer
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func pointerTo(in *Node, found func(*Node) bool) (string, bool) {
	for i, item := range in.Items {
		if rest, ok := pointerTo(item, found); ok {
			return "/" + strconv.Itoa(i) + rest, true
		}
	}
	for _, pair := range in.Pairs {
		rest, ok := "", found(pair.At)
		if !ok {
			rest, ok = pointerTo(pair.Value, found)
		}
		if ok {
			return "/" + pointerEscapes.Replace(pair.Key) + rest, true
		}
	}
	return "", found(in)
}
