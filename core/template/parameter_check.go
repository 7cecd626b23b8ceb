package template

import (
	"fmt"
	"strings"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// checkDeclaration finds constraints that the type cannot have, and a default that breaks
// one (heat/engine/constraints.py Schema.validate). It gives "" when all is well.
// about is the key of the declaration that the message is about.
func (p *Parameter) checkDeclaration() (message, about string) {
	for _, c := range p.Constraints {
		if name := constraintName(c); !p.allows(name) {
			return fmt.Sprintf("%s constraint invalid for %s", name, p.word), "constraints"
		}
	}
	if p.Default == nil {
		return "", ""
	}
	checked := p.Default
	if p.Type == TypeList {
		list, err := toList(p.Default, "Default must be a comma-delimited list string")
		if err != nil {
			return err.Error(), "default"
		}
		if s, isText := p.Default.(string); isText && s == "" {
			list = []any{""} // the check of defaults does not know that this is the empty list
		}
		checked = list
	}
	if message = schema.CheckConstraints(p.schemaKind(), p.Constraints, checked, nil); message != "" {
		return fmt.Sprintf("Invalid default %s (%s)", yaml.Str(p.Default), message), "default"
	}
	return "", ""
}

// part is the place of a key of the declaration, named as HOT does; the declaration when
// it has no such key.
func (p *Parameter) part(key string) *yaml.Node {
	for _, name := range []string{key, strings.ToUpper(key[:1]) + key[1:]} {
		if n := p.Node.Get(name); n != nil {
			return n
		}
	}
	return p.Node
}

func constraintName(c schema.Constraint) string {
	switch c.(type) {
	case schema.Range:
		return "Range"
	case schema.Length:
		return "Length"
	case schema.Modulo:
		return "Modulo"
	case schema.AllowedValues:
		return "AllowedValues"
	case schema.AllowedPattern:
		return "AllowedPattern"
	}
	return "CustomConstraint"
}

func (p *Parameter) allows(constraint string) bool {
	switch constraint {
	case "Range", "Modulo":
		return p.Type == TypeNumber
	case "Length":
		return p.Type == TypeString || p.Type == TypeList || p.Type == TypeJSON
	case "AllowedPattern":
		return p.Type == TypeString
	}
	return p.Type != TypeJSON
}
