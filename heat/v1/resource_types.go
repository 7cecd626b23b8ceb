package v1

import (
	"context"
	"regexp"
	"slices"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// supportStatuses are the states of support that may be asked for.
var supportStatuses = []any{"UNKNOWN", "SUPPORTED", "DEPRECATED", "UNSUPPORTED", "HIDDEN"}

// typeList documents the list of types: names, or with descriptions.
type typeList struct {
	ResourceTypes []listedType `json:"resource_types" doc:"Names; with with_description objects of resource_type and description."`
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
	out := &typeListAnswer{typeList{[]listedType{}}}
	for _, t := range a.engine.Registry().All() {
		is := engine.SupportStatus(t.Support)
		if engine.Hidden(t.Support) || status != "" && is != status || version != "" && t.Support.Version != version || !name.MatchString(t.Name) ||
			!a.engine.Offers(ctx, httpapi.CallerFrom(ctx), t) || !a.engine.Allows(httpapi.CallerFrom(ctx), t) {
			continue
		}
		if described {
			out.Body.ResourceTypes = append(out.Body.ResourceTypes, listedType{typeEntry{t.Name, t.Description}})
		} else {
			out.Body.ResourceTypes = append(out.Body.ResourceTypes, listedType{t.Name})
		}
	}
	return out, nil
}

// TypeRef is a resource type in a path.
type TypeRef struct {
	Type string `path:"type_name" example:"OS::Heat::RandomString"`
}

// findType gives a type that may be shown.
func (a *API) findType(ctx context.Context, name string) (*resource.Type, error) {
	t, err := a.engine.FindType(httpapi.CallerFrom(ctx), name)
	if err != nil {
		return nil, err
	}
	if engine.Hidden(t.Support) {
		return nil, core.NotSupported("Hidden resource type")
	}
	return t, nil
}

type shownType struct{ Body engine.TypeSchema }

// typeQuery documents the query of a type.
type typeQuery struct {
	TypeRef
	WithDescription string `query:"with_description" doc:"Clients send it; as in Heat, it makes no difference."`
}

func (a *API) showResourceType(ctx context.Context, in *typeQuery) (*shownType, error) {
	t, err := a.findType(ctx, in.Type)
	if err != nil {
		return nil, err
	}
	return &shownType{engine.SchemaOf(t)}, nil
}

// templateQuery documents the query of generated templates.
type templateQuery struct {
	TypeRef
	TemplateType string `query:"template_type" enum:"cfn,hot" default:"cfn"`
}

func (a *API) resourceTypeTemplate(ctx context.Context, in *templateQuery) (*jsonAnswer, error) {
	kind := httpapi.Request(ctx).URL.Query().Get("template_type")
	if kind == "" {
		kind = "cfn"
	}
	if kind != "cfn" && kind != "hot" {
		return nil, badRequest(`Template type is not supported: Invalid template type "%s", valid types are: cfn, hot.`, kind)
	}
	t, err := a.findType(ctx, in.Type)
	if err != nil {
		return nil, err
	}
	raw, err := yaml.EncodeJSON(engine.TemplateOf(t, kind))
	return rawJSON(raw), err
}
