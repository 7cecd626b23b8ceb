package api

import (
	"context"
	"strings"

	"hearth/core/yaml"
	"hearth/murano"
)

// TemplateBody is an environment template as every answer has it.
type TemplateBody struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	TenantID        string `json:"tenant_id"`
	IsPublic        bool   `json:"is_public" doc:"Whether other projects may show it, clone it and make environments of it."`
	DescriptionText string `json:"description_text"`
	Version         int64  `json:"version"`
	Created         string `json:"created"`
	Updated         string `json:"updated"`
}

type templateList struct {
	Templates []TemplateBody `json:"templates"`
}

type shownTemplate struct {
	TemplateBody
	Services []application `json:"services"`
}

// echoedTemplate documents an answer that has the other keys of its request, too.
type echoedTemplate struct {
	_ struct{} `additionalProperties:"true"`
	TemplateBody
	Services []application `json:"services,omitempty"`
}

// newTemplate is the body of a create; any other key is echoed and kept.
type newTemplate struct {
	_               struct{}      `additionalProperties:"true"`
	Name            string        `json:"name" maxLength:"255"`
	DescriptionText *string       `json:"description_text,omitempty" nullable:"true"`
	IsPublic        *bool         `json:"is_public,omitempty" nullable:"true"`
	Services        []application `json:"services,omitempty"`
}

type templateChange struct {
	_               struct{} `additionalProperties:"true"`
	Name            any      `json:"name" doc:"A text of at most 255 characters; a number is taken for its digits."`
	DescriptionText *string  `json:"description_text,omitempty" nullable:"true"`
	IsPublic        *bool    `json:"is_public,omitempty" nullable:"true"`
}

type templateClone struct {
	Name     string `json:"name" maxLength:"255"`
	IsPublic *bool  `json:"is_public,omitempty" nullable:"true"`
}

type environmentFromTemplate struct {
	SessionID     string `json:"session_id" doc:"A session of the environment, with the services of the template."`
	EnvironmentID string `json:"environment_id"`
}

// templateRequest is the request that made a template, with the services that it has now.
type templateRequest struct {
	_               struct{}      `additionalProperties:"true"`
	ID              string        `json:"id"`
	Name            string        `json:"name" doc:"The first one: renaming leaves it alone."`
	TenantID        string        `json:"tenant_id"`
	DescriptionText *string       `json:"description_text,omitempty" nullable:"true"`
	Services        []application `json:"services,omitempty"`
	Updated         string        `json:"updated,omitempty" doc:"When an application was last put in the place of another."`
}

type templateRef struct {
	ID string `path:"env_template_id" doc:"The template's id."`
}

// templateServicesRef is a path below the services of a template.
type templateServicesRef struct {
	ID   string `path:"env_template_id" doc:"The template's id."`
	Path string `path:"path" doc:"The id of a service, or a path in it."`
}

func describeTemplate(t *murano.EnvironmentTemplate) TemplateBody {
	return TemplateBody{t.ID, t.Name, t.TenantID, t.IsPublic, t.DescriptionText, t.Version, stamp(t.CreatedAt), stamp(t.UpdatedAt)}
}

// echoTemplate gives the template's keys, then others.
func echoTemplate(t *murano.EnvironmentTemplate, extra *yaml.Map) *yaml.Map {
	b := describeTemplate(t)
	out := yaml.MapOf("id", b.ID, "name", b.Name, "tenant_id", b.TenantID, "is_public", b.IsPublic,
		"description_text", b.DescriptionText, "version", b.Version, "created", b.Created, "updated", b.Updated)
	for k, v := range extra.All() {
		out.Set(k, v)
	}
	return out
}

// listTemplates takes any is_public that is not true for false, as upstream.
func (a *API) listTemplates(ctx context.Context, r *request, _ *none) (any, error) {
	var public *bool
	if v := r.query().Get("is_public"); v != "" {
		public = new(strings.EqualFold(v, "true"))
	}
	list, err := a.environments.Templates(ctx, r.caller, public)
	if err != nil {
		return nil, err
	}
	out := templateList{Templates: make([]TemplateBody, len(list))}
	for i := range list {
		out.Templates[i] = describeTemplate(&list[i])
	}
	return out, nil
}

func (a *API) createTemplate(ctx context.Context, r *request, _ *none) (any, error) {
	if !r.hasBody {
		return nil, malformed()
	}
	t, extra, err := a.environments.CreateTemplate(ctx, r.caller, r.body)
	if err != nil {
		return nil, err
	}
	return echoTemplate(t, extra), nil
}

func (a *API) showTemplate(ctx context.Context, r *request, in *templateRef) (any, error) {
	t, services, err := a.environments.ShowTemplate(ctx, r.caller, in.ID)
	if err != nil {
		return nil, err
	}
	return echoTemplate(t, yaml.MapOf("services", services)), nil
}

func (a *API) updateTemplate(ctx context.Context, r *request, in *templateRef) (any, error) {
	if !r.hasBody {
		return nil, malformed()
	}
	t, extra, err := a.environments.UpdateTemplate(ctx, r.caller, in.ID, r.body)
	if err != nil {
		return nil, err
	}
	return echoTemplate(t, extra), nil
}

func (a *API) deleteTemplate(ctx context.Context, r *request, in *templateRef) (any, error) {
	return nil, a.environments.DeleteTemplate(ctx, r.caller, in.ID)
}

func (a *API) cloneTemplate(ctx context.Context, r *request, in *templateRef) (any, error) {
	if !r.hasBody {
		return nil, malformed()
	}
	t, services, err := a.environments.CloneTemplate(ctx, r.caller, in.ID, r.body)
	if err != nil {
		return nil, err
	}
	extra := &yaml.Map{}
	if services != nil {
		extra.Set("services", services)
	}
	return echoTemplate(t, extra), nil
}

func (a *API) environmentFromTemplate(ctx context.Context, r *request, in *templateRef) (any, error) {
	if !r.hasBody {
		return nil, malformed()
	}
	s, err := a.environments.EnvironmentFromTemplate(ctx, r.caller, in.ID, r.body)
	if err != nil {
		return nil, err
	}
	return environmentFromTemplate{s.ID, s.EnvironmentID}, nil
}

func (a *API) listTemplateServices(ctx context.Context, r *request, in *templateRef) (any, error) {
	return a.environments.TemplateServices(ctx, r.caller, in.ID, "")
}

func (a *API) showTemplateService(ctx context.Context, r *request, in *templateServicesRef) (any, error) {
	return a.environments.TemplateServices(ctx, r.caller, in.ID, in.Path)
}

func (a *API) addTemplateServices(ctx context.Context, r *request, in *templateRef) (any, error) {
	if !r.hasBody {
		return nil, malformed()
	}
	return r.body, a.environments.AddTemplateServices(ctx, r.caller, in.ID, r.body)
}

func (a *API) putTemplateService(ctx context.Context, r *request, in *templateServicesRef) (any, error) {
	if !r.hasBody {
		return nil, malformed()
	}
	return r.body, a.environments.PutTemplateService(ctx, r.caller, in.ID, in.Path, r.body)
}

func (a *API) deleteTemplateService(ctx context.Context, r *request, in *templateServicesRef) (any, error) {
	return a.environments.DeleteTemplateService(ctx, r.caller, in.ID, in.Path)
}
