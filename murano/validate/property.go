package validate

import (
	"hearth/core/yaml"
	"hearth/murano/muranopl"
)

// property checks a declaration of a property.
func (s spot) property(k *class, n *yaml.Node) {
	if !s.declaration(k, n, "a property", "Contract", "Usage", "Default", "Meta") {
		return
	}
	s.oneOf(n.Get("Usage"), "Usage", muranopl.PropertyUsages)
	s.meta(k, n.Get("Meta"), "Property")
}

// declaration checks what properties and arguments share: a contract and a default.
func (s spot) declaration(k *class, n *yaml.Node, what string, keys ...string) bool {
	if n.Kind != yaml.Mapping {
		s.fail("not_a_mapping", n, what+" is "+kindOf(n)+", not a mapping", "with a Contract in it: {Contract: $.string()}")
		return false
	}
	s.keys(n.Pairs, what, keys...)
	contract := n.Get("Contract")
	if contract == nil {
		s.fail("no_contract", n, what+" has no Contract", "Contract: $ takes any value")
	} else {
		s.contract(k, contract)
	}
	if fallback := n.Get("Default"); fallback != nil {
		s.values(k, fallback)
	}
	return true
}
