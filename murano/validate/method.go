package validate

import (
	"fmt"

	"hearth/core/yaml"
	"hearth/murano/muranopl"
)

// method checks a declaration of a method.
func (s spot) method(k *class, name, n *yaml.Node) {
	if n.IsNull() {
		return
	}
	if n.Kind != yaml.Mapping {
		s.fail("not_a_mapping", n, "a method is "+kindOf(n)+", not a mapping", "statements stand under Body")
		return
	}
	s.keys(n.Pairs, "a method", "Scope", "Usage", "Arguments", "Body", "Meta")
	usage, scope := n.Get("Usage"), n.Get("Scope")
	s.oneOf(usage, "Usage", muranopl.MethodUsages)
	s.oneOf(scope, "Scope", muranopl.MethodScopes)
	if textOf(usage) == "Action" {
		switch {
		case textOf(scope) == "Session":
			s.fail("scope", scope, fmt.Sprintf("Both \"Usage: Action\" and \"Scope: Session\" are provided for method %s", textOf(name)), "")
		case k.pkg.format >= muranopl.Format14:
			s.warn("deprecated", usage, "Usage: Action is deprecated since Format 1.4", "Scope: Public")
		}
	}
	s.arguments(k, n.Get("Arguments"), textOf(usage) == "Extension")
	s.meta(k, n.Get("Meta"), "Method")
	s.body(k, n.Get("Body"), place{})
}

// arguments checks the list of one-key mappings that arguments are declared in.
func (s spot) arguments(k *class, n *yaml.Node, isExtension bool) {
	items := itemsOf(n)
	if isExtension && len(items) == 0 {
		if n == nil {
			n = k.doc
		}
		s.warn("arguments", n, "an extension method without arguments can be called on nothing", "its first argument is what it is called on")
	}
	var rest, named bool
	for _, item := range items {
		if item.Kind != yaml.Mapping || len(item.Pairs) != 1 {
			s.fail("arguments", item, "Invalid arguments declaration: each is a mapping of one key", "- name: {Contract: $.string()}")
			continue
		}
		declared := item.Pairs[0].Value
		if !s.declaration(k, declared, "an argument", "Contract", "Usage", "Default", "Meta") {
			continue
		}
		usage := declared.Get("Usage")
		s.oneOf(usage, "Usage", muranopl.ArgumentUsages)
		s.meta(k, declared.Get("Meta"), "Argument")
		wrong := named
		switch textOf(usage) {
		case "", "Standard":
			wrong = wrong || rest
		case "VarArgs":
			wrong, rest = wrong || rest, true
		case "KwArgs":
			named = true
		}
		if wrong {
			s.fail("arguments", item, "Invalid argument order in method", "standard ones first, then VarArgs, then KwArgs")
		}
	}
}
