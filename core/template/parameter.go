package template

import (
	"fmt"
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// The parameter types, as HOT writes them.
const (
	TypeString  = "string"
	TypeNumber  = "number"
	TypeList    = "comma_delimited_list"
	TypeJSON    = "json"
	TypeBoolean = "boolean"
)

var parameterTypes = []struct{ hot, cfn string }{
	{TypeString, "String"}, {TypeNumber, "Number"}, {TypeList, "CommaDelimitedList"}, {TypeJSON, "Json"}, {TypeBoolean, "Boolean"},
}

// Parameter is a parameter as the template declares it.
type Parameter struct {
	Name        string
	Type        string // in the words of HOT, whatever the template is
	Description string
	Label       string // Name when there is none
	Default     any
	HasDefault  bool
	Hidden      bool
	Immutable   bool
	Constraints []schema.Constraint
	Tags        []string
	Node        *yaml.Node

	word string // the type as the template writes it
}

// schemaKind is the property type that a parameter becomes.
func (p *Parameter) schemaKind() schema.Kind {
	switch p.Type {
	case TypeNumber:
		return schema.Number
	case TypeList:
		return schema.List
	case TypeJSON:
		return schema.Map
	case TypeBoolean:
		return schema.Boolean
	}
	return schema.String
}

func (p *parsing) readParameters() {
	for _, pair := range p.section(p.t.words.parameters).Pairs {
		param := &Parameter{Name: pair.Key, Label: pair.Key, Node: pair.Value}
		if p.readParameter(param, pair) {
			p.t.Parameters = append(p.t.Parameters, param)
			p.t.parameters[param.Name] = param
		}
	}
}

// badSchema reports an InvalidSchemaError.
func (p *parsing) badSchema(n *yaml.Node, format string, args ...any) {
	p.report(diag.Diagnostic{Code: "parameter_schema", Type: "InvalidSchemaError", Message: fmt.Sprintf(format, args...)}, n)
}

func (p *parsing) readParameter(param *Parameter, pair yaml.Pair) bool {
	n := pair.Value
	if n.Kind != yaml.Mapping {
		p.badSchema(pair.At, "Invalid parameter (%s), expected a mapping", param.Name)
		return false
	}
	known := p.parameterKeys()
	for _, key := range n.Pairs {
		if !slices.Contains(known, key.Key) {
			p.badSchema(key.At, "Invalid key '%s' for parameter (%s)", key.Key, param.Name)
			p.found[len(p.found)-1].Hint = diag.DidYouMean(key.Key, known)
			return false
		}
	}
	get := func(hot, cfn string) *yaml.Node {
		if p.t.Kind == HOT {
			return n.Get(hot)
		}
		return n.Get(cfn)
	}
	typ := get("type", "Type")
	if typ == nil {
		p.badSchema(pair.At, "Missing parameter type for parameter: %s", param.Name)
		return false
	}
	if tags := get("tags", ""); tags != nil {
		if tags.Kind != yaml.Sequence {
			p.badSchema(tags, "Tags property should be a list for parameter: %s", param.Name)
			return false
		}
		for _, tag := range tags.Items {
			param.Tags = append(param.Tags, yaml.Str(tag.Plain()))
		}
	}
	var ok bool
	if p.t.Kind == HOT {
		param.Constraints, ok = p.hotConstraints(param.Name, n.Get("constraints"))
	} else {
		param.Constraints, ok = p.cfnConstraints(n)
	}
	if !ok {
		return false
	}
	if param.Type, param.word = p.parameterType(typ); param.Type == "" {
		p.badSchema(typ, "Invalid type (%s)", yaml.Str(typ.Plain()))
		p.found[len(p.found)-1].Hint = p.typeHint(yaml.Str(typ.Plain()))
		return false
	}
	param.Default = get("default", "Default").Plain()
	param.HasDefault = param.Default != nil
	if d := get("description", "Description"); !d.IsNull() {
		param.Description = yaml.Str(d.Plain())
	}
	if l := get("label", "Label"); l != nil && !emptyValue(l) {
		param.Label = yaml.Str(l.Plain())
	}
	if p.t.Kind == HOT {
		hidden, immutable := n.Get("hidden"), n.Get("immutable")
		param.Hidden = hidden != nil && !emptyValue(hidden)
		param.Immutable = immutable != nil && !emptyValue(immutable)
	} else if hidden := n.Get("NoEcho"); hidden != nil {
		param.Hidden = strings.EqualFold(yaml.Str(hidden.Plain()), "true")
	}
	return true
}

func (p *parsing) parameterKeys() []string {
	if p.t.Kind != HOT {
		return []string{"Type", "Default", "NoEcho", "AllowedValues", "AllowedPattern", "MaxLength", "MinLength",
			"MaxValue", "MinValue", "Description", "ConstraintDescription", "Label"}
	}
	keys := []string{"type", "description", "default", "schema", "constraints", "hidden", "label", "immutable"}
	if p.t.version.HasTags() {
		keys = append(keys, "tags")
	}
	return keys
}

func (p *parsing) parameterType(n *yaml.Node) (typ, word string) {
	s, _ := n.Text()
	for _, t := range parameterTypes {
		if p.t.Kind == HOT && s == t.hot || p.t.Kind != HOT && s == t.cfn {
			return t.hot, s
		}
	}
	return "", ""
}

func (p *parsing) typeHint(word string) string {
	known := make([]string, len(parameterTypes))
	for i, t := range parameterTypes {
		if known[i] = t.cfn; p.t.Kind == HOT {
			known[i] = t.hot
		}
	}
	return diag.DidYouMean(word, known)
}
