package v1

import (
	"context"
	"regexp"
	"slices"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// supportStatuses are the states of support that may be asked for.
var supportStatuses = []any{"UNKNOWN", "SUPPORTED", "DEPRECATED", "UNSUPPORTED", "HIDDEN"}

// statusHidden marks what is there and not shown.
const statusHidden = "HIDDEN"

func supportStatus(s schema.Support) string {
	if s.Status == "" {
		return "SUPPORTED"
	}
	return s.Status
}

// typeList documents the list of types: names, or with descriptions.
type typeList struct {
	ResourceTypes []any `json:"resource_types" doc:"Names; with with_description objects of resource_type and description." example:"[\"OS::Nova::Server\"]"`
}

type typeListAnswer struct{ Body typeList }

type typeEntry struct {
	ResourceType string `json:"resource_type"`
	Description  string `json:"description"`
}

func (a *API) listResourceTypes(ctx context.Context, _ *struct {
	SupportStatus   string `query:"support_status" enum:"SUPPORTED,DEPRECATED,UNSUPPORTED,UNKNOWN,HIDDEN"`
	Name            string `query:"name" doc:"A regular expression that the name must match from its beginning."`
	Version         string `query:"version" doc:"Since when it is supported."`
	WithDescription truth  `query:"with_description"`
}) (*typeListAnswer, error) {
	q := queryOf(ctx)
	described := q.bool("with_description", false)
	if q.err != nil {
		return nil, q.err
	}
	status, version := q.values.Get("support_status"), q.values.Get("version")
	if status != "" && !slices.Contains(supportStatuses, any(status)) {
		return nil, core.Errorf(core.Invalid, "Invalid", "Data supplied was not valid: Invalid support status and should be one of %s", yaml.Repr(supportStatuses))
	}
	name, err := regexp.Compile("^(?:" + q.values.Get("name") + ")")
	if err != nil {
		return nil, badRequest("Invalid name: it is no regular expression.")
	}
	out := &typeListAnswer{typeList{[]any{}}}
	for _, t := range a.engine.Registry().All() {
		is := supportStatus(t.Support)
		if is == statusHidden || status != "" && is != status || version != "" && t.Support.Version != version || !name.MatchString(t.Name) ||
			!a.engine.Offers(ctx, httpapi.CallerFrom(ctx), t) {
			continue
		}
		if described {
			out.Body.ResourceTypes = append(out.Body.ResourceTypes, typeEntry{t.Name, t.Description})
		} else {
			out.Body.ResourceTypes = append(out.Body.ResourceTypes, t.Name)
		}
	}
	return out, nil
}

// TypeRef is a resource type in a path.
type TypeRef struct {
	Type string `path:"type_name" example:"OS::Heat::RandomString"`
}

// findType gives a type that may be shown.
func (a *API) findType(name string) (*resource.Type, error) {
	t := a.engine.Registry().Lookup(name)
	if t == nil {
		return nil, core.EntityNotFound("Resource Type", name)
	}
	if supportStatus(t.Support) == statusHidden {
		return nil, core.NotSupported("Hidden resource type")
	}
	return t, nil
}

// typeSchema documents the schema of a type.
type typeSchema struct {
	ResourceType  string                    `json:"resource_type"`
	Properties    map[string]propertySchema `json:"properties"`
	Attributes    map[string]attributeDoc   `json:"attributes"`
	SupportStatus supportDoc                `json:"support_status"`
}

type propertySchema struct {
	Type          string           `json:"type" enum:"string,integer,number,boolean,map,list,any"`
	Description   string           `json:"description,omitempty"`
	Default       any              `json:"default,omitempty"`
	Schema        map[string]any   `json:"schema,omitempty" doc:"Of the keys of a map, or of the items of a list under *."`
	Required      bool             `json:"required"`
	Constraints   []map[string]any `json:"constraints,omitempty"`
	UpdateAllowed bool             `json:"update_allowed"`
	Immutable     bool             `json:"immutable"`
}

type attributeDoc struct {
	Description string `json:"description"`
	Type        string `json:"type,omitempty"`
}

type supportDoc struct {
	Status         string      `json:"status"`
	Message        *string     `json:"message"`
	Version        *string     `json:"version"`
	PreviousStatus *supportDoc `json:"previous_status"`
}

type shownType struct{ Body typeSchema }

func (a *API) showResourceType(_ context.Context, in *TypeRef) (*shownType, error) {
	t, err := a.findType(in.Type)
	if err != nil {
		return nil, err
	}
	return &shownType{typeSchema{
		ResourceType: t.Name, Properties: propertyDocs(t.Properties), Attributes: attributeDocs(t), SupportStatus: *supportOf(&t.Support),
	}}, nil
}

// propertyDocs leaves out what is hidden.
func propertyDocs(properties schema.Properties) map[string]propertySchema {
	out := make(map[string]propertySchema, len(properties))
	for name, p := range properties {
		if supportStatus(p.Support) != statusHidden {
			out[name] = propertyDoc(&p)
		}
	}
	return out
}

func propertyDoc(p *schema.Property) propertySchema {
	out := propertySchema{
		Type: string(p.Kind), Description: p.Description, Default: p.Default, Required: p.Required,
		UpdateAllowed: p.UpdateAllowed, Immutable: p.Immutable,
	}
	switch {
	case p.Fields != nil:
		out.Schema = map[string]any{}
		for name, f := range propertyDocs(p.Fields) {
			out.Schema[name] = f
		}
	case p.Item != nil:
		out.Schema = map[string]any{"*": propertyDoc(p.Item)}
	}
	for _, c := range p.Constraints {
		out.Constraints = append(out.Constraints, c.Doc())
	}
	return out
}

// showAttribute is the attribute that every type has.
const showAttribute = "Detailed information about resource."

func attributeDocs(t *resource.Type) map[string]attributeDoc {
	out := map[string]attributeDoc{"show": {showAttribute, string(schema.Map)}}
	for name, at := range t.Attributes {
		if supportStatus(at.Support) != statusHidden {
			out[name] = attributeDoc{at.Description, string(at.Kind)}
		}
	}
	return out
}

func supportOf(s *schema.Support) *supportDoc {
	if s == nil {
		return nil
	}
	return &supportDoc{supportStatus(*s), textOrNull(s.Message), textOrNull(s.Version), supportOf(s.Previous)}
}

// templateQuery documents the query of generated templates.
type templateQuery struct {
	TypeRef
	TemplateType string `query:"template_type" enum:"cfn,hot" doc:"cfn when not given."`
}

func (a *API) resourceTypeTemplate(ctx context.Context, in *templateQuery) (*jsonAnswer, error) {
	kind := httpapi.Request(ctx).URL.Query().Get("template_type")
	if kind == "" {
		kind = "cfn"
	}
	if kind != "cfn" && kind != "hot" {
		return nil, badRequest(`Template type is not supported: Invalid template type "%s", valid types are: cfn, hot.`, kind)
	}
	t, err := a.findType(in.Type)
	if err != nil {
		return nil, err
	}
	generated := generateCFN
	if kind == "hot" {
		generated = generateHOT
	}
	raw, err := yaml.EncodeJSON(generated(t))
	return rawJSON(raw), err
}
