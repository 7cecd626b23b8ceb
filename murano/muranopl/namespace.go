package muranopl

import (
	"regexp"
	"strings"

	"hearth/murano/muranopl/syntax"
)

var (
	typeName   = regexp.MustCompile(`^([a-zA-Z_]\w*:|:)?[a-zA-Z_]\w*(\.[a-zA-Z_]\w*)*$`)
	namespace  = regexp.MustCompile(`^([a-zA-Z_]\w*(\.[a-zA-Z_]\w*)*)?$`)
	namePrefix = regexp.MustCompile(`^([a-zA-Z_]\w*|=)$`)
)

// Namespaces resolves the names of types in a class file (murano/dsl/namespace_resolver.py).
type Namespaces struct{ prefixes map[string]string }

func newNamespaces(m *syntax.Map) (*Namespaces, error) {
	n := &Namespaces{map[string]string{"=": "", "": ""}}
	if m == nil {
		return n, nil
	}
	for _, e := range m.Entries {
		prefix := text(e.Key)
		if !namePrefix.MatchString(prefix) {
			return nil, pyError("ValueError", "Invalid namespace prefix \"%s\"", prefix)
		}
		ns := ""
		if e.Value != nil {
			ns = text(e.Value)
		}
		if !namespace.MatchString(ns) {
			return nil, pyError("ValueError", "Invalid namespace \"%s\"", ns)
		}
		n.prefixes[prefix] = ns
	}
	n.prefixes[""] = ""
	return n, nil
}

// Resolve gives the full name of a type.
func (n *Namespaces) Resolve(name string) (string, error) {
	if !isTypeName(name, true) {
		return "", pyError("ValueError", "Invalid type name \"%s\"", name)
	}
	prefix, rest, found := strings.Cut(name, ":")
	switch {
	case !found && strings.Contains(name, "."):
		prefix, rest = "", name
	case !found:
		prefix, rest = "=", name
	case prefix == "":
		prefix = "="
	}
	ns, ok := n.prefixes[prefix]
	if !ok {
		return "", pyError("KeyError", "'Unknown namespace prefix %s'", prefix)
	}
	if ns == "" {
		return rest, nil
	}
	return ns + "." + rest, nil
}

// isTypeName reports whether name looks like a type's; a strict one has a colon.
func isTypeName(name string, relaxed bool) bool {
	return name != "" && (relaxed || strings.Contains(name, ":")) && typeName.MatchString(name)
}

// text is Python's str of a value of a class file.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case *syntax.Expression:
		return v.Text
	}
	return pyStr(v)
}
