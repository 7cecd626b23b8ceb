package engine

import (
	"encoding/json"

	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// SupportStatus is the state of support, SUPPORTED where none is named.
func SupportStatus(s schema.Support) string {
	if s.Status == "" {
		return "SUPPORTED"
	}
	return s.Status
}

// Hidden reports whether something is there and not shown.
func Hidden(s schema.Support) bool { return s.Status == "HIDDEN" }

// TypeSchema is a resource type as GET /resource_types/{type} shows it.
type TypeSchema struct {
	ResourceType  string                    `json:"resource_type"`
	Properties    map[string]PropertySchema `json:"properties"`
	Attributes    map[string]AttributeDoc   `json:"attributes"`
	SupportStatus SupportDoc                `json:"support_status"`
}

// PropertySchema is one property of a TypeSchema.
type PropertySchema struct {
	Type          string                    `json:"type" enum:"string,integer,number,boolean,map,list,any"`
	Description   string                    `json:"description,omitempty"`
	Default       any                       `json:"default,omitempty"`
	Schema        map[string]PropertySchema `json:"schema,omitempty" doc:"Of the keys of a map, or of the items of a list under *."`
	Required      bool                      `json:"required"`
	Constraints   []map[string]any          `json:"constraints,omitempty"`
	UpdateAllowed bool                      `json:"update_allowed"`
	Immutable     bool                      `json:"immutable"`
}

// AttributeDoc is one attribute of a TypeSchema.
type AttributeDoc struct {
	Description string `json:"description"`
	Type        string `json:"type,omitempty"`
}

// SupportDoc is since when and how well something is supported.
type SupportDoc struct {
	_ struct{} `nullable:"true"` // where it is the previous one

	Status         string      `json:"status"`
	Message        *string     `json:"message"`
	Version        *string     `json:"version"`
	PreviousStatus *SupportDoc `json:"previous_status"`
}

// SchemaOf shows a resource type.
func SchemaOf(t *resource.Type) TypeSchema {
	return TypeSchema{
		ResourceType: t.Name, Properties: propertyDocs(t.Properties), Attributes: attributeDocs(t), SupportStatus: *supportOf(&t.Support),
	}
}

// propertyDocs leaves out what is hidden.
func propertyDocs(properties schema.Properties) map[string]PropertySchema {
	out := make(map[string]PropertySchema, len(properties))
	for name, p := range properties {
		if !Hidden(p.Support) {
			out[name] = propertyDoc(&p)
		}
	}
	return out
}

func propertyDoc(p *schema.Property) PropertySchema {
	out := PropertySchema{
		Type: string(p.Kind), Description: p.Description, Default: p.Default, Required: p.Required,
		UpdateAllowed: p.UpdateAllowed, Immutable: p.Immutable,
	}
	if f, ok := p.Default.(float64); ok {
		out.Default = json.RawMessage(yaml.Dumps(f, false)) // 1.0 stays 1.0
	}
	switch {
	case p.Fields != nil:
		out.Schema = propertyDocs(p.Fields)
	case p.Item != nil:
		out.Schema = map[string]PropertySchema{"*": propertyDoc(p.Item)}
	}
	for _, c := range p.Constraints {
		out.Constraints = append(out.Constraints, c.Doc())
	}
	return out
}

// showAttribute is the attribute that every type has.
const showAttribute = "Detailed information about resource."

func attributeDocs(t *resource.Type) map[string]AttributeDoc {
	out := map[string]AttributeDoc{"show": {showAttribute, string(schema.Map)}}
	for name, at := range t.Attributes {
		if !Hidden(at.Support) {
			doc := AttributeDoc{Description: at.Description}
			if at.Kind != schema.Any {
				doc.Type = string(at.Kind)
			}
			out[name] = doc
		}
	}
	return out
}

func supportOf(s *schema.Support) *SupportDoc {
	if s == nil {
		return nil
	}
	return &SupportDoc{Status: SupportStatus(*s), Message: textOrNull(s.Message), Version: textOrNull(s.Version), PreviousStatus: supportOf(s.Previous)}
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
