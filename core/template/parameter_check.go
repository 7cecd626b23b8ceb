package template

import (
	"fmt"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// checkDeclaration finds constraints that the type cannot have, and a default that breaks
// one (heat/engine/constraints.py Schema.validate). It gives "" when all is well.
func (p *Parameter) checkDeclaration() string {
	for _, c := range p.Constraints {
		if name := constraintName(c); !p.allows(name) {
			return fmt.Sprintf("%s constraint invalid for %s", name, p.word)
		}
	}
	if p.Default == nil {
		return ""
	}
	checked := p.Default
	if p.Type == TypeList {
		list, err := toList(p.Default, "Default must be a comma-delimited list string")
		if err != nil {
			return err.Error()
		}
		if s, isText := p.Default.(string); isText && s == "" {
			list = []any{""} // the check of defaults does not know that this is the empty list
		}
		checked = list
	}
	if message := schema.CheckConstraints(p.schemaKind(), p.Constraints, checked, nil); message != "" {
		return fmt.Sprintf("Invalid default %s (%s)", yaml.Str(p.Default), message)
	}
	return ""
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
